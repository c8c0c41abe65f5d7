/** What wget says of a download, and where it leaves it. */
import type { Run } from '../../program.ts';
import { now } from '../../world.ts';
import { isThere } from '../files/copy.ts';
import { makeAll } from '../files/make.ts';
import type { Options } from '../options.ts';
import { quoteWord } from '../quote.ts';
import { formatTime } from '../time.ts';
import { Fault, nameOf, reasonOf } from '../tool.ts';
import type { Answer } from './transfer.ts';
import { type Address, fileNameOf, isIpAddress } from './url.ts';
import type { Log } from './wget.ts';
import { dots } from './wget-progress.ts';

interface Download {
  readonly address: Address;
  readonly answer: Answer;
  readonly name: string;
  readonly isStdout: boolean;
  readonly isSpider: boolean;
  readonly log: Log;
}

/** @returns what went wrong */
async function store(run: Run, { answer, name, isStdout }: Download): Promise<string | undefined> {
  if (answer.kind !== 'answer') return undefined;
  if (isStdout) {
    const { content } = answer;
    const made =
      content instanceof Uint8Array
        ? content
        : typeof content.content === 'function'
          ? content.content()
          : content.content;
    await run.stdout.write(made);
    return undefined;
  }
  try {
    if (name.includes('/')) makeAll(run, name.slice(0, name.lastIndexOf('/')) || '/');
    run.files.write(name, answer.content, { now: now(run.world) });
    return undefined;
  } catch (error) {
    return reasonOf(error);
  }
}

export async function gnuTalk(run: Run, options: Options, download: Download): Promise<number> {
  const { address, answer, name, isStdout, isSpider } = download;
  const isQuiet = options.has('q');
  const isBrief = options.has('nv') || options.values('n').includes('v');
  const log: Log = (text) => (isQuiet || isBrief ? Promise.resolve() : download.log(text));
  const say: Log = (text) => (isQuiet ? Promise.resolve() : download.log(text));
  const { scheme, host, port, path } = address;
  const url = `${scheme}://${host}${(scheme === 'http' && port === 80) || (scheme === 'https' && port === 443) || (scheme === 'ftp' && port === 21) ? '' : `:${port}`}${path}`;
  const stamp = (): string => formatTime('%Y-%m-%d %H:%M:%S', now(run.world));
  if (options.has('b'))
    await run.stdout.write(
      `Continuing in background, pid ${run.pid + 1}.\nOutput will be written to ${quoteWord(run, options.value('o') ?? 'wget-log')}.\n`,
    );
  await log(`--${stamp()}--  ${url}\n`);
  if (!isIpAddress(host))
    await log(
      `Resolving ${host} (${host})... ${answer.kind === 'unresolved' ? 'failed: Name or service not known.' : answer.ip}\n`,
    );
  if (answer.kind === 'unresolved') {
    await say(`${nameOf(run)}: unable to resolve host address ${quoteWord(run, host)}\n`);
    return 4;
  }
  const peer = isIpAddress(host) ? `${host}:${port}` : `${host} (${host})|${answer.ip}|:${port}`;
  if (answer.kind !== 'answer') {
    if (answer.kind === 'empty') {
      await log(
        `Connecting to ${peer}... connected.\nHTTP request sent, awaiting response... No data received.\nGiving up.\n\n`,
      );
      return 4;
    }
    await say(
      `Connecting to ${peer}... failed: Connection ${answer.kind === 'refused' ? 'refused' : 'timed out'}.\n`,
    );
    if (answer.kind === 'timeout') await say('Giving up.\n\n');
    return 4;
  }
  await log(
    `Connecting to ${peer}... connected.\nHTTP request sent, awaiting response... ${answer.status} ${answer.reason}\n`,
  );
  if (options.has('S'))
    await log(
      `  HTTP/1.1 ${answer.status} ${answer.reason}\n${answer.headers.map(([field, value]) => `  ${field}: ${value}\n`).join('')}`,
    );
  if (answer.status >= 400) {
    await say(`${isBrief ? `${url}:\n` : ''}${stamp()} ERROR ${answer.status}: ${answer.reason}.\n\n`);
    return 8;
  }
  const size = answer.content instanceof Uint8Array ? answer.content.length : answer.content.size;
  await log(`Length: ${size}${size >= 1024 ? ` (${shortSize(size)})` : ''} [${answer.type}]\n`);
  if (isSpider) {
    await log('Remote file exists.\n\n');
    return 0;
  }
  const shown = quoteWord(run, isStdout ? 'STDOUT' : name);
  const failure = await store(run, download);
  if (failure !== undefined) {
    await say(`${name}: ${failure}\n\nCannot write to ${quoteWord(run, name)} (${failure}).\n`);
    return 3;
  }
  await log(`Saving to: ${shown}\n\n`);
  const rate = size / Math.max(0.000_1, answer.duration / 1000);
  await log(
    dots(
      size,
      rate,
      run.stderr.isTerminal ? (run.terminal?.columns ?? 80) : undefined,
      isStdout ? '-' : name,
    ),
  );
  const end = isStdout ? 'written to stdout' : 'saved';
  if (isBrief) await say(`${stamp()} URL:${url} [${size}/${size}] -> "${isStdout ? '-' : name}" [1]\n`);
  await log(
    `\n${stamp()} (${speedOf(rate)}) - ${isStdout ? 'written to stdout' : `${shown} ${end}`} [${size}/${size}]\n\n`,
  );
  return 0;
}

