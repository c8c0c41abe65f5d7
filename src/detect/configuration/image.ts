/**
 * What the configuration and the history of an image give away: an image can hold nothing bad and still fetch
 * and run it at start. The same command weighs little in a build line that installs a well-known tool, and
 * much where a container runs it.
 */
import { programName, unwrapCommands } from '../../indicator/shell-unwrap.ts';
import { parseUrl } from '../../indicator/url.ts';
import type { FindingKind, ImageDetection, ImageFinding, ImageView } from '../detector.ts';
import { expandWord } from '../start/expand.ts';
import { attackToolOf, startedCommands } from './attack-tool.ts';
import { type Control, controlOf, insecureSettings } from './control.ts';
import { excerptOf } from './excerpt.ts';
import { fromWords, type Instruction, instructionsOf, type Moment, remoteAdds } from './instruction.ts';
import * as kinds from './kinds.ts';
import { type Loader, loadersOf } from './loader.ts';
import { type Origin, originOf, worstOrigin } from './origin.ts';
import { proxywareAccount } from './proxyware.ts';

export function configurationInspection({ config }: ImageView): ImageDetection {
  const env = new Map(
    config.env.map((line) => [line.split('=', 1)[0] ?? '', line.slice(line.indexOf('=') + 1)]),
  );
  const prompt = env.get('PROMPT_COMMAND');
  const instructions = [
    ...instructionsOf(config),
    ...(prompt === undefined ? [] : [fromWords('Env.PROMPT_COMMAND', ['sh', '-c', prompt])]),
  ];
  const loaders = instructions.map((one) => readLoaders(one, env));
  const found = instructions.flatMap((one, index) => [
    ...toFindings(loaders[index] ?? [], one),
    ...toolsIn(one),
    ...controlsIn(one),
  ]);
  if (!instructions.some((one) => toolsIn(one).length > 0)) {
    found.push(...toolsIn(fromWords('Entrypoint', [...config.entrypoint, ...config.cmd])));
  }
  for (const add of remoteAdds(config)) {
    const confidence = addedFrom[originOf(add.url)] ?? 0.1;
    found.push(
      finding(kinds.remoteAdd, confidence, { ...add, place: 'history', runs: false }, excerptOf(add.url)),
    );
  }
  for (const [name, value] of insecureSettings) {
    if (!config.env.includes(`${name}=${value}`)) continue;
    const at = { place: 'config', key: `Env.${name}`, runs: false } as const;
    found.push(finding(kinds.insecureSetting, 0.4, at, `${name}=${value}`));
  }
  found.push(...accountsIn(config.env));
  const preload = config.env.find((line) => line.startsWith('LD_PRELOAD='));
  if (preload !== undefined && oddPlace.test(preload)) {
    const at = { place: 'config', key: 'Env.LD_PRELOAD', runs: true } as const;
    found.push(finding(kinds.preload, 0.7, at, excerptOf(preload)));
  }
  if (/^(?:|0|root)(?::|$)/.test(config.user) && (config.entrypoint.length > 0 || config.cmd.length > 0)) {
    found.push(
      finding(kinds.runsAsRoot, 0.1, { place: 'config', key: 'User', runs: false }, config.user || 'root'),
    );
  }
  return {
    findings: withoutDoubles(withRivals(found)),
    observables: instructions.flatMap((one, index) => hiddenUrls(loaders[index] ?? [], one)),
  };
}

/** Folders in which no package installs a library, and hidden ones. */
const oddPlace = /[=:\s]\/(?:tmp|var\/tmp|dev\/shm|run)\/|\/\.[^/]/;

/** How sure one can be that a fetched program is bad, by where it comes from and when it runs. */
const fetched: Readonly<Record<Moment, Readonly<Record<Origin, number>>>> = {
  start: {
    local: 0.3,
    official: 0.4,
    variable: 0.5,
    named: 0.75,
    hosted: 0.8,
    plain: 0.8,
    address: 0.88,
    anonymous: 0.88,
  },
  build: {
    local: 0.1,
    official: 0.1,
    variable: 0.3,
    named: 0.3,
    hosted: 0.3,
    plain: 0.45,
    address: 0.65,
    anonymous: 0.7,
  },
  trigger: {
    local: 0.1,
    official: 0.2,
    variable: 0.3,
    named: 0.4,
    hosted: 0.4,
    plain: 0.5,
    address: 0.7,
    anonymous: 0.7,
  },
};

