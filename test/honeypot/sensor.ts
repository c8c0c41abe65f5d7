/** `./waterguard honeypot` as a process, on free ports of loopback, and the events that it writes. */
import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import type { DecoyEvent } from '../../src/model/event.ts';
import { shareCache } from '../fixtures/shared-cache.ts';
import { undocumented } from './reference.ts';

/** A decoy is there after a second; where it takes this long, it hangs. Milliseconds. */
const longest = 30_000;

export interface Sensor extends AsyncDisposable {
  /** Where a decoy listens, on 127.0.0.1. */
  port(name: string): number;
  readonly folder: string;
  readonly process: ChildProcess;
  /** All events until now, in their order. */
  events(): DecoyEvent[];
  /** Waits for an event of that type for which the condition holds. @throws Error after ten seconds, with what there was */
  event(type: string, holds?: (event: DecoyEvent) => boolean): Promise<DecoyEvent>;
  /** What it said to people. */
  told(): string;
}

/** @param names of ports, as `--decoy` takes them */
export async function startSensor(
  names: readonly string[],
  {
    persona = 'test',
    flags = [] as readonly string[],
    folder = undefined as string | undefined,
    env = {} as Readonly<Record<string, string>>,
  } = {},
): Promise<Sensor> {
  const place = folder ?? mkdtempSync(join(tmpdir(), 'waterguard-sensor-'));
  const file = join(place, 'events.ndjson');
  const cache = join(place, 'cache');
  shareCache(cache);
  const decoys = names.flatMap((name) => ['--decoy', `${name}=127.0.0.1:0`]);
  const child = spawn(
    join(import.meta.dirname, '../../waterguard'),
    [
      'honeypot',
      ...decoys,
      '--persona',
      persona,
      '--events',
      file,
      '--spool',
      join(place, 'sensor'),
      ...flags,
    ],
    {
      stdio: ['ignore', 'ignore', 'pipe'],
      env: { PATH: process.env.PATH, HOME: place, XDG_CACHE_HOME: cache, WATERGUARD_DEBUG: '1', ...env },
    },
  );
  let told = '';
  child.stderr!.setEncoding('utf8').on('data', (text: string) => {
    told += text;
  });
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  const ports = new Map<string, number>();
  await until(() => {
    if (child.exitCode !== null) throw new Error(`the sensor ended with ${child.exitCode}: ${told}`);
    for (const [, name, port] of told.matchAll(/^listening on ([a-z-]+)=.*:(\d+)$/gm))
      ports.set(name!, Number(port));
    return ports.size === names.length;
  }, `the decoys to listen; the sensor said: ${told}`);

  const events = (): DecoyEvent[] =>
    readFileSync(file, 'utf8')
      .split('\n')
      .slice(0, -1)
      .map((line) => JSON.parse(line) as DecoyEvent);

  return {
    folder: place,
    process: child,
    port: (name) => ports.get(name)!,
    events,
    async event(type, holds = () => true) {
      let found: DecoyEvent | undefined;
      await until(
        () => {
          found = events().find((one) => one.type === type && holds(one));
          return found !== undefined;
        },
        `an event ${type}`,
        10_000,
      ).catch((error: Error) => {
        const seen = events().map((one) => `${one.type} ${JSON.stringify(one.data ?? {}).slice(0, 200)}`);
        throw new Error(`${error.message}; there were:\n${seen.join('\n')}\n${told}`);
      });
      return found!;
    },
    told: () => told,
    async [Symbol.asyncDispose]() {
      child.kill('SIGTERM');
      await ended;
      const seen = events();
      if (folder === undefined) rmSync(place, { recursive: true, force: true });
      assert.deepEqual(undocumented(seen), [], 'docs/honeypots.md does not tell of these members of data');
    },
  };
}

async function until(holds: () => boolean, what: string, patience = longest): Promise<void> {
  for (const start = performance.now(); !holds(); await new Promise((resolve) => setTimeout(resolve, 20)))
    if (performance.now() - start > patience) throw new Error(`waited in vain for ${what}`);
}

/** The reason to skip where a program is not installed; where all are required, its absence is a failure. */
export function without(...programs: readonly string[]): string | false {
  const folders = `${process.env.PATH}:/usr/sbin`.split(delimiter);
  const absent = programs.filter((program) => !folders.some((folder) => existsSync(join(folder, program))));
  return absent.length > 0 && !process.env.WATERGUARD_REQUIRE_ALL
    ? `${absent.join(', ')} not installed`
    : false;
}
