/**
 * The few messages of PostgreSQL's protocol (version 3, postgresql.org/docs/18/protocol-message-formats.html) that
 * are needed to let many clients use one session: where a message ends, what a client begins with, and what a session
 * answers when it is not the database that speaks.
 */

/** A message of a client: its type, and all its bytes. */
export interface Message {
  /** `Q` query, `P` parse, `S` sync, `H` flush, `X` terminate, …; empty for what opens a connection. */
  readonly type: string;
  readonly bytes: Buffer;
}

/** Codes of opening messages; any other is not answered. */
export const sslRequest = 80877103;
export const gssRequest = 80877104;
export const startup = 196608;

/** A query with its values; nothing that Waterguard sends comes near this. */
export const largestMessage = 256 * 1024 * 1024;

/** Cuts a stream into messages. `hasBegun` tells whether the opening message, which has no type, is over. */
export function createMessageReader(hasBegun: () => boolean): (chunk: Buffer) => Generator<Message> {
  let rest: Buffer = Buffer.alloc(0);
  const wanted: Buffer[] = [];
  let missing = 0;
  return function* read(chunk) {
    // A long message is put together once, not with every chunk of it.
    wanted.push(chunk);
    missing -= chunk.length;
    if (missing > 0) return;
    rest = Buffer.concat([rest, ...wanted.splice(0)]);
    let at = 0;
    while (true) {
      const head = hasBegun() ? 1 : 0;
      if (rest.length < at + head + 4) break;
      const length = rest.readUInt32BE(at + head);
      if (length < 4 || length > largestMessage) throw new RangeError(`a message of ${length} bytes`);
      const end = at + head + length;
      if (rest.length < end) {
        missing = end - rest.length;
        break;
      }
      yield { type: head === 1 ? String.fromCharCode(rest[at]!) : '', bytes: rest.subarray(at, end) };
      at = end;
    }
    rest = rest.subarray(at);
  };
}

/** What answers the opening message: signed in, what the server is like, ready. */
export function greeting(parameters: Readonly<Record<string, string>>, id: number): Buffer {
  const signedIn = reply('R', int32(0));
  const told = Object.entries(parameters).map(([name, value]) =>
    reply('S', Buffer.from(`${name}\0${value}\0`)),
  );
  return Buffer.concat([signedIn, ...told, reply('K', Buffer.concat([int32(id), int32(0)])), ready('I')]);
}

/** @param code SQLSTATE */
export function errorReply(code: string, message: string, severity: 'ERROR' | 'FATAL' = 'ERROR'): Buffer {
  return reply('E', Buffer.from(`S${severity}\0V${severity}\0C${code}\0M${message}\0\0`));
}

/** A command is done. */
export function complete(tag: string): Buffer {
  return reply('C', Buffer.from(`${tag}\0`));
}

/** `I` outside of a transaction, `T` inside, `E` inside of one that failed. */
export type Status = 'I' | 'T' | 'E';

export function ready(status: Status): Buffer {
  return reply('Z', Buffer.from(status));
}

/** The status with which an answer ends; undefined where it does not end with one, after a flush. */
export function statusOf(answer: Uint8Array): Status | undefined {
  const last = answer.length - 6;
  if (last < 0 || answer[last] !== 0x5a) return undefined;
  const status = String.fromCharCode(answer[answer.length - 1]!);
  return status === 'I' || status === 'T' || status === 'E' ? status : undefined;
}

/** Ends a unit of the extended protocol. */
export const syncMessage = Buffer.from([0x53, 0, 0, 0, 4]);

/** Makes an unnamed statement of a text. */
export function parse(text: string): Buffer {
  return reply('P', Buffer.from(`\0${text}\0\0\0`));
}

/** A simple query. */
export function query(text: string): Buffer {
  return reply('Q', Buffer.from(`${text}\0`));
}

function reply(type: string, body: Buffer): Buffer {
  const head = Buffer.alloc(5);
  head.write(type, 'latin1');
  head.writeUInt32BE(body.length + 4, 1);
  return Buffer.concat([head, body]);
}

function int32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeInt32BE(value);
  return bytes;
}
