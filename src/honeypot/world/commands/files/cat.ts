/** cat and tac. */
import { optionsOf } from '../options.ts';
import { inputsOf, linesOf, Out, readAll } from '../streams.ts';
import { bytes, latin, type Tool } from '../tool.ts';

const spec = {
  short: 'AbeEnstTuv',
  long: {
    'show-all': 'A',
    'number-nonblank': 'b',
    'show-ends': 'E',
    number: 'n',
    'squeeze-blank': 's',
    'show-tabs': 'T',
    'show-nonprinting': 'v',
  },
};

export const cat: Tool = async (run, flavour) => {
  const options = optionsOf(run, flavour, spec);
  const isPlain = options.given.every(([name]) => name === 'u');
  const dress = dresser((...names) => options.has(...names));
  let exitCode = 0;
  const fail = (): void => {
    exitCode = 1;
  };
  for await (const { input } of inputsOf(run, flavour, options.operands, fail)) {
    for (;;) {
      const part = await input.read();
      if (part === undefined) break;
      await run.work(1 + (part.length >> 10));
      await run.stdout.write(isPlain ? part : bytes(dress(latin(part))));
    }
  }
  return exitCode;
};

/** Numbers go on from file to file. */
function dresser(has: (...names: string[]) => boolean): (content: string) => string {
  let number = 0;
  let isLineStart = true;
  let wasBlank = false;
  return (content) => {
    let text = '';
    for (const line of content.split(/(?<=\n)/)) {
      const isBlank = line === '\n' && isLineStart;
      if (has('s') && isBlank && wasBlank) continue;
      wasBlank = isBlank;
      if (isLineStart && (has('b') ? !isBlank : has('n'))) {
        number += 1;
        text += `${`${number}`.padStart(6)}\t`;
      }
      isLineStart = line.endsWith('\n');
      const body = isLineStart ? line.slice(0, -1) : line;
      text += shown(body, has('v', 'A', 'e', 't'), has('T', 'A', 't'));
      if (isLineStart) text += has('E', 'A', 'e') ? '$\n' : '\n';
    }
    return text;
  };
}

function shown(text: string, showsControls: boolean, showsTabs: boolean): string {
  const tabs = showsTabs ? text.replaceAll('\t', '^I') : text;
  return showsControls ? tabs.replace(/[^\t\x20-\x7e]/g, visible) : tabs;
}

function visible(character: string): string {
  const code = character.charCodeAt(0);
  if (code >= 128)
    return `M-${/[\x20-\x7e]/.test(String.fromCharCode(code - 128)) ? String.fromCharCode(code - 128) : visible(String.fromCharCode(code - 128))}`;
  return code === 127 ? '^?' : `^${String.fromCharCode(code + 64)}`;
}

/** From the last line to the first. */
export const tac: Tool = async (run, flavour) => {
  const { operands } = optionsOf(run, flavour, { short: '' });
  let exitCode = 0;
  const fail = (): void => {
    exitCode = 1;
  };
  for await (const { input } of inputsOf(run, flavour, operands, fail)) {
    const content = latin(await readAll(run, input));
    const lines = content.split(/(?<=\n)/);
    await run.stdout.write(bytes(lines.reverse().join('')));
  }
  return exitCode;
};

/** Each line turned round. */
export const rev: Tool = async (run, flavour) => {
  const { operands } = optionsOf(run, flavour, { short: '' });
  const out = new Out(run);
  let exitCode = 0;
  const fail = (): void => {
    exitCode = 1;
  };
  for await (const { input } of inputsOf(run, flavour, operands, fail))
    for await (const { lines, isOpen } of linesOf(run, input)) {
      for (const line of lines) await out.add([...line].reverse().join('') + (isOpen ? '' : '\n'));
      await out.flush();
    }
  return exitCode;
};
