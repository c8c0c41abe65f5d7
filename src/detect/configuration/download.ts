/** Whether a command downloads, from where, and where it puts what it gets. */

import type { Command } from '../../indicator/shell.ts';
import { withoutBox } from '../../indicator/shell-output.ts';
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
  const words = withoutBox(command.words);
  const name = programName(words[0]);
  const args = words.slice(1);
  const special = specials.get(name)?.(args);
  if (special !== undefined)
    return { insecure: false, ...special, output: redirected(command) ?? special.output };
  const device = command.redirects.find(
    (one) => one.operator === '<' && networkDevice.test(one.target),
  )?.target;
  if (device !== undefined) return { urls: [deviceUrl(device)], output: '-', insecure: false };
  const tool = tools.get(name);
  // A look at the headers alone brings nothing.
  if (tool === undefined || args.some((arg) => /^(?:--spider|--head|-I|-[a-z]{0,4}I)$/.test(arg)))
    return undefined;
  const urls = urlsOf(args, tool);
  if (urls.length === 0) return undefined;
  const insecure = args.some(
    (arg) => arg === '--insecure' || arg === '--no-check-certificate' || isShort(arg, 'k'),
  );
  return {
    urls,
    output: redirected(command) ?? outputOf(args, urls, tool),
    insecure: tool.flagK ? insecure : args.includes('--no-check-certificate'),
  };
}

/** Whether a program downloads when it is told from where. */
export function isDownloader(words: readonly string[]): boolean {
  return tools.has(programName(withoutBox(words)[0]));
}

