/** `waterguard bench NAME`: the benchmarks that the README quotes. */
import type { Command } from 'commander';
import { exit } from './exit.ts';
import { outputFile, tableOrJson } from './options.ts';
import { writeResult } from './output.ts';

interface BenchFlags {
  readonly format: 'table' | 'json';
  readonly output?: string;
  readonly runs: string;
  readonly part?: string;
}

export function addBench(program: Command, done: (code: number) => void): void {
  program
    .command('bench')
    .description('measure Waterguard beside its rivals on this machine')
    .argument('<name>', 'scan')
    .addOption(tableOrJson())
    .addOption(outputFile())
    .option('--runs <count>', 'interleaved runs of which the median counts', '5')
    .option('--part <names>', 'only these parts, separated by commas: speed,cached,limit,memory,shared')
    .addHelpText('after', '\nExample:\n  waterguard bench scan --format json')
    .action(async (name: string, flags: BenchFlags) => {
      const { bench, renderBench } = await import('../bench/index.ts');
      const report = await bench(name, { runs: Number(flags.runs), parts: flags.part?.split(',') });
      await writeResult(renderBench(report, flags.format), flags.output);
      done(exit.done);
    });
}
