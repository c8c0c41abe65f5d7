/** Hosts and URLs in what the image says of itself; the judge's lists tell what they are for. */
import { findUrls } from '../../indicator/url.ts';
import type { Observable } from '../../model/indicator.ts';
import type { ImageInspection, ImageView } from '../detector.ts';

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
      add(key, { type: 'url', value: url.url, offset: url.offset, note: url.scheme });
      add(key, {
        type: url.ip === undefined ? 'domain' : 'ip',
        value: url.host,
        offset: url.offset,
        note: 'url',
      });
    }
  }
  return { findings: [], observables };
};

/** Labels are left out: they name home pages, and nothing connects to them. */
function* textsOf({ config }: ImageView): Generator<readonly [string, string]> {
  for (const line of config.env) yield ['Env.' + (line.split('=', 1)[0] ?? ''), line];
  yield ['Entrypoint', config.entrypoint.join(' ')];
  yield ['Cmd', config.cmd.join(' ')];
  yield ['Healthcheck', config.healthcheck.join(' ')];
  yield ['OnBuild', config.onBuild.join('\n')];
  for (const [index, line] of config.history.entries()) yield [`history[${index}]`, line.createdBy];
}
