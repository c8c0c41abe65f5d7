/** Speed beside rivals: whole commands, start-up included, interleaved. */
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { ImageReport } from '../model/report.ts';
import type { BenchImage } from './images.ts';
import { type Measured, measure } from './measure.ts';
import { against, type BenchResult, median, meets, rounded } from './result.ts';

/** What all parts of the benchmark stand on. */
export interface Ground {
  readonly images: readonly BenchImage[];
  /** Folder with nothing but `ruleFile`. */
  readonly rules: string;
  readonly ruleFile: string;
  readonly say: (text: string) => void;
}

const bin = fileURLToPath(
  new URL(`../bin${import.meta.url.endsWith('.ts') ? '.ts' : '.js'}`, import.meta.url),
);

/** The command line of a scan with the rules of the benchmark in place of the shipped ones. */
export function scanCommand(
  ground: Ground,
  targets: readonly string[],
  args: readonly string[],
): [string, ...string[]] {
  return [
    process.execPath,
    ...process.execArgv,
    bin,
    'scan',
    ...targets,
    '--no-shipped-rules',
    '--rules',
    ground.rules,
    '--format',
    'json',
    ...args,
  ];
}

export function runScan(
  ground: Ground,
  target: string,
  args: readonly string[],
  memory = false,
): Promise<Measured> {
  const [command, ...rest] = scanCommand(ground, [target], args);
  return measure(command, rest, { memory });
}

/** clamscan takes minutes with so many rules: one run, stopped at this multiple of our time. */
const clamPatience = 10;

export async function benchSpeed(ground: Ground, runs: number): Promise<BenchResult[]> {
  const results: BenchResult[] = [];
  const rules = await countRules(ground);
  results.push(...rules.results);
  for (const image of ground.images) {
    const ours: number[] = [];
    const yara: number[] = [];
    const unpacked: number[] = [];
    for (let run = 0; run < runs; run++) {
      ground.say(`${image.name}: run ${run + 1} of ${runs}`);
      ours.push((await succeed(runScan(ground, image.target, ['--no-cache']))).seconds);
      const direct = await timeYara(image, ground);
      if (direct !== undefined) yara.push(direct.seconds);
      const unpack = await timeUnpack(image, ground);
      if (unpack !== undefined && direct !== undefined) unpacked.push(unpack + direct.seconds);
    }
    const clamTimeout = Math.round(median(ours) * clamPatience * 1000);
    const clamArgs = ['-r', '-i', '--no-summary', '-d', ground.ruleFile, image.tree];
    const clam = await tryMeasure('clamscan', clamArgs, clamTimeout);
    const metric = (what: string): string => `${image.name} image, ${what}`;
    results.push(
      against(
        metric('scan'),
        's',
        ours,
        'yara -r -p 2',
        yara.length > 0 ? yara : 'yara is not installed',
        '>= 1.3',
      ),
      against(
        metric('scan'),
        's',
        ours,
        'umoci unpack + yara -r -p 2',
        unpacked.length > 0 ? unpacked : 'umoci or yara is not installed',
        '>= 3',
      ),
      {
        ...against(
          metric('scan'),
          's',
          ours,
          'clamscan -r',
          clam === undefined ? 'clamscan is not installed' : [clam.seconds],
          '>= 8',
        ),
        ...(clam?.code === null && {
          reason: `clamscan was stopped after ${clamPatience} times our time: at least this ratio`,
        }),
      },
    );
  }
  return results;
}

async function countRules(ground: Ground): Promise<{ results: BenchResult[] }> {
  const check = await tryMeasure('yara', [ground.ruleFile, '/dev/null']);
  const clam = await tryMeasure('clamscan', ['-d', ground.ruleFile, '/dev/null']);
  const [, known] = /Known viruses: (\d+)/.exec(clam?.stdout ?? '') ?? [];
  return {
    results: [
      {
        metric: 'rules accepted by yara',
        value: check?.code === 0 ? 900 : null,
        unit: 'rules',
        runs: 1,
        ...(check?.code !== 0 && {
          reason: check === undefined ? 'yara is not installed' : check.stderr.slice(0, 200),
        }),
      },
      {
        metric: 'rules accepted by clamscan',
        value: known === undefined ? null : Number(known),
        unit: 'rules',
        runs: 1,
        ...(known === undefined && { reason: 'clamscan is not installed' }),
      },
    ],
  };
}

