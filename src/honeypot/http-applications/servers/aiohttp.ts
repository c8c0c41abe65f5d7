/** aiohttp 3.8, as inside Ray's dashboard; compared with Debian's 3.8.4, 2026-11. */
import { inOrder } from '../../http/dialect.ts';
import { standardReason } from '../../http/reasons.ts';
import { hasLongLine, readHead, typed, type WebServer } from './web-server.ts';

const name = 'Python/3.9 aiohttp/3.8.3';
const plain = 'text/plain; charset=utf-8';
/** Of a header's value, in bytes. */
const longestLine = 8190;
/** Those of its parser (`llhttp`). */
const known =
  /^(?:DELETE|GET|HEAD|POST|PUT|CONNECT|OPTIONS|TRACE|COPY|LOCK|MKCOL|MOVE|PROPFIND|PROPPATCH|SEARCH|UNLOCK|BIND|REBIND|UNBIND|ACL|REPORT|MKACTIVITY|CHECKOUT|MERGE|M-SEARCH|NOTIFY|SUBSCRIBE|UNSUBSCRIBE|PATCH|PURGE|MKCALENDAR|LINK|UNLINK|SOURCE)$/;

export const aiohttp: WebServer = {
  dialect: inOrder(
    ({ reason = 'Bad Request' }) =>
      `HTTP/1.0 400 Bad Request\r\nContent-Type: ${plain}\r\nContent-Length: ${reason.length}\r\nDate: ${new Date().toUTCString()}\r\nServer: ${name}\r\n\r\n${reason}`,
  ),
  /** Needs no host. */
  parse(bytes) {
    if (hasLongLine(bytes, longestLine))
      return { status: 400, reason: 'Got more than 8190 bytes when reading header.' };
    const text = bytes.toString('latin1');
    const [method = '', , version = ''] = text.split(/\r?\n/, 1)[0]!.split(' ');
    if (!known.test(method)) return { status: 400, reason: "Bad status line 'Invalid method encountered'" };
    if (!/^HTTP\/\d\.\d$/.test(version)) return { status: 400, reason: 'Expected HTTP/' };
    const head = readHead(/^host:/im.test(text) ? bytes : Buffer.concat([bytes, Buffer.from('\r\nHost:')]));
    if (!('status' in head)) return head;
    if (head.reason === 'too many Host headers')
      return { status: 400, reason: "Duplicate 'Host' header found." };
    if (/^content-length:\s*\D/im.test(text))
      return { status: 400, reason: 'Invalid character in Content-Length' };
    return { status: 400, reason: 'Invalid header token' };
  },
  headers: (type, more, { keepsAlive, minor }) => [
    ...typed(type),
    ...more,
    ['Content-Length', ''],
    ['Date', ''],
    ['Server', name],
    ...(keepsAlive
      ? minor === 0
        ? ([['Connection', 'keep-alive']] as const)
        : []
      : minor === 1
        ? ([['Connection', 'close']] as const)
        : []),
  ],
  own(_, isThere) {
    const status = isThere ? 405 : 404;
    return {
      status,
      type: plain,
      ...(isThere && { headers: [['Allow', 'GET,HEAD']] as const }),
      body: `${status}: ${standardReason(status)}`,
    };
  },
};
