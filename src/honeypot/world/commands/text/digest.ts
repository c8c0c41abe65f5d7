/** md5sum and its kin, cksum and sum. */
import { createHash } from 'node:crypto';
import type { Run } from '../../program.ts';
import { optionsOf } from '../options.ts';
import { complainOfFile, openInput, readAll } from '../streams.ts';
import { complain, type Flavour, latin, type Tool } from '../tool.ts';

/** @param algorithm as OpenSSL calls it */
function digest(algorithm: string): Tool {
  return async (run, flavour) => {
    const options = optionsOf(run, flavour, {
      short: 'bctwz',
      long: {
        binary: 'b',
        check: 'c',
        text: 't',
        tag: 'tag',
        quiet: 'quiet',
        status: 'status',
        warn: 'w',
        zero: 'z',
        'ignore-missing': 'ignore',
        strict: 'strict',
      },
    });
    const paths = options.operands.length === 0 ? ['-'] : options.operands;
    let exitCode = 0;
    for (const path of paths) {
      if (options.has('c')) {
        exitCode = Math.max(
          exitCode,
          await check(run, flavour, algorithm, path, options.has('status'), options.has('quiet', 'status')),
        );
        continue;
      }
      const hash = await hashOf(run, flavour, algorithm, path);
      if (hash === undefined) exitCode = 1;
      else if (options.has('tag')) await run.stdout.write(`${algorithm.toUpperCase()} (${path}) = ${hash}\n`);
      else await run.stdout.write(`${hash} ${options.has('b') && flavour === 'gnu' ? '*' : ' '}${path}\n`);
    }
    return exitCode;
  };
}

export const md5sum = digest('md5');
export const sha1sum = digest('sha1');
export const sha224sum = digest('sha224');
export const sha256sum = digest('sha256');
export const sha384sum = digest('sha384');
export const sha512sum = digest('sha512');

async function hashOf(
  run: Run,
  flavour: Flavour,
  algorithm: string,
  path: string,
): Promise<string | undefined> {
  try {
    const hash = createHash(algorithm);
    const input = openInput(run, path);
    for (;;) {
      const part = await input.read();
      if (part === undefined) return hash.digest('hex');
      await run.work(1 + (part.length >> 8));
      hash.update(part);
    }
  } catch (error) {
    await complainOfFile(run, flavour, path, error);
    return undefined;
  }
}

async function check(
  run: Run,
  flavour: Flavour,
  algorithm: string,
  list: string,
  isSilent: boolean,
  isQuiet: boolean,
): Promise<number> {
  const text = latin(await readAll(run, openInput(run, list)));
  let failed = 0;
  let unreadable = 0;
  let lines = 0;
  for (const line of text.split('\n')) {
    const match = /^([0-9a-fA-F]{32,128}) [ *](.+)$/.exec(line);
    if (match === null) continue;
    const [, wanted = '', path = ''] = match;
    lines += 1;
    const hash = await hashOf(run, flavour, algorithm, path);
    if (hash === undefined) unreadable += 1;
    else if (hash !== wanted.toLowerCase()) failed += 1;
    const said = hash === undefined ? 'FAILED open or read' : hash === wanted.toLowerCase() ? 'OK' : 'FAILED';
    if (!isSilent && !(isQuiet && said === 'OK')) await run.stdout.write(`${path}: ${said}\n`);
  }
  if (lines === 0) {
    await complain(
      run,
      `${list === '-' ? "'standard input'" : list}: no properly formatted checksum lines found`,
    );
    return 1;
  }
  const warn = async (count: number, what: string): Promise<void> => {
    if (count > 0 && !isSilent) await complain(run, `WARNING: ${count} ${what}`);
  };
  await warn(unreadable, `listed file${unreadable === 1 ? '' : 's'} could not be read`);
  await warn(failed, `computed checksum${failed === 1 ? '' : 's'} did NOT match`);
  return failed + unreadable > 0 ? 1 : 0;
}

/** CRC of POSIX. */
export const cksum: Tool = async (run, flavour) => {
  const { operands } = optionsOf(run, flavour, { short: '' });
  let exitCode = 0;
  for (const path of operands.length === 0 ? [undefined] : operands) {
    try {
      const content = await readAll(run, openInput(run, path ?? '-'));
      await run.work(1 + (content.length >> 6));
      await run.stdout.write(
        `${posixCrc(content)} ${content.length}${path === undefined ? '' : ` ${path}`}\n`,
      );
    } catch (error) {
      exitCode = 1;
      await complainOfFile(run, flavour, path ?? '-', error);
    }
  }
  return exitCode;
};

const polynomial = 0x04c11db7;
const crcTable = Uint32Array.from({ length: 256 }, (_, byte) => {
  let crc = byte << 24;
  for (let bit = 0; bit < 8; bit++) crc = crc & 0x80000000 ? (crc << 1) ^ polynomial : crc << 1;
  return crc >>> 0;
});

function posixCrc(content: Uint8Array): number {
  let crc = 0;
  const add = (byte: number): void => {
    crc = ((crc << 8) ^ crcTable[((crc >>> 24) ^ byte) & 255]!) >>> 0;
  };
  for (const byte of content) add(byte);
  for (let length = content.length; length > 0; length = Math.floor(length / 256)) add(length & 255);
  return ~crc >>> 0;
}

/** Of BSD. */
export const sum: Tool = async (run, flavour) => {
  const { operands } = optionsOf(run, flavour, { short: 'rs' });
  for (const path of operands.length === 0 ? [undefined] : operands) {
    const content = await readAll(run, openInput(run, path ?? '-'));
    let total = 0;
    for (const byte of content) total = (((total >> 1) | ((total & 1) << 15)) + byte) & 0xffff;
    const blocks = Math.ceil(content.length / 1024);
    await run.stdout.write(
      `${`${total}`.padStart(5, '0')} ${`${blocks}`.padStart(5)}${path === undefined ? '' : ` ${path}`}\n`,
    );
  }
  return 0;
};