/** A rescan with the layer cache full, by the report's own clock and by the whole command's. */
export async function benchCached(ground: Ground, runs: number): Promise<BenchResult[]> {
  const results: BenchResult[] = [];
  for (const image of ground.images) {
    const cold: number[] = [];
    const warm: number[] = [];
    const coldCommand: number[] = [];
    const warmCommand: number[] = [];
    for (let run = 0; run < runs; run++) {
      ground.say(`${image.name}: cold and cached, run ${run + 1} of ${runs}`);
      const cache = mkdtempSync(join(ground.rules, '../cache-'));
      const scan = async (): Promise<{ ms: number; seconds: number }> => {
        const [command, ...args] = scanCommand(ground, [image.target], []);
        const done = await succeed(measure(command, args, { env: { XDG_CACHE_HOME: cache } }));
        return { ms: (JSON.parse(done.stdout) as ImageReport).durationMs, seconds: done.seconds };
      };
      const first = await scan();
      const second = await scan();
      cold.push(first.ms);
      warm.push(Math.max(1, second.ms));
      coldCommand.push(first.seconds);
      warmCommand.push(second.seconds);
      rmSync(cache, { recursive: true });
    }
    results.push(
      against(`${image.name} image, cached rescan`, 'ms', warm, 'first scan, cold cache', cold, '>= 50'),
      {
        metric: `${image.name} image, cached rescan as a whole command`,
        value: rounded(median(warmCommand)),
        unit: 's',
        runs,
        rival: 'first scan as a whole command',
        rivalValue: rounded(median(coldCommand)),
        ratio: rounded(median(coldCommand) / median(warmCommand)),
      },
    );
  }
  return results;
}

/** @throws where yara ends with an error: a rival that does no work would be infinitely quick */
async function timeYara(image: BenchImage, ground: Ground): Promise<Measured | undefined> {
  const done = await tryMeasure('yara', ['-r', '-p', '2', '-w', '-N', ground.ruleFile, image.tree]);
  if (done !== undefined && done.code !== 0)
    throw new Error(`yara ended with ${done.code}: ${done.stderr.slice(0, 500)}`);
  return done;
}

async function timeUnpack(image: BenchImage, ground: Ground): Promise<number | undefined> {
  const bundle = mkdtempSync(join(ground.rules, '../unpack-'));
  try {
    const done = await tryMeasure('umoci', [
      'unpack',
      '--image',
      `${image.layout}:latest`,
      join(bundle, 'bundle'),
    ]);
    return done?.code === 0 ? done.seconds : undefined;
  } finally {
    rmSync(bundle, { recursive: true, force: true });
  }
}

/** @returns undefined where the program is not installed */
export async function tryMeasure(
  command: string,
  args: readonly string[],
  timeoutMs?: number,
): Promise<Measured | undefined> {
  const installed = (process.env.PATH ?? '').split(':').some((folder) => existsSync(join(folder, command)));
  return installed ? measure(command, args, timeoutMs === undefined ? {} : { timeoutMs }) : undefined;
}

/** A figure of a failing run would be worth nothing. */
export async function succeed(run: Promise<Measured>): Promise<Measured> {
  const done = await run;
  if (done.code !== 0 && done.code !== 3)
    throw new Error(`waterguard ended with ${done.code}: ${done.stderr.slice(0, 500)}`);
  return done;
}

export function goalResult(
  metric: string,
  value: number,
  unit: string,
  runs: number,
  goal: string,
): BenchResult {
  return { metric, value: rounded(value), unit, runs, goal, holds: meets(value, goal) };
}