/** The same where it is installed first, as builds do with most of what they fetch; 0 is no finding. */
const installed: Readonly<Record<Moment, Readonly<Record<Origin, number>>>> = {
  start: {
    local: 0.1,
    official: 0.2,
    variable: 0.3,
    named: 0.5,
    hosted: 0.6,
    plain: 0.7,
    address: 0.88,
    anonymous: 0.88,
  },
  build: {
    local: 0,
    official: 0,
    variable: 0,
    named: 0,
    hosted: 0,
    plain: 0.2,
    address: 0.6,
    anonymous: 0.6,
  },
  trigger: {
    local: 0,
    official: 0,
    variable: 0.1,
    named: 0.1,
    hosted: 0.2,
    plain: 0.3,
    address: 0.7,
    anonymous: 0.7,
  },
};

/** The same for a program that is decoded, by what it turns out to be. */
const decoded: Readonly<Record<Moment, Readonly<Record<Loader['content'], number>>>> = {
  start: { hostile: 0.85, unknown: 0.5, harmless: 0.25 },
  build: { hostile: 0.65, unknown: 0.3, harmless: 0.1 },
  trigger: { hostile: 0.65, unknown: 0.3, harmless: 0.1 },
};

const addedFrom: Partial<Readonly<Record<Origin, number>>> = { plain: 0.2, address: 0.45, anonymous: 0.45 };

/** The loaders of an instruction, and where they download from once the image's variables are known. */
function readLoaders({ text, commands }: Instruction, env: ReadonlyMap<string, string>): readonly Loader[] {
  return loadersOf(commands, text.length).map((loader) => {
    if (!loader.urls.some((url) => url.includes('$'))) return loader;
    const urls = loader.urls.map((url) => expandWord(url, (name) => env.get(name) ?? `$${name}`));
    return { ...loader, urls, origin: worstOrigin(urls) };
  });
}

function toFindings(loaders: readonly Loader[], instruction: Instruction): readonly ImageFinding[] {
  const { moment, text } = instruction;
  return loaders.flatMap((loader) => {
    const quoted = excerptOf(text, loader.offset, loader.length);
    const told = (kind: FindingKind, confidence: number, excerpt = quoted): readonly ImageFinding[] =>
      confidence === 0 ? [] : [finding(kind, confidence, placeOf(instruction), excerpt)];
    switch (loader.kind) {
      case 'reverse-shell':
        return told(kinds.reverseShell, moment === 'start' ? 0.88 : 0.7);
      case 'payload': {
        const shown = loader.decoded ? excerptOf(loader.decoded) : quoted;
        return told(kinds.decodedPayload, decoded[moment][loader.content], shown);
      }
      case 'download':
        return told(kinds.downloadAndRun, downloadConfidence(loader, moment));
      default:
        return loader.kind satisfies never;
    }
  });
}

function downloadConfidence(loader: Loader, moment: Moment): number {
  if (loader.installed) return installed[moment][loader.origin];
  const confidence = fetched[moment][loader.origin];
  const exposed = loader.insecure && ['official', 'named', 'hosted'].includes(loader.origin);
  return exposed ? Math.max(confidence, 0.45) : confidence;
}

function toolsIn(instruction: Instruction): readonly ImageFinding[] {
  return startedCommands(instruction.commands).flatMap(({ words }) => {
    const tool = attackToolOf(words);
    if (tool === undefined) return [];
    const confidence = instruction.moment === 'start' ? tool.confidence : tool.confidence / 2;
    return [finding(kinds.tools[tool.kind], confidence, placeOf(instruction), excerptOf(words.join(' ')))];
  });
}

