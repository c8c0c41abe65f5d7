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
};
const small = 10_000;
const known = 'QPBEDCHSXdcfF';
/** Bytes of a password (PG_MAX_AUTH_TOKEN_LENGTH, auth.c). */
const longestPassword = 65_535;

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

  /** What came and was not taken. */
  readonly begun = (): Buffer => Buffer.concat(this.parts);

  /**
   * @param isPassword one was asked for
   * @returns undefined until it is whole
   * @throws PgError for a kind that nobody knows, RangeError for a length that none has; either is the end
   */
  next(isPassword = false): Message | undefined {
    if (isPassword) return this.nextPassword();
    const first = this.peek(1)?.[0];
    if (first === undefined) return undefined;
    const kind = String.fromCharCode(first);
    if (!known.includes(kind))
      throw new PgError(
        '08P01',
        `invalid frontend message type ${first}`,
        'postgres.c:446:SocketBackend',
        {},
        'FATAL',
      );
    const head = this.peek(5);
    if (head === undefined) return undefined;
    const length = head.readUInt32BE(1);
    if (length < 4 || length > (longest[kind] ?? small)) throw new RangeError('invalid message length');
    if (this.held < 1 + length) return undefined;
    const whole = this.take(1 + length);
    return { kind, body: whole.subarray(5) };
  }

  /** What follows the question for one, whatever it is. */
  private nextPassword(): Message | undefined {
    const kind = this.peek(1)?.[0];
    if (kind === undefined) return undefined;
    if (kind !== 'p'.charCodeAt(0)) return { kind: String.fromCharCode(kind), body: this.take(this.held) };
    const length = this.peek(5)?.readUInt32BE(1);
    if (length === undefined) return undefined;
    if (length < 4 || length > longestPassword) throw new RangeError('invalid message length');
    return this.held < 1 + length ? undefined : { kind: 'p', body: this.take(1 + length).subarray(5) };
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
    if (end < 0) throw new PgError('08P01', 'invalid string in message', 'pqformat.c:595:pq_getmsgstring');
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

  /** @throws PgError where something follows */
  end(): void {
    if (this.at !== this.bytes.length)
      throw new PgError('08P01', 'invalid message format', 'pqformat.c:640:pq_getmsgend');
  }

  private require(length: number): void {
    if (length < 0 || this.at + length > this.bytes.length)
      throw new PgError('08P01', 'insufficient data left in message', 'pqformat.c:533:pq_copymsgbytes');
  }
}
