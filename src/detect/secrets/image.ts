/**
 * Secrets in what an image says of itself: variables, labels, entrypoint and command, build arguments and
 * history, which keeps what a later layer deleted. Names matter here: `DB_PASSWORD=…` needs no provider's form.
 */
import { printable } from '../../model/printable.ts';
import type { ImageDetection, ImageFinding, ImageInspection, ImageView } from '../detector.ts';
import { findingKind } from './detector.ts';
import { keywordPlaces } from './keyword-places.ts';
import { identityOf, redacted } from './redact.ts';
import type { SecretRule } from './rule.ts';
import { findSecrets } from './search.ts';

/** These look for an assignment in a file; the rules of scope `image` do it for a variable. */
const forFilesAlone: ReadonlySet<string> = new Set(['assigned-secret', 'assigned-password']);

/** @param rules of all scopes; those that need a file's path are left out */
export function secretsInspection(rules: readonly SecretRule[]): ImageInspection {
  const fitting = rules.filter((rule) => rule.path === undefined && !forFilesAlone.has(rule.id));
  const placesIn = keywordPlaces(fitting.flatMap((rule) => rule.keywords));

  return (image): ImageDetection => {
    const findings: ImageFinding[] = [];
    const seen = new Set<string>();
    for (const place of placesOf(image)) {
      const bytes = Buffer.from(place.text.slice(0, longestText), 'utf8');
      const places = placesIn(bytes);
      if (places === undefined) continue;
      for (const hit of findSecrets(bytes, fitting, places, '', unbounded)) {
        const value = identityOf(hit);
        // The history repeats each variable that the configuration has.
        if (place.place === 'history' && seen.has(`${hit.rule.id}\n${value}`)) continue;
        seen.add(`${hit.rule.id}\n${value}`);
        findings.push({
          ...findingKind('secrets', hit.rule),
          confidence: hit.rule.confidence,
          subject: 'secret',
          offset: hit.start,
          length: hit.end - hit.start,
          excerpt: redacted(hit),
          value,
          source: hit.rule.source,
          place: place.place,
          key: place.key,
          runs: place.runs,
          ...(place.layer === undefined ? {} : { layer: place.layer }),
        });
      }
    }
    return { findings, observables: [] };
  };
}

/** Of one variable or line; rules are linear in it. */
const longestText = 256 * 1024;

const unbounded = { check: () => {} };

type Place = Pick<ImageFinding, 'place' | 'key' | 'runs' | 'layer'> & { readonly text: string };

function placesOf({ config }: ImageView): readonly Place[] {
  const place = (key: string, text: string, runs = false): Place => ({ place: 'config', key, text, runs });
  return [
    ...config.env.map((line) => place(`Env.${printable(line.split('=', 1)[0] ?? '', 100)}`, line)),
    ...Object.entries(config.labels).map(([name, value]) =>
      place(`Labels.${printable(name, 100)}`, `${name}=${value}`),
    ),
    place('Entrypoint', config.entrypoint.join(' '), true),
    place('Cmd', config.cmd.join(' '), true),
    place('Healthcheck', config.healthcheck.join(' '), true),
    place('OnBuild', config.onBuild.join('\n')),
    ...config.history.map(
      ({ createdBy, layer }, index): Place => ({
        place: 'history',
        key: `history[${index}]`,
        text: createdBy,
        runs: false,
        ...(layer === undefined ? {} : { layer }),
      }),
    ),
  ];
}
