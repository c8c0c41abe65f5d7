/**
 * What a regular expression needs, by the classical way of RE2's prefilter: as long as all texts that a part can match
 * are few, they are spelled out and joined with their neighbours; what is spelled out when that ends is one of the
 * literals that every match contains. What is not understood needs nothing.
 */
import { literalOf, longest } from '../../literals/literal.ts';
import { bestGram } from '../../literals/rarity.ts';
import { all, always, any, literal, type Need, type Numbering } from '../../need.ts';

/** Texts as Latin-1, one character for each byte. */
type Part =
  | { readonly kind: 'exact'; readonly texts: readonly string[] }
  | { readonly kind: 'open'; readonly need: Need };

interface Reader {
  readonly source: string;
  at: number;
  /** Of literals that stand beside each other in a match: one of these. */
  readonly oneOf: (texts: readonly string[]) => Need;
}

/** Spelled out at most; more of them say less and cost more. */
const mostTexts = 32;

const deepest = 20;

/** Longer expressions than anyone writes are searched for everywhere. */
const longestSource = 4096;

const empty: Part = { kind: 'exact', texts: [''] };
const open: Part = { kind: 'open', need: always };

/**
 * @param source between the slashes
 * @param nocase ASCII letters in both cases
 */
export function needOfRegex(source: string, nocase: boolean, number: Numbering): Need {
  if (source.length > longestSource) return always;
  const oneOf = (texts: readonly string[]): Need => {
    const literals = texts.map((text) => literalOf(Buffer.from(text, 'latin1'), nocase));
    const isKnown = literals.every((one) => bestGram(one) !== undefined);
    return isKnown ? any(literals.map((one) => literal(one, number))) : always;
  };
  const reader: Reader = { source, at: 0, oneOf };
  const part = readAlternatives(reader, 0);
  return part === undefined || reader.at < source.length ? always : needOf(part, reader);
}

function needOf(part: Part, { oneOf }: Reader): Need {
  return part.kind === 'open' ? part.need : oneOf(part.texts);
}

/** Up to the closing parenthesis, which is not taken, or the end. @returns undefined for what is not understood */
function readAlternatives(reader: Reader, depth: number): Part | undefined {
  if (depth > deepest) return undefined;
  const parts: Part[] = [];
  for (;;) {
    const part = readSequence(reader, depth);
    if (part === undefined) return undefined;
    parts.push(part);
    if (reader.source[reader.at] !== '|') break;
    reader.at++;
  }
  const [only] = parts;
  if (parts.length === 1 && only !== undefined) return only;
  const texts = parts.flatMap((one) => (one.kind === 'exact' ? one.texts : []));
  const isExact = parts.every((one) => one.kind === 'exact') && texts.length <= mostTexts;
  return isExact
    ? { kind: 'exact', texts }
    : { kind: 'open', need: any(parts.map((one) => needOf(one, reader))) };
}

function readSequence(reader: Reader, depth: number): Part | undefined {
  const needs: Need[] = [];
  let texts: readonly string[] = [''];
  let isExact = true;
  const close = (next: readonly string[]): void => {
    needs.push(reader.oneOf(texts));
    texts = next;
    isExact = false;
  };
  while (reader.at < reader.source.length && !'|)'.includes(reader.source[reader.at] ?? '')) {
    const item = readItem(reader, depth);
    if (item === undefined) return undefined;
    for (const part of repeated(item, readQuantifier(reader))) {
      if (part.kind === 'open') {
        close(['']);
        needs.push(part.need);
        continue;
      }
      const joined = texts.flatMap((before) => part.texts.map((text) => before + text));
      if (joined.length <= mostTexts && joined.every((one) => one.length <= longest)) texts = joined;
      else close(part.texts);
    }
  }
  if (isExact) return { kind: 'exact', texts };
  close(['']);
  return { kind: 'open', need: all(needs) };
}

interface Quantifier {
  readonly least: number;
  /** Infinity where there is no upper bound. */
  readonly most: number;
}

/** An item with its quantifier, as items that stand behind each other. */
function repeated(item: Part, { least, most }: Quantifier): readonly Part[] {
  if (least === 1 && most === 1) return [item];
  if (least > 0) return [item, open];
  if (most === 1 && item.kind === 'exact') return [{ kind: 'exact', texts: ['', ...item.texts] }];
  return [open];
}

