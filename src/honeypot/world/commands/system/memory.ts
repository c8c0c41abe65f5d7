/** free. */

import type { Run } from '../../program.ts';
import { memoryOf } from '../../systems/machine.ts';
import { busyboxSize } from '../files/ls-long.ts';
import { countOf, type Options, optionsOf } from '../options.ts';
import { humanSize } from '../size.ts';
import type { Tool } from '../tool.ts';
import { fault } from '../tool.ts';

const freeUsage = `
Usage:
 free [options]

Options:
 -b, --bytes         show output in bytes
     --kilo          show output in kilobytes
     --mega          show output in megabytes
     --giga          show output in gigabytes
     --tera          show output in terabytes
     --peta          show output in petabytes
 -k, --kibi          show output in kibibytes
 -m, --mebi          show output in mebibytes
 -g, --gibi          show output in gibibytes
     --tebi          show output in tebibytes
     --pebi          show output in pebibytes
 -h, --human         show human-readable output
     --si            use powers of 1000 not 1024
 -l, --lohi          show detailed low and high memory statistics
 -L, --line          show output on a single line
 -t, --total         show total for RAM + swap
 -v, --committed     show committed memory and commit limit
 -s N, --seconds N   repeat printing every N seconds
 -c N, --count N     repeat printing N times, then exit
 -w, --wide          wide output

     --help     display this help and exit
 -V, --version  output version information and exit

For more details see free(1).
`;

export const free: Tool = async (run, flavour) => {
  const options = optionsOf(run, flavour, {
    short: 'bkmghlLtvs:c:wV',
    long: {
      bytes: 'b',
      kibi: 'k',
      mebi: 'm',
      gibi: 'g',
      mega: 'mega',
      giga: 'giga',
      human: 'h',
      si: 'si',
      total: 't',
      'seconds=': 's',
      'count=': 'c',
      wide: 'w',
      lohi: 'l',
      version: 'V',
    },
    usage: freeUsage,
  });
  const seconds = Number(options.value('s') ?? 1);
  if (!(seconds >= 0)) throw fault(run, `seconds argument failed: '${options.value('s')}': Invalid argument`);
  const times = Math.min(
    1000,
    countOf(
      run,
      flavour,
      options.value('c'),
      options.has('s') ? Number.POSITIVE_INFINITY : 1,
      (text) => `failed to parse count argument: '${text}'`,
    ),
  );
  for (let time = 0; time < times; time++) {
    await run.stdout.write(flavour === 'gnu' ? table(run, options) : busyboxTable(run, options));
    if (time < times - 1) {
      await run.sleep(Math.max(0.1, seconds) * 1000);
      await run.stdout.write('\n');
    }
  }
  return 0;
};

function unitOf(options: Options): (kib: number) => string {
  if (options.has('h')) return (kib) => human(kib * 1024, options.has('si'));
  const units: readonly (readonly [string, number])[] = [
    ['b', 1 / 1024],
    ['m', 1024],
    ['g', 1024 ** 2],
    ['mega', 1_000_000 / 1024],
    ['giga', 1e9 / 1024],
  ];
  const [, unit] = units.findLast(([name]) => options.has(name)) ?? ['k', 1];
  return (kib) => `${Math.floor(kib / unit)}`;
}

/** `23Gi`, `8.6Mi`: as procps writes them, never more than four characters before the unit. */
function human(bytes: number, isDecimal: boolean): string {
  if (bytes === 0) return '0B';
  const text = humanSize(bytes, isDecimal ? 1000 : 1024);
  const [, digits = '', letter = ''] = /^([\d.]+)(\D?)$/.exec(text) ?? [];
  const power = 'KMGTP'.indexOf(letter.toUpperCase()) + 1;
  const exact = bytes / (isDecimal ? 1000 : 1024) ** power;
  const shown = exact < 10 && power > 0 ? (Math.floor(exact * 10) / 10).toFixed(1) : `${Math.floor(exact)}`;
  return `${power === 0 ? digits : shown}${letter.toUpperCase()}${letter === '' ? 'B' : isDecimal ? '' : 'i'}`;
}

function table(run: Run, options: Options): string {
  const memory = memoryOf(run.world);
  const show = unitOf(options);
  const cache = memory.cached + memory.reclaimable;
  const used = memory.total - memory.available;
  const line = (name: string, values: readonly number[]): string =>
    `${name.padEnd(8)}${values.map((value) => show(value).padStart(12)).join('')}\n`;
  const heads = options.has('w')
    ? ['total', 'used', 'free', 'shared', 'buffers', 'cache', 'available']
    : ['total', 'used', 'free', 'shared', 'buff/cache', 'available'];
  const values = options.has('w')
    ? [memory.total, used, memory.free, memory.shared, memory.buffers, cache, memory.available]
    : [memory.total, used, memory.free, memory.shared, memory.buffers + cache, memory.available];
  const head = `${' '.repeat(8)}${heads.map((name) => name.padStart(12)).join('')}\n`;
  const total = options.has('t') ? line('Total:', [memory.total, used, memory.free]) : '';
  return head + line('Mem:', values) + line('Swap:', [0, 0, 0]) + total;
}

function busyboxTable(run: Run, options: Options): string {
  const memory = memoryOf(run.world);
  const unit = options.has('m') ? 1024 : options.has('g') ? 1024 ** 2 : options.has('b') ? 1 / 1024 : 1;
  const show = (kib: number): string =>
    options.has('h') ? (kib === 0 ? '0' : busyboxSize(kib * 1024)) : `${Math.round(kib / unit)}`;
  const cache = memory.buffers + memory.cached + memory.reclaimable;
  const row = (name: string, values: readonly number[]): string =>
    `${name.padEnd(5)}${values.map((value, index) => show(value).padStart(index === 0 ? 13 : 12)).join('')}\n`;
  const used = memory.total - memory.free - cache;
  return `              total        used        free      shared  buff/cache   available\n${row('Mem:', [memory.total, used, memory.free, memory.shared, cache, memory.available])}${row('Swap:', [0, 0, 0])}`;
}
