/** nginx 1.22.1 of Debian 12; compared with it, 2026-11. */
import { inOrder } from '../../http/dialect.ts';
import { standardReason } from '../../http/reasons.ts';
import { hasLongLine, readHead, typed, type WebServer } from './web-server.ts';

const name = 'nginx/1.22.1';
/** Of a line of the head, in bytes (`large_client_header_buffers`). */
const longestLine = 8192;

const words: Readonly<Record<number, string>> = { 405: 'Not Allowed', 414: 'Request-URI Too Large' };
const reason = (status: number): string => words[status] ?? standardReason(status);

function page(title: string, ...lines: readonly string[]): string {
  const centred = [`<h1>${lines[0] ?? title}</h1>`, ...lines.slice(1)];
  const body = centred.map((line) => `<center>${line}</center>\r\n`).join('');
  return `<html>\r\n<head><title>${title}</title></head>\r\n<body>\r\n${body}<hr><center>${name}</center>\r\n</body>\r\n</html>\r\n`;
}

export const nginx: WebServer = {
  dialect: {
    ...inOrder(({ status }) => {
      const said = `${status === 431 ? 400 : status} ${reason(status === 431 ? 400 : status)}`;
      const text =
        status === 431
          ? page('400 Request Header Or Cookie Too Large', said, 'Request Header Or Cookie Too Large')
          : page(said);
      return `HTTP/1.1 ${said}\r\nServer: ${name}\r\nDate: ${new Date().toUTCString()}\r\nContent-Type: text/html\r\nContent-Length: ${text.length}\r\nConnection: close\r\n\r\n${text}`;
    }),
    minor: 1,
    reason,
  },
  parse(bytes) {
    if (hasLongLine(bytes, longestLine))
      return { status: bytes.subarray(0, longestLine).includes(10) ? 431 : 414 };
    const head = readHead(bytes);
    if ('status' in head) return head;
    const isWrong = /[^A-Z_-]/.test(head.method) || head.method === 'CONNECT' || head.path === '*';
    if (isWrong) return { status: 400 };
    return head.method === 'TRACE' ? { status: 405 } : head;
  },
  headers: (type, more, { keepsAlive }) => [
    ['Server', name],
    ['Date', ''],
    ...typed(type),
    ['Content-Length', ''],
    ['Connection', keepsAlive ? 'keep-alive' : 'close'],
    ...more,
  ],
  improper: { status: 400 },
  own(_, isThere) {
    const status = isThere ? 405 : 404;
    return { status, type: 'text/html', body: page(`${status} ${reason(status)}`) };
  },
};
