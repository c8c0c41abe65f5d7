/** cmp and diff. */
import { join } from '../../files/tree.ts';
import type { Run } from '../../program.ts';
import { countOf, optionsOf } from '../options.ts';
import { isUtf8 } from '../quote.ts';
import { Out, openInput, readAll } from '../streams.ts';
import { formatTime, nanosecondsOf } from '../time.ts';
import { complain, Fault, fault, latin, nameOf, reasonOf, type Tool } from '../tool.ts';

export const cmp: Tool = async (run, flavour) => {
  const options = optionsOf(run, flavour, {
    short: 'bi:ln:sv',
    long: { quiet: 's', silent: 's', verbose: 'l', 'print-bytes': 'b', 'bytes=': 'n' },
    misuse: 2,
  });
  const [first, second = '-'] = options.operands;
  if (first === undefined)
    throw new Fault(
      `${nameOf(run)}: missing operand after '${nameOf(run)}'\n${nameOf(run)}: Try '${nameOf(run)} --help' for more information.\n`,
      2,
    );
  const contents: Buffer[] = [];
  for (const path of [first, second]) {
    try {
      contents.push(await readAll(run, openInput(run, path)));
    } catch (error) {
      throw fault(run, `${path}: ${reasonOf(error)}`, 2);
    }
  }
  const [a, b] = contents as [Buffer, Buffer];
  if (a.equals(b)) return 0;
  if (options.has('s')) return 1;
  let line = 1;
  const length = Math.min(a.length, b.length);
  let isDifferent = false;
  for (let at = 0; at < length; at++) {
    if (a[at] === b[at]) {
      if (a[at] === 10) line += 1;
      continue;
    }
    isDifferent = true;
    if (!options.has('l')) {
      await run.stdout.write(
        `${first} ${second} differ: ${flavour === 'gnu' && isUtf8(run) ? 'byte' : 'char'} ${at + 1}, line ${line}\n`,
      );
      return 1;
    }
    await run.stdout.write(
      `${`${at + 1}`.padStart(`${length}`.length)} ${a[at]!.toString(8).padStart(3)} ${b[at]!.toString(8).padStart(3)}\n`,
    );
  }
  if (a.length === b.length) return isDifferent ? 1 : 0;
  const shorter = a.length < b.length ? first : second;
  const place = a[length - 1] === 10 ? `, line ${line - 1}` : `, in line ${line}`;
  const where = length === 0 ? ' which is empty' : ` after byte ${length}${options.has('l') ? '' : place}`;
  await complain(run, `EOF on ${shorter}${flavour === 'gnu' ? where : ''}`);
  return 1;
};

/** Lines that are compared, and steps that are taken at most; beyond, files simply differ. */
const mostLines = 20_000;
const mostSteps = 4_000_000;

interface Hunk {
  /** First line, and count, in either file, counted from 0. */
  readonly from: number;
  readonly removed: number;
  readonly to: number;
  readonly added: number;
}

