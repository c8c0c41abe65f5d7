/**
 * Reads what clients send: commands as arrays of bulk strings, or as lines typed by hand. Nothing is buffered but the
 * command under way, of which so much is kept as a decoy has use for; what is beyond is counted and dropped. What
 * breaks the protocol is answered in the words of Redis (networking.c, 7.0).
 */

/** A command with its arguments. */
export interface Request {
  readonly args: readonly string[];
  /** The bytes as they came; without what was dropped. */
  readonly raw: Buffer;
  /** Something of it was dropped: it was larger than anybody keeps here. */
  readonly isCut: boolean;
}

/** Its message follows `Protocol error: `; the connection is over. */
export class ProtocolError extends Error {}

/** PROTO_INLINE_MAX_SIZE, in bytes. */
const maxLine = 64 * 1024;
/** Default of proto-max-bulk-len. */
const maxBulk = 512 << 20;
const maxArgs = 0x7fffffff;
/** What those may send who have not said the password: PROTO_MAX_QUERYBUF's bounds since 6.0.16. */
const maxUnknown = { args: 10, bulk: 16_384 };

/** What is kept of a command: arguments, bytes of one argument, bytes of all. */
const kept = { args: 1024, bulk: 1 << 20, all: 2 << 20 };

export class RequestReader {
  private readonly isKnown: () => boolean;
  private ahead: Buffer = Buffer.alloc(0);
  private args: string[] | undefined;
  private argsLeft = 0;
  /** Bytes to come of the bulk string under way, its line end with them; undefined before its length. */
  private bulkLeft: number | undefined;
  private bulk: Buffer[] = [];
  private bulkBytes = 0;
  private raw: Buffer[] = [];
  private keptBytes = 0;
  private isCut = false;

  /** @param isKnown whether the client has said its password, or needs none */
  constructor(isKnown: () => boolean = () => true) {
    this.isKnown = isKnown;
  }

  push(chunk: Buffer): void {
    this.ahead = this.ahead.length === 0 ? chunk : Buffer.concat([this.ahead, chunk]);
  }

  /** Whether a command has begun. */
  get isPartial(): boolean {
    return this.args !== undefined || this.ahead.length > 0;
  }

  /** What came of it, as far as it is kept. */
  readonly begun = (): Buffer => Buffer.concat([...this.raw, this.ahead]);

  /** @returns undefined until more came. @throws ProtocolError */
  next(): Request | undefined {
    while (this.ahead.length > 0) {
      const isWhole = this.args === undefined ? this.begin() : this.goOn();
      if (isWhole === undefined) return undefined;
      if (isWhole && this.args !== undefined) return this.finish();
    }
    return undefined;
  }

  private finish(): Request {
    const request = { args: this.args!, raw: Buffer.concat(this.raw), isCut: this.isCut };
    this.args = undefined;
    this.raw = [];
    this.keptBytes = 0;
    this.isCut = false;
    return request;
  }

  /** @returns whether a command is whole; undefined where more has to come */
  private begin(): boolean | undefined {
    if (this.ahead[0] !== 0x2a) return this.takeLine();
    const line = this.takeHeader('too big mbulk count string');
    if (line === undefined) return undefined;
    const count = lengthOf(line.slice(1));
    if (count === undefined || count > maxArgs) throw new ProtocolError('invalid multibulk length');
    if (count > maxUnknown.args && !this.isKnown())
      throw new ProtocolError('unauthenticated multibulk length');
    if (count <= 0) {
      this.raw = [];
      return false;
    }
    this.args = [];
    this.argsLeft = count;
    return false;
  }

  private goOn(): boolean | undefined {
    if (this.bulkLeft === undefined) {
      const line = this.takeHeader('too big bulk count string');
      if (line === undefined) return undefined;
      if (line[0] !== '$') throw new ProtocolError(`expected '$', got '${line[0] ?? '\r'}'`);
      const length = lengthOf(line.slice(1));
      if (length === undefined || length < 0 || length > maxBulk)
        throw new ProtocolError('invalid bulk length');
      if (length > maxUnknown.bulk && !this.isKnown()) throw new ProtocolError('unauthenticated bulk length');
      this.bulkLeft = length + 2;
    }
    const part = this.take(Math.min(this.bulkLeft, this.ahead.length));
    this.keepPart(part);
    this.bulkLeft -= part.length;
    if (this.bulkLeft > 0) return undefined;
    this.endBulk();
    return this.argsLeft === 0;
  }

