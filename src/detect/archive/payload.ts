/**
 * What lies behind the text of a script that cuts it out of its own file: `tail -n +20 "$0" | tar xz`. Where the
 * text ends is up to its author, and to `tail`, `sed` or `dd`, so everything behind it is looked for that begins
 * like an archive or a program.
 */
import { isUtf8 } from 'node:buffer';
import { heads, isLikely, openEmbedded } from './embedded.ts';
import type { Budget, Holder, Hole, Member } from './members.ts';
import { isTar, magicPlace } from './tar.ts';

/** Beginnings that are tried, and those that are looked at: by chance there is one in sixteen MiB. */
const mostTried = 16;
const mostSeen = 1000;

/** @param known members of the file that have been opened already, as parts of its bytes */
export function* openPayloads(
  file: Holder,
  budget: Budget,
  known: readonly Buffer[] = [],
): Generator<Member | Hole> {
  if (!hasMoreThanText(file)) return;
  const { bytes } = file;
  const opened = new Set(known.map((one) => one.byteOffset));
  let tried = 0;
  let isOpened = false;
  let from = 0;
  let tarEnd = 0;
  for (const at of beginnings(bytes, () => from)) {
    const isHeader = isTar(bytes, at);
    if (opened.has(bytes.byteOffset + at) || (isHeader && at < tarEnd)) continue;
    if (tried++ === mostTried) {
      yield { name: '(rest)', reason: 'unsupported', detail: 'more beginnings of archives than are tried' };
      return;
    }
    const members = openEmbedded(bytes.subarray(at), `(from byte ${at})`, budget);
    let next = members.next();
    for (; next.done !== true; next = members.next()) {
      if ('bytes' in next.value && next.value.bytes.buffer === bytes.buffer)
        opened.add(next.value.bytes.byteOffset);
      yield next.value;
    }
    // Between the members of a tar, and in one that is not packed itself, something else may be hidden.
    if (isHeader) tarEnd = at + (next.value ?? 0);
    else from = at + (next.value ?? 1);
    isOpened ||= next.value !== undefined;
  }
  if (tried > 0 && !isOpened) {
    yield { name: '(rest)', reason: 'unsupported', detail: 'data behind a text that does not unpack' };
  }
}

/** Whether anything would be tried. */
export function hasPayload(file: Holder): boolean {
  return hasMoreThanText(file) && beginnings(file.bytes, () => 0).next().done !== true;
}

/** No compressed stream is valid UTF-8, and no program or tar is without zeros. */
function hasMoreThanText({ bytes, kind }: Holder): boolean {
  if (kind === 'binary') return beginsAsText(bytes);
  return (kind === 'script' || kind === 'text') && (!isUtf8(bytes) || bytes.includes(0));
}

/**
 * A shell takes such a file for a script. Static libraries and the compiled modules of Python 3.6 to 3.10 begin like
 * that, too; the first hold programs by the hundred.
 */
function beginsAsText(bytes: Buffer): boolean {
  const line = bytes.subarray(0, bytes.subarray(0, 256).indexOf(0x0a) + 1);
  if (line.length === 0 || !isUtf8(line)) return false;
  return !/^!<arch>\n|^[0-9A-Za-z]\r\r\n|[\0-\x08\x0e-\x1f]/.test(line.toString('latin1'));
}

/** Ascending. @param from where to look on, asked each time */
function* beginnings(bytes: Buffer, from: () => number): Generator<number> {
  const marks = [
    ...Object.values(heads).map((head) => createMark(bytes, head, 0)),
    createMark(bytes, 'ustar', magicPlace),
  ];
  let at = 0;
  for (let seen = 0; ; seen++) {
    const next = Math.min(...marks.map((mark) => mark(at)));
    if (next === Number.POSITIVE_INFINITY) return;
    // Behind so many each one is tried: either they are few, or the file is listed.
    if (seen > mostSeen || isLikely(bytes.subarray(next))) yield next;
    at = Math.max(next + 1, from());
  }
}

/** Gives the next place of a mark, which begins `before` bytes earlier than its text. */
function createMark(bytes: Buffer, text: string, before: number): (from: number) => number {
  const wanted = Buffer.from(text, 'latin1');
  let place = -1;
  return (from) => {
    if (place < from) {
      const found = bytes.indexOf(wanted, from + before);
      place = found === -1 ? Number.POSITIVE_INFINITY : found - before;
    }
    return place;
  };
}
