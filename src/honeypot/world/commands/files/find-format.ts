/** What `find -printf` and `find -ls` write of a file. */
import type { Run } from '../../program.ts';
import { now } from '../../world.ts';
import { kindLetter, modeText } from '../mode.ts';
import { ownersOf } from '../owners.ts';
import { formatTime, nanosecondsOf } from '../time.ts';
import type { Candidate } from './find-plan.ts';
import { blocksOf, inodeOf, linksOf, sizeOf } from './measure.ts';

const escapes: Readonly<Record<string, string>> = {
  n: '\n',
  t: '\t',
  '\\': '\\',
  r: '\r',
  0: '\0',
  a: '\x07',
  b: '\b',
  f: '\f',
  v: '\v',
};

export function findFormat(run: Run, format: string, candidate: Candidate): string {
  return format.replace(
    /\\(.)|%([-0+ #]*)(\d*)(?:\.(\d+))?([ACT].|[a-zA-Z%])/g,
    (
      whole,
      escaped: string | undefined,
      flags: string,
      width: string,
      precision: string | undefined,
      letter: string,
    ) => {
      if (escaped !== undefined) return escapes[escaped] ?? whole;
      const value = valueFor(run, letter, candidate);
      if (value === undefined) return whole;
      const cut = precision === undefined ? value : value.slice(0, Number(precision));
      const size = Math.min(Number(width || 0), 1000);
      return flags.includes('-') ? cut.padEnd(size) : cut.padStart(size, flags.includes('0') ? '0' : ' ');
    },
  );
}

function valueFor(run: Run, letter: string, { path, name, node, depth }: Candidate): string | undefined {
  const owners = ownersOf(run);
  const fraction = `${formatTime('%N', node.mtime, nanosecondsOf(node.mtime))}0`;
  if (/^[ACT]./.test(letter)) {
    const field = letter[1]!;
    if (field === '@') return `${Math.floor(node.mtime / 1000)}.${fraction}`;
    if (field === '+') return `${formatTime('%Y-%m-%d+%H:%M:%S', node.mtime)}.${fraction}`;
    return formatTime(`%${field}`, node.mtime) + (field === 'S' || field === 'T' ? `.${fraction}` : '');
  }
  switch (letter) {
    case '%':
      return '%';
    case 'a':
    case 'c':
    case 't':
      return formatTime(`%a %b %e %H:%M:%S.${fraction} %Y`, node.mtime);
    case 'b':
      return `${blocksOf(node) * 2}`;
    case 'd':
      return `${depth}`;
    case 'f':
      return name;
    case 'g':
      return owners.group(node.gid);
    case 'G':
      return `${node.gid}`;
    case 'h':
      return path.includes('/') ? path.slice(0, path.lastIndexOf('/')) : '.';
    case 'i':
      return `${inodeOf(run.world, run.files, path)}`;
    case 'k':
      return `${blocksOf(node)}`;
    case 'l':
      return node.kind === 'link' ? node.target : '';
    case 'm':
      return node.mode.toString(8);
    case 'M':
      return modeText(node);
    case 'n':
      return `${linksOf(node)}`;
    case 'p':
      return path;
    case 'P':
      return depth === 0 ? '' : path.split('/').slice(-depth).join('/');
    case 's':
      return `${sizeOf(node)}`;
    case 'u':
      return owners.user(node.uid);
    case 'U':
      return `${node.uid}`;
    case 'y':
    case 'Y':
      return kindLetter(node).replace('-', 'f');
    default:
      return undefined;
  }
}

export function listLine(run: Run, { path, node }: Candidate): string {
  const owners = ownersOf(run);
  const isRecent = node.mtime > now(run.world) - 180 * 86_400_000;
  const fields = [
    `${inodeOf(run.world, run.files, path)}`.padStart(9),
    `${blocksOf(node)}`.padStart(6),
    modeText(node),
    `${linksOf(node)}`.padStart(3),
    owners.user(node.uid).padEnd(8),
    owners.group(node.gid).padEnd(8),
    `${sizeOf(node)}`.padStart(8),
    formatTime(isRecent ? '%b %e %H:%M' : '%b %e  %Y', node.mtime),
    path,
  ];
  return `${fields.join(' ')}${node.kind === 'link' ? ` -> ${node.target}` : ''}\n`;
}