  private keepPart(part: Buffer): void {
    const room = Math.min(kept.bulk + 2 - this.bulkBytes, this.room());
    if (this.args!.length >= kept.args || part.length > room) {
      this.isCut = true;
      return;
    }
    this.keepRaw(part);
    this.bulk = added(this.bulk, part);
    this.bulkBytes += part.length;
  }

  private endBulk(): void {
    this.bulkLeft = undefined;
    this.argsLeft -= 1;
    if (this.args!.length < kept.args) {
      const bytes = Buffer.concat(this.bulk);
      // What was cut has no line end to take off.
      this.args!.push(bytes.toString('latin1', 0, Math.max(0, bytes.length - 2)));
    }
    this.bulk = [];
    this.bulkBytes = 0;
  }

  /** A line that begins an array or a string; without its end. */
  private takeHeader(tooBig: string): string | undefined {
    const end = this.ahead.indexOf('\r');
    if (end < 0 && this.ahead.length > maxLine) throw new ProtocolError(tooBig);
    if (end < 0 || end + 2 > this.ahead.length) return undefined;
    const line = this.take(end + 2);
    if (this.room() > line.length) this.keepRaw(line);
    return line.toString('latin1', 0, end);
  }

  private takeLine(): boolean | undefined {
    const feed = this.ahead.indexOf('\n');
    // A line is a C string to Redis, and has no end where a zero comes first.
    const end = this.ahead.subarray(0, Math.max(0, feed)).includes(0) ? -1 : feed;
    if (end < 0 && this.ahead.length > maxLine) throw new ProtocolError('too big inline request');
    if (end < 0) return undefined;
    const line = this.take(end + 1);
    const args = splitLine(line.toString('latin1', 0, line[end - 1] === 0x0d ? end - 1 : end));
    if (args === undefined) throw new ProtocolError('unbalanced quotes in request');
    if (args.length === 0) return false;
    this.args = args;
    this.keepRaw(line);
    return true;
  }

  private take(length: number): Buffer {
    const taken = this.ahead.subarray(0, length);
    this.ahead = this.ahead.subarray(length);
    return taken;
  }

  private keepRaw(part: Buffer): void {
    this.raw = added(this.raw, part);
    this.keptBytes += part.length;
  }

  private room(): number {
    return kept.all - this.keptBytes;
  }
}

/** Senders of single bytes do not make as many objects of them. */
function added(parts: readonly Buffer[], part: Buffer): Buffer[] {
  return parts.length < 64 ? [...parts, part] : [Buffer.concat([...parts, part])];
}

/** Numbers as `string2ll` takes them: no sign but minus, no leading zero. */
function lengthOf(text: string): number | undefined {
  return /^(?:0|-?[1-9]\d{0,17})$/.test(text) ? Number(text) : undefined;
}

const escapes: Readonly<Record<string, string>> = { n: '\n', r: '\r', t: '\t', b: '\b', a: '\x07' };
const isSpace = (char: string | undefined): boolean => char !== undefined && /[ \t\n\v\f\r]/.test(char);

/** As `sdssplitargs`: words, "…" with escapes, '…'. @returns undefined where quotes do not match */
export function splitLine(text: string): string[] | undefined {
  const words: string[] = [];
  let at = 0;
  for (;;) {
    while (isSpace(text[at])) at += 1;
    if (at >= text.length) return words;
    let word = '';
    let quote: string | undefined;
    for (; ; at += 1) {
      const char = text[at];
      if (quote === undefined) {
        if (char === undefined || isSpace(char)) break;
        if (char === '"' || char === "'") quote = char;
        else word += char;
        continue;
      }
      if (char === undefined) return undefined;
      if (char === quote) {
        if (text[at + 1] !== undefined && !isSpace(text[at + 1])) return undefined;
        at += 1;
        break;
      }
      if (char !== '\\') {
        word += char;
        continue;
      }
      const hex = quote === '"' ? /^x([0-9a-fA-F]{2})/.exec(text.slice(at + 1, at + 4))?.[1] : undefined;
      const next = text[at + 1];
      if (hex !== undefined) {
        word += String.fromCharCode(Number.parseInt(hex, 16));
        at += 3;
      } else if (quote === '"' && next !== undefined) {
        word += escapes[next] ?? next;
        at += 1;
      } else if (next === "'") {
        word += "'";
        at += 1;
      } else word += char;
    }
    words.push(word);
  }
}
