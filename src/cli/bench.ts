/** `waterguard bench NAME`: the benchmarks that the README quotes. */
import { type Command, InvalidArgumentError } from 'commander';
import { exit } from './exit.ts';
import { checkWritable, writeResult } from './output.ts';
import { addPrintOptions, type PrintFlags } from './printing.ts';

interface BenchFlags extends PrintFlags {
  readonly runs: number;
  readonly scale: number;
  readonly part?: string;
}

export function addBench(program: Command, done: (code: number) => void): void {
  addPrintOptions(program.command('bench'))
    .description('measure Waterguard beside its rivals on this machine')
    .argument('<name>', 'scan, platform, honeypot')
    .option('--runs <count>', 'interleaved runs of which the median counts', parseRuns, 5)
    .option('--part <names>', 'only these parts, separated by commas; an unknown one lists them')
    .option('--scale <part>', 'of the sizes of `platform` and `honeypot`, e.g. 0.1', parseScale, 1)
    .addHelpText('after', '\nExample:\n  waterguard bench scan --format json')
    .action(async (name: string, flags: BenchFlags) => {
      const { bench, renderBench } = await import('../bench/index.ts');
      checkWritable(flags.output);
      const parts = flags.part?.split(',').map((one) => one.trim());
      const report = await bench(name, {
        runs: flags.runs,
        scale: flags.scale,
        parts,
        say: flags.quiet ? () => {} : say,
      });
      await writeResult(renderBench(report, flags.format), flags.output);
      done(exit.done);
    });
}

function parseRuns(text: string): number {
  const runs = /^\d{1,3}$/.test(text) ? Number(text) : 0;
  if (runs < 1) throw new InvalidArgumentError('Give a number from 1 to 999.');
  return runs;
}

function parseScale(text: string): number {
  const scale = /^\d?\.?\d{1,4}$/.test(text) ? Number(text) : 0;
  if (!(scale > 0 && scale <= 1)) throw new InvalidArgumentError('Give a number above 0 and at most 1.');
  return scale;
}

function say(text: string): void {
  process.stderr.write(`bench: ${text}\n`);
}
