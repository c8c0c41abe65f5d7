/**
 * The form of a file, which is its kind with Windows' programs apart, as most public rules are for those. A set of
 * forms says what a layer has, or what a rule can match: where the two have none in common, the rule need not look.
 */
import { type FileKind, fileKinds } from './detector.ts';
import { kindOf } from './kind.ts';
import type { Need } from './need.ts';

/** One bit for each form. */
export type FileForms = number;

const forms = [...fileKinds, 'windows'] as const;
type Form = (typeof forms)[number];

export const allForms: FileForms = 2 ** forms.length - 1;
export const noForms: FileForms = 0;

function bit(form: Form): FileForms {
  return 1 << forms.indexOf(form);
}

export const elfForm: FileForms = bit('elf');

/** @param head its first bytes, at least two where it has so many @param kind what `kindOf` says of it */
export function formOf(head: Buffer, kind: FileKind): FileForms {
  return bit(isWindows(head) ? 'windows' : kind);
}

function isWindows(head: Buffer): boolean {
  return head[0] === 0x4d && head[1] === 0x5a;
}

/** Forms of which a file may meet the need; too many rather than too few. */
export function formsMeeting(need: Need): FileForms {
  return forms.reduce((found, form) => (mayMeet(need, form) ? found | bit(form) : found), noForms);
}

function mayMeet(need: Need, form: Form): boolean {
  switch (need.kind) {
    case 'literal':
    case 'smaller':
      return true;
    case 'foreign':
      return form !== 'elf';
    case 'begins':
      return mayBegin(form, littleEndian(need.value, need.bytes));
    case 'some':
      return need.of.filter((one) => mayMeet(one, form)).length >= need.least;
  }
}

function littleEndian(value: number, bytes: number): Buffer {
  const head = Buffer.alloc(4);
  head.writeUInt32LE(value >>> 0);
  return head.subarray(0, bytes);
}

const magics = { elf: '\x7fELF', script: '#!', windows: 'MZ' } as const;

function mayBegin(form: Form, head: Buffer): boolean {
  if (form === 'elf' || form === 'script' || form === 'windows') {
    const magic = Buffer.from(magics[form], 'latin1');
    const shared = Math.min(magic.length, head.length);
    return magic.subarray(0, shared).equals(head.subarray(0, shared));
  }
  // A tar begins with a name of any bytes, so only what is certainly another form is left out.
  const kind = kindOf(head);
  if (isWindows(head) || kind === 'elf' || kind === 'script') return false;
  return form !== 'text' || !head.includes(0);
}
