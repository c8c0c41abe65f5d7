/** Following a registry to where its blobs lie, without carrying a login there. */
import { WaterguardError } from '../../model/error.ts';
import { printable } from '../../model/printable.ts';
import { discard } from './body.ts';
import type { Answer, Ask, Connections } from './exchange.ts';
import type { RegistryLimits } from './limits.ts';

/**
 * Once another scheme, host or port was met, the Authorization field is gone for good, even on a way back.
 * @throws WaterguardError `refused` for a redirect from HTTPS to HTTP or to an address that the guard
 *   refuses, `limit` past `limits.redirects`
 */
export async function follow(connections: Connections, ask: Ask, limits: RegistryLimits): Promise<Answer> {
  let current = ask;
  for (let hops = 0; ; hops++) {
    const answer = await connections.exchange(current);
    const location = answer.headers.location;
    if (!redirects.has(answer.status) || location === undefined) return answer;

    discard(answer);
    if (hops >= limits.redirects) {
      throw new WaterguardError('limit', `${ask.url.host} redirected more than ${limits.redirects} times`);
    }
    current = { ...current, ...redirected(current, location) };
  }
}

function redirected({ url, headers = {} }: Ask, location: string): Pick<Ask, 'url' | 'headers'> {
  const target = URL.parse(location, url.href);
  if (!target || !/^https?:$/.test(target.protocol)) {
    throw new WaterguardError(
      'refused',
      `${url.host} redirects to '${printable(location, 200)}', which is not HTTP`,
    );
  }
  if (url.protocol === 'https:' && target.protocol === 'http:') {
    throw new WaterguardError('refused', `${url.host} redirects from HTTPS to plain HTTP at ${target.host}`);
  }
  target.username = '';
  target.password = '';
  if (target.origin === url.origin) return { url: target, headers };
  const { authorization: _withheld, ...others } = headers;
  return { url: target, headers: others };
}

const redirects = new Set([301, 302, 303, 307, 308]);
