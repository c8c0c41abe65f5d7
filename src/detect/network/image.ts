/** Hosts and URLs in what the image says of itself; the judge's lists tell what they are for. */
import { parseIp } from '../../indicator/ip.ts';
import { findUrls } from '../../indicator/url.ts';
import type { Observable } from '../../model/indicator.ts';
import type { ImageInspection, ImageView } from '../detector.ts';
import { withoutSecrets } from '../secrets/without-secrets.ts';
import { bareHost } from './host-cache.ts';

export const networkInspection: ImageInspection = (image) => {
  const observables: (Observable & { readonly key: string })[] = [];
  const seen = new Set<string>();
  const add = (key: string, one: Observable): void => {
    const id = [key, one.type, one.value].join('\n');
    if (seen.has(id)) return;
    seen.add(id);
    observables.push({ ...one, key });
  };
  for (const [key, text] of textsOf(image)) {
    for (const url of findUrls(text, 200)) {
      if (url.ip !== undefined && url.ip.scope !== 'public') continue;
      add(key, { type: 'url', value: withoutSecrets(url.url), offset: url.offset, note: url.scheme });
      add(key, {
        type: url.ip === undefined ? 'domain' : 'ip',
        value: url.host,
        offset: url.offset,
        note: 'url',
      });
    }
    if (key.startsWith('history')) continue;
    for (const [host, offset] of hostsWithPort(text)) add(key, { ...host, offset, note: 'endpoint' });
  }
  return { findings: [], observables };
};

const withPort = /(?<![\w@.%$/:-])([A-Za-z0-9-]{1,63}(?:\.[A-Za-z0-9-]{1,63}){1,6}):\d{1,5}(?![\w:.-])/g;

/** `pool.example.org:3333`, as variables and arguments name a server: only with a port, a name alone may be a file. */
function* hostsWithPort(text: string): Generator<readonly [Pick<Observable, 'type' | 'value'>, number]> {
  for (const match of text.slice(0, 64 * 1024).matchAll(withPort)) {
    const name = match[1] ?? '';
    const ip = parseIp(name);
    if (ip?.scope === 'public') yield [{ type: 'ip', value: ip.address }, match.index];
    const host = ip === undefined ? bareHost(name, true) : null;
    if (host !== null) yield [{ type: 'domain', value: host.host }, match.index];
  }
}

/** Labels are left out: they name home pages, and nothing connects to them. */
function* textsOf({ config }: ImageView): Generator<readonly [string, string]> {
  for (const line of config.env) yield ['Env.' + (line.split('=', 1)[0] ?? ''), line];
  yield ['Entrypoint', config.entrypoint.join(' ')];
  yield ['Cmd', config.cmd.join(' ')];
  yield ['Healthcheck', config.healthcheck.join(' ')];
  yield ['OnBuild', config.onBuild.join('\n')];
  for (const [index, line] of config.history.entries()) yield [`history[${index}]`, line.createdBy];
}
