/** `{a,b}` and `{1..9}`: bash makes several words of one before anything else. */
import { Ended } from '../../program.ts';
import type { Part, Word } from '../syntax/syntax.ts';

/** Words that one word may become. */
const mostWords = 20_000;
/** Characters and expansions of a word in which braces are looked for. */
const mostAtoms = 4000;

type Atom = string | Part;

/** @throws Ended where they would be too many */
export function expandBraces(word: Word): readonly Word[] {
  const hasBrace = word.some((part) => part.kind === 'text' && !part.quoted && part.text.includes('{'));
  if (!hasBrace) return [word];
  const atoms = word.flatMap((part): Atom[] =>
    part.kind === 'text' && !part.quoted ? [...part.text] : [part],
  );
  if (atoms.length > mostAtoms) return [word];
  return alternatives(atoms, 0).map(wordOf);
}

function alternatives(atoms: readonly Atom[], depth: number): readonly (readonly Atom[])[] {
  for (let open = atoms.indexOf('{'); open >= 0 && depth < 50; open = atoms.indexOf('{', open + 1)) {
    const choices = choicesAt(atoms, open);
    if (choices === undefined) continue;
    const before = atoms.slice(0, open);
    const behind = alternatives(atoms.slice(choices.end + 1), depth + 1);
    const inside = choices.isSequence
      ? choices.lists
      : choices.lists.flatMap((list) => alternatives(list, depth + 1));
    if (inside.length * behind.length > mostWords) throw new Ended(137);
    return inside.flatMap((middle) => behind.map((rest) => [...before, ...middle, ...rest]));
  }
  return [atoms];
}

interface Choices {
  readonly lists: readonly (readonly Atom[])[];
  readonly isSequence: boolean;
  /** Place of the closing brace. */
  readonly end: number;
}

/** What stands between a brace and the one that closes it, cut at its commas. */
function choicesAt(atoms: readonly Atom[], open: number): Choices | undefined {
  const lists: Atom[][] = [[]];
  let depth = 0;
  for (let at = open + 1; at < atoms.length; at++) {
    const atom = atoms[at]!;
    if (atom === '}' && depth === 0) {
      if (lists.length > 1) return { lists, isSequence: false, end: at };
      const sequence = sequenceOf(lists[0]!);
      return sequence && { lists: sequence.map((text) => [...text]), isSequence: true, end: at };
    }
    if (atom === '{') depth += 1;
    if (atom === '}') depth -= 1;
    if (atom === ',' && depth === 0) lists.push([]);
    else lists.at(-1)!.push(atom);
  }
  return undefined;
}

const sequenceForm = /^(-?\d{1,18}|[A-Za-z])\.\.(-?\d{1,18}|[A-Za-z])(?:\.\.(-?\d{1,9}))?$/;

function sequenceOf(atoms: readonly Atom[]): string[] | undefined {
  if (atoms.some((atom) => typeof atom !== 'string')) return undefined;
  const found = sequenceForm.exec(atoms.join(''));
  if (found === null) return undefined;
  const [, first = '', last = '', by = '1'] = found;
  const isLetters = /[A-Za-z]/.test(first);
  if (isLetters !== /[A-Za-z]/.test(last)) return undefined;
  const from = isLetters ? first.charCodeAt(0) : Number(first);
  const to = isLetters ? last.charCodeAt(0) : Number(last);
  const step = Math.abs(Number(by)) || 1;
  const count = Math.floor(Math.abs(to - from) / step) + 1;
  if (count > mostWords) throw new Ended(137);
  const isPadded = [first, last].some((text) => /^-?0\d/.test(text));
  const width = isPadded ? Math.max(first.length, last.length) : 0;
  return Array.from({ length: count }, (_, index) => {
    const value = from + (to < from ? -index : index) * step;
    return isLetters ? String.fromCharCode(value) : padded(value, width);
  });
}

function padded(value: number, width: number): string {
  const sign = value < 0 ? '-' : '';
  return sign + String(Math.abs(value)).padStart(width - sign.length, '0');
}

function wordOf(atoms: readonly Atom[]): Word {
  const parts: Part[] = [];
  let text = '';
  for (const atom of atoms) {
    if (typeof atom === 'string') {
      text += atom;
      continue;
    }
    if (text !== '') parts.push({ kind: 'text', text, quoted: false });
    text = '';
    parts.push(atom);
  }
  if (text !== '') parts.push({ kind: 'text', text, quoted: false });
  return parts;
}
