/** Writes JSON and times as Go does (encoding/json, time.RFC3339Nano). */

const special = /[<>&\u2028\u2029]|\\(?:[bf]|ud[89a-f][0-9a-f]{2})/;
const specials = /[<>&\u2028\u2029]|\\ud[89a-f][0-9a-f]{2}|\\[\s\S]/g;

/** With a line feed, as `json.Encoder` ends each value. Members stand in the order in which they were set. */
export function goJson(value: unknown): string {
  return `${goJsonText(value)}\n`;
}

export function goJsonText(value: unknown): string {
  const text = JSON.stringify(value);
  return special.test(text) ? text.replace(specials, escaped) : text;
}

function escaped(found: string): string {
  if (found === '\\b') return '\\u0008';
  if (found === '\\f') return '\\u000c';
  if (found.startsWith('\\u') && found.length === 6) return '\ufffd';
  if (found.startsWith('\\')) return found;
  return `\\u${found.charCodeAt(0).toString(16).padStart(4, '0')}`;
}

/** Of a map, whose members Go writes in the order of their names. */
export function sorted<T>(map: Readonly<Record<string, T>>): Record<string, T> {
  return Object.fromEntries(Object.entries(map).sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** What Go's zero time looks like. */
export const neverTime = '0001-01-01T00:00:00Z';

/** A moment with nanoseconds. */
export interface Moment {
  /** Milliseconds since 1970. */
  readonly at: number;
  /** Below the millisecond, 0 to 999,999. */
  readonly nanoseconds: number;
}

export function momentOf(at: number): Moment {
  return { at: Math.floor(at), nanoseconds: Math.floor(Math.random() * 1e6) };
}

/** `2026-11-26T15:10:43.97249799Z`: zeros at the end left out. */
export function goTime({ at, nanoseconds }: Moment): string {
  const whole = new Date(at).toISOString();
  const fraction = `${whole.slice(20, 23)}${String(nanoseconds).padStart(6, '0')}`.replace(/0+$/, '');
  return `${whole.slice(0, 19)}${fraction === '' ? '' : `.${fraction}`}Z`;
}

/** Nanoseconds since 1970, which a number cannot hold. */
export function nanosecondsOf({ at, nanoseconds }: Moment): string {
  return `${at}${String(nanoseconds).padStart(6, '0')}`;
}