/** `1.2K`, `12K`, `3.4M`. */
function shortSize(size: number): string {
  let value = size;
  let power = -1;
  while (value >= 1024 && power < 4) {
    value /= 1024;
    power += 1;
  }
  return `${value < 10 ? value.toFixed(1) : Math.round(value)}${'KMGTP'[power]}`;
}

function speedOf(rate: number): string {
  let value = rate;
  let power = 0;
  while (value >= 1024 && power < 3) {
    value /= 1024;
    power += 1;
  }
  const places = value >= 99.95 ? 0 : value >= 9.995 ? 1 : 2;
  return `${value.toFixed(places)} ${['B', 'KB', 'MB', 'GB'][power]}/s`;
}

export async function busyboxTalk(run: Run, options: Options, download: Download): Promise<number> {
  const { address, answer, name, isStdout, isSpider } = download;
  const isQuiet = options.has('q');
  const log: Log = (text) => (isQuiet ? Promise.resolve() : download.log(text));
  const { host, port, scheme } = address;
  if (answer.kind === 'unresolved') throw new Fault(`wget: bad address '${host}'\n`, 1);
  await log(
    `Connecting to ${host}${port === 80 || (scheme === 'https' && port === 443) ? '' : `:${port}`} (${answer.ip}:${port})\n`,
  );
  if (answer.kind !== 'answer')
    throw new Fault(
      answer.kind === 'empty'
        ? 'wget: error getting response\n'
        : `wget: can't connect to remote host (${answer.ip}): ${answer.kind === 'refused' ? 'Connection refused' : 'Operation timed out'}\n`,
      1,
    );
  if (answer.status >= 400)
    throw new Fault(`wget: server returned error: HTTP/1.1 ${answer.status} ${answer.reason}\n`, 1);
  if (isSpider) {
    await log('remote file exists\n');
    return 0;
  }
  if (
    !isStdout &&
    options.value('O') === undefined &&
    isThere(run, fileNameOf(address) || 'index.html') &&
    !options.has('c')
  ) {
    const taken = fileNameOf(address) || 'index.html';
    throw new Fault(`wget: can't open '${taken}': File exists\n`, 1);
  }
  const failure = await store(run, download);
  if (failure !== undefined) throw new Fault(`wget: can't open '${name}': ${failure}\n`, 1);
  const size = answer.content instanceof Uint8Array ? answer.content.length : answer.content.size;
  const short = isStdout ? '-' : name.slice(name.lastIndexOf('/') + 1);
  const shownSize =
    size < 100_000
      ? `${size}`
      : size < 10_240_000
        ? `${Math.round(size / 1024)}k`
        : `${(size / 1_048_576).toFixed(1)}M`;
  await log(isStdout ? 'writing to stdout\n' : `saving to '${name}'\n`);
  await log(
    `${short.padEnd(20).slice(0, 20)} 100% |${'*'.repeat(32)}| ${shownSize.padStart(5)}  0:00:00 ETA\n`,
  );
  await log(isStdout ? 'written to stdout\n' : `'${name}' saved\n`);
  return 0;
}
