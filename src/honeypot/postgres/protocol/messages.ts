/** Messages from the client: their lengths are looked at before anything of them is kept. */
import { PgError } from '../failure.ts';

export interface Message {
  /** `Q`, `P`, `p` … */
  readonly kind: string;
  readonly body: Buffer;
}

/** What is longer is no message that anybody sends (`SocketBackend`: PQ_SMALL_MESSAGE_LIMIT and a gigabyte). */
const longest: Readonly<Record<string, number>> = {
  Q: 4 << 20,
  P: 4 << 20,
  B: 4 << 20,
  d: 4 << 20,
  F: 1 << 20,
  p: 65_535,
};
const small = 10_000;
const known = 'QPBEDCHSXdcfFp';

export class MessageReader {
  private parts: Buffer[] = [];
  private held = 0;

  push(chunk: Buffer): void {
    this.parts.push(chunk);
    this.held += chunk.length;
    // Senders of single bytes do not make as many objects of them.
    if (this.parts.length > 64) this.parts = [Buffer.concat(this.parts)];
  }

  get isPartial(): boolean {
    return this.held > 0;
  }

  /** @returns undefined until it is whole. @throws PgError for what is none, which is the end */
  next(): Message | undefined {
    const head = this.peek(5);
    if (head === undefined) return undefined;
    const kind = String.fromCharCode(head[0]!);
    if (!known.includes(kind))
      throw new PgError(
        '08P01',
        `invalid frontend message type ${head[0]}`,
        'postgres.c:464:SocketBackend',
        {},
        'FATAL',
      );
    const length = head.readUInt32BE(1);
    if (length < 4 || length > (longest[kind] ?? small))
      throw new PgError('08P01', 'invalid message length', 'pqcomm.c:1240:pq_getmessage', {}, 'FATAL');
    if (this.held < 1 + length) return undefined;
    const whole = this.take(1 + length);
    return { kind, body: whole.subarray(5) };
  }

  /** The first packet, which has no kind. @throws RangeError for a length that none has */
  nextStartup(): Buffer | undefined {
    const head = this.peek(4);
    if (head === undefined) return undefined;
    const length = head.readUInt32BE();
    if (length < 8 || length > small) throw new RangeError('invalid length of startup packet');
    return this.held < length ? undefined : this.take(length).subarray(4);
  }

  /** Everything that came and was not taken. */
  rest(): Buffer {
    return this.take(this.held);
  }

  private peek(length: number): Buffer | undefined {
    if (this.held < length) return undefined;
    if (this.parts[0]!.length < length) this.parts = [Buffer.concat(this.parts)];
    return this.parts[0]!;
  }

  private take(length: number): Buffer {
    const all = this.parts.length === 1 ? this.parts[0]! : Buffer.concat(this.parts);
    const rest = all.subarray(length);
    this.parts = rest.length > 0 ? [rest] : [];
    this.held = rest.length;
    return all.subarray(0, length);
  }
}

/** Goes through the body of a message. */
export class Body {
  private readonly bytes: Buffer;
  private at = 0;

  constructor(bytes: Buffer) {
    this.bytes = bytes;
  }

  string(): string {
    const end = this.bytes.indexOf(0, this.at);
    if (end < 0) throw new PgError('08P01', 'invalid string in message', 'pqformat.c:638:pq_getmsgrawstring');
    const text = this.bytes.toString('utf8', this.at, end);
    this.at = end + 1;
    return text;
  }

  int16(): number {
    this.require(2);
    this.at += 2;
    return this.bytes.readUInt16BE(this.at - 2);
  }

  int32(): number {
    this.require(4);
    this.at += 4;
    return this.bytes.readInt32BE(this.at - 4);
  }

  byte(): string {
    this.require(1);
    this.at += 1;
    return String.fromCharCode(this.bytes[this.at - 1]!);
  }

  take(length: number): Buffer {
    this.require(length);
    this.at += length;
    return this.bytes.subarray(this.at - length, this.at);
  }

  private require(length: number): void {
    if (length < 0 || this.at + length > this.bytes.length)
      throw new PgError('08P01', 'insufficient data left in message', 'pqformat.c:531:pq_copymsgbytes');
  }
}