export const diff: Tool = async (run, flavour) => {
  const options = optionsOf(run, flavour, {
    short: 'abBc:C:dEiNpqrstuU:wy',
    long: {
      brief: 'q',
      unified: 'u',
      'unified=?': 'U',
      recursive: 'r',
      'ignore-case': 'i',
      'ignore-all-space': 'w',
      'ignore-space-change': 'b',
      'report-identical-files': 's',
      'new-file': 'N',
      'color=?': 'color',
    },
    misuse: 2,
  });
  const [first, second] = options.operands;
  const name = nameOf(run);
  if (first === undefined || second === undefined)
    throw new Fault(
      `${name}: missing operand after '${first ?? name}'\n${name}: Try '${name} --help' for more information.\n`,
      2,
    );
  const isFolder = (path: string): boolean =>
    path !== '-' && run.files.exists(path) && run.files.stat(path).kind === 'directory';
  const base = (path: string): string => path.slice(path.lastIndexOf('/') + 1);
  const [left, right] = [
    isFolder(first) && !isFolder(second) ? join(first, base(second)) : first,
    isFolder(second) && !isFolder(first) ? join(second, base(first)) : second,
  ];
  if (isFolder(left)) return folders(run, left, right);
  const texts: string[] = [];
  for (const path of [left, right]) {
    try {
      texts.push(latin(await readAll(run, openInput(run, path))));
    } catch (error) {
      throw fault(run, `${path}: ${reasonOf(error)}`, 2);
    }
  }
  const [a = '', b = ''] = texts;
  const simple = (line: string): string => {
    const spaced = options.has('w')
      ? line.replace(/\s+/g, '')
      : options.has('b')
        ? line.replace(/\s+/g, ' ').trimEnd()
        : line;
    return options.has('i') ? spaced.toLowerCase() : spaced;
  };
  const [oldLines, newLines] = [linesOfText(a), linesOfText(b)];
  const hunks = a === b ? [] : await hunksOf(run, oldLines.map(simple), newLines.map(simple));
  if (hunks !== undefined && hunks.length === 0) {
    if (options.has('s')) await run.stdout.write(`Files ${left} and ${right} are identical\n`);
    return 0;
  }
  const isBinary = /\0/.test(a.slice(0, 4096) + b.slice(0, 4096)) && !options.has('a');
  if (options.has('q') || isBinary || hunks === undefined) {
    await run.stdout.write(
      `${isBinary && !options.has('q') ? 'Binary files' : 'Files'} ${left} and ${right} differ\n`,
    );
    return isBinary && !options.has('q') ? 2 : 1;
  }
  const out = new Out(run);
  const isUnified = options.has('u', 'U') || flavour === 'busybox';
  if (isUnified)
    await unified(
      run,
      out,
      [left, right],
      [oldLines, newLines],
      hunks,
      countOf(run, flavour, options.value('U'), 3, (text) => `invalid context length '${text}'`, 2),
    );
  else for (const hunk of hunks) await out.add(normal(hunk, oldLines, newLines));
  await out.flush();
  return 1;
};

function linesOfText(text: string): string[] {
  if (text === '') return [];
  const lines = text.split('\n');
  if (lines.at(-1) === '') lines.pop();
  else lines[lines.length - 1] += '\n\\ No newline at end of file';
  return lines;
}

async function folders(run: Run, left: string, right: string): Promise<number> {
  const [a, b] = [left, right].map(
    (path) => new Map(run.files.list(path).map(({ name, node }) => [name, node])),
  );
  let exitCode = 0;
  for (const name of [...new Set([...a!.keys(), ...b!.keys()])].sort()) {
    const [one, other] = [a!.get(name), b!.get(name)];
    if (one === undefined || other === undefined) {
      exitCode = 1;
      await run.stdout.write(`Only in ${one === undefined ? right : left}: ${name}\n`);
    } else if (one.kind === 'directory' && other.kind === 'directory')
      await run.stdout.write(`Common subdirectories: ${join(left, name)} and ${join(right, name)}\n`);
    else if (one.kind === 'file' && other.kind === 'file') {
      const [x, y] = [join(left, name), join(right, name)].map((path) => Buffer.from(run.files.read(path)));
      if (x!.equals(y!)) continue;
      exitCode = 1;
      await run.stdout.write(`Files ${join(left, name)} and ${join(right, name)} differ\n`);
    }
  }
  return exitCode;
}

/** Myers, "An O(ND) Difference Algorithm" (1986). Undefined where it would take too long. */
async function hunksOf(run: Run, a: readonly string[], b: readonly string[]): Promise<Hunk[] | undefined> {
  if (a.length > mostLines || b.length > mostLines) return undefined;
  let start = 0;
  while (start < a.length && start < b.length && a[start] === b[start]) start += 1;
  let end = 0;
  while (end < a.length - start && end < b.length - start && a[a.length - 1 - end] === b[b.length - 1 - end])
    end += 1;
  const [n, m] = [a.length - start - end, b.length - start - end];
  const trace: Map<number, number>[] = [];
  const furthest = new Map<number, number>([[1, 0]]);
  let steps = 0;
  for (let d = 0; d <= n + m; d++) {
    trace.push(new Map(furthest));
    steps += d + furthest.size;
    if (steps > mostSteps) return undefined;
    await run.work(1 + (d >> 3));
    for (let k = -d; k <= d; k += 2) {
      const isDown = k === -d || (k !== d && (furthest.get(k - 1) ?? -1) < (furthest.get(k + 1) ?? -1));
      let x = isDown ? furthest.get(k + 1)! : furthest.get(k - 1)! + 1;
      while (x < n && x - k < m && a[start + x] === b[start + x - k]) x += 1;
      furthest.set(k, x);
      if (x >= n && x - k >= m) return backwards(trace, n, m, start);
    }
  }
  return [];
}

