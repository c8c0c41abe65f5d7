/** Pages of a list, each naming the next in a Link field, without trusting that they end. */
import { WaterguardError } from '../../model/error.ts';
import { printable } from '../../model/printable.ts';
import { discard, readWhole } from './body.ts';
import type { Get, RegistryClient } from './client.ts';

export interface Page {
  readonly url: URL;
  readonly status: number;
  /** Parsed JSON; undefined for a status other than 200. */
  readonly content: unknown;
}

/**
 * @throws WaterguardError `limit` for more pages than allowed or a page that comes again, `refused` for a next
 *   page on another host, `corrupt` for a page that is not JSON
 */
export async function* readPages(client: RegistryClient, request: Get): AsyncGenerator<Page> {
  const seen = new Set<string>();
  let path: string | undefined = request.path;
  while (path !== undefined) {
    if (seen.has(path) || seen.size >= client.limits.pages) {
      const what = seen.has(path) ? 'leads back to a page that was read' : `has more than ${seen.size} pages`;
      throw new WaterguardError('limit', `the list ${client.endpoint.host}${request.path} ${what}`);
    }
    seen.add(path);
    const answer = await client.get({ ...request, path });
    const { url, status } = answer;
    if (status !== 200) {
      discard(answer);
      yield { url, status, content: undefined };
      return;
    }
    const bytes = await readWhole(answer, client.limits.pageBytes, 'page of a list', client.limits);
    yield { url, status, content: parse(bytes, url) };
    path = nextPath(answer.headers.link, url);
  }
}

/** Schemes may differ, as behind a proxy that ends TLS; the host must be the one that was asked. */
function nextPath(link: string | string[] | undefined, url: URL): string | undefined {
  const field = Array.isArray(link) ? link.join(', ') : (link ?? '');
  const target = /<([^<>]*)>[^<>,]*\brel="?next\b/.exec(field)?.[1];
  if (target === undefined) return undefined;
  const next = URL.parse(target, url.href);
  if (next?.host === url.host && next.pathname.startsWith('/v2/')) return next.pathname + next.search;
  throw new WaterguardError(
    'refused',
    `${url.host} names '${printable(target, 200)}' as its next page, which is not part of its own API`,
  );
}

function parse(bytes: Buffer, url: URL): unknown {
  try {
    return JSON.parse(bytes.toString());
  } catch (cause) {
    throw new WaterguardError(
      'corrupt',
      `${url.host} answered ${url.pathname} with something else than JSON`,
      { cause },
    );
  }
}
