/** One client of the embedded store's socket: its messages go to the shared session, unit by unit, in its turns. */
import type { Socket } from 'node:net';
import type { Turns } from './turns.ts';
import {
  complete,
  createMessageReader,
  errorReply,
  greeting,
  gssRequest,
  parse,
  query,
  ready,
  type Status,
  sslRequest,
  startup,
  statusOf,
  syncMessage,
} from './wire.ts';

export interface Session {
  /**
   * Takes whole units of messages and answers them, blocking.
   * @param ends the answer says where the session stands afterwards, as it does to all but a flush
   */
  execute(messages: Buffer, ends: boolean): Uint8Array;
  /** Writes a backup, while nothing else is executed. */
  backUp(file: string): Promise<void>;
}

/** What Waterguard's own commands ask of the holder beside SQL, as a simple query: the file in JSON. */
export const backUpCommand = 'waterguard backup ';

/** `COPY … FROM STDIN` would read where nobody writes, and end PGlite; so would another program beside it. */
const reachesOut = /\bcopy\b[^;]*\b(?:from|to)(?:\s|\/\*[^*]*\*\/|--[^\n]*\n)+(?:stdin|program)\b/i;

/** Any other message ends PGlite (PostgreSQL ends the client's connection). */
const understood: ReadonlySet<string> = new Set(['Q', 'P', 'B', 'D', 'E', 'C', 'S', 'H', 'F']);

/** Of a copy that is over or was refused; PostgreSQL passes over them as well. */
const leftOver: ReadonlySet<string> = new Set(['d', 'c', 'f']);

/** After these, the session has something to do; everything before waits for them. */
const endsUnit: ReadonlySet<string> = new Set(['Q', 'S', 'H', 'F']);

export function attend(
  socket: Socket,
  { execute, backUp }: Session,
  turns: Turns,
  parameters: Readonly<Record<string, string>>,
  id: number,
): void {
  let hasBegun = false;
  /** Where the session stands after this client's last unit; undefined between a flush and its sync. */
  let status: Status | undefined = 'I';
  let unit: Buffer[] = [];
  /** A parse was refused: as after any error, everything up to the next sync is passed over. */
  let refused = false;
  /** It was shown out: what it still sends belongs to nothing any more. */
  let isOut = false;

  const client = {
    evict() {
      showOut(errorReply('25P03', 'the transaction was idle for too long and was rolled back', 'FATAL'));
      leave();
    },
  };

  function showOut(why?: Buffer): void {
    isOut = true;
    if (why !== undefined) socket.write(why);
    socket.destroySoon();
  }

  function leave(): void {
    turns.leave(client, () => {
      // A sync alone would commit what was flushed; after an error it rolls back.
      if (status === undefined) execute(Buffer.concat([parse('roll back'), syncMessage]), true);
      execute(query('rollback'), true);
    });
  }

  function run(messages: Buffer, ends: boolean): boolean {
    if (socket.destroyed) return false;
    const answer = execute(messages, ends);
    status = statusOf(answer);
    socket.write(answer);
    return status !== 'I';
  }

  function begin(bytes: Buffer): void {
    const code = bytes.length >= 8 ? bytes.readUInt32BE(4) : 0;
    if (code === sslRequest || code === gssRequest) socket.write('N');
    else if (code === startup) {
      hasBegun = true;
      socket.write(greeting(parameters, id));
    } else showOut();
  }

  function take(type: string, bytes: Buffer): void {
    if (leftOver.has(type)) return;
    if (!understood.has(type)) {
      showOut(errorReply('08P01', 'a message of a type that nobody knows', 'FATAL'));
    } else if (refused) {
      if (type !== 'S') return;
      refused = false;
      socket.write(ready(status ?? 'I'));
    } else if ((type === 'Q' || type === 'P') && reachesOut.test(bytes.toString('latin1'))) {
      unit = [];
      refused = type === 'P';
      socket.write(errorReply('0A000', 'COPY FROM STDIN and PROGRAM are not possible on the embedded store'));
      if (type === 'Q') socket.write(ready(status ?? 'I'));
    } else if (type === 'Q' && bytes.indexOf(backUpCommand) === 5) {
      // Behind the type and the length, before the zero at the end.
      const asked = bytes.toString('utf8', 5 + backUpCommand.length, bytes.length - 1);
      turns.take(client, () => {
        answerBackUp(asked);
        return 'working';
      });
    } else {
      unit.push(bytes);
      if (!endsUnit.has(type)) return;
      const messages = Buffer.concat(unit);
      unit = [];
      turns.take(client, () => run(messages, type !== 'H'));
    }
  }

  async function answerBackUp(asked: string): Promise<void> {
    try {
      await backUp(String(JSON.parse(asked)));
      socket.write(complete('BACKUP'));
    } catch (error) {
      socket.write(errorReply('58030', String(error)));
    }
    socket.write(ready('I'));
    turns.take(client, () => false);
  }

  const read = createMessageReader(() => hasBegun);
  socket.on('data', (chunk: Buffer) => {
    if (isOut) return;
    try {
      for (const { type, bytes } of read(chunk)) {
        if (!hasBegun) begin(bytes);
        else if (type === 'X') showOut();
        else take(type, bytes);
        if (isOut) return;
      }
    } catch (error) {
      if (!(error instanceof RangeError)) throw error;
      showOut(errorReply('08P01', error.message, 'FATAL'));
    }
  });
  socket.on('error', () => {});
  socket.once('close', leave);
}
