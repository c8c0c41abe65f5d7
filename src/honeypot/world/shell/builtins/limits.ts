/** `ulimit`, `umask`, `times`: what a shell has of the kernel. */
import type { Shell } from '../shell.ts';
import { minutes } from '../times.ts';
import { badOption, type Call, fail, hasOption, optionsOf } from './builtin.ts';

interface Resource {
  readonly letter: string;
  readonly title: string;
  readonly unit: string;
  readonly value: string;
}

/** What Debian 12 gives root, in the order of bash's `ulimit -a`. */
const resources: readonly Resource[] = [
  { letter: 'R', title: 'real-time non-blocking time', unit: 'microseconds, ', value: 'unlimited' },
  { letter: 'c', title: 'core file size', unit: 'blocks, ', value: '0' },
  { letter: 'd', title: 'data seg size', unit: 'kbytes, ', value: 'unlimited' },
  { letter: 'e', title: 'scheduling priority', unit: '', value: '0' },
  { letter: 'f', title: 'file size', unit: 'blocks, ', value: 'unlimited' },
  { letter: 'i', title: 'pending signals', unit: '', value: '31189' },
  { letter: 'l', title: 'max locked memory', unit: 'kbytes, ', value: '1003804' },
  { letter: 'm', title: 'max memory size', unit: 'kbytes, ', value: 'unlimited' },
  { letter: 'n', title: 'open files', unit: '', value: '1024' },
  { letter: 'p', title: 'pipe size', unit: '512 bytes, ', value: '8' },
  { letter: 'q', title: 'POSIX message queues', unit: 'bytes, ', value: '819200' },
  { letter: 'r', title: 'real-time priority', unit: '', value: '0' },
  { letter: 's', title: 'stack size', unit: 'kbytes, ', value: '8192' },
  { letter: 't', title: 'cpu time', unit: 'seconds, ', value: 'unlimited' },
  { letter: 'u', title: 'max user processes', unit: '', value: '31189' },
  { letter: 'v', title: 'virtual memory', unit: 'kbytes, ', value: 'unlimited' },
  { letter: 'x', title: 'file locks', unit: '', value: 'unlimited' },
];

export async function ulimit(call: Call): Promise<number> {
  const { shell, args } = call;
  const options = optionsOf(args, `HSa${resources.map(({ letter }) => letter).join('')}`);
  if (options.unknown !== '')
    return badOption(call, options.unknown, 'ulimit [-SHabcdefiklmnpqrstuvxPRT] [limit]');
  if (hasOption(options, 'a')) {
    await shell.write(1, resources.map((resource) => rowOf(shell, resource)).join(''));
    return 0;
  }
  const asked = options.found
    .filter(([letter]) => letter !== 'H' && letter !== 'S')
    .map(([letter]) => letter);
  const letter = asked.at(-1) ?? 'f';
  const [limit] = options.rest;
  if (limit === undefined) {
    for (const each of asked.length > 1 && shell.dialect.isBash ? asked : [letter])
      await shell.write(
        1,
        asked.length > 1 ? rowOf(shell, resourceOf(each)) : `${limitOf(shell, resourceOf(each))}\n`,
      );
    return 0;
  }
  if (!/^(?:\d{1,19}|unlimited|hard|soft)$/.test(limit)) {
    if (shell.dialect.isBash) return fail(call, `${limit}: invalid number`);
    return fail(call, 'bad number', 2);
  }
  shell.limits.set(letter, limit);
  return 0;
}

function resourceOf(letter: string): Resource {
  return resources.find((resource) => resource.letter === letter)!;
}

function limitOf({ limits }: Shell, { letter, value }: Resource): string {
  return limits.get(letter) ?? value;
}

function rowOf(shell: Shell, resource: Resource): string {
  const { title, unit, letter } = resource;
  const place = `(${unit}-${letter})`;
  return `${title.padEnd(27)} ${place.padStart(16 - Math.max(0, title.length - 27))} ${limitOf(shell, resource)}\n`;
}

export async function umask(call: Call): Promise<number> {
  const { shell, args } = call;
  const options = optionsOf(args, 'Sp');
  const [mode] = options.rest;
  if (mode === undefined) {
    const octal = shell.mask.toString(8).padStart(4, '0');
    await shell.write(1, hasOption(options, 'S') ? `${symbolic(shell.mask)}\n` : `${octal}\n`);
    return 0;
  }
  if (/^[0-7]{1,4}$/.test(mode)) {
    shell.mask = Number.parseInt(mode, 8) & 0o777;
    return 0;
  }
  const mask = changedMask(shell.mask, mode);
  if (mask !== undefined) {
    shell.mask = mask;
    return 0;
  }
  switch (shell.dialect.name) {
    case 'bash':
      return /^\d/.test(mode)
        ? fail(call, `${mode}: octal number out of range`)
        : fail(
            call,
            `\`${/[^ugoa+=,rwxX-]/.exec(mode)?.[0] ?? mode.charAt(0)}': invalid symbolic mode operator`,
          );
    case 'dash':
      return fail(call, `Illegal number: ${mode}`, 2);
    case 'ash':
      return fail(call, `illegal mode: ${mode}`, 2);
  }
}

function symbolic(mask: number): string {
  const bits = (shift: number): string =>
    [...'rwx'].filter((_, index) => ((mask >> shift) & (4 >> index)) === 0).join('');
  return `u=${bits(6)},g=${bits(3)},o=${bits(0)}`;
}

/** By clauses as `u=rwx,g-w`, which name what is allowed. */
function changedMask(mask: number, mode: string): number | undefined {
  let allowed = ~mask & 0o777;
  for (const clause of mode.split(',', 20)) {
    const found = /^([ugoa]*)([-+=])([rwxX]*)$/.exec(clause);
    if (found === null) return undefined;
    const [, who = '', operator, letters = ''] = found;
    const bits = [...letters].reduce((sum, letter) => sum | ({ r: 4, w: 2 }[letter] ?? 1), 0);
    for (const [name, shift] of [
      ['u', 6],
      ['g', 3],
      ['o', 0],
    ] as const) {
      if (who !== '' && !who.includes(name) && !who.includes('a')) continue;
      if (operator === '=') allowed &= ~(7 << shift);
      if (operator === '-') allowed &= ~(bits << shift);
      else allowed |= bits << shift;
    }
  }
  return ~allowed & 0o777;
}

export async function times({ shell }: Call): Promise<number> {
  const digits = shell.dialect.name === 'dash' ? 6 : 3;
  const own = `${minutes(2, digits)} ${minutes(1, digits)}\n`;
  await shell.write(1, own + own);
  return 0;
}
