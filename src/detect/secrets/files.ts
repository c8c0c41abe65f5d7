/** The files of `rules/secrets/`, as they are: a rescan needs their hash alone, and no parser. */
import { readdirSync, readFileSync } from 'node:fs';
import type { RuleText } from '../rule-engine.ts';

/** The same distance from a checkout's `src/` and from the package's `dist/`. */
const shipped = new URL('../../../rules/secrets/', import.meta.url);

/** @throws where the installation is damaged */
export function shippedSecretFiles(): readonly RuleText[] {
  const own = readdirSync(shipped)
    .filter((name) => name.endsWith('.yaml'))
    .sort();
  return [...own, 'gitleaks/gitleaks.toml', 'gitleaks/selection.yaml'].map((name) => ({
    origin: `rules/secrets/${name}`,
    namespace: 'secrets',
    text: readFileSync(new URL(name, shipped), 'utf8'),
  }));
}