/** `deno run URL`, `pip install http://…`: the program itself is named by its address. */
export function namedByAddress(
  all: readonly string[],
): { readonly urls: readonly string[]; readonly installed: boolean } | undefined {
  const words = withoutBox(all);
  const name = programName(words[0]);
  const installed = /^pip[\d.]*$/.test(name) && words.includes('install');
  if (!installed && !(/^(?:deno|bun)$/.test(name) && words.includes('run'))) return undefined;
  const urls = words
    .slice(1, 50)
    .filter((word, at) => /^(?:https?|ftp):\/\//.test(word) && !indexOptions.has(words[at] ?? ''));
  return urls.length === 0 ? undefined : { urls, installed };
}

/** Options of pip whose address is an index, where packages have sums. */
const indexOptions = new Set(['-i', '--index-url', '--extra-index-url', '-f', '--find-links', '--proxy']);

function redirected({ redirects }: Pick<Command, 'redirects'>): string | undefined {
  return redirects.find(
    (one) => (one.operator === '>' || one.operator === '>>') && one.target !== '/dev/null',
  )?.target;
}

/** `</dev/tcp/HOST/PORT` of bash. */
const networkDevice = /^\/dev\/(?:tcp|udp)\/[^/]{1,255}\/./;

function deviceUrl(device: string): string {
  const [host = '', port = ''] = device.split('/').slice(3);
  return `tcp://${host}:${port}`;
}

interface Tool {
  /** Short option that names the output file. */
  readonly output: string;
  /** Short option that names the folder of the output file, with its dash; or empty. */
  readonly folder: string;
  /** Writes to a file named after the URL unless told otherwise. */
  readonly toFile: boolean;
  /** Short options (without dash) that take the next word. */
  readonly valued: string;
  /** Whether `-k` means insecure. */
  readonly flagK: boolean;
}

/** Source: the manual pages of curl 8 and wget 1.24, 2026-11. */
const tools: ReadonlyMap<string, Tool> = new Map([
  ['curl', { output: 'o', folder: '', toFile: false, valued: 'AbcCdDeEFHKmoPQrtTuUwxXYyz', flagK: true }],
  ['wget', { output: 'O', folder: '-P', toFile: true, valued: 'aABDeiIlLoOPQRtTUwX', flagK: false }],
  ['wget2', { output: 'O', folder: '-P', toFile: true, valued: 'OoPtTU', flagK: false }],
  ['aria2c', { output: 'o', folder: '-d', toFile: true, valued: 'odxsj', flagK: false }],
  ['axel', { output: 'o', folder: '', toFile: true, valued: 'on', flagK: false }],
  ['fetch', { output: 'o', folder: '', toFile: true, valued: 'o', flagK: false }],
  ['lynx', { output: '', folder: '', toFile: false, valued: '', flagK: false }],
  ['GET', { output: '', folder: '', toFile: false, valued: '', flagK: false }],
  ['lwp-download', { output: '', folder: '', toFile: true, valued: '', flagK: false }],
  ['lwp-request', { output: '', folder: '', toFile: false, valued: 'm', flagK: false }],
]);

type Special = Pick<Download, 'urls' | 'output'>;

/** Programs that are told where to fetch from in ways of their own. Source: their manual pages, 2026-11. */
const specials: ReadonlyMap<string, (args: readonly string[]) => Special | undefined> = new Map([
  ...['nc', 'ncat', 'netcat'].map((name) => [name, fromHost] as const),
  ...['dig', 'host', 'nslookup', 'drill'].map((name) => [name, fromNames] as const),
  ['tftp', fromTftp],
  ['ftpget', (args: readonly string[]) => fromFtp(args)],
  ['scp', fromCopy],
  ['rsync', fromCopy],
  ['aws', (args: readonly string[]) => fromStore(args, 's3')],
  ['gsutil', (args: readonly string[]) => fromStore(args, 'gs')],
]);

/** What the host sends: `nc HOST PORT`. */
function fromHost(args: readonly string[]): Special | undefined {
  const host = args.find((arg) => !arg.startsWith('-'));
  return host === undefined ? undefined : { urls: [host], output: '-' };
}

/** `dig +short TXT NAME`: text that whoever owns the name puts there. */
function fromNames(args: readonly string[]): Special | undefined {
  if (!args.some((arg) => /^(?:-t|-type=|-q=)?txt$/i.test(arg))) return undefined;
  const name = args.find((arg) => /^[\w-][\w.-]{0,250}\.[A-Za-z]{2,63}\.?$/.test(arg));
  return name === undefined ? undefined : { urls: [name], output: '-' };
}

/** `tftp -g -r FILE [-l LOCAL] HOST`, `tftp HOST -c get FILE [LOCAL]`. */
function fromTftp(args: readonly string[]): Special | undefined {
  const get = args.indexOf('get');
  const remote = get < 0 ? optionValue(args, '-r') : args[get + 1];
  const rest = args.filter(
    (arg, at) => !arg.startsWith('-') && !['-r', '-l', '-b'].includes(args[at - 1] ?? ''),
  );
  const host = get < 0 ? rest[0] : args.find((arg) => !arg.startsWith('-'));
  if (remote === undefined || host === undefined || (get < 0 && !args.some((arg) => /^-[a-z]*g/.test(arg))))
    return undefined;
  const local = optionValue(args, '-l') ?? (get < 0 ? undefined : args[get + 2]);
  return { urls: [`tftp://${host}/${remote}`], output: local ?? lastPart(remote) };
}

/** `ftpget [-u USER] [-p PASSWORD] [-P PORT] HOST [LOCAL] REMOTE`. */
function fromFtp(args: readonly string[]): Special | undefined {
  const [host, local, remote] = args.filter(
    (arg, at) => !arg.startsWith('-') && !['-u', '-p', '-P'].includes(args[at - 1] ?? ''),
  );
  if (host === undefined || local === undefined) return undefined;
  return { urls: [`ftp://${host}/${remote ?? local}`], output: local };
}

/** `scp USER@HOST:/FILE /LOCAL`. */
function fromCopy(args: readonly string[]): Special | undefined {
  const remote = args.find(
    (arg) => /^(?:[\w.-]{1,64}@)?[\w.-]{1,253}:[^:]/.test(arg) && !arg.includes('://'),
  );
  const local = args.at(-1);
  if (remote === undefined || local === undefined || local === remote) return undefined;
  const host = remote.slice(remote.indexOf('@') + 1).split(':', 1)[0] ?? '';
  return { urls: [`ssh://${host}/`], output: into(local, remote) };
}

/** `aws s3 cp s3://BUCKET/FILE LOCAL`, `gsutil cp gs://BUCKET/FILE LOCAL`. */
function fromStore(args: readonly string[], scheme: string): Special | undefined {
  const copy = args.findIndex((arg) => arg === 'cp' || arg === 'cat');
  const remote = args.find((arg, at) => at > copy && arg.startsWith(`${scheme}://`));
  if (copy < 0 || remote === undefined) return undefined;
  const local = args.slice(args.indexOf(remote) + 1).find((arg) => arg === '-' || !arg.startsWith('-'));
  const url = args.includes('--no-sign-request') ? `https://${remote.slice(scheme.length + 3)}` : remote;
  return { urls: [url], output: local === undefined ? '-' : into(local, remote) };
}

/** A copy's place: below a folder under the name that it had. */
function into(local: string, remote: string): string {
  return local.endsWith('/') || local === '.' ? `${local === '.' ? '' : local}${lastPart(remote)}` : local;
}

function optionValue(args: readonly string[], option: string): string | undefined {
  const at = args.indexOf(option);
  return at < 0 ? undefined : args[at + 1];
}

function urlsOf(args: readonly string[], tool: Tool): readonly string[] {
  const urls: string[] = [];
  for (let at = 0; at < args.length; at++) {
    const arg = args[at] ?? '';
    const url = arg.startsWith('--url=') ? arg.slice(6) : arg;
    if (url.startsWith('-')) {
      if (takesNext(arg, tool)) at++;
    } else if (
      (url.includes('://') && !/^[\w.-]{0,64}=/.test(url)) ||
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
  (
    '--output --header --data --user --user-agent --referer --cookie --proxy --output-document --directory-prefix ' +
    '--cacert --output-dir --post-data --socks5 --socks5-hostname --connect-timeout --max-time --retry'
  ).split(' '),
);

function outputOf(args: readonly string[], urls: readonly string[], tool: Tool): string {
  const folder = folderOf(args, tool);
  for (let at = 0; at < args.length; at++) {
    const arg = args[at] ?? '';
    const next = args[at + 1] ?? '';
    const long = /^--(?:output|output-document|out)(?:=(.*))?$/s.exec(arg);
    if (long) return inFolder(folder, long[1] ?? next);
    if (tool.output === '' || arg.startsWith('--') || !arg.startsWith('-')) continue;
    const letter = arg.indexOf(tool.output);
    const before = [...arg.slice(1, Math.max(1, letter))];
    if (letter > 0 && !before.some((one) => tool.valued.includes(one)))
      return inFolder(folder, arg.slice(letter + 1) || next);
  }
  const named = tool.toFile || args.some((arg) => isShort(arg, 'O') || arg === '--remote-name');
  return named ? inFolder(folder, lastPart(urls[0] ?? '')) : '-';
}

/** `-P DIR`, `-PDIR` of wget, `--output-dir DIR` of curl, `-d DIR` of aria2c. */
function folderOf(args: readonly string[], tool: Tool): string {
  for (const [at, arg] of args.entries()) {
    const long = /^--(?:directory-prefix|output-dir|dir)(?:=(.*))?$/s.exec(arg);
    if (long) return long[1] ?? args[at + 1] ?? '';
    if (tool.folder !== '' && arg.startsWith(tool.folder)) return arg.slice(2) || (args[at + 1] ?? '');
  }
  return '';
}

function inFolder(folder: string, name: string): string {
  return folder === '' || name.startsWith('/') || name === '-'
    ? name
    : `${folder.replace(/\/$/, '')}/${name}`;
}

/** Among the letters of a short option group, such as `k` in `-fsSLk`. */
function isShort(arg: string, letter: string): boolean {
  return /^-[A-Za-z0-9#]{1,16}$/.test(arg) && arg.includes(letter);
}

/** Empty where the address stands in a variable. */
function lastPart(url: string): string {
  if (/^\$\{?\w+\}?$/.test(url)) return '';
  const path = url.split(/[?#]/, 1)[0] ?? '';
  return path.slice(path.lastIndexOf('/') + 1);
}
