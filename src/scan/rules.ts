/**
 * The rules of a session: read and hashed at once, prepared or taken from the cache, and named by what results
 * depend on. Reading costs milliseconds; parsers and compiler load only where rules are new.
 */
import { hash } from 'node:crypto';
import { readdirSync, statSync } from 'node:fs';
import { join, resolve, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Detector } from '../detect/detector.ts';
import { makeDetectors } from '../detect/list.ts';
import { type RuleFiles, readRuleFiles } from '../detect/rules/files.ts';
import { addedFolders } from '../detect/rules/folders.ts';
import { everything, type RulePart } from '../detect/rules/part.ts';
import type { RuleSummary } from '../detect/rules/prepare.ts';
import { engineAvailable } from '../detect/yara/engine.ts';
import { bundledDigest } from '../indicator/lists.ts';
import { WaterguardError } from '../model/error.ts';
import { printable } from '../model/printable.ts';
import { version } from '../package.ts';
import { cacheFolder } from './cache/folder.ts';
import { cachedRules } from './cache/rule-cache.ts';
import { contextOf, inspectionVersion } from './context.ts';

export interface RuleOptions {
  /** Folders or files that a user names, besides those added with `waterguard rules add`. */
  readonly rules: readonly string[];
  /** The YARA rules that come with Waterguard; default true. */
  readonly shippedRules?: boolean;
  readonly env: Readonly<Record<string, string | undefined>>;
}

export interface SessionRules {
  /** `sha256:…` of rules, detectors and lists of hosts: the same on every machine, so that reports can be compared. */
  readonly ruleset: string;
  /** What results depend on, see `contextOf`. */
  readonly context: string;
  readonly files: RuleFiles;
  readonly summary: RuleSummary;
  /** Why there is no rule engine. */
  readonly missing: string | undefined;
  /** Why prepared rules are not kept, where that is somebody's doing. */
  readonly warnings: readonly string[];
  readonly detectors: readonly Detector[];
  /** See `CachedRules`. */
  plan(): Promise<Buffer>;
  /** All of the set. */
  parts(): Promise<readonly RulePart[]>;
}

/** @throws WaterguardError `usage` for a rule folder that does not exist or holds no rules */
export async function openRules(options: RuleOptions): Promise<SessionRules> {
  const { env } = options;
  const files = readRuleFiles({
    folders: [...addedFolders(env), ...options.rules],
    shippedYara: options.shippedRules !== false,
    shippedText: true,
  });
  for (const one of options.rules) requireRules(one, files);
  const available = engineAvailable();
  const engine = 'missing' in available ? undefined : available;
  const detectors = fingerprint(makeDetectors([]));
  // What layers are read for stands among the anchors of detectors; images are judged by all of the lists.
  const lists = bundledDigest();
  const context = contextOf({ version, inspectionVersion, rules: files.identity, detectors, engine });
  const origins = [...files.yara, ...files.text, ...files.refused].map((one) => one.origin);
  const known = [codeState(), context, ...origins].join('\n');
  const warnings: string[] = [];
  const folder = cacheFolder(env, 'rules', (why) => warnings.push(why));
  const { summary, plan, parts } = await cachedRules(folder, known, async () => {
    const { prepareApart } = await import('./preparation/client.ts');
    return prepareApart({ files, hasEngine: engine !== undefined });
  });
  return {
    ruleset: `sha256:${hash('sha256', `${files.hash}\n${detectors}\n${lists}`)}`,
    context,
    files,
    summary,
    missing: 'missing' in available ? available.missing : undefined,
    warnings,
    detectors: makeDetectors(summary.secrets, summary.pathRules),
    plan,
    async parts() {
      // Of text rules with one id the last counts, so they are one part together; so is what is the same for all rules.
      const texts = [...files.shippedText, ...files.text].map((one) => hash('sha256', one.text));
      const shared = [inspectionVersion, engine?.name, engine?.version, detectors, lists];
      const digest = hash('sha256', [...shared, ...texts].join('\n')).slice(0, 16);
      return [...(await parts()), { ...everything, digest }];
    },
  };
}

/** Whoever names a folder of rules counts on them: a mistyped one must not pass for one that finds nothing. */
function requireRules(folder: string, { yara, text, refused }: RuleFiles): void {
  const root = resolve(folder);
  const lies = ({ origin }: { readonly origin: string }): boolean =>
    origin === root || origin.startsWith(root === sep ? root : root + sep);
  if (yara.some(lies) || text.some(lies) || refused.some(lies)) return;
  throw new WaterguardError('usage', `${printable(folder)}: no rules there (*.yar, *.yara, *.yaml, *.toml)`);
}

/** Of the detectors' own part; what rules bring to them is in the rules' hash. */
function fingerprint(detectors: readonly Detector[]): string {
  return hash(
    'sha256',
    JSON.stringify(detectors.map(({ name, version, anchors }) => ({ name, version, anchors }))),
  );
}

/** Prepared rules depend on what prepares them. In a checkout that changes without a new version, so times count. */
function codeState(): string {
  if (!import.meta.url.endsWith('.ts')) return version;
  const folder = fileURLToPath(new URL('../detect', import.meta.url));
  const names = readdirSync(folder, { recursive: true, encoding: 'utf8' });
  const sources = names.filter((name) => name.endsWith('.ts') && !name.endsWith('.test.ts'));
  return sources
    .map((name) => `${name} ${statSync(join(folder, name), { throwIfNoEntry: false })?.mtimeMs}`)
    .join('\n');
}