/** Accounts of programs that sell bandwidth, as their images take them. */
function accountsIn(env: readonly string[]): readonly ImageFinding[] {
  return env.flatMap((line) => {
    const equals = line.indexOf('=');
    const name = line.slice(0, Math.max(0, equals));
    const tool = proxywareAccount(name, line.slice(equals + 1));
    if (tool === undefined) return [];
    const at = { place: 'config', key: `Env.${name}`, runs: true } as const;
    return [finding(kinds.proxyware, 0.45, at, `${name}=… (${tool})`)];
  });
}

/** [when a container runs it, when a build did]. */
const weights: Readonly<Record<Control, readonly [start: number, build: number]>> = {
  'agent-removed': [0.75, 0.65],
  'protection-off': [0.5, 0.3],
  'traces-hidden': [0.4, 0.2],
  'immutable-file': [0.5, 0.35],
  'mining-preparation': [0.55, 0.45],
  'rivals-killed': [0.45, 0.4],
  escape: [0.65, 0.45],
  'insecure-install': [0.4, 0.3],
};

function controlsIn(instruction: Instruction): readonly ImageFinding[] {
  return unwrapCommands(instruction.commands).flatMap((command) => {
    const control = controlOf(command);
    if (control === undefined) return [];
    // Whoever is given a host's namespaces has to enter them: an image for that is a risk and no attack.
    const [start, build] =
      control === 'escape' && programName(command.words[0]) === 'nsenter'
        ? ([0.5, 0.3] as const)
        : weights[control];
    const confidence = instruction.moment === 'start' ? start : build;
    const settings = Object.entries(command.assignments).map(([name, value]) => `${name}=${value}`);
    const quoted = excerptOf(
      [
        ...settings,
        ...command.words,
        ...command.redirects.map((one) => `${one.operator} ${one.target}`),
      ].join(' '),
    );
    return [finding(kinds.controls[control], confidence, placeOf(instruction), quoted)];
  });
}

/** Who cleans up after miners kills them too; where something else strong stands beside it, it was a rival. */
const rivalsAmongOthers = 0.65;

function withRivals(found: readonly ImageFinding[]): readonly ImageFinding[] {
  const isRivals = (one: ImageFinding) => one.rule === kinds.controls['rivals-killed'].rule;
  if (!found.some((one) => !isRivals(one) && one.confidence >= 0.6)) return found;
  return found.map((one) =>
    isRivals(one)
      ? { ...one, confidence: rivalsAmongOthers, severity: kinds.severityFor(rivalsAmongOthers) }
      : one,
  );
}

/** URLs that only decoding brings to light; the others are seen by whoever reads the configuration. */
function hiddenUrls(loaders: readonly Loader[], { key }: Instruction): ImageDetection['observables'] {
  return loaders
    .filter((loader) => loader.kind === 'payload')
    .flatMap((loader) => loader.urls)
    .flatMap((text) => {
      const url = parseUrl(text.includes('://') ? text : `http://${text}`);
      return url === undefined
        ? []
        : [{ type: 'url' as const, value: url.url, offset: 0, note: 'decoded', key }];
    });
}

type Place = Pick<ImageFinding, 'place' | 'key' | 'runs'> & { readonly layer?: number };

function placeOf({ place, key, layer, moment }: Instruction): Place {
  return { place, key, runs: moment === 'start', ...(layer !== undefined && { layer }) };
}

function finding(kind: FindingKind, confidence: number, at: Place, excerpt: string): ImageFinding {
  return {
    ...kind,
    severity: kinds.severityFor(confidence),
    confidence,
    subject: 'text',
    offset: 0,
    length: 0,
    excerpt,
    place: at.place,
    key: at.key,
    runs: at.runs,
    ...(at.layer !== undefined && { layer: at.layer }),
  };
}

/** A rule that hits one place many times is one finding, the surest. */
function withoutDoubles(findings: readonly ImageFinding[]): readonly ImageFinding[] {
  const best = new Map<string, ImageFinding>();
  for (const one of findings) {
    const key = `${one.rule}\0${one.key}`;
    const before = best.get(key);
    if (before === undefined || before.confidence < one.confidence) best.set(key, one);
  }
  return [...best.values()];
}
