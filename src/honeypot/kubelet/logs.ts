/** `/logs/` is the node's /var/log, shown by Go's file server (net/http, fs.go). */
import type { Exchange } from '../http/serve.ts';
import { View } from '../world/files/view.ts';

/** The beginning of a file that is sent, in bytes. */
const maxSent = 1 << 20;

export async function serveLogs(exchange: Exchange, parts: readonly string[]): Promise<void> {
  const view = new View(exchange.connection.host.files);
  const path = ['/var/log', ...parts].join('/');
  const missing = (): void =>
    exchange.respond(
      404,
      [
        ['Content-Type', 'text/plain; charset=utf-8'],
        ['X-Content-Type-Options', 'nosniff'],
      ],
      '404 page not found\n',
    );
  if (parts.includes('..') || !view.exists(path)) return missing();
  try {
    if (view.stat(path).kind !== 'directory') {
      const content = Buffer.from(view.read(path)).subarray(0, maxSent);
      return exchange.respond(
        200,
        [
          ['Accept-Ranges', 'bytes'],
          ['Content-Type', 'text/plain; charset=utf-8'],
        ],
        content,
      );
    }
    const links = view
      .list(path)
      .map(({ name, node }) => `${name}${node.kind === 'directory' ? '/' : ''}`)
      .sort()
      .map((name) => `<a href="${encodeURI(name)}">${escaped(name)}</a>\n`);
    return exchange.respond(
      200,
      [['Content-Type', 'text/html; charset=utf-8']],
      `<pre>\n${links.join('')}</pre>\n`,
    );
  } catch {
    return missing();
  }
}

function escaped(text: string): string {
  return text.replace(/[<>&'"]/g, (one) => `&#${one.charCodeAt(0)};`);
}