function backwards(trace: readonly Map<number, number>[], n: number, m: number, offset: number): Hunk[] {
  const hunks: Hunk[] = [];
  let [x, y] = [n, m];
  for (let d = trace.length - 1; d > 0; d--) {
    const before = trace[d]!;
    const k = x - y;
    const isDown = k === -d || (k !== d && (before.get(k - 1) ?? -1) < (before.get(k + 1) ?? -1));
    const previous = isDown ? k + 1 : k - 1;
    const startX = before.get(previous)!;
    const startY = startX - previous;
    const change: Hunk = isDown
      ? { from: offset + startX, removed: 0, to: offset + startY, added: 1 }
      : { from: offset + startX, removed: 1, to: offset + startY, added: 0 };
    const last = hunks[0];
    if (
      last !== undefined &&
      last.from === change.from + change.removed &&
      last.to === change.to + change.added
    )
      hunks[0] = {
        from: change.from,
        to: change.to,
        removed: change.removed + last.removed,
        added: change.added + last.added,
      };
    else hunks.unshift(change);
    [x, y] = [startX, startY];
  }
  return hunks;
}

function normal({ from, removed, to, added }: Hunk, a: readonly string[], b: readonly string[]): string {
  const range = (start: number, count: number): string =>
    count === 0 ? `${start}` : count === 1 ? `${start + 1}` : `${start + 1},${start + count}`;
  const letter = removed === 0 ? 'a' : added === 0 ? 'd' : 'c';
  const old = a.slice(from, from + removed).map((line) => `< ${line}\n`);
  const fresh = b.slice(to, to + added).map((line) => `> ${line}\n`);
  return `${range(from, removed)}${letter}${range(to, added)}\n${old.join('')}${letter === 'c' ? '---\n' : ''}${fresh.join('')}`;
}

async function unified(
  run: Run,
  out: Out,
  paths: readonly string[],
  [a = [], b = []]: readonly (readonly string[])[],
  hunks: readonly Hunk[],
  context: number,
): Promise<void> {
  for (const [index, path] of paths.entries()) {
    const mtime = run.files.exists(path) ? run.files.stat(path).mtime : 0;
    const stamp = formatTime('%Y-%m-%d %H:%M:%S.%N +0000', mtime, nanosecondsOf(mtime));
    await out.add(`${index === 0 ? '---' : '+++'} ${path}\t${stamp}\n`);
  }
  for (let at = 0; at < hunks.length; ) {
    const group = [hunks[at]!];
    while (
      at + group.length < hunks.length &&
      hunks[at + group.length]!.from - (group.at(-1)!.from + group.at(-1)!.removed) <= 2 * context
    )
      group.push(hunks[at + group.length]!);
    at += group.length;
    await out.add(unifiedGroup(group, a, b, context));
  }
}

function unifiedGroup(
  group: readonly Hunk[],
  a: readonly string[],
  b: readonly string[],
  context: number,
): string {
  const [first, last] = [group[0]!, group.at(-1)!];
  const start = Math.max(0, first.from - context);
  const end = Math.min(a.length, last.from + last.removed + context);
  const startB = first.to - (first.from - start);
  const endB = last.to + last.added + (end - last.from - last.removed);
  const range = (from: number, count: number): string =>
    count === 1 ? `${from + 1}` : `${count === 0 ? from : from + 1},${count}`;
  let text = `@@ -${range(start, end - start)} +${range(startB, endB - startB)} @@\n`;
  let at = start;
  for (const { from, removed, to, added } of group) {
    for (; at < from; at++) text += ` ${a[at]}\n`;
    for (let line = 0; line < removed; line++) text += `-${a[from + line]}\n`;
    for (let line = 0; line < added; line++) text += `+${b[to + line]}\n`;
    at = from + removed;
  }
  for (; at < end; at++) text += ` ${a[at]}\n`;
  return text;
}
