/**
 * What somebody sends to `scp -t`, read as it goes by and without an answer, for the files in it. Whether the far end
 * took them is not known here, so a line that can be the next record ends a file that was refused; and nothing is lost
 * to lengths that are wrong: what is no record where one is due belongs to the file before it, or is one of its own.
 */
import { createBeginning } from '../../../beginning.ts';
import { bytes, latin } from '../tool.ts';
import { isNameInFolder, longestRecord, readRecord, type ScpRecord } from './scp-line.ts';

export interface ScpStream {
  add(bytes: Uint8Array): void;
  /** Tells of the last file. @returns whether it was a copy by scp at all; only then files were told of */
  end(): boolean;
}

/**
 * What is expected: a record at the beginning, and later; a file's content, of which the first line is a record where the
 * file was refused; the byte behind it that says whether it was well; nothing that is understood; nothing of scp's.
 */
type Expected = 'first' | 'record' | 'refusal' | 'content' | 'verdict' | 'anything' | 'nothing';

/** What may become a record that says what comes next. */
const beginsRecord = /^(?:[CD](?:[0-7]{0,4}|[0-7]{4} \d{0,15}|[0-7]{4} \d{1,15} [^\n]*)|T[\d ]*|E?)$/;

/** @param found told of each file when it ends, @param most of its content, in bytes from its beginning */
export function createScpStream(most: number, found: (content: Buffer) => void): ScpStream {
  let expected: Expected = 'first';
  /** Of a line, in Latin-1. */
  let held = '';
  /** Of the content. */
  let left = 0;
  let file: ReturnType<typeof createBeginning> | undefined;

  function add(some: Uint8Array): void {
    let rest = some;
    while (rest.length > 0 && expected !== 'nothing') rest = rest.subarray(take(rest));
  }

  /** @returns how much of it was taken; what was not is for what is expected then */
  function take(some: Uint8Array): number {
    switch (expected) {
      case 'first':
      case 'record':
      case 'refusal':
        return takeLine(some);
      case 'content': {
        const content = some.subarray(0, left);
        file?.add(content);
        left -= content.length;
        if (left === 0) expected = 'verdict';
        return content.length;
      }
      case 'verdict':
        expected = 'record';
        if (some[0] !== 0) return 0;
        close();
        return 1;
      case 'anything':
        file?.add(some);
        return some.length;
      case 'nothing':
        return some.length;
    }
  }

  function takeLine(some: Uint8Array): number {
    const room = some.subarray(0, longestRecord - held.length + 1);
    const end = room.indexOf(10);
    const part = end < 0 ? room : room.subarray(0, end);
    held += latin(part);
    const record = end < 0 ? undefined : readRecord(held);
    if (record !== undefined && isExpected(record)) {
      held = '';
      follow(record);
      return end + 1;
    }
    if (end >= 0 || held.length > longestRecord || !mayBecomeRecord()) giveBack();
    return part.length;
  }

  function isExpected(record: ScpRecord): boolean {
    switch (record.kind) {
      case 'file':
      case 'folder':
        return expected !== 'refusal' || isNameInFolder(record.name);
      case 'times':
        return true;
      case 'end':
        return expected !== 'first' && held === 'E';
      case 'complaint':
        return expected === 'record';
      case 'malformed':
      case 'none':
        return false;
    }
  }

  function mayBecomeRecord(): boolean {
    return beginsRecord.test(held) || (expected === 'record' && /^[\u0001\u0002]/.test(held));
  }

  function follow(record: ScpRecord): void {
    close();
    expected = 'record';
    if (record.kind !== 'file') return;
    expected = 'refusal';
    left = record.size;
    file = createBeginning(most);
  }

  /** What was held is no record. */
  function giveBack(): void {
    const was = bytes(held);
    held = '';
    if (expected === 'first') expected = 'nothing';
    else if (expected === 'refusal') expected = 'content';
    else {
      expected = 'anything';
      file ??= createBeginning(most);
    }
    add(was);
  }

  function close(): void {
    const content = file?.bytes();
    file = undefined;
    if (content !== undefined) found(content);
  }

  return {
    add,
    end() {
      if (expected === 'first') return held !== '';
      close();
      return expected !== 'nothing';
    },
  };
}
