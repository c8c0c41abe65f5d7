/** Text as a shell writes it so that it could read it again. */

const needsQuotes = /[\s!"#$&'()*;<=>?[\\\]^`{|}~]|^$/;
const isStrange = /[\0-\x08\x0b-\x1f\x7f\udc80-\udcff]|\n|\t/;

/** `'…'`, or `$'…'` where control characters are in it: `${x@Q}`, `declare -p`. */
export function quoted(text: string): string {
  if (isStrange.test(text)) return dollarQuoted(text);
  return `'${text.replaceAll("'", "'\\''")}'`;
}

/** As `set` prints it: quotes where they are needed. */
export function quotedIfNeeded(text: string): string {
  if (isStrange.test(text)) return dollarQuoted(text);
  return text !== '' && needsQuotes.test(text) ? quoted(text) : text;
}

/** As `set -x` prints it. */
export function quotedWord(text: string): string {
  if (text === '') return "''";
  if (isStrange.test(text)) return dollarQuoted(text);
  return /[\s!"#$&'()*;<>?[\\\]^`{|}~]/.test(text) ? quoted(text) : text;
}

/** With backslashes, as `printf %q` does. */
export function backslashed(text: string): string {
  if (text === '') return "''";
  if (/[\0-\x1f\x7f\udc80-\udcff]/.test(text)) return dollarQuoted(text);
  return text.replace(/[\s!"#$&'()*,;<>?[\\\]^`{|}]|^~/g, '\\$&');
}

/** Between double quotes, as `declare -p` does. */
export function doubleQuoted(text: string): string {
  if (/[\0-\x08\x0b-\x1f\x7f\udc80-\udcff]/.test(text)) return dollarQuoted(text);
  return `"${text.replace(/["\\$`]/g, '\\$&')}"`;
}

const names: Readonly<Record<string, string>> = {
  '\x07': '\\a',
  '\b': '\\b',
  '\x1b': '\\E',
  '\f': '\\f',
  '\n': '\\n',
  '\r': '\\r',
  '\t': '\\t',
  '\v': '\\v',
  '\\': '\\\\',
  "'": "\\'",
};

function dollarQuoted(text: string): string {
  const written = text.replace(/[\0-\x1f\x7f\\'\udc80-\udcff]/g, (char) => {
    const code = char.charCodeAt(0) & 0xff;
    return names[char] ?? `\\${code.toString(8).padStart(3, '0')}`;
  });
  return `$'${written}'`;
}
