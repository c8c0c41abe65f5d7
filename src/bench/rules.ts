/**
 * The rule set of the benchmark: our own rules, and variants of them with other strings, 900 in all. The
 * same file goes to every engine. Variants are deterministic: letters and digits are exchanged by a seeded
 * permutation, so that length, alphabet and cost stay those of real rules.
 */
import { readFileSync } from 'node:fs';
import { parseRules } from '../detect/yara/source.ts';

export const benchRules = 900;

/** @param files the shipped rule files */
export function writeBenchRules(files: readonly string[]): string {
  const imports = new Set<string>();
  const rules: string[] = [];
  for (let variant = 0; rules.length < benchRules; variant++) {
    const random = seeded(variant + 1);
    for (const file of files) {
      const { names, body, modules } = takeApart(readFileSync(file, 'utf8'));
      for (const one of modules) imports.add(one);
      for (const text of body) {
        if (rules.length < benchRules)
          rules.push(variant === 0 ? text : variantOf(text, names, variant, random));
      }
    }
  }
  return `${[...imports].join('\n')}\n\n${rules.join('\n\n')}\n`;
}

function takeApart(source: string): {
  names: readonly string[];
  body: readonly string[];
  modules: readonly string[];
} {
  const parsed = parseRules(source);
  return {
    names: parsed.rules.map((one) => one.name),
    body: parsed.rules.map((one) => one.text),
    modules: parsed.imports,
  };
}

function variantOf(text: string, names: readonly string[], variant: number, random: () => number): string {
  let out = text;
  for (const name of names) out = out.replaceAll(new RegExp(`\\b${name}\\b`, 'g'), `${name}_v${variant}`);
  const start = out.indexOf('strings:');
  const end = out.indexOf('condition:', start);
  if (start === -1 || end === -1) return out;
  const strings = out
    .slice(start, end)
    .replace(/= "((?:[^"\\\n]|\\.)*)"/g, (_, body: string) => `= "${exchange(body, random)}"`);
  return out.slice(0, start) + strings + out.slice(end);
}

/** Other letters and digits of the same class; escapes stay. */
function exchange(body: string, random: () => number): string {
  return body.replace(/\\x[0-9a-fA-F]{2}|\\.|[a-z]|[A-Z]|[0-9]/g, (one) => {
    if (one.startsWith('\\')) return one;
    const [first, count] = /[a-z]/.test(one) ? [97, 26] : /[A-Z]/.test(one) ? [65, 26] : [48, 10];
    return String.fromCharCode(first + Math.floor(random() * count));
  });
}

/** mulberry32: small and good enough for test data. */
function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}
