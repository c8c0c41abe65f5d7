/** Conversations that the decoy and Redis itself have to answer alike. */
import { readFileSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';

export interface Dialogue {
  /**
   * What may differ: nothing; the order of lists that have none; the order of words; numbers and random names, so that
   * only the shape and the names of fields are compared.
   */
  readonly compare: 'exactly' | 'unordered' | 'words' | 'shape';
  /** On one connection, one after another. Before them there is nothing in any database. */
  readonly commands: readonly string[];
}

export const dialogues: readonly Dialogue[] = readFileSync(
  join(import.meta.dirname, 'redis-dialogues.txt'),
  'utf8',
)
  .trimEnd()
  .split('\n')
  .map((line) => {
    const [compare, ...commands] = line.split('\t');
    return { compare: compare as Dialogue['compare'], commands };
  });

/** What is no command, byte by byte. */
export const breaches: readonly string[] = [
  '*4294967296\r\n',
  '*2147483648\r\n',
  '*abc\r\n',
  '*1\r\n$abc\r\n',
  '*1\r\n:1\r\n',
  '*1\r\n*1\r\n*1\r\n',
  '*-1\r\nPING\r\n',
  '*0\r\nPING\r\n',
  '*1\r\n$-1\r\n',
  '*1\r\n$600000000\r\n',
  '*+1\r\n',
  '*1\r\n$04\r\nPING\r\n',
  '*1\r\n\r\n',
  'SET a "b\r\n',
  "SET a 'b'c\r\n",
  'SET "a b" c\r\nGET "a b"\r\n',
  'SET a "\\x41\\n\\"\\q"\r\nGET a\r\n',
  "SET a 'it\\'s'\r\nGET a\r\n",
  '\r\n\r\nPING\r\n',
  'PING\nPING\n',
  '   PING   x  \r\n',
  'POST / HTTP/1.1\r\nHost: x\r\n\r\n',
  'GET / HTTP/1.1\r\n',
  'OPTIONS / HTTP/1.0\r\n\r\n',
  'A'.repeat(70_000),
  `*${'1'.repeat(70_000)}`,
  `*1\r\n$${'1'.repeat(70_000)}`,
  '*2\r\n$4\r\nECHO\r\n$3\r\na\r\nb\r\n',
  '\x16\x03\x01\x00\x05hello\r\n',
  'HELP\r\n\r\n',
];

/** Milliseconds of silence after an answer, and where none came. */
const quiet = { after: 30, instead: 250 };

/** Sends one piece after another on one connection. @returns what came after each; `<closed>` where it was the last */
export function converse(port: number, pieces: readonly string[]): Promise<string[]> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    const answers: string[] = [];
    let answer = '';
    let timer: NodeJS.Timeout;
    let sent = 0;
    const next = (): void => {
      if (sent > 0) answers.push(answer);
      answer = '';
      const piece = pieces[sent];
      sent += 1;
      if (piece === undefined) {
        socket.destroy();
        resolve(answers);
        return;
      }
      socket.write(Buffer.from(piece, 'latin1'));
      timer = setTimeout(next, quiet.instead);
    };
    socket.setEncoding('latin1');
    socket.on('connect', next);
    socket.on('data', (text) => {
      answer += text;
      clearTimeout(timer);
      timer = setTimeout(next, quiet.after);
    });
    socket.on('error', () => {});
    socket.on('close', () => {
      clearTimeout(timer);
      resolve([...answers, `${answer}<closed>`]);
    });
  });
}

/** An answer without what may differ. */
export function comparable(answer: string, compare: Dialogue['compare']): string {
  switch (compare) {
    case 'exactly':
      return answer;
    case 'unordered':
      return answer.split('\r\n').sort().join('\n');
    case 'words':
      return answer.split(/\s/).sort().join(' ');
    case 'shape':
      return answer
        .replace(/^[$=]\d+\r$/gm, '$')
        .replace(/\b[0-9a-f]{40}\b/g, 'H')
        .replace(/-?\b\d+(\.\d+)?[BKMG]?\b/g, 'N')
        .replace(/^(os|executable|config_file):.*$/gm, '$1:');
  }
}
