/** dd: what is copied is bounded, what is only counted is not. */
import { FileError } from '../../files/node.ts';
import { maxFile } from '../../files/view.ts';
import type { Input, Run } from '../../program.ts';
import { now } from '../../world.ts';
import { misuse } from '../options.ts';
import { quoteAlways, quoteWord } from '../quote.ts';
import { humanSize, parseSize } from '../size.ts';
import { openInput } from '../streams.ts';
import { complain, type Flavour, fault, reasonOf, type Tool } from '../tool.ts';

interface Copy {
  readonly from: string | undefined;
  readonly to: string | undefined;
  readonly blockSize: number;
  readonly count: number;
  readonly skip: number;
  readonly seek: number;
  readonly conversions: readonly string[];
  readonly isQuiet: boolean;
}

/** Bytes a second of the disk that the servers have, for what is counted and not made. */
const speed = 210_000_000;

export const dd: Tool = async (run, flavour) => {
  const copy = planOf(run, flavour);
  const started = now(run.world);
  let input: Input;
  try {
    input = openInput(run, copy.from ?? '-');
  } catch (error) {
    throw flavour === 'gnu'
      ? fault(run, `failed to open ${quoteAlways(copy.from!)}: ${reasonOf(error)}`)
      : fault(run, `can't open '${copy.from}': ${reasonOf(error)}`);
  }
  const from =
    copy.from === undefined || !run.files.exists(copy.from) ? undefined : run.files.stat(copy.from);
  const isZero = from?.kind === 'file' && from.device?.major === 1 && from.device.minor === 5;
  const to = copy.to === undefined || !run.files.exists(copy.to) ? undefined : run.files.stat(copy.to);
  const isSwallowed = to?.kind === 'file' && (to.device !== undefined || to.isControl === true);
  if (isZero && isSwallowed && Number.isFinite(copy.count)) {
    const bytes = copy.count * copy.blockSize;
    await run.sleep(Math.min(60_000, (bytes / speed) * 1000));
    return report(run, flavour, copy, bytes, started);
  }
  return copied(run, flavour, copy, input, started);
};

function planOf(run: Run, flavour: Flavour): Copy {
  const given = new Map<string, string>();
  for (const operand of run.args.slice(1)) {
    const [name = '', ...rest] = operand.split('=');
    if (
      !/^(if|of|bs|ibs|obs|cbs|count|skip|seek|iseek|oseek|conv|iflag|oflag|status)$/.test(name) ||
      rest.length === 0
    )
      throw misuse(
        run,
        flavour,
        {},
        flavour === 'gnu' ? `unrecognized operand ${quoteWord(run, operand)}` : '',
      );
    given.set(name, rest.join('='));
  }
  const size = (name: string, otherwise: number): number => {
    const text = given.get(name);
    if (text === undefined) return otherwise;
    const parts = text.split('x').map(parseSize);
    if (parts.some((part) => part === undefined)) throw fault(run, `invalid number: ${quoteWord(run, text)}`);
    return parts.reduce((product: number, part) => product * part!, 1);
  };
  const blockSize = size('bs', size('ibs', 512));
  if (blockSize === 0) throw fault(run, `invalid number: ${quoteWord(run, given.get('bs') ?? '0')}`);
  return {
    from: given.get('if'),
    to: given.get('of'),
    blockSize,
    count: size('count', Number.POSITIVE_INFINITY),
    skip: size('skip', size('iseek', 0)),
    seek: size('seek', size('oseek', 0)),
    conversions: (given.get('conv') ?? '').split(','),
    isQuiet: given.get('status') === 'none',
  };
}

async function copied(
  run: Run,
  flavour: Flavour,
  copy: Copy,
  input: Input,
  started: number,
): Promise<number> {
  const { blockSize, to } = copy;
  let toSkip = copy.skip * blockSize;
  let left = copy.count * blockSize;
  let total = 0;
  const parts: Uint8Array[] = [];
  const isFile = to !== undefined;
  // The file is there, and empty, before the first byte is read.
  if (isFile && !(await opened(run, flavour, copy))) return 1;
  while (left > 0) {
    let part = await input.read();
    if (part === undefined) break;
    const skipped = Math.min(toSkip, part.length);
    toSkip -= skipped;
    part = part.subarray(skipped, skipped + Math.min(left, part.length - skipped));
    if (part.length === 0) continue;
    left -= part.length;
    total += part.length;
    await run.work(1 + (part.length >> 10));
    const made = converted(part, copy.conversions);
    if (!isFile) await run.stdout.write(made);
    else {
      parts.push(made);
      if (total > maxFile + copy.seek * blockSize) {
        await complain(run, `error writing ${quoteAlways(to)}: No space left on device`);
        await report(run, flavour, copy, total, started);
        return 1;
      }
    }
  }
  if (isFile) {
    try {
      write(run, copy, Buffer.concat(parts));
    } catch (error) {
      await complain(run, `error writing ${quoteAlways(to)}: ${reasonOf(error)}`);
      return 1;
    }
  }
  return report(run, flavour, copy, total, started);
}

