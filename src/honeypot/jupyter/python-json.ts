/** JSON as Python's `json.dumps` writes it: blanks behind commas and colons, nothing but ASCII. */

/** Deepest nesting; Python's own writer ends at about a thousand. */
const maxDepth = 200;

/** @throws RangeError where it is nested too deep */
export function dumps(value: unknown, depth = 0): string {
  if (depth > maxDepth) throw new RangeError('too deep');
  if (typeof value === 'string') return quoted(value);
  if (Array.isArray(value)) return `[${value.map((one) => dumps(one, depth + 1)).join(', ')}]`;
  if (typeof value === 'object' && value !== null) {
    const pairs = Object.entries(value).flatMap(([name, one]) =>
      one === undefined ? [] : [`${quoted(name)}: ${dumps(one, depth + 1)}`],
    );
    return `{${pairs.join(', ')}}`;
  }
  return JSON.stringify(value) ?? 'null';
}

function quoted(text: string): string {
  return JSON.stringify(text).replace(
    /[\x7f-\uffff]/g,
    (one) => `\\u${one.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}

/** Depth of brackets, those in strings too: what is deeper is not parsed. */
function isDeep(text: string): boolean {
  let depth = 0;
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if (code === 0x5b || code === 0x7b) depth += 1;
    else if (code === 0x5d || code === 0x7d) depth -= 1;
    if (depth > maxDepth) return true;
  }
  return false;
}

/** @returns undefined for what is no JSON */
export function loads(text: string): unknown {
  if (isDeep(text)) return undefined;
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** A moment as Jupyter writes it, `2024-05-03T10:11:12.123456Z`. @param now milliseconds since 1970 */
export function isoTime(now: number): string {
  const micros = String(Math.floor((now % 1) * 1000)).padStart(3, '0');
  return new Date(now).toISOString().replace('Z', `${micros}Z`);
}

/** With the microseconds that a clock of milliseconds lacks. */
export function isoNow(): string {
  return isoTime(Date.now() + (performance.now() % 1));
}
