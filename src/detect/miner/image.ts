/**
 * Miners in what the image itself says: the command that it starts, environment, labels and history. A start command
 * that carries a pool and a verified wallet needs no further evidence.
 */
import { decodeText } from '../../indicator/decode.ts';
import { type Command, splitShell } from '../../indicator/shell.ts';
import { unwrapCommands } from '../../indicator/shell-unwrap.ts';
import { parseMinerUser } from '../../indicator/wallet.ts';
import type { Observable } from '../../model/indicator.ts';

import { confidenceOf, finishUse, type MinerDraft, type MinerUse } from '../../stratum/miner.ts';
import { minerCommand } from '../../stratum/miner-command.ts';
import { minerConfig } from '../../stratum/miner-config.ts';
import { parsePoolUrl } from '../../stratum/pool-url.ts';
import type { ImageFinding, ImageInspection, ImageView } from '../detector.ts';
import { describeUse, minerKinds, observablesOf, severityOf } from './finding.ts';

type Place = Pick<ImageFinding, 'place' | 'key' | 'runs' | 'layer'>;

export const minerInspection: ImageInspection = (image) => {
  const findings: ImageFinding[] = [];
  const observables: (Observable & { readonly key: string })[] = [];
  for (const { use, place } of usesOf(image)) {
    findings.push(toFinding(use, place));
    for (const one of observablesOf(use, 0)) observables.push({ ...one, key: place.key });
  }
  return { findings, observables };
};

interface PlacedUse {
  readonly use: MinerUse;
  readonly place: Place;
}

