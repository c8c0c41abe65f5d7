/** base64 and base32. */

import { countOf, optionsOf } from '../options.ts';
import { quoteAlways } from '../quote.ts';
import { openInput, readAll } from '../streams.ts';
import { complain, fault, reasonOf, type Tool } from '../tool.ts';

const spec = { short: 'diw:D', long: { decode: 'd', 'ignore-garbage': 'i', 'wrap=': 'w' } };

export const base64: Tool = async (run, flavour) => {
  const options = optionsOf(run, flavour, spec);
  const [path = '-'] = options.operands;
  const width = countOf(
    run,
    flavour,
    options.value('w'),
    76,
    (text) => `invalid wrap size: ${quoteAlways(text)}`,
  );
  let content: Buffer;
  try {
    content = await readAll(run, openInput(run, path));
  } catch (error) {
    throw fault(run, `${path}: ${reasonOf(error)}`);
  }
  await run.work(1 + (content.length >> 8));
  if (!options.has('d', 'D')) {
    await run.stdout.write(wrapped(content.toString('base64'), width));
    return 0;
  }
  const text = content.toString('latin1');
  const clean = text.replace(options.has('i') ? /[^A-Za-z0-9+/=]/g : /\n/g, '');
  const good = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?/.exec(clean)?.[0] ?? '';
  const isWhole = good.length === clean.length;
  // What can be read of a broken group is written too.
  const rest = isWhole ? '' : (/^[A-Za-z0-9+/]{2,3}/.exec(clean.slice(good.length))?.[0] ?? '');
  await run.stdout.write(Buffer.from(good + rest, 'base64'));
  if (isWhole) return 0;
  await complain(run, flavour === 'gnu' ? 'invalid input' : 'truncated input');
  return 1;
};

function wrapped(text: string, width: number): string {
  if (width === 0) return text;
  return text.replace(new RegExp(`.{1,${Math.min(width, 30_000)}}`, 'g'), '$&\n');
}

const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';

export const base32: Tool = async (run, flavour) => {
  const options = optionsOf(run, flavour, spec);
  const width = countOf(
    run,
    flavour,
    options.value('w'),
    76,
    (text) => `invalid wrap size: ${quoteAlways(text)}`,
  );
  const content = await readAll(run, openInput(run, options.operands[0] ?? '-'));
  await run.work(1 + (content.length >> 6));
  if (options.has('d', 'D')) {
    let [bits, size] = [0, 0];
    const out: number[] = [];
    for (const char of content.toString('latin1')) {
      const value = alphabet.indexOf(char);
      if (value < 0) continue;
      bits = ((bits << 5) | value) & 0xffff;
      size += 5;
      if (size < 8) continue;
      size -= 8;
      out.push((bits >> size) & 255);
    }
    await run.stdout.write(Buffer.from(out));
    return 0;
  }
  let text = '';
  let [bits, size] = [0, 0];
  for (const byte of content) {
    bits = ((bits << 8) | byte) & 0xffff;
    size += 8;
    while (size >= 5) {
      size -= 5;
      text += alphabet[(bits >> size) & 31];
    }
  }
  if (size > 0) text += alphabet[(bits << (5 - size)) & 31];
  text = text.padEnd(Math.ceil(text.length / 8) * 8, '=');
  await run.stdout.write(wrapped(text, width));
  return 0;
};
