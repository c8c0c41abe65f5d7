/**
 * A rule file taken apart into single rules, so that one bad rule does not take its file with it and rules can
 * be sorted by what they need to see.
 */
import { type Token, tokensOf } from './tokens.ts';

export interface ParsedSource {
  /** `import "elf"` statements, each once. */
  readonly imports: readonly string[];
  /** Files that the source wants included; never followed. */
  readonly includes: readonly string[];
  readonly rules: readonly ParsedRule[];
  /** Rules without an end or nested without measure, and names declared twice. */
  readonly broken: readonly { readonly rule: string; readonly message: string }[];
}

export interface ParsedRule {
  readonly name: string;
  readonly private: boolean;
  readonly global: boolean;
  readonly tags: readonly string[];
  /** The whole rule with its modifiers. */
  readonly text: string;
  /** Where in `text` the braces open; what stands before is the head. */
  readonly body: number;
  /** Of the whole rule; `at` and `end` refer to `text`. */
  readonly tokens: readonly Token[];
}

const modifiers = new Set(['private', 'global']);

/** Linear. @throws WaterguardError `limit` for more than two million tokens */
export function parseRules(source: string): ParsedSource {
  const tokens = tokensOf(source);
  const closers = pairBraces(tokens);
  const imports = new Set<string>();
  const includes: string[] = [];
  const rules = new Map<string, ParsedRule>();
  const broken: { rule: string; message: string }[] = [];
  let at = 0;
  while (at < tokens.length) {
    const word = tokens[at]?.text ?? '';
    const next = tokens[at + 1];
    if (word === 'import' && next?.kind === 'string') {
      imports.add(`import ${next.text}`);
      at += 2;
    } else if (word === 'include' && next?.kind === 'string') {
      includes.push(next.text.slice(1, -1));
      at += 2;
    } else if (beginsRule(tokens, at)) {
      const end = endOfRule(tokens, at, closers);
      if (end === undefined) {
        broken.push({
          rule: nameAt(tokens, at),
          message: 'has no end: a brace, quote or comment is left open',
        });
        at = nextRule(source, tokens, at + 1);
        continue;
      }
      const rule = ruleOf(source, tokens.slice(at, end));
      if (rules.has(rule.name)) broken.push({ rule: rule.name, message: 'is declared twice in its file' });
      else if (isTooDeep(rule.tokens)) broken.push({ rule: rule.name, message: 'is nested too deeply' });
      else rules.set(rule.name, rule);
      at = end;
    } else {
      at++;
    }
  }
  return { imports: [...imports], includes, rules: [...rules.values()], broken };
}

function beginsRule(tokens: readonly Token[], from: number): boolean {
  const at = skipModifiers(tokens, from);
  return tokens[at]?.text === 'rule' && tokens[at + 1]?.kind === 'name';
}

function skipModifiers(tokens: readonly Token[], from: number): number {
  let at = from;
  while (modifiers.has(tokens[at]?.text ?? '')) at++;
  return at;
}

function nameAt(tokens: readonly Token[], from: number): string {
  return tokens[skipModifiers(tokens, from) + 1]?.text ?? '';
}

/** Index behind the brace that closes the rule; `closers` pairs every brace of the file. */
function endOfRule(
  tokens: readonly Token[],
  from: number,
  closers: ReadonlyMap<number, number>,
): number | undefined {
  let brace = skipModifiers(tokens, from) + 2;
  if (tokens[brace]?.text === ':') {
    brace++;
    for (let tags = 0; tags < mostTags && tokens[brace]?.kind === 'name'; tags++) brace++;
  }
  const close = tokens[brace]?.text === '{' ? closers.get(brace) : undefined;
  return close === undefined ? undefined : close + 1;
}

/** A bound that keeps the search for a rule's brace short. */
const mostTags = 64;

/** Each opening brace with the one that closes it; hexadecimal patterns nest inside rules. */
function pairBraces(tokens: readonly Token[]): ReadonlyMap<number, number> {
  const pairs = new Map<number, number>();
  const open: number[] = [];
  for (const [at, token] of tokens.entries()) {
    if (token.kind !== 'sign') continue;
    if (token.text === '{') open.push(at);
    const opener = token.text === '}' ? open.pop() : undefined;
    if (opener !== undefined) pairs.set(opener, at);
  }
  return pairs;
}

