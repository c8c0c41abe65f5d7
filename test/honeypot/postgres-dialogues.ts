/** Conversations that the decoy and PostgreSQL itself have to answer alike. */
import { readFileSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import {
  answersIn,
  bind,
  describe,
  execute,
  fieldsOf,
  lineOf,
  parse,
  password,
  query,
  request,
  startup,
  sync,
} from '../../src/honeypot/postgres/fixtures/client.ts';

export interface Dialogue {
  /**
   * What may differ: nothing but numbers of objects; the order of rows; values, so that only messages, columns, tags
   * and errors are compared.
   */
  readonly compare: 'exactly' | 'unordered' | 'shape';
  /**
   * On one connection, one after another; `⏎` is a line end. A query by itself; behind `> ` one with its parameters,
   * which goes the extended way; `= ` rows for a COPY; `! ` messages as they are written, JSON.
   */
  readonly steps: readonly string[];
}

export const dialogues: readonly Dialogue[] = readFileSync(
  join(import.meta.dirname, 'postgres-dialogues.txt'),
  'utf8',
)
  .trimEnd()
  .split('\n')
  .filter((line) => !line.startsWith('#'))
  .map((line) => {
    const [compare, ...steps] = line.split('\t');
    return { compare: compare as Dialogue['compare'], steps };
  });

export interface Breach {
  /** Somebody logs in before it. */
  readonly isLoggedIn: boolean;
  readonly bytes: Buffer;
}

const breach =
  (isLoggedIn: boolean) =>
  (text: string): Breach => ({ isLoggedIn, bytes: Buffer.from(text, 'latin1') });

/** What is no conversation, byte by byte. */
export const breaches: readonly Breach[] = [
  ...[
    'GET / HTTP/1.1\r\n\r\n',
    '\x3b\x9a\xca\0\0\x03\0\0',
    '\xff\xff\xff\xff',
    '\0\0\0\x04',
    '\0\0\0\x07\0\x03\0',
    '\0\0\0\x0b\0\x03\0\0abc',
    '\0\0\0\x09\0\x03\0\0\0',
    '\x16\x03\x01\x02\0\x01\0\x01\xfc\x03\x03',
    'SSH-2.0-x\r\n',
    startup({ user: 'postgres' }, 2 << 16).toString('latin1'),
    startup({ user: 'postgres' }, 4 << 16).toString('latin1'),
    startup({ database: 'postgres' }).toString('latin1'),
  ].map(breach(false)),
  ...[
    'Q\x7f\xff\xff\xff',
    'Q\xff\xff\xff\xff',
    'Q\0\0\0\0',
    'S\0\0\0\x03',
    'S\0\x01\0\0',
    '\x01\0\0\0\x04',
    'y',
    'p\0\0\0\x06x\0',
    'Q\0\0\0\x05x',
    'Q\0\0\0\x0aselec',
    'X\0\0\0\x04',
  ].map(breach(true)),
];

/** The messages of a step. */
function bytesOf(step: string): Buffer {
  const text = step.replaceAll('⏎', '\n');
  if (text.startsWith('! ')) {
    const messages = JSON.parse(text.slice(2)) as [kind: string, ...parts: (string | { hex: string })[]][];
    return Buffer.concat(
      messages.map(([kind, ...parts]) =>
        request(
          kind,
          ...parts.map((part) => (typeof part === 'string' ? part : Buffer.from(part.hex, 'hex'))),
        ),
      ),
    );
  }
  if (text.startsWith('= ')) return Buffer.concat([request('d', Buffer.from(text.slice(2))), request('c')]);
  if (!text.startsWith('> ')) return query(text);
  const [statement = '', ...values] = text.slice(2).split(' ‖ ');
  return Buffer.concat([
    parse('', statement),
    describe('S', ''),
    bind(
      '',
      '',
      values.map((value) => (value === 'NULL' ? null : value)),
    ),
    describe('P', ''),
    execute(''),
    sync,
  ]);
}

/** Milliseconds that an answer may take. */
const patience = 20_000;

/** One conversation. @returns the lines of each answer */
export async function converse(
  port: number,
  steps: readonly string[],
  user = 'postgres',
): Promise<string[][]> {
  const socket = connect(port, '127.0.0.1');
  let received: Buffer = Buffer.alloc(0);
  let isClosed = false;
  let wake = (): void => {};
  socket.on('data', (chunk: Buffer) => {
    received = Buffer.concat([received, chunk]);
    wake();
  });
  for (const event of ['close', 'error'])
    socket.on(event, () => {
      isClosed = true;
      wake();
    });

  /** Until it is ready for more, or wants to be copied to, or hangs up. */
  async function answer(): Promise<string[]> {
    const until = performance.now() + patience;
    for (;;) {
      const { answers, rest } = answersIn(received);
      const last = answers.at(-1);
      const asks = last?.kind === 'R' && last.body.readUInt32BE() === 3;
      if (asks || isClosed || (last !== undefined && 'ZG'.includes(last.kind))) {
        received = rest;
        const lines = answers.map((one) => {
          const fields = one.kind === 'E' ? fieldsOf(one) : undefined;
          return fields?.get('C') === '57P01' ? 'terminated' : lineOf(one);
        });
        return isClosed ? [...lines, 'closed'] : lines;
      }
      if (performance.now() > until) throw new Error(`no answer; ${answers.map(lineOf).join('\n')}`);
      await new Promise<void>((resolve) => {
        wake = resolve;
        setTimeout(resolve, 500);
      });
    }
  }

  socket.write(startup({ user, database: 'postgres' }));
  const first = await answer();
  if (first.at(-1) === 'R 3') {
    socket.write(password('postgres'));
    await answer();
  }
  const all: string[][] = [];
  for (const step of steps) {
    if (isClosed) break;
    socket.write(bytesOf(step));
    all.push(await answer());
  }
  socket.destroy();
  return all;
}

/** An answer without what may differ: numbers of what was made, of rows and their order. */
export function comparable(lines: readonly string[], compare: Dialogue['compare']): string {
  const masked = lines.map((line) => {
    if (line.startsWith('T ')) return line.replace(/:(1[6-9]|[2-9]\d)\d{3}\.(\d+:)/g, ':oid.$2');
    if (compare === 'shape' && line.startsWith('D ')) return 'D';
    return line.startsWith('E ') ? line.replace(/\d{4}-\d\d-\d\d \d\d:\d\d:[\d.]+/g, 'now') : line;
  });
  if (compare === 'exactly') return masked.join('\n');
  if (compare === 'unordered') return [...masked].sort().join('\n');
  // How many rows there are is part of what may differ.
  return masked
    .filter((line, index) => line !== 'D' || masked[index - 1] !== 'D')
    .map((line) => line.replace(/^C (SELECT|SHOW|COPY) \d+$/, 'C $1'))
    .join('\n');
}

/** Milliseconds that nothing comes after an answer, where the connection stays open. */
const quiet = 400;

/** What is answered to what is no conversation, and whether that ends it. */
export function provoke(port: number, { isLoggedIn, bytes }: Breach): Promise<string> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    let received: Buffer = Buffer.alloc(0);
    let isBegun = !isLoggedIn;
    let timer = setTimeout(finish, 2 * quiet, 'open');
    function finish(end: string): void {
      clearTimeout(timer);
      socket.destroy();
      const { answers, rest } = answersIn(received);
      resolve([...answers.map(lineOf), rest.toString('latin1'), end].join('\n'));
    }
    function logIn(): void {
      const last = answersIn(received).answers.at(-1);
      if (last?.kind === 'R' && last.body.readUInt32BE() === 3) socket.write(password('postgres'));
      if (last?.kind !== 'Z') return;
      isBegun = true;
      received = Buffer.alloc(0);
      socket.write(bytes);
    }
    socket.write(isLoggedIn ? startup() : bytes);
    socket.on('data', (chunk: Buffer) => {
      received = Buffer.concat([received, chunk]);
      clearTimeout(timer);
      timer = setTimeout(finish, quiet, 'open');
      if (!isBegun) logIn();
    });
    socket.on('error', () => {});
    socket.on('close', () => finish('closed'));
  });
}
