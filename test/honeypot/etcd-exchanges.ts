/** Requests that the decoy and etcd itself have to answer alike, one after another. */
import { readFileSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';

export interface Exchange {
  readonly method: string;
  readonly path: string;
  readonly body: string;
}

export const exchanges: readonly Exchange[] = readFileSync(
  join(import.meta.dirname, 'etcd-exchanges.txt'),
  'utf8',
)
  .trimEnd()
  .split('\n')
  .map((line) => {
    const [method = '', path = '', body = ''] = line.split('\t');
    return { method, path, body };
  });

/** @returns all that came, head and body */
export function exchange(port: number, { method, path, body }: Exchange): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect(port, '127.0.0.1');
    let answer = '';
    socket.setTimeout(15_000, () => socket.destroy(new Error(`no answer to ${method} ${path}`)));
    socket.setEncoding('latin1');
    socket.on('data', (text) => {
      answer += text;
    });
    socket.on('error', reject);
    socket.on('end', () => resolve(answer));
    const type = body.startsWith('{') || path.startsWith('/v3') ? 'json' : 'x-www-form-urlencoded';
    socket.write(
      `${method} ${path} HTTP/1.1\r\nHost: 127.0.0.1:2379\r\nContent-Type: application/${type}\r\nContent-Length: ${Buffer.byteLength(body)}\r\nConnection: close\r\n\r\n${body}`,
    );
  });
}

/** Fields of which every server has its own. */
const numbered =
  /("(?:\w*_id|\w*revision|raft_?\w*|\w*[iI]ndex|ttl|TTL|ID|leader|dbSize\w*|hash|\w*(?:Success|Fail|Count))":)"?\d+"?/g;

/** Without numbers, identities and times, which may differ; lengths follow from them. */
export function comparable(answer: string): string {
  return answer
    .replace(/^Date: .*\r$/m, 'Date: D\r')
    .replace(/\d{4}-\d\d-\d\dT[\d:.]+Z/g, 'T')
    .replace(/"uptime":"[^"]*"/, '"uptime":"U"')
    .replace(/"token":"[^"]*"/, '"token":"K"')
    .replace(/^[0-9a-f]+\r$/gm, 'L\r')
    .replace(/\b[0-9a-f]{14,16}\b/g, 'I')
    .replace(/http:\/\/127\.0\.0\.1:\d+/g, 'U')
    .replace(numbered, '$1N')
    .replace(/^(Content-Length|X-Etcd-Index|X-Raft-Index|X-Raft-Term): \d+/gm, '$1: N')
    .replace(/(?<=!= )\d+(?=\])/g, 'N')
    .replace(/0{10,}\d+/g, 'O')
    .replace(/"name":"[^"]*"/g, '"name":"M"');
}