/** YARA-X 1.20 runs out of stack, and the process dies, on 100,000 times `not` or `-` (November 2026). */
const deepest = 200;

function isTooDeep(tokens: readonly Token[]): boolean {
  let parentheses = 0;
  let signs = 0;
  for (const { text } of tokens) {
    if (text === '(') parentheses++;
    else if (text === ')') parentheses--;
    else if (text === 'not' || text === 'defined' || text === '-' || text === '~') signs++;
    else signs = 0;
    if (parentheses + signs > deepest) return true;
  }
  return false;
}

/** The next rule that begins its line. */
function nextRule(source: string, tokens: readonly Token[], from: number): number {
  for (let at = from; at < tokens.length; at++) {
    const start = tokens[at]?.at ?? 0;
    if (beginsRule(tokens, at) && (start === 0 || source[start - 1] === '\n')) return at;
  }
  return tokens.length;
}

function ruleOf(source: string, tokens: readonly Token[]): ParsedRule {
  const start = tokens[0]?.at ?? 0;
  const end = tokens.at(-1)?.end ?? start;
  const brace = tokens.findIndex((one) => one.text === '{');
  const head = tokens.slice(0, brace);
  const keyword = skipModifiers(tokens, 0);
  return {
    name: head[keyword + 1]?.text ?? '',
    private: head.some((one, index) => index < keyword && one.text === 'private'),
    global: head.some((one, index) => index < keyword && one.text === 'global'),
    tags: head.slice(keyword + 3).map((one) => one.text),
    text: source.slice(start, end),
    body: (tokens[brace]?.at ?? start) - start,
    tokens: tokens.map((one) => ({ ...one, at: one.at - start, end: one.end - start })),
  };
}

/** Rules as one text again, with those of the imports that they use. */
export function assemble(rules: readonly ParsedRule[], imports: readonly string[]): string {
  const used = imports.filter((statement) => {
    const module = statement.slice(statement.indexOf('"') + 1, -1);
    return rules.some((rule) => rule.tokens.some((one, at) => one.text === module && isMember(rule, at)));
  });
  return [...used, ...rules.map((rule) => rule.text)].join('\n');
}

function isMember(rule: ParsedRule, at: number): boolean {
  return rule.tokens[at + 1]?.text === '.';
}

/** The tokens of one section (`meta`, `strings`, `condition`), without its heading. */
export function section(rule: ParsedRule, name: 'meta' | 'strings' | 'condition'): readonly Token[] {
  const headings = rule.tokens.flatMap((token, index) =>
    sections.has(token.text) && rule.tokens[index + 1]?.text === ':' ? [index] : [],
  );
  const at = headings.find((index) => rule.tokens[index]?.text === name);
  if (at === undefined) return [];
  const next = headings.find((index) => index > at);
  return rule.tokens.slice(at + 2, next ?? rule.tokens.length - 1);
}

const sections = new Set(['meta', 'strings', 'condition', 'variables']);

/** The meta section; numbers and booleans as such, of a repeated key the last. */
export function metaOf(rule: ParsedRule): Readonly<Record<string, string | number | boolean>> {
  const tokens = section(rule, 'meta');
  const meta: Record<string, string | number | boolean> = {};
  for (let at = 0; at + 2 < tokens.length; at++) {
    const value = tokens[at + 2];
    if (tokens[at]?.kind !== 'name' || tokens[at + 1]?.text !== '=' || value === undefined) continue;
    const key = tokens[at]?.text ?? '';
    if (value.kind === 'string') meta[key] = unquoted(value.text);
    else if (value.kind === 'number') meta[key] = Number(value.text);
    else if (value.text === '-') meta[key] = -Number(tokens[at + 3]?.text ?? '0');
    else meta[key] = value.text === 'true';
  }
  return meta;
}

/** @param text with its quotes; unknown escapes stay as written */
function unquoted(text: string): string {
  return text
    .slice(1, -1)
    .replace(/\\(?:x([0-9a-fA-F]{2})|(["\\tnr]))/g, (whole, hex: string, one: string) => {
      if (hex !== undefined) return String.fromCharCode(Number.parseInt(hex, 16));
      return { t: '\t', n: '\n', r: '\r', '"': '"', '\\': '\\' }[one] ?? whole;
    });
}
