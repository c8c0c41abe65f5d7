/** Clients of decoys for one question: HTTP, and a line of Redis. */
import { once } from 'node:events';
import { Agent, type RequestOptions, request } from 'node:http';
import { Agent as SecureAgent, request as secureRequest } from 'node:https';
import { connect } from 'node:net';

const agent = new Agent({ keepAlive: true });
const secureAgent = new SecureAgent({ keepAlive: true, rejectUnauthorized: false });
/** Milliseconds. */
const patience = 20_000;

export interface Question {
  /** An object goes as JSON. */
  readonly body?: object | string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly isSecure?: boolean;
}

/** @returns the body of the answer, whatever its status. @throws where there is none, or half of one */
export function ask(
  port: number,
  method: string,
  path: string,
  { body, headers = {}, isSecure = false }: Question = {},
): Promise<string> {
  const text = typeof body === 'object' ? JSON.stringify(body) : (body ?? '');
  const sent = {
    ...(typeof body === 'object' && { 'content-type': 'application/json' }),
    ...(body !== undefined && { 'content-length': String(Buffer.byteLength(text)) }),
    ...headers,
  };
  const options: RequestOptions = { host: '127.0.0.1', port, method, path, headers: sent };
  return new Promise((resolve, reject) => {
    const asked = isSecure
      ? secureRequest({ ...options, agent: secureAgent })
      : request({ ...options, agent });
    asked.once('response', (answer) => {
      let whole = '';
      answer.setEncoding('utf8').on('data', (some: string) => {
        whole += some;
      });
      answer.once('end', () => resolve(whole)).once('error', reject);
    });
    // What is cut off in the middle has no end.
    asked.once('close', () => reject(new Error('cut off'))).once('error', reject);
    asked.setTimeout(patience, () => asked.destroy(new Error('no answer')));
    asked.end(text);
  });
}

/** @returns the beginning of the answer. @throws where there is none */
export async function command(port: number, line: string): Promise<string> {
  const socket = connect({ host: '127.0.0.1', port });
  try {
    await once(socket, 'connect');
    socket.write(`${line}\r\n`);
    const [answer] = await Promise.race([once(socket, 'data'), once(socket, 'close')]);
    if (!Buffer.isBuffer(answer)) throw new Error('cut off');
    return answer.toString('latin1');
  } finally {
    socket.destroy();
  }
}
