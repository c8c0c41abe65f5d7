/** Apache Tomcat 9.0, whose status lines have no words; compared with Debian's 9.0.70, 2026-11. */
import { inOrder } from '../../http/dialect.ts';
import { headerIn, readHead, typed, type WebServer } from './web-server.ts';

const type = 'text/html;charset=utf-8';
/** Of a whole head, in bytes (`maxHttpHeaderSize`). */
const longestHead = 8192;

const described: Readonly<Record<number, readonly [words: string, description: string]>> = {
  400: [
    'Bad Request',
    'The server cannot or will not process the request due to something that is perceived to be a client error (e.g., malformed request syntax, invalid request message framing, or deceptive request routing).',
  ],
  404: [
    'Not Found',
    'The origin server did not find a current representation for the target resource or is not willing to disclose that one exists.',
  ],
  405: [
    'Method Not Allowed',
    'The method received in the request-line is known by the origin server but not supported by the target resource.',
  ],
  501: ['Not Implemented', 'The server does not support the functionality required to fulfill the request.'],
  505: [
    'HTTP Version Not Supported',
    'The server does not support, or refuses to support, the major version of HTTP that was used in the request message.',
  ],
};

function page(status: number, message?: string): string {
  const [words = '', description = ''] = described[status] ?? [];
  const said = message === undefined ? '' : `<p><b>Message</b> ${escaped(message)}</p>`;
  return `<!doctype html><html lang="en"><head><title>HTTP Status ${status} – ${words}</title><style type="text/css">body {font-family:Tahoma,Arial,sans-serif;} h1, h2, h3, b {color:white;background-color:#525D76;} h1 {font-size:22px;} h2 {font-size:16px;} h3 {font-size:14px;} p {font-size:12px;} a {color:black;} .line {height:1px;background-color:#525D76;border:none;}</style></head><body><h1>HTTP Status ${status} – ${words}</h1><hr class="line" /><p><b>Type</b> Status Report</p>${said}<p><b>Description</b> ${description}</p><hr class="line" /><h3>Apache Tomcat/9.0.65</h3></body></html>`;
}

const invalid = { status: 400, reason: 'Invalid URI' } as const;

export const tomcat: WebServer = {
  dialect: {
    ...inOrder(({ status, reason }) => {
      const code = status === 431 ? 400 : status;
      const text = page(code, reason);
      const closes = code === 505 ? '' : 'Connection: close\r\n';
      return `HTTP/1.1 ${code} \r\nContent-Type: ${type}\r\nContent-Language: en\r\nContent-Length: ${Buffer.byteLength(text)}\r\nDate: ${new Date().toUTCString()}\r\n${closes}\r\n${text}`;
    }),
    minor: 1,
    reason: () => '',
  },
  parse(bytes) {
    if (bytes.length > longestHead) return { status: 431, reason: 'Request header is too large' };
    const head = readHead(bytes);
    // Go's words are none of Tomcat's.
    if ('status' in head) return { status: head.status };
    return head.method === 'CONNECT' ? invalid : head;
  },
  headers: (kind, more, request) => [
    ...more,
    ...typed(kind),
    ['Content-Length', ''],
    ['Date', ''],
    ...(request.keepsAlive
      ? kept(headerIn(request, 'connection'), request.minor)
      : ([['Connection', 'close']] as const)),
  ],
  improper: invalid,
  own({ method, path }, isThere) {
    if (method === 'OPTIONS')
      return {
        status: 200,
        headers: [
          ['Allow', path === '*' ? 'GET, HEAD, POST, PUT, DELETE, OPTIONS' : 'GET, HEAD, POST, OPTIONS'],
        ],
        body: '',
      };
    const [status, message] = !/^(?:GET|HEAD|POST|PUT|DELETE|TRACE|PATCH)$/.test(method)
      ? ([501, `Method [${method}] is not implemented by this Servlet for this URI`] as const)
      : method === 'TRACE'
        ? ([405, 'TRACE method is not allowed'] as const)
        : isThere || !/^(?:GET|HEAD|POST)$/.test(method)
          ? ([405, `HTTP method ${method} is not supported by this URL`] as const)
          : ([404, `The requested resource [${path}] is not available`] as const);
    return {
      status,
      headers: [
        ['Content-Type', type],
        ['Content-Language', 'en'],
      ],
      body: page(status, message),
    };
  },
};

/** Said to whoever asked for it alone. */
function kept(asked: string | undefined, minor: 0 | 1): readonly (readonly [string, string])[] {
  if (!/\bkeep-alive\b/i.test(asked ?? '')) return [];
  const both = [
    ['Keep-Alive', 'timeout=20'],
    ['Connection', 'keep-alive'],
  ] as const;
  return minor === 1 ? both : both.toReversed();
}

function escaped(text: string): string {
  const names: Readonly<Record<string, string>> = {
    '<': '&lt;',
    '>': '&gt;',
    '&': '&amp;',
    "'": '&#39;',
    '"': '&quot;',
    '/': '&#47;',
  };
  return text.replace(/[<>&'"/]/g, (one) => names[one]!);
}