async function opened(run: Run, flavour: Flavour, { to = '', conversions, seek }: Copy): Promise<boolean> {
  try {
    if (run.files.exists(to) && run.files.stat(to).kind === 'directory') throw new FileError('EISDIR');
    if (!run.files.exists(to)) run.files.write(to, new Uint8Array(), { now: now(run.world) });
    else if (!conversions.includes('notrunc') && seek === 0)
      run.files.write(to, new Uint8Array(), { now: now(run.world) });
    return true;
  } catch (error) {
    const reason = reasonOf(error);
    await complain(
      run,
      flavour === 'gnu' ? `failed to open ${quoteAlways(to)}: ${reason}` : `can't open '${to}': ${reason}`,
    );
    return false;
  }
}

function write(run: Run, { to = '', blockSize, seek, conversions }: Copy, content: Uint8Array): void {
  const at = seek * blockSize;
  const before = run.files.read(to);
  if (at + content.length > maxFile) throw new FileError('ENOSPC');
  const keptEnd = conversions.includes('notrunc') ? before.length : 0;
  const all = Buffer.alloc(Math.max(at + content.length, keptEnd));
  all.set(before.subarray(0, conversions.includes('notrunc') ? before.length : at));
  all.set(content, at);
  run.files.write(to, all, { now: now(run.world) });
}

function converted(part: Uint8Array, conversions: readonly string[]): Uint8Array {
  if (conversions.includes('ucase'))
    return Buffer.from(
      Buffer.from(part)
        .toString('latin1')
        .replace(/[a-z]/g, (char) => char.toUpperCase()),
      'latin1',
    );
  if (conversions.includes('lcase'))
    return Buffer.from(
      Buffer.from(part)
        .toString('latin1')
        .replace(/[A-Z]/g, (char) => char.toLowerCase()),
      'latin1',
    );
  return part;
}

async function report(
  run: Run,
  flavour: Flavour,
  copy: Copy,
  bytes: number,
  started: number,
): Promise<number> {
  if (copy.isQuiet) return 0;
  const { blockSize } = copy;
  const [whole, part] = [Math.floor(bytes / blockSize), bytes % blockSize > 0 ? 1 : 0];
  const records = `${whole}+${part} records in\n${whole}+${part} records out\n`;
  if (flavour === 'busybox') {
    const seconds = Math.max(0.000_05, (now(run.world) - started) / 1000);
    const rate = `${humanSize(Math.round(bytes / seconds))}B/s`;
    await run.stderr.write(
      `${records}${bytes} bytes (${humanSize(bytes)}B) copied, ${seconds.toFixed(6)} seconds, ${rate}\n`,
    );
    return 0;
  }
  const seconds = Math.max(0.000_1, (now(run.world) - started) / 1000 + bytes / (speed * 9));
  const sizes = [1000, 1024].map((base) => scaled(bytes, base as 1000 | 1024));
  const inUnits = bytes >= 1024 ? ` (${sizes[0]}, ${sizes[1]})` : bytes >= 1000 ? ` (${sizes[0]})` : '';
  const counted = `${bytes} byte${bytes === 1 ? '' : 's'}${inUnits}`;
  await run.stderr.write(
    `${records}${counted} copied, ${Number(seconds.toPrecision(6))} s, ${scaled(bytes / seconds, 1000)}/s\n`,
  );
  return 0;
}

/** `1.0 kB`, `977 KiB`. */
function scaled(bytes: number, base: 1000 | 1024): string {
  let value = bytes;
  let power = 0;
  while (value >= base && power < 5) {
    value /= base;
    power += 1;
  }
  const letters = base === 1000 ? ['', 'k', 'M', 'G', 'T', 'P'] : ['', 'Ki', 'Mi', 'Gi', 'Ti', 'Pi'];
  const text = value < 9.95 && power > 0 ? value.toFixed(1) : `${Math.round(value)}`;
  return `${text} ${letters[power]}B`;
}