function readItem(reader: Reader, depth: number): Part | undefined {
  const { source } = reader;
  const one = source[reader.at] ?? '';
  reader.at++;
  switch (one) {
    case '^':
    case '$':
      return empty;
    case '.':
      return open;
    case '[':
      return readClass(reader);
    case '(':
      return readGroup(reader, depth);
    case '\\':
      return readEscape(reader);
    case '*':
    case '+':
    case '?':
      return undefined;
    default:
      return one.charCodeAt(0) < 0x80 ? { kind: 'exact', texts: [one] } : open;
  }
}

function readGroup(reader: Reader, depth: number): Part | undefined {
  const { source } = reader;
  if (source.startsWith('?:', reader.at)) reader.at += 2;
  else if (source[reader.at] === '?') return undefined;
  const inner = readAlternatives(reader, depth + 1);
  if (inner === undefined || source[reader.at] !== ')') return undefined;
  reader.at++;
  return inner;
}

const controls: Readonly<Record<string, string>> = { n: '\n', r: '\r', t: '\t', f: '\f', v: '\v', a: '\x07' };

/** Behind the backslash. */
function readEscape(reader: Reader): Part | undefined {
  const { source } = reader;
  const one = source[reader.at] ?? '';
  reader.at++;
  if (one === 'x') {
    const [digits] = /^[0-9a-fA-F]{2}/.exec(source.slice(reader.at, reader.at + 2)) ?? [];
    reader.at += 2;
    return digits === undefined
      ? undefined
      : { kind: 'exact', texts: [String.fromCharCode(Number.parseInt(digits, 16))] };
  }
  const control = controls[one];
  if (control !== undefined) return { kind: 'exact', texts: [control] };
  if (/^[dDwWsS]$/.test(one)) return open;
  if (one === 'b' || one === 'B') return empty;
  return isPunctuation(one) ? { kind: 'exact', texts: [one] } : undefined;
}

/** Of a class with few single characters all of them, of another nothing. */
function readClass(reader: Reader): Part | undefined {
  const { source } = reader;
  const start = reader.at;
  if (source[reader.at] === '^') reader.at++;
  if (source[reader.at] === ']') reader.at++;
  for (; reader.at < source.length; reader.at++) {
    // `[[:alpha:]]` and other classes within classes.
    if (source[reader.at] === '[') return undefined;
    if (source[reader.at] === '\\') reader.at++;
    else if (source[reader.at] === ']') {
      const inner = source.slice(start, reader.at).replace('0-9', '0123456789');
      reader.at++;
      const members = inner.match(/\\.|./gs)?.map(membersOf) ?? [];
      const texts = members.flatMap((one) => one ?? []);
      return members.includes(undefined) || texts.length > mostMembers ? open : { kind: 'exact', texts };
    }
  }
  return undefined;
}

const mostMembers = 16;

/** What one member of a class stands for. @returns undefined for what is not a single character */
function membersOf(member: string): readonly string[] | undefined {
  if (member === '\\s') return [...' \t\n\r\f\v'];
  if (member.startsWith('\\')) {
    const one = member.slice(1);
    return controls[one]?.split('') ?? (isPunctuation(one) ? [one] : undefined);
  }
  const isPlain = /^[0-9A-Za-z]$/.test(member) || (isPunctuation(member) && !'^-'.includes(member));
  return isPlain ? [member] : undefined;
}

function isPunctuation(one: string): boolean {
  return /^[ -/:-@[-`{-~]$/.test(one);
}

function readQuantifier(reader: Reader): Quantifier {
  const rest = reader.source.slice(reader.at, reader.at + 24);
  const [whole, sign, low, comma, high] = /^(?:([*+?])|\{(\d*)(,?)(\d*)\})\??/.exec(rest) ?? [];
  if (whole === undefined || whole.startsWith('{}') || whole.startsWith('{,}')) return { least: 1, most: 1 };
  reader.at += whole.length;
  if (sign !== undefined)
    return { least: sign === '+' ? 1 : 0, most: sign === '?' ? 1 : Number.POSITIVE_INFINITY };
  const least = Number(low || 0);
  if (comma === '') return { least, most: least };
  return { least, most: high === '' ? Number.POSITIVE_INFINITY : Number(high) };
}
