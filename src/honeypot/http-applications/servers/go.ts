/** Go's own server, as in Docker's registry 2.8 and HashiCorp's agents; compared with Debian's docker-registry, 2026-11. */
import { go as dialect } from '../../http/dialect.ts';
import { readHead, typed, type WebServer } from './web-server.ts';

export const go: WebServer = {
  dialect,
  parse: readHead,
  improper: { status: 400 },
  headers: (type, more) => [...typed(type), ...more],
  own(_, isThere) {
    return isThere
      ? { status: 405, body: '' }
      : {
          status: 404,
          type: 'text/plain; charset=utf-8',
          headers: [['X-Content-Type-Options', 'nosniff']],
          body: '404 page not found\n',
        };
  },
};