function usesOf({ config, commands = [] }: ImageView): PlacedUse[] {
  const env = new Map(
    config.env.map((line) => [line.split('=', 1)[0] ?? '', line.slice(line.indexOf('=') + 1)]),
  );
  const found: PlacedUse[] = [];
  const keep = (use: MinerUse | undefined, place: Place): void => {
    if (use !== undefined) found.push({ use, place });
  };

  const start = [...config.entrypoint, ...config.cmd];
  const startedMiner = strongest(startedBy(start, env));
  keep(startedMiner, started(config.entrypoint.length > 0 ? 'Entrypoint' : 'Cmd'));
  const [kind = '', ...check] = config.healthcheck;
  const checkArgv = kind === 'CMD-SHELL' ? ['sh', '-c', check.join(' ')] : check;
  keep(strongest(startedBy(checkArgv, env)), started('Healthcheck'));
  for (const { words, by } of commands) {
    const place = by.startsWith('/') ? ({ place: 'file', key: by, runs: true } as const) : started(by);
    keep(strongest(startedBy(words, env)), place);
  }
  for (const instruction of config.onBuild) keep(strongest(inText(instruction)), written('OnBuild'));

  const environment = strongest([
    ...minerConfig(config.env.join('\n')),
    ...config.env.flatMap((line) => decodeText(line).flatMap(({ text }) => minerConfig(text))),
    ...(startedMiner === undefined ? underAnyName(env) : []),
  ]);
  // Whatever starts is given the variables; pool and wallet together are there to be used.
  const given =
    start.length > 0 && environment?.pool !== undefined && environment.user?.wallet.verified === true;
  keep(environment, { ...written(environmentKey(config.env)), runs: given });
  for (const [name, value] of Object.entries(config.labels)) {
    keep(
      strongest(minerConfig(name.slice(name.lastIndexOf('.') + 1) + '=' + value)),
      written('Labels.' + name),
    );
  }
  for (const [index, line] of config.history.entries()) {
    // What these say stands in the configuration itself.
    if (/^(?:\/bin\/sh -c #\(nop\)\s+)?(?:CMD|ENTRYPOINT|ENV|LABEL|HEALTHCHECK)\b/.test(line.createdBy))
      continue;
    const layer = line.layer === undefined ? {} : { layer: line.layer };
    keep(strongest(inText(line.createdBy)), {
      place: 'history',
      key: `history[${index}]`,
      runs: false,
      ...layer,
    });
  }
  return found;
}

const started = (key: string): Place => ({ place: 'config', key, runs: true });
const written = (key: string): Place => ({ place: 'config', key, runs: false });

/** The name of the variable with a wallet or pool in it, for the finding's place. */
function environmentKey(env: readonly string[]): string {
  const line =
    env.find((one) => minerConfig(one).length > 0) ??
    env.find((one) => /wallet|pool|stratum/i.test(one.split('=', 1)[0] ?? ''));
  return 'Env.' + (line?.split('=', 1)[0] ?? '');
}

/** Whether a command of a script, once its variables are known, is one to look at. */
export function wantsCommand(words: readonly string[]): boolean {
  return asCommand(words).some((use) => use.why.length > 1);
}

/** Variables whose names say nothing and whose values do: a pool that is on the list, and a Monero wallet. */
function underAnyName(env: ReadonlyMap<string, string>): MinerUse[] {
  const draft: MinerDraft = {};
  for (const value of env.values()) {
    const user = value.length >= 95 ? parseMinerUser(value) : undefined;
    if (user?.wallet.coin === 'monero') draft.user ??= user;
    const pool = value.includes(':') ? parsePoolUrl(value) : undefined;
    if (pool?.listed) draft.pool ??= pool;
  }
  const isBoth = draft.pool !== undefined && draft.user !== undefined;
  const use = isBoth ? finishUse(draft, false) : undefined;
  return use === undefined ? [] : [use];
}

/** Variables of the image are known when the command runs. */
function startedBy(argv: readonly string[], env: ReadonlyMap<string, string>): MinerUse[] {
  const words = argv.map((word) => replaced(word, env));
  return [...asCommand(words), ...words.flatMap(inProgram)];
}

function asCommand(words: readonly string[]): MinerUse[] {
  if (words.length === 0) return [];
  const command: Command = {
    words,
    assignments: {},
    offset: 0,
    joined: '',
    redirects: [],
    depth: 0,
  };
  return [
    ...unwrapCommands([command]).flatMap((inner) => minerCommand(inner.words) ?? []),
    // As they are handed on by `sh -c 'exec "$@"'`.
    ...[minerCommand(words) ?? []].flat(),
  ];
}

/** What a word says that is a program itself: `python3 -c 'Popen(["./x", "-o", …])'`, `sh -c '… | base64 -d'`. */
function inProgram(word: string): MinerUse[] {
  if (word.length < 32 || !/[\s("']/.test(word)) return [];
  const decoded = decodeText(word).flatMap(({ text }) => [...inText(text), ...minerConfig(text)]);
  return [...minerConfig(word), ...decoded].filter((use) => confidenceOf(use) >= 0.6);
}

function replaced(word: string, env: ReadonlyMap<string, string>): string {
  let budget = 64 * 1024;
  return word
    .slice(0, budget)
    .replace(
      /\$(?:\{([A-Za-z_]\w{0,127})\}|([A-Za-z_]\w{0,127}))/g,
      (whole, braced: string | undefined, plain: string | undefined) => {
        const value = env.get(braced ?? plain ?? '');
        if (value === undefined || value.length > budget) return whole;
        budget -= value.length;
        return value;
      },
    );
}

/** A build step: as commands, and as text for a configuration that it writes. */
function inText(text: string): MinerUse[] {
  const script = text.replace(/^(?:RUN )?(?:\/bin\/sh -c )?/, '');
  const commands = unwrapCommands(splitShell(script));
  const uses = commands
    .flatMap((command) => minerCommand(command.words) ?? [])
    .filter((use) => use.why.length > 1);
  return uses.length > 0 ? uses : minerConfig(script);
}

function strongest(uses: readonly MinerUse[]): MinerUse | undefined {
  return uses.reduce<MinerUse | undefined>(
    (best, use) => (best === undefined || confidenceOf(use) > confidenceOf(best) ? use : best),
    undefined,
  );
}

function toFinding(use: MinerUse, place: Place): ImageFinding {
  const confidence = weigh(use, place.runs);
  const proves = use.user?.wallet.verified ? 'wallet' : use.pool?.public ? 'pool' : undefined;
  return {
    ...(place.place === 'history' || (place.runs && !place.key.startsWith('Env.'))
      ? minerKinds.command
      : minerKinds.config),
    ...place,
    severity: place.runs && confidence >= 0.9 ? 'critical' : severityOf(confidence),
    confidence,
    subject: place.runs ? 'program' : 'text',
    ...(proves !== undefined && confidence >= 0.6 ? { proves } : {}),
    offset: 0,
    length: 0,
    excerpt: describeUse(use) || use.why.join(', '),
  };
}

/** What a container starts is certain once both where and for whom are known; a name alone stays a name. */
function weigh(use: MinerUse, runs: boolean): number {
  const wallet = use.user?.wallet.verified === true;
  const pool = use.pool?.public === true;
  if (!runs) return confidenceOf(use);
  if ((wallet && pool) || (use.pool?.listed && use.hasLogin)) return 0.95;
  // Farming is done with a disk rather than with stolen computing.
  if (use.family === 'chia') return 0.5;
  if (use.pool?.explicit && pool && use.family !== 'unknown') return 0.9;
  return use.why.length === 1 && use.pool === undefined ? 0.5 : Math.max(0.6, confidenceOf(use));
}
