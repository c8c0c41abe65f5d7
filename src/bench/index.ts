/** The benchmarks by name, and how their results are printed. */
import { cpus, totalmem } from 'node:os';
import { WaterguardError } from '../model/error.ts';
import { processorsTogether } from './processors.ts';
import type { BenchOptions, BenchReport, BenchResult } from './result.ts';

const benches: Readonly<Record<string, () => Promise<(options: BenchOptions) => Promise<BenchResult[]>>>> = {
  honeypot: async () => (await import('./honeypot/honeypot.ts')).benchHoneypot,
  platform: async () => (await import('./platform/platform.ts')).benchPlatform,
  scan: async () => (await import('./scan.ts')).benchScan,
};

/** @throws WaterguardError `usage` for an unknown name */
export async function bench(name: string, options: BenchOptions): Promise<BenchReport> {
  const load = Object.hasOwn(benches, name) ? benches[name] : undefined;
  if (load === undefined) {
    throw new WaterguardError(
      'usage',
      `there is no benchmark '${name}'; there is: ${Object.keys(benches).join(', ')}`,
    );
  }
  const run = await load();
  const [cpu] = cpus();
  const together =
    cpus().length < 2 ? '' : ` (together ${(await processorsTogether()).toFixed(1)} times one)`;
  const machine = `${cpus().length} × ${cpu?.model.trim() ?? 'unknown'}${together}, ${Math.round(totalmem() / 2 ** 30)} GiB, Node ${process.versions.node}`;
  return { schemaVersion: 1, name, machine, date: new Date().toISOString(), results: await run(options) };
}

export function renderBench(report: BenchReport, format: 'table' | 'json'): string {
  if (format === 'json') return `${JSON.stringify(report, undefined, 2)}\n`;
  const lines = [`${report.name} on ${report.machine}, ${report.date}`, ''];
  for (const one of report.results) {
    const rival = one.rival === undefined ? '' : `  ${one.rival}: ${one.rivalValue ?? '–'} ${one.unit}`;
    const ratio = one.ratio === undefined ? '' : `  ratio ${one.ratio}`;
    const goal =
      one.goal === undefined
        ? ''
        : `  goal ${one.goal}: ${one.holds === null ? 'not measured' : one.holds ? 'holds' : 'MISSED'}`;
    const why = one.reason === undefined ? '' : `  (${one.reason})`;
    lines.push(`${one.metric}: ${one.value ?? '–'} ${one.unit}${rival}${ratio}${goal}${why}`);
  }
  return `${lines.join('\n')}\n`;
}
