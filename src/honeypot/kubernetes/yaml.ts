/**
 * As much of YAML as manifests use: block and flow collections, plain, quoted and block scalars, comments. Own code,
 * because it reads what attackers send: it goes over the text once, in bounded depth, and refuses anchors and tags.
 */
import type { Json } from '../cluster/json.ts';

export class YamlFault extends Error {
  constructor(line: number, why: string) {
    super(`line ${line + 1}: ${why}`);
  }
}

interface Line {
  readonly number: number;
  readonly indent: number;
  /** Without indentation and comment. */
  readonly text: string;
}

const maxDepth = 100;
const maxLines = 10_000;

/** @param text the first document of it is read @throws YamlFault */
export function parseYaml(text: string): Json {
  const raw = text.split(/\r?\n/);
  if (raw.length > maxLines) throw new YamlFault(maxLines, 'did not find expected <document end>');
  let at = 0;

  /** The next line that says something; stays there. */
  function peek(): Line | undefined {
    for (; at < raw.length; at++) {
      const line = raw[at]!;
      if (/^(?:---|\.\.\.)(?:\s|$)/.test(line)) {
        if (hasBegun) return undefined;
        continue;
      }
      const body = line.trimStart();
      if (body === '' || body.startsWith('#')) continue;
      const indent = line.length - body.length;
      if (line.slice(0, indent).includes('\t'))
        throw new YamlFault(at, 'found character that cannot start any token');
      return { number: at, indent, text: withoutComment(body) };
    }
    return undefined;
  }

  let hasBegun = false;

  /** Whatever begins on the next line, which is indented at least so far. */
  function block(least: number, depth: number): Json {
    if (depth > maxDepth) throw new YamlFault(at, 'exceeded max depth');
    const first = peek();
    if (first === undefined || first.indent < least) return null;
    hasBegun = true;
    if (isItem(first.text)) return sequence(first.indent, depth);
    if (keyOf(first.text) !== undefined) return mapping(first.indent, depth);
    at += 1;
    return scalar(first.text, first.number, first.indent - 1, depth);
  }

  function sequence(indent: number, depth: number): Json {
    const items: Json[] = [];
    for (
      let line = peek();
      line !== undefined && line.indent === indent && isItem(line.text);
      line = peek()
    ) {
      const rest = line.text.slice(1).trimStart();
      if (rest === '') {
        at += 1;
        items.push(block(indent + 1, depth + 1));
      } else if (isItem(rest) || keyOf(rest) !== undefined) {
        // What stands behind the dash is as if it stood on a line of its own.
        raw[at] = ' '.repeat(indent + line.text.length - rest.length) + rest;
        items.push(block(indent + 1, depth + 1));
      } else {
        at += 1;
        items.push(scalar(rest, line.number, indent, depth));
      }
    }
    return items;
  }

  function mapping(indent: number, depth: number): Json {
    const pairs: [string, Json][] = [];
    for (let line = peek(); line !== undefined && line.indent >= indent; line = peek()) {
      const key = line.indent === indent && !isItem(line.text) ? keyOf(line.text) : undefined;
      if (key === undefined) throw new YamlFault(line.number, 'did not find expected key');
      at += 1;
      const rest = line.text.slice(key.length).trimStart();
      if (rest !== '') pairs.push([key.name, scalar(rest, line.number, indent, depth)]);
      else {
        const next = peek();
        // Items of a list may stand as far out as its key.
        const least = next !== undefined && next.indent === indent && isItem(next.text) ? indent : indent + 1;
        pairs.push([key.name, block(least, depth + 1)]);
      }
    }
    return Object.fromEntries(pairs);
  }

  /** @param indent of what it belongs to */
  function scalar(text: string, number: number, indent: number, depth: number): Json {
    const header = /^([|>])([+-]?)(\d?)$/.exec(text);
    if (header !== null) return blockScalar(header[1] === '>', header[2]!, indent);
    if (/^[&*!]/.test(text)) throw new YamlFault(number, 'unknown anchor or tag');
    if (/^["'[{]/.test(text)) {
      const whole = joined(text, number);
      const flow = new Flow(whole, number);
      const value = flow.value(depth);
      flow.end();
      return value;
    }
    let plain = text;
    for (
      let line = peek();
      line !== undefined && line.indent > indent && keyOf(line.text) === undefined && !isItem(line.text);
      line = peek()
    ) {
      plain += ` ${line.text}`;
      at += 1;
    }
    return plainValue(plain);
  }

  /** Quotes and brackets may be closed on later lines. */
  function joined(text: string, number: number): string {
    const parts = [text];
    let open = openness(text, undefined);
    while (open.depth > 0 || open.quote !== undefined) {
      const line = raw[at];
      if (line === undefined) throw new YamlFault(number, 'found unexpected end of stream');
      at += 1;
      const part = open.quote === undefined ? withoutComment(line.trim()) : line.trim();
      const next = openness(part, open.quote);
      open = { depth: open.depth + next.depth, quote: next.quote };
      parts.push(part);
    }
    return parts.join(' ');
  }

  function blockScalar(isFolded: boolean, chomp: string, outside: number): string {
    const lines: string[] = [];
    let indent = -1;
    for (; at < raw.length; at++) {
      const line = raw[at]!;
      const body = line.trimStart();
      const own = line.length - body.length;
      if (body === '') {
        lines.push('');
        continue;
      }
      if (indent < 0) indent = own;
      if (own <= outside || own < indent) break;
      lines.push(line.slice(indent));
    }
    let trailing = 0;
    while (lines.at(-1) === '') {
      lines.pop();
      trailing += 1;
    }
    const text = isFolded ? lines.join('\n').replace(/([^\n])\n(?=[^\s])/g, '$1 ') : lines.join('\n');
    if (chomp === '-' || text === '') return text;
    return text + (chomp === '+' ? '\n'.repeat(trailing + 1) : '\n');
  }

  return block(0, 0);
}

function isItem(text: string): boolean {
  return text === '-' || text.startsWith('- ');
}

/** `name:` at the beginning of a line. @returns its name, and how many characters it takes with the colon */
function keyOf(text: string): { readonly name: string; readonly length: number } | undefined {
  const quoted = /^(?:"((?:[^"\\]|\\.)*)"|'((?:[^']|'')*)')[ ]*:(?= |$)/.exec(text);
  if (quoted !== null)
    return { name: quoted[1] ?? quoted[2]!.replaceAll("''", "'"), length: quoted[0].length };
  if (/^["'[{#&*!|>%@`]/.test(text)) return undefined;
  const colon = text.endsWith(':') && !text.includes(': ') ? text.length - 1 : text.indexOf(': ');
  return colon > 0 ? { name: text.slice(0, colon).trimEnd(), length: colon + 1 } : undefined;
}

/** A comment begins at a number sign behind a space, outside of quotes. */
function withoutComment(text: string): string {
  if (!text.includes('#')) return text.trimEnd();
  let quote: string | undefined;
  for (let at = 0; at < text.length; at++) {
    const one = text[at]!;
    if (quote !== undefined) {
      if (one === '\\' && quote === '"') at += 1;
      else if (one === quote) quote = undefined;
    } else if ((one === '"' || one === "'") && (at === 0 || /[\s[{,:]/.test(text[at - 1]!))) quote = one;
    else if (one === '#' && (at === 0 || text[at - 1] === ' ')) return text.slice(0, at).trimEnd();
  }
  return text.trimEnd();
}

interface Openness {
  readonly depth: number;
  readonly quote: string | undefined;
}

/** Brackets that a part leaves open, and the quote that it ends in. */
function openness(text: string, inside: string | undefined): Openness {
  let depth = 0;
  let quote = inside;
  for (let at = 0; at < text.length; at++) {
    const one = text[at]!;
    if (quote !== undefined) {
      if (one === '\\' && quote === '"') at += 1;
      else if (one === quote) quote = undefined;
    } else if (one === '"' || one === "'") quote = one;
    else if (one === '[' || one === '{') depth += 1;
    else if (one === ']' || one === '}') depth -= 1;
  }
  return { depth, quote };
}

function plainValue(text: string): Json {
  if (/^(?:~|null|Null|NULL|)$/.test(text)) return null;
  if (/^(?:true|True|TRUE)$/.test(text)) return true;
  if (/^(?:false|False|FALSE)$/.test(text)) return false;
  if (/^[-+]?(?:0|[1-9]\d{0,15})$/.test(text)) return Number(text);
  if (/^0o?[0-7]{1,12}$/.test(text)) return Number.parseInt(text.replace('o', ''), 8);
  if (/^0x[0-9a-fA-F]{1,12}$/.test(text)) return Number(text);
  if (/^[-+]?(?:\d{1,17}\.\d{0,17}|\.\d{1,17})(?:[eE][-+]?\d{1,3})?$/.test(text)) return Number(text);
  return text;
}

/** Collections and quoted texts as they stand in one line. */
class Flow {
  private readonly text: string;
  private readonly line: number;
  private at = 0;

  constructor(text: string, line: number) {
    this.text = text;
    this.line = line;
  }

  value(depth: number): Json {
    if (depth > maxDepth) throw new YamlFault(this.line, 'exceeded max depth');
    this.skip();
    switch (this.text[this.at]) {
      case '[':
        return this.list(depth);
      case '{':
        return this.map(depth);
      case '"':
      case "'":
        return this.quoted();
      default:
        return plainValue(this.plain());
    }
  }

  end(): void {
    this.skip();
    if (this.at < this.text.length) throw new YamlFault(this.line, 'did not find expected key');
  }

  private skip(): void {
    while (this.text[this.at] === ' ') this.at += 1;
  }

  /** @returns whether it was there */
  private take(character: string): boolean {
    this.skip();
    if (this.text[this.at] !== character) return false;
    this.at += 1;
    return true;
  }

  private list(depth: number): Json {
    const items: Json[] = [];
    this.at += 1;
    while (!this.take(']')) {
      if (this.at >= this.text.length) throw new YamlFault(this.line, "did not find expected ',' or ']'");
      items.push(this.value(depth + 1));
      if (!this.take(',')) this.skip();
      if (this.text[this.at] === undefined)
        throw new YamlFault(this.line, "did not find expected ',' or ']'");
    }
    return items;
  }

  private map(depth: number): Json {
    const pairs: [string, Json][] = [];
    this.at += 1;
    while (!this.take('}')) {
      this.skip();
      const first = this.text[this.at];
      if (first === undefined) throw new YamlFault(this.line, "did not find expected ',' or '}'");
      const before = this.at;
      const name = first === '"' || first === "'" ? this.quoted() : this.plain();
      pairs.push([name, this.take(':') ? this.value(depth + 1) : null]);
      this.take(',');
      if (this.at === before) throw new YamlFault(this.line, 'did not find expected key');
    }
    return Object.fromEntries(pairs);
  }

  private plain(): string {
    const from = this.at;
    while (this.at < this.text.length && !/[,[\]{}]/.test(this.text[this.at]!)) {
      const next = this.text[this.at + 1];
      if (this.text[this.at] === ':' && (next === undefined || /[ ,[\]{}]/.test(next))) break;
      this.at += 1;
    }
    if (this.at === from) throw new YamlFault(this.line, 'did not find expected node content');
    return this.text.slice(from, this.at).trim();
  }

  private quoted(): string {
    const quote = this.text[this.at]!;
    let made = '';
    for (this.at += 1; this.at < this.text.length; this.at++) {
      const one = this.text[this.at]!;
      if (one === quote && quote === "'" && this.text[this.at + 1] === "'") {
        made += "'";
        this.at += 1;
      } else if (one === quote) {
        this.at += 1;
        return made;
      } else if (one === '\\' && quote === '"') {
        this.at += 1;
        made += this.escaped();
      } else made += one;
    }
    throw new YamlFault(this.line, 'found unexpected end of stream');
  }

  private escaped(): string {
    const one = this.text[this.at] ?? '';
    const size = { x: 2, u: 4, U: 8 }[one];
    if (size !== undefined) {
      const code = Number.parseInt(this.text.slice(this.at + 1, this.at + 1 + size), 16);
      this.at += size;
      return Number.isNaN(code) || code > 0x10ffff ? '\ufffd' : String.fromCodePoint(code);
    }
    return (
      { n: '\n', t: '\t', r: '\r', '0': '\0', a: '\x07', b: '\b', e: '\x1b', f: '\f', v: '\v' }[one] ?? one
    );
  }
}
