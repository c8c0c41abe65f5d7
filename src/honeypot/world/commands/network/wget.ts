/** wget, of GNU 1.21.3 and of busybox 1.36.1. */
import type { Run } from '../../program.ts';
import { now } from '../../world.ts';
import { isThere } from '../files/copy.ts';
import { type Options, optionsOf } from '../options.ts';
import { quoteWord } from '../quote.ts';
import { openInput, readAll } from '../streams.ts';
import { Fault, type Flavour, latin, reasonOf, type Tool } from '../tool.ts';
import { busyboxUsage } from '../usage.ts';
import { transfer } from './transfer.ts';
import { fileNameOf, parseAddress } from './url.ts';
import { busyboxTalk, gnuTalk } from './wget-talk.ts';

const spec = {
  short: 'a:A:B:bcdD:e:EFgG:hHi:I:kKl:Lmn:No:O:pP:qQ:rR:sSt:T:U:vVw:xX:Y:46',
  long: {
    background: 'b',
    quiet: 'q',
    'no-verbose': 'nv',
    verbose: 'v',
    'input-file=': 'i',
    'tries=': 't',
    'output-document=': 'O',
    'no-clobber': 'nc',
    continue: 'c',
    'timeout=': 'T',
    'dns-timeout=': 'x1',
    'connect-timeout=': 'x1',
    'read-timeout=': 'x1',
    'wait=': 'w',
    'directory-prefix=': 'P',
    'user-agent=': 'U',
    'header=': 'header',
    'post-data=': 'post',
    'post-file=': 'post-file',
    'method=': 'method',
    'body-data=': 'post',
    'no-check-certificate': 'k',
    'save-headers': 'save-headers',
    'server-response': 'S',
    spider: 'spider',
    recursive: 'r',
    'level=': 'l',
    'no-parent': 'np',
    'user=': 'user',
    'password=': 'password',
    'http-user=': 'user',
    'http-password=': 'password',
    'ftp-user=': 'user',
    'ftp-password=': 'password',
    'referer=': 'referer',
    'progress=': 'progress',
    'show-progress': 'show-progress',
    'output-file=': 'o',
    'append-output=': 'a',
    'no-proxy': 'x2',
    'no-cache': 'x2',
    'no-dns-cache': 'x2',
    'max-redirect=': 'x1',
    'limit-rate=': 'x1',
    'secure-protocol=': 'x1',
    'content-disposition': 'x2',
    'trust-server-names': 'x2',
    timestamping: 'N',
    'inet4-only': '4',
    'inet6-only': '6',
    'execute=': 'e',
    'retry-connrefused': 'x2',
    'waitretry=': 'x1',
    'quota=': 'Q',
    'no-host-directories': 'nH',
    version: 'V',
  },
  misuse: 2,
  usage: "Usage: wget [OPTION]... [URL]...\n\nTry `wget --help' for more options.\n",
};

/** Addresses of one call. */
const mostAddresses = 50;

export const wget: Tool = async (run, flavour) => {
  const options = optionsOf(run, flavour, spec);
  if (options.has('V')) {
    await run.stdout.write(
      'GNU Wget 1.21.3 built on linux-gnu.\n\n-cares +digest -gpgme +https +ipv6 +iri +large-file -metalink +nls \n+ntlm +opie +psl +ssl/gnutls \n',
    );
    return 0;
  }
  const addresses = [...options.operands, ...(await listed(run, options))].slice(0, mostAddresses);
  if (addresses.length === 0) {
    if (flavour === 'busybox') throw new Fault(busyboxUsage(run, 'wget'), 1);
    throw new Fault(
      "wget: missing URL\nUsage: wget [OPTION]... [URL]...\n\nTry `wget --help' for more options.\n",
      1,
    );
  }
  let exitCode = 0;
  const log = logOf(run, options);
  for (const text of addresses)
    exitCode = Math.max(exitCode, await download(run, flavour, options, text, log));
  return exitCode;
};

export type Log = (text: string) => Promise<void>;

/** Standard error, or the file of `-o`. */
function logOf(run: Run, options: Options): Log {
  const path = options.value('o') ?? options.value('a');
  const isBackground = options.has('b');
  if (path === undefined && !isBackground) return (text) => run.stderr.write(text);
  const file = path ?? 'wget-log';
  return async (text) => {
    try {
      run.files.write(file, Buffer.from(text), { append: true, now: now(run.world) });
    } catch {
      // What cannot be logged is not.
    }
  };
}

async function listed(run: Run, options: Options): Promise<string[]> {
  const path = options.value('i');
  if (path === undefined) return [];
  try {
    return latin(await readAll(run, openInput(run, path)))
      .split('\n')
      .map((line) => line.trim())
      .filter((line) => line !== '');
  } catch (error) {
    throw new Fault(`${path}: ${reasonOf(error)}\nNo URLs found in ${path}.\n`, 1);
  }
}

async function download(
  run: Run,
  flavour: Flavour,
  options: Options,
  text: string,
  log: Log,
): Promise<number> {
  const address = parseAddress(text.trim());
  if (address === undefined || !/^(https?|ftp)$/.test(address.scheme)) {
    if (flavour === 'busybox') throw new Fault(`wget: not an http or ftp url: ${text}\n`, 1);
    await log(
      `${text}: ${address === undefined ? 'Invalid host name' : `Unsupported scheme ${quoteWord(run, address.scheme)}`}.\n`,
    );
    return 1;
  }
  const document = options.value('O');
  const isStdout = document === '-' || document === '/dev/stdout';
  const prefix = options.value('P');
  const name =
    document ?? pathIn(prefix, freeName(run, options, fileNameOf(address) || 'index.html', prefix));
  const isSpider = options.has('spider', 's') && !isStdout;
  const headers = headersOf(options);
  const answer = await transfer(run, {
    tool: 'wget',
    address,
    method:
      options.value('method')?.toUpperCase() ??
      (options.has('post', 'post-file') ? 'POST' : isSpider ? 'HEAD' : 'GET'),
    headers,
    ...(!isStdout && !isSpider && { savedAs: name }),
  });
  const talk = flavour === 'busybox' ? busyboxTalk : gnuTalk;
  return talk(run, options, { address, answer, name, isStdout, isSpider, log });
}

function headersOf(options: Options): Record<string, string> {
  const headers: Record<string, string> = {};
  for (const line of options.values('header')) {
    const colon = line.indexOf(':');
    if (colon > 0) headers[line.slice(0, colon).trim().toLowerCase()] = line.slice(colon + 1).trim();
  }
  return headers;
}

function pathIn(prefix: string | undefined, name: string): string {
  return prefix === undefined ? name : `${prefix.replace(/\/+$/, '') || '/'}/${name}`.replace('//', '/');
}

/** A name that is taken gets a number behind it. */
function freeName(run: Run, options: Options, name: string, prefix: string | undefined): string {
  if (options.has('N', 'c', 'r') || options.has('n')) return name;
  let number = 0;
  while (number < 100 && isThere(run, pathIn(prefix, number === 0 ? name : `${name}.${number}`))) number += 1;
  return number === 0 ? name : `${name}.${number}`;
}
