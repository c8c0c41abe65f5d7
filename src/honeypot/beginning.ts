/** The beginning of what goes by, for an event: what a command was fed, or printed. */

export interface Beginning {
  add(bytes: Uint8Array): void;
  /** What was kept, all of it in one piece. */
  bytes(): Buffer;
  /** The same as UTF-8; where that was cut in the midst of a character, with one that says so. */
  text(): string;
}

/** @param most bytes that are kept; these are copied, as whoever told them may use their memory again */
export function createBeginning(most: number): Beginning {
  const parts: Buffer[] = [];
  let room = most;
  const bytes = (): Buffer => Buffer.concat(parts);
  return {
    add(some) {
      if (room <= 0 || some.length === 0) return;
      const part = Buffer.from(some.subarray(0, room));
      parts.push(part);
      room -= part.length;
    },
    bytes,
    text: () => bytes().toString('utf8'),
  };
}
