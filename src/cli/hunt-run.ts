/** A hunt from the command line: this process lists the source and scans beside whatever other workers there are. */
import { hostname } from 'node:os';
import type { HuntResult } from '../api/hunts.ts';
import { listInto } from '../hunt/list.ts';
import type { HuntStore } from '../hunt/port.ts';
import type { ListingProblem } from '../hunt/source/problem.ts';
import { type HuntSource, isLocal, loadSource } from '../hunt/source/source.ts';
import { scanImages } from '../hunt/work.ts';
import { meetRules } from '../jobs/learn-rules.ts';
import { scanWith } from '../jobs/scan-image.ts';
import { messageOf, WaterguardError } from '../model/error.ts';
import { printable } from '../model/printable.ts';
import { huntTable } from '../report/hunt-table.ts';
import { safeJson } from '../report/safe-text.ts';
import { failHunt } from '../store/hunt-end.ts';
import { huntStore } from '../store/hunts.ts';
import { imageQueue } from '../store/image-queue.ts';
import type { Store } from '../store/open.ts';
import { openQueue } from '../store/queue.ts';
import { exit } from './exit.ts';
import type { HuntFlags } from './hunt.ts';
import { createHuntProgress } from './hunt-progress.ts';
import { writeResult } from './output.ts';
import { stopOnSignals } from './signals.ts';
import { openWorkplace } from './workplace.ts';

export async function runHunt(
  source: HuntSource,
  opening: Promise<Store>,
  flags: HuntFlags,
): Promise<number> {
  await using resources = new AsyncDisposableStack();
  resources.defer(() => closed(opening));
  await Promise.all([loadSource(source), import('../scan/index.ts')]);
  const store = await opening;
  const tell = quieted(flags.quiet);
  const queueing = openQueue(store, { schedules: false, problem: (error) => tell(error.message) });
  queueing.catch(() => {});
  resources.defer(() => closed(queueing));
  const { session } = await openWorkplace(store, flags, resources);
  const queue = await queueing;
  const { ruleset } = session.tool;
  await meetRules(store.db, session);
  const hunts = huntStore(store.db, queue, hostname());
  const images = await imageQueue(store.db, queue, ruleset, hostname());
  const { id, resumed, listed } = await hunts.begin({
    source: source.text,
    platform: flags.platform,
    insecure: flags.insecure,
    since: flags.since?.toISOString(),
    limit: flags.limit,
    ruleset,
    isLocal: isLocal(source),
    startedBy: 'command line',
    restart: flags.restart,
  });
  if (resumed) tell(`hunt ${id} goes on where it was interrupted`);
  const stop = stopOnSignals();
  resources.defer(() => stop.release());
  const failed = new AbortController();
  const signal = AbortSignal.any([stop.signal, failed.signal]);
  const progress = createHuntProgress(() => hunts.standing(id), flags.quiet);
  resources.defer(() => progress.end());

  const listing = listed
    ? Promise.resolve([])
    : listInto(hunts, id, source, {
        platform: flags.platform,
        insecure: flags.insecure,
        env: process.env,
        signal,
        ...(flags.since !== undefined && { since: flags.since }),
        ...(flags.limit !== undefined && { limit: flags.limit }),
      });
  listing.catch(async (error: unknown) => {
    // A source that can never be listed is not gone on with.
    const isFinal = error instanceof WaterguardError && !stop.signal.aborted && !mayPass.has(error.code);
    if (isFinal) await failHunt(store.db, id, error.message).catch(() => undefined);
    failed.abort(error);
  });
  let result: HuntResult | undefined;
  const { scanningMs } = await scanImages(images, scanWith(session, images), {
    concurrency: flags.concurrency,
    signal,
    problem: (error) => tell(messageOf(error)),
    isOver: async () => {
      result = await hunts.finish(id);
      return result !== undefined;
    },
  });
  progress.end();
  if (stop.signal.aborted) {
    process.stderr.write(`waterguard: interrupted; the same command goes on with hunt ${id}\n`);
    return exit.hole;
  }
  const problems = await listing;
  if (result === undefined) return exit.internal;
  // Why there is nothing is told to everybody.
  tellProblems(problems, result.images.total === 0 ? quieted(false) : tell);
  await print({ ...result, scanningMs: Math.round(scanningMs) }, hunts, flags);
  return exitCode(result, problems.length, flags);
}

/** Of what may still be opening, or never opened; whoever waits for that is told why. */
async function closed(opening: Promise<{ close(): Promise<void> }>): Promise<void> {
  const opened = await opening.catch(() => undefined);
  await opened?.close();
}

/** Of a listing: tried again it may go through. */
const mayPass: ReadonlySet<string> = new Set(['network', 'rate-limited', 'unauthorized', 'unavailable']);

/** More would not be read; the store has them all. */
const mostProblems = 20;

function tellProblems(problems: readonly ListingProblem[], tell: (message: string) => void): void {
  for (const one of problems.slice(0, mostProblems)) tell(`${one.where}: ${one.message}`);
  if (problems.length > mostProblems)
    tell(`and ${problems.length - mostProblems} more that could not be listed`);
}

function quieted(quiet: boolean): (message: string) => void {
  return (message) => {
    if (!quiet) process.stderr.write(`waterguard: ${printable(message, 500)}\n`);
  };
}

/** @param result with the time in which this process was scanning */
async function print(
  result: HuntResult & { readonly scanningMs: number },
  hunts: HuntStore,
  { format, output }: HuntFlags,
): Promise<void> {
  const text =
    format === 'json'
      ? safeJson(result, 2)
      : huntTable(result, { before: await hunts.before(Number(result.hunt)) });
  await writeResult(`${text}\n`, output);
}

function exitCode({ images }: HuntResult, problems: number, { failOn }: HuntFlags): number {
  if (images.total === 0 && problems > 0) return exit.usage;
  if (failOn === 'malicious' && images.malicious > 0) return exit.threshold;
  return problems > 0 || images.incomplete > 0 ? exit.hole : exit.done;
}
