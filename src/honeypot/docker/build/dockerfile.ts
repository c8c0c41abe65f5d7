/** Reads a Dockerfile as the classic builder does: lines joined, comments left out, words or JSON behind each instruction. */
import { badRequest } from '../engine/failure.ts';

export interface Instruction {
  readonly name: string;
  /** Everything behind the name, as it is shown. */
  readonly text: string;
  /** Of the JSON form; undefined for the shell form. */
  readonly list: readonly string[] | undefined;
  /** `--from=x` and the like, taken off the text's begin. */
  readonly flags: readonly string[];
}

const known = new Set(
  'ADD ARG CMD COPY ENTRYPOINT ENV EXPOSE FROM HEALTHCHECK LABEL MAINTAINER ONBUILD RUN SHELL STOPSIGNAL USER VOLUME WORKDIR'.split(
    ' ',
  ),
);
const mostInstructions = 200;
const longestLine = 32 << 10;

/** @throws DockerError 400 */
export function parseDockerfile(text: string): Instruction[] {
  const instructions: Instruction[] = [];
  let joiner = '\\';
  let pending = '';
  let begunAt = 0;
  const lines = text.replace(/^\ufeff/, '').split(/\r?\n/);
  for (const [index, line] of lines.entries()) {
    const directive = /^#\s*escape\s*=\s*([\\`])\s*$/i.exec(line);
    if (directive !== null && instructions.length === 0 && pending === '') joiner = directive[1]!;
    if (/^\s*#/.test(line)) continue;
    if (pending === '') {
      if (line.trim() === '') continue;
      begunAt = index + 1;
    }
    const trimmed = line.trimEnd();
    if (trimmed.endsWith(joiner) && index < lines.length - 1) {
      pending += trimmed.slice(0, -1);
      continue;
    }
    instructions.push(instructionOf((pending + line).trim().slice(0, longestLine), begunAt));
    pending = '';
    if (instructions.length > mostInstructions)
      throw badRequest('dockerfile parse error: too many instructions');
  }
  if (pending.trim() !== '') instructions.push(instructionOf(pending.trim(), begunAt));
  if (instructions.length === 0) throw badRequest('the Dockerfile (Dockerfile) cannot be empty');
  return instructions;
}

function instructionOf(line: string, number: number): Instruction {
  const gap = /\s/.exec(line)?.index ?? line.length;
  const name = line.slice(0, gap).toUpperCase();
  if (!known.has(name))
    throw badRequest(`dockerfile parse error line ${number}: unknown instruction: ${name}`);
  let text = line.slice(gap).trim();
  if (text === '' && name !== 'CMD' && name !== 'ENTRYPOINT')
    throw badRequest(`dockerfile parse error line ${number}: ${name} requires at least one argument`);
  const flags: string[] = [];
  for (;;) {
    const flag = /^--[a-z]+(=\S*)?(?=\s|$)/.exec(text)?.[0];
    if (flag === undefined) break;
    flags.push(flag);
    text = text.slice(flag.length).trim();
  }
  return { name, text, list: listOf(text), flags };
}

function listOf(text: string): readonly string[] | undefined {
  if (!text.startsWith('[')) return undefined;
  try {
    const value: unknown = JSON.parse(text);
    return Array.isArray(value) && value.every((one) => typeof one === 'string') ? value : undefined;
  } catch {
    return undefined;
  }
}

/** Words of a line, quotes taken off. */
export function wordsOf(text: string): string[] {
  const words: string[] = [];
  let word = '';
  let hasWord = false;
  let quote = '';
  for (let at = 0; at < text.length; at++) {
    const char = text[at]!;
    if (quote !== '') {
      if (char === quote) quote = '';
      else if (char === '\\' && quote === '"') word += text[++at] ?? '';
      else word += char;
    } else if (char === '"' || char === "'") {
      quote = char;
      hasWord = true;
    } else if (char === '\\') {
      word += text[++at] ?? '';
      hasWord = true;
    } else if (/\s/.test(char)) {
      if (hasWord) words.push(word);
      word = '';
      hasWord = false;
    } else {
      word += char;
      hasWord = true;
    }
  }
  if (hasWord) words.push(word);
  return words;
}

/** `$NAME` and `${NAME}`, `${NAME:-word}` put in. */
export function expand(text: string, variables: ReadonlyMap<string, string>): string {
  return text.replace(
    /\\\$|\$(\w+)|\$\{(\w+)(?::([-+])([^}]*))?\}/g,
    (whole, plain?: string, braced?: string, how?: string, word?: string) => {
      if (whole === '\\$') return '$';
      const value = variables.get(plain ?? braced ?? '') ?? '';
      if (how === '-') return value === '' ? (word ?? '') : value;
      if (how === '+') return value === '' ? '' : (word ?? '');
      return value;
    },
  );
}
