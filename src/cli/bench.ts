/** `waterguard bench NAME`: the benchmarks that the README quotes. */
import { type Command, InvalidArgumentError } from 'commander';
import { exit } from './exit.ts';
import { checkWritable, writeResult } from './output.ts';
import { addPrintOptions, type PrintFlags } from './printing.ts';

interface BenchFlags extends PrintFlags {
  readonly runs: number;
  readonly part?: string;
}

export function addBench(program: Command, done: (code: number) => void): void {
  addPrintOptions(program.command('bench'))
    .description('measure Waterguard beside its rivals on this machine')
    .argument('<name>', 'scan')
    .option('--runs <count>', 'interleaved runs of which the median counts', parseRuns, 5)
    .option('--part <names>', 'only these parts, separated by commas: speed,cached,limit,memory,shared')
    .addHelpText('after', '\nExample:\n  waterguard bench scan --format json')
    .action(async (name: string, flags: BenchFlags) => {
      const { bench, renderBench } = await import('../bench/index.ts');
      checkWritable(flags.output);
      const parts = flags.part?.split(',').map((one) => one.trim());
      const report = await bench(name, { runs: flags.runs, parts, say: flags.quiet ? () => {} : say });
      await writeResult(renderBench(report, flags.format), flags.output);
      done(exit.done);
    });
}

function parseRuns(text: string): number {
  const runs = /^\d{1,3}$/.test(text) ? Number(text) : 0;
  if (runs < 1) throw new InvalidArgumentError('Give a number from 1 to 999.');
  return runs;
}

function say(text: string): void {
  process.stderr.write(`bench: ${text}\n`);
}
