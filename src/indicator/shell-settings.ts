/** What a shell that is started finds set: `export X=y; sh -c 'curl $X'`, `X=y sh -c 'curl $X'`. */
import type { Command } from './shell.ts';

/** Variables that one text exports; characters of a value, and of a text that is filled in: a URL, and no script. */
const limits = { variables: 100, value: 256, text: 4096 } as const;

/** @param words of `export` */
export function addExported(words: readonly string[], exported: Map<string, string>): void {
  for (const word of words.slice(1, limits.variables)) {
    const equals = word.indexOf('=');
    if (equals <= 0 || word.length - equals > limits.value || exported.size >= limits.variables) continue;
    exported.set(word.slice(0, equals), word.slice(equals + 1));
  }
}

/** The text of a shell with the variables that it finds set in their places. */
export function withSettings(
  text: string,
  assignments: Command['assignments'],
  exported: ReadonlyMap<string, string>,
): string {
  if (!text.includes('$') || text.length > limits.text) return text;
  return text.replace(
    /\$(?:([A-Za-z_]\w{0,63})|\{([A-Za-z_]\w{0,63})\})/g,
    (whole, plain?: string, braced?: string) => {
      const name = plain ?? braced ?? '';
      const value = assignments[name] ?? exported.get(name);
      return value === undefined || value.length > limits.value ? whole : value;
    },
  );
}
