/** tee and split. */
import { now } from '../../world.ts';
import { countOf, optionsOf } from '../options.ts';
import { quoteAlways } from '../quote.ts';
import { parseSize } from '../size.ts';
import { openInput, readAll } from '../streams.ts';
import { bytes, complain, fault, latin, reasonOf, type Tool } from '../tool.ts';

export const tee: Tool = async (run, flavour) => {
  const options = optionsOf(run, flavour, {
    short: 'aip',
    long: { append: 'a', 'ignore-interrupts': 'i', 'output-error=?': 'p' },
  });
  let exitCode = 0;
  const open: string[] = [];
  const fail = async (path: string, error: unknown): Promise<void> => {
    exitCode = 1;
    await complain(run, `${path}: ${reasonOf(error)}`);
  };
  for (const path of options.operands) {
    try {
      run.files.write(path, new Uint8Array(), { append: options.has('a'), now: now(run.world) });
      open.push(path);
    } catch (error) {
      await fail(path, error);
    }
  }
  for (;;) {
    const part = await run.stdin.read();
    if (part === undefined) return exitCode;
    await run.work(1 + (part.length >> 10));
    for (const path of [...open]) {
      try {
        run.files.write(path, part, { append: true, now: now(run.world) });
      } catch (error) {
        open.splice(open.indexOf(path), 1);
        await fail(path, error);
      }
    }
    await run.stdout.write(part);
  }
};

/** Most pieces that are made. */
const mostPieces = 676;

export const split: Tool = async (run, flavour) => {
  const options = optionsOf(run, flavour, {
    short: 'a:b:C:dl:n:',
    long: { 'bytes=': 'b', 'lines=': 'l', 'numeric-suffixes=?': 'd', 'suffix-length=': 'a' },
  });
  const [path = '-', prefix = 'x'] = options.operands;
  let content: string;
  try {
    content = latin(await readAll(run, openInput(run, path)));
  } catch (error) {
    throw fault(run, `cannot open ${quoteAlways(path)} for reading: ${reasonOf(error)}`);
  }
  const size = options.has('b') ? parseSize(options.value('b')!) : undefined;
  const pieces: string[] = [];
  if (size !== undefined && size > 0)
    for (let at = 0; at < content.length && pieces.length < mostPieces; at += size)
      pieces.push(content.slice(at, at + size));
  else {
    const count = Math.max(
      1,
      countOf(run, flavour, options.value('l'), 1000, (text) => `invalid number of lines: '${text}'`),
    );
    const lines = content.split(/(?<=\n)/);
    for (let at = 0; at < lines.length && pieces.length < mostPieces; at += count)
      pieces.push(lines.slice(at, at + count).join(''));
  }
  for (const [index, piece] of pieces.entries()) {
    const suffix = options.has('d')
      ? `${index}`.padStart(2, '0')
      : String.fromCharCode(97 + Math.floor(index / 26), 97 + (index % 26));
    run.files.write(prefix + suffix, bytes(piece), { now: now(run.world) });
  }
  return 0;
};
