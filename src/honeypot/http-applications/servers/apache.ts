/** Apache httpd 2.4.57 of Debian 12; compared with its 2.4.71, whose pages have another document type, 2026-11. */
import { inOrder } from '../../http/dialect.ts';
import { standardReason } from '../../http/reasons.ts';
import type { Head, Refusal } from '../../http/request.ts';
import { hasLongLine, headerIn, readHead, typed, type WebServer } from './web-server.ts';

const name = 'Apache/2.4.57 (Debian)';
/** Of a header, in bytes (`LimitRequestFieldSize`). */
const longestLine = 8190;
const methods = 'HEAD,GET,POST,OPTIONS';
/** Those that it knows; of others it says that they are not implemented. */
const known =
  /^(?:GET|HEAD|PUT|POST|DELETE|CONNECT|OPTIONS|TRACE|PATCH|PROPFIND|PROPPATCH|MKCOL|COPY|MOVE|LOCK|UNLOCK|REPORT)$/;
const type = 'text/html; charset=iso-8859-1';

function page(status: number, text: string, host = '127.0.1.1'): string {
  const words = reason(status);
  const [server, port = '80'] = host.split(/:(?=\d+$)/);
  return `<!DOCTYPE HTML PUBLIC "-//IETF//DTD HTML 2.0//EN">\n<html><head>\n<title>${status} ${words}</title>\n</head><body>\n<h1>${words}</h1>\n<p>${text}</p>\n<hr>\n<address>${name} Server at ${escaped(server!)} Port ${port}</address>\n</body></html>\n`;
}

const notUnderstood = 'Your browser sent a request that this server could not understand.<br />\n';
/** What it answers to heads that it does not read, and says of them. */
const refused: Readonly<Record<number, readonly [status: number, more: string]>> = {
  414: [414, "The requested URL's length exceeds the capacity\nlimit for this server.<br />\n"],
  431: [400, 'Size of a request header field exceeds server limit.'],
};

function reason(status: number): string {
  return status === 414 ? 'Request-URI Too Long' : standardReason(status);
}

export const apache: WebServer = {
  dialect: {
    ...inOrder(({ status }) => {
      const [code, more] = refused[status] ?? [400, ''];
      const text = page(code, code === 400 ? `${notUnderstood}${more}` : more);
      return `HTTP/1.1 ${code} ${reason(code)}\r\nDate: ${new Date().toUTCString()}\r\nServer: ${name}\r\nContent-Length: ${text.length}\r\nConnection: close\r\nContent-Type: ${type}\r\n\r\n${text}`;
    }),
    reason,
    minor: 1,
  },
  /** Any later version is answered as 1.1. */
  parse(bytes): Head | Refusal {
    if (hasLongLine(bytes, longestLine))
      return { status: bytes.subarray(0, longestLine).includes(10) ? 431 : 414 };
    const line = bytes.toString('latin1').replace(/^(\S+ \S+ HTTP\/)[2-9]\.\d/, '$11.1');
    const head = readHead(Buffer.from(line, 'latin1'));
    return 'status' in head || known.test(head.method) ? head : { ...head, keepsAlive: false };
  },
  headers: (kind, more, request) => [
    ['Date', ''],
    ['Server', name],
    ...more,
    ['Content-Length', ''],
    ...(!request.keepsAlive
      ? ([['Connection', 'close']] as const)
      : /\bkeep-alive\b/i.test(headerIn(request, 'connection') ?? '')
        ? kept
        : []),
    ...typed(kind),
  ],
  improper: { status: 400 },
  own(request, isThere) {
    const { method } = request;
    const host = headerIn(request, 'host');
    if (method === 'OPTIONS')
      return {
        status: 200,
        ...(request.path !== '*' && { type: 'text/html', headers: [['Allow', methods]] }),
        body: '',
      };
    if (!known.test(method))
      return {
        status: 501,
        type,
        headers: [['Allow', methods]],
        body: page(501, `${escaped(method)} not supported for current URL.<br />\n`, host),
      };
    if (isThere || !/^(?:GET|HEAD|POST)$/.test(method))
      return {
        status: 405,
        type,
        headers: [['Allow', method === 'TRACE' ? '' : methods]],
        body: page(405, `The requested method ${method} is not allowed for this URL.`, host),
      };
    return { status: 404, type, body: page(404, 'The requested URL was not found on this server.', host) };
  },
};

/** Said to whoever asked for it alone. */
const kept = [
  ['Keep-Alive', 'timeout=5, max=100'],
  ['Connection', 'Keep-Alive'],
] as const;

function escaped(text: string): string {
  return text.replace(/[&<>"]/g, (one) => ({ '&': '&amp;', '<': '&lt;', '>': '&gt;' })[one] ?? '&quot;');
}
