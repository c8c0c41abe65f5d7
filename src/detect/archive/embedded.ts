/**
 * Something that begins like an archive or a program in the midst of a text: behind a script (`payload.ts`), or
 * written into it as base64 (`encoded.ts`). A few bytes may be alike by chance, so what does not unpack is nothing,
 * and what breaks off is no more than a file that stayed closed.
 */
import type { Budget, Hole, Member } from './members.ts';
import { isGzip, isZstd, type Unpack, unpackGzip, unpackZstd } from './streams.ts';
import { hasHeaderSum, readTar } from './tar.ts';
import { hasZipEnd, readZip } from './zip.ts';

/** Beginnings of what can be opened or run and of what would have to be unpacked first, as Latin-1. */
export const heads = {
  elf: '\x7fELF',
  gzip: '\x1f\x8b\x08',
  zstd: '\x28\xb5\x2f\xfd',
  xz: '\xfd7zXZ\x00',
  bzip2: 'BZh',
  sevenZip: '7z\xbc\xaf\x27\x1c',
} as const;

/**
 * Opens what begins there.
 * @param bytes from the beginning on; other things may follow
 * @returns how many bytes it takes up, as far as that is told; undefined where it is nothing of the kind
 */
export function* openEmbedded(
  bytes: Buffer,
  name: string,
  budget: Budget,
): Generator<Member | Hole, number | undefined> {
  if (budget.members <= 0) {
    yield { name, reason: 'entry-limit', detail: 'too many members' };
    return bytes.length;
  }
  budget.members--;
  if (isGzip(bytes)) return yield* unpackInto(name, bytes, budget, unpackGzip);
  if (isZstd(bytes)) return yield* unpackInto(name, bytes, budget, unpackZstd);
  if (hasHeaderSum(bytes, 0)) return yield* inside(name, readTar(bytes, budget));
  if (beginsWith(bytes, 'PK\x03\x04') && hasZipEnd(bytes)) {
    yield* inside(name, readZip(bytes, budget));
    return bytes.length;
  }
  if (isProgram(bytes)) {
    yield { name, bytes };
    return 1;
  }
  const format = closedFormat(bytes);
  if (format === undefined) return undefined;
  yield { name, reason: 'unsupported', detail: `${format}, for which there is no decoder here` };
  return 1;
}

/** Whether it is worth to be opened; far cheaper than that. */
export function isLikely(bytes: Buffer): boolean {
  if (isGzip(bytes)) return ((bytes[3] ?? 0xff) & 0xe0) === 0;
  return isZstd(bytes) || hasHeaderSum(bytes, 0) || isProgram(bytes) || closedFormat(bytes) !== undefined;
}

function* unpackInto(
  name: string,
  bytes: Buffer,
  budget: Budget,
  unpack: Unpack,
): Generator<Member | Hole, number | undefined> {
  const unpacked = unpack(bytes, budget.bytes);
  if (unpacked === 'too large') {
    yield { name, reason: 'ratio-limit', detail: `unfolds to more than ${budget.bytes} bytes` };
    budget.bytes = 0;
    return heads.gzip.length;
  }
  if (unpacked === undefined || unpacked.content.length === 0) return undefined;
  budget.bytes -= unpacked.content.length;
  yield { name, bytes: unpacked.content };
  return unpacked.end;
}

function* inside<End>(name: string, members: Generator<Member | Hole, End>): Generator<Member | Hole, End> {
  let next = members.next();
  for (; next.done !== true; next = members.next()) {
    yield softened({ ...next.value, name: `${name}!${next.value.name}` });
  }
  return next.value;
}

/** What may look like an archive by chance says nothing by being broken. */
export function softened(one: Member | Hole): Member | Hole {
  const isSoft = 'reason' in one && (one.reason === 'truncated' || one.reason === 'encrypted');
  return isSoft ? { ...one, reason: 'unsupported' } : one;
}

/** ELF by magic, class, byte order and version; PE by where its second magic is said to be. */
function isProgram(bytes: Buffer): boolean {
  if (bytes.length < 64) return false;
  if (beginsWith(bytes, heads.elf)) {
    return [1, 2].includes(bytes[4] ?? 0) && [1, 2].includes(bytes[5] ?? 0) && bytes[6] === 1;
  }
  if (!beginsWith(bytes, 'MZ')) return false;
  const second = bytes.readUInt32LE(0x3c);
  return bytes.toString('latin1', second, second + 4) === 'PE\0\0';
}

function closedFormat(bytes: Buffer): string | undefined {
  if (beginsWith(bytes, heads.xz)) return 'xz';
  if (beginsWith(bytes, heads.sevenZip)) return '7z';
  return /^BZh[1-9]1AY&SY/.test(bytes.toString('latin1', 0, 10)) ? 'bzip2' : undefined;
}

function beginsWith(bytes: Buffer, head: string): boolean {
  return bytes.toString('latin1', 0, head.length) === head;
}
