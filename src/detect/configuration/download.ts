/** Whether a command downloads, from where, and where it puts what it gets. */

import type { Command } from '../../indicator/shell.ts';
import { programName } from '../../indicator/shell-unwrap.ts';

export interface Download {
  /** As written; may lack a scheme or hold variables. */
  readonly urls: readonly string[];
  /** File that it writes; `-` for standard output. */
  readonly output: string;
  /** Certificates are not verified. */
  readonly insecure: boolean;
}

/** @param command already unwrapped: its first word is the program */
export function readDownload(command: Pick<Command, 'words' | 'redirects'>): Download | undefined {
  const words = programName(command.words[0]) === 'busybox' ? command.words.slice(1) : command.words;
  const name = programName(words[0]);
  const args = words.slice(1);
  if (raw.has(name)) {
    const plain = args.filter((arg) => !arg.startsWith('-'));
    return plain.length < 1 ? undefined : { urls: [plain[0] ?? ''], output: '-', insecure: false };
  }
  const tool = tools.get(name);
  if (tool === undefined) return undefined;
  const urls = urlsOf(args, tool);
  if (urls.length === 0) return undefined;
  const redirected = command.redirects.find((one) => one.operator === '>' || one.operator === '>>');
  const insecure = args.some(
    (arg) => arg === '--insecure' || arg === '--no-check-certificate' || isShort(arg, 'k'),
  );
  return {
    urls,
    output: redirected?.target ?? outputOf(args, urls, tool),
    insecure: tool.flagK ? insecure : args.includes('--no-check-certificate'),
  };
}

interface Tool {
  /** Short option that names the output file. */
  readonly output: string;
  /** Writes to a file named after the URL unless told otherwise. */
  readonly toFile: boolean;
  /** Short options (without dash) that take the next word. */
  readonly valued: string;
  /** Whether `-k` means insecure. */
  readonly flagK: boolean;
}

/** Source: the manual pages of curl 8 and wget 1.24, 2026-11. */
const tools: ReadonlyMap<string, Tool> = new Map([
  ['curl', { output: 'o', toFile: false, valued: 'AbcCdDeEFHKmoPQrtTuUwxXYyz', flagK: true }],
  ['wget', { output: 'O', toFile: true, valued: 'aABDeiIlLoOPQRtTUwX', flagK: false }],
  ['wget2', { output: 'O', toFile: true, valued: 'OoPtTU', flagK: false }],
  ['aria2c', { output: 'o', toFile: true, valued: 'odxsj', flagK: false }],
  ['axel', { output: 'o', toFile: true, valued: 'on', flagK: false }],
  ['fetch', { output: 'o', toFile: true, valued: 'o', flagK: false }],
  ['lynx', { output: '', toFile: false, valued: '', flagK: false }],
  ['GET', { output: '', toFile: false, valued: '', flagK: false }],
  ['lwp-download', { output: '', toFile: true, valued: '', flagK: false }],
  ['lwp-request', { output: '', toFile: false, valued: 'm', flagK: false }],
]);

/** Programs whose output comes from the host that their first argument names. */
const raw: ReadonlySet<string> = new Set(['nc', 'ncat', 'netcat', 'tftp']);

function urlsOf(args: readonly string[], tool: Tool): readonly string[] {
  const urls: string[] = [];
  for (let at = 0; at < args.length; at++) {
    const arg = args[at] ?? '';
    const url = arg.startsWith('--url=') ? arg.slice(6) : arg;
    if (url.startsWith('-')) {
      if (takesNext(arg, tool)) at++;
    } else if (
      url.includes('://') ||
      /^[\w.-]{1,253}\.[A-Za-z0-9-]{1,63}(?::\d{1,5})?(?:[/?#]|$)/.test(url) ||
      /^["']?\$/.test(url)
    ) {
      urls.push(url);
    }
  }
  return urls.slice(0, 20);
}

/** `-o` and `-fsSLo` take the next word; `-o/tmp/x` does not. A long option's value holds no URL by accident. */
function takesNext(arg: string, tool: Tool): boolean {
  if (arg.startsWith('--')) return longValued.has(arg);
  const last = arg.at(-1) ?? '';
  const first = [...arg.slice(1)].findIndex((letter) => tool.valued.includes(letter));
  return arg.length > 1 && first === arg.length - 2 && tool.valued.includes(last);
}

const longValued: ReadonlySet<string> = new Set(
  '--output --header --data --user --user-agent --referer --cookie --proxy --output-document --directory-prefix --cacert'.split(
    ' ',
  ),
);

function outputOf(args: readonly string[], urls: readonly string[], tool: Tool): string {
  let folder = '';
  for (let at = 0; at < args.length; at++) {
    const arg = args[at] ?? '';
    const next = args[at + 1] ?? '';
    const long = /^--(?:output|output-document)(?:=(.*))?$/s.exec(arg);
    if (long) return long[1] ?? next;
    if (arg === '-P' || arg === '--directory-prefix') folder = `${next.replace(/\/$/, '')}/`;
    if (tool.output === '' || arg.startsWith('--') || !arg.startsWith('-')) continue;
    const letter = arg.indexOf(tool.output);
    const before = [...arg.slice(1, Math.max(1, letter))];
    if (letter > 0 && !before.some((one) => tool.valued.includes(one))) return arg.slice(letter + 1) || next;
  }
  const named = tool.toFile || args.some((arg) => isShort(arg, 'O') || arg === '--remote-name');
  return named ? folder + lastPart(urls[0] ?? '') : '-';
}

/** Among the letters of a short option group, such as `k` in `-fsSLk`. */
function isShort(arg: string, letter: string): boolean {
  return /^-[A-Za-z0-9#]{1,16}$/.test(arg) && arg.includes(letter);
}

function lastPart(url: string): string {
  const path = url.split(/[?#]/, 1)[0] ?? '';
  return path.slice(path.lastIndexOf('/') + 1);
}
