/** What listpacks and ziplists have in common: a head that tells the bytes and how many elements there are, and an end. */
import { BadData, Reader } from './reader.ts';

/** A number of elements that is not told. */
const unknownCount = 65_535;
const end = 0xff;

/**
 * @param headSize bytes before the first element, of which the last two are the number of elements
 * @param next reads one element with all that is around it
 * @throws BadData, also for what `next` throws
 */
export function* readPacked(
  bytes: Buffer,
  headSize: number,
  next: (reader: Reader) => string,
): Generator<string> {
  if (bytes.length < headSize + 1 || bytes.readUInt32LE(0) !== bytes.length || bytes.at(-1) !== end)
    throw new BadData();
  const expected = bytes.readUInt16LE(headSize - 2);
  const reader = new Reader(bytes.subarray(headSize, -1));
  let count = 0;
  while (reader.left > 0) {
    count += 1;
    yield next(reader);
  }
  if (expected !== unknownCount && count !== expected) throw new BadData();
}
