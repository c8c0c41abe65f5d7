/**
 * Operations on a variable's value that take letters out or exchange them, by which a word is kept from being
 * found: `${a:1:4}`, `${a/X/}`, `${a#x}`, `${a%x}`, `${a,,}`. Patterns are followed where they are plain text.
 */

/**
 * @param operation what stands behind the name: `:1:4` of `${a:1:4}`
 * @returns the word's part, or `undefined` where that cannot be told
 */
export function parameterValue(value: string | undefined, operation: string): string | undefined {
  if (operation === '' || operation === '@Q') return value;
  const fallback = /^:?[-=]/.exec(operation)?.[0];
  if (fallback !== undefined) return value || operation.slice(fallback.length);
  if (value === undefined) return undefined;
  if (/^:?\+/.test(operation)) return value === '' ? '' : operation.slice(operation.indexOf('+') + 1);
  const slice = /^:(\d{1,5}| -\d{1,5})(?::(-?\d{1,5}))?$/.exec(operation);
  if (slice !== null)
    return part(value, Number(slice[1]), slice[2] === undefined ? undefined : Number(slice[2]));
  if (operation === ',,') return value.toLowerCase();
  if (operation === '^^') return value.toUpperCase();
  return exchanged(value, operation);
}

function part(value: string, start: number, length: number | undefined): string {
  const from = start < 0 ? Math.max(0, value.length + start) : start;
  if (length === undefined) return value.slice(from);
  return length < 0 ? value.slice(from, length) : value.slice(from, from + length);
}

function exchanged(value: string, operation: string): string | undefined {
  const [, operator = '', rest = ''] = /^(\/\/|\/|##|#|%%|%)(.*)$/s.exec(operation) ?? [];
  if (operator === '') return undefined;
  const [pattern = '', replacement = ''] = operator.startsWith('/') ? divided(rest) : [rest];
  if (pattern === '' || /[*?[\]$`]/.test(pattern + replacement)) return undefined;
  switch (operator) {
    case '//':
      return value.replaceAll(pattern, () => replacement);
    case '/':
      return value.replace(pattern, () => replacement);
    case '#':
    case '##':
      return value.startsWith(pattern) ? value.slice(pattern.length) : value;
    default:
      return value.endsWith(pattern) ? value.slice(0, -pattern.length) : value;
  }
}

function divided(rest: string): readonly [string, string] {
  const slash = rest.indexOf('/');
  return slash < 0 ? [rest, ''] : [rest.slice(0, slash), rest.slice(slash + 1)];
}
