/** Jetty 9.4, as inside Hadoop, Solr, Jenkins, Spark; compared with Debian's 9.4.57, 2026-11. */
import { inOrder } from '../../http/dialect.ts';
import { standardReason } from '../../http/reasons.ts';
import type { Refusal } from '../../http/request.ts';
import { readHead, typed, type WebServer } from './web-server.ts';

const version = '9.4.43.v20210629';
/** Of a whole head, in bytes (`requestHeaderSize`). */
const longestHead = 8192;
const methods = 'GET,HEAD,POST,OPTIONS';

function page(status: number, message: string, uri: string): string {
  return `<html>\n<head>\n<meta http-equiv="Content-Type" content="text/html;charset=ISO-8859-1"/>\n<title>Error ${status} ${message}</title>\n</head>\n<body><h2>HTTP ERROR ${status} ${message}</h2>\n<table>\n<tr><th>URI:</th><td>${escaped(uri)}</td></tr>\n<tr><th>STATUS:</th><td>${status}</td></tr>\n<tr><th>MESSAGE:</th><td>${message}</td></tr>\n<tr><th>SERVLET:</th><td>-</td></tr>\n</table>\n<hr/><a href="https://eclipse.org/jetty">Powered by Jetty:// ${version}</a><hr/>\n\n</body>\n</html>\n`;
}

export const jetty: WebServer = {
  dialect: {
    ...inOrder(({ status, reason = standardReason(status) }) => {
      const text = `<h1>Bad Message ${status}</h1><pre>reason: ${reason}</pre>`;
      return `HTTP/1.1 ${status} ${reason}\r\nContent-Type: text/html;charset=iso-8859-1\r\nContent-Length: ${text.length}\r\nConnection: close\r\nServer: Jetty(${version})\r\n\r\n${text}`;
    }),
    minor: 1,
  },
  parse(bytes) {
    if (bytes.length > longestHead) return { status: 431 };
    const head = readHead(bytes);
    return 'status' in head ? { status: head.status, ...reasonOf(bytes, head) } : head;
  },
  headers: (type, more, { keepsAlive, minor }) => [
    ...(keepsAlive && minor === 0 ? ([['Connection', 'keep-alive']] as const) : []),
    ['Date', ''],
    ...(!keepsAlive && minor === 1 ? ([['Connection', 'close']] as const) : []),
    ...more,
    ...typed(type),
    ['Content-Length', ''],
    ['Server', `Jetty(${version})`],
  ],
  improper: { status: 400 },
  own({ method, path }, isThere) {
    if (method === 'OPTIONS') return { status: 200, headers: [['Allow', methods]], body: '' };
    // Its error handler throws away what describes the content, and the date with it (`Response.resetContent`).
    const isUndated = true;
    if (!/^(?:GET|HEAD|POST|PUT|DELETE|TRACE)$/.test(method)) return { status: 501, isUndated, body: '' };
    if (isThere || !/^(?:GET|HEAD|POST)$/.test(method)) return { status: 405, isUndated, body: '' };
    return {
      status: 404,
      isUndated,
      type: 'text/html;charset=iso-8859-1',
      headers: [['Cache-Control', 'must-revalidate,no-cache,no-store']],
      body: page(404, 'Not Found', path),
    };
  },
};

/** Why a head is none, in Jetty's words (`HttpParser`). */
function reasonOf(bytes: Buffer, { reason }: Refusal): Pick<Refusal, 'reason'> {
  const first = bytes.toString('latin1').split(/\r?\n/, 1)[0]!;
  const control = /[\0-\x1f\x7f]/.exec(first)?.[0].charCodeAt(0);
  if (control !== undefined) return { reason: `Illegal character CNTL=0x${control.toString(16)}` };
  if (reason === 'missing required Host header') return { reason: 'No Host' };
  const words = first.split(' ');
  if (words.length === 1) return { reason: 'No URI' };
  if (words.length === 2) return { reason: 'HTTP/0.9 not supported' };
  if (words.length > 3) return { reason: "Illegal character SPACE=' '" };
  if (!/ HTTP\/1\.[01]$/.test(first)) return { reason: 'Unknown Version' };
  if (/^content-length:\s*\D/im.test(bytes.toString('latin1')))
    return { reason: 'Invalid Content-Length Value' };
  return {};
}

function escaped(text: string): string {
  return text.replace(/[&<>]/g, (one) => ({ '&': '&amp;', '<': '&lt;' })[one] ?? '&gt;');
}
