/**
 * JSON from images, registries and docker, read as container engines read it. They are written in Go, whose decoder
 * matches keys without regard to case and takes the last one: `{"entrypoint": …}` starts a program although every
 * specification writes `Entrypoint`. A reader that compares keys exactly would look past it.
 *
 * A document is described by readers in readers. It may be hostile: what a reader does not expect is either refused,
 * by `Misshapen`, or counts as absent, by `otherwise` and the readers of texts that say so.
 */
import { messageOf, WaterguardError } from '../model/error.ts';
import { printable } from '../model/printable.ts';

/**
 * Reads one value; `undefined` where it is absent.
 * @param at its path in the document, for messages: `layers.1.digest`
 * @throws Misshapen
 */
export type Read<Value> = (value: unknown, at: string) => Value;

/** A value that is not what it should be. `parseJson` makes it an error that names the document. */
class Misshapen extends Error {
  readonly at: string;

  constructor(at: string, wanted: string) {
    super(`it is not ${wanted}`);
    this.at = at;
  }
}

/** Parses bytes into what `read` gives.
 *  @param where names the document in messages: `index.json of /tmp/x`
 *  @throws WaterguardError `corrupt` for text that is not JSON, has the wrong shape or is ambiguous */
export function parseJson<Value>(bytes: Buffer, read: Read<Value>, where: string): Value {
  const document = jsonOf(bytes, where);
  try {
    return read(document, '');
  } catch (cause) {
    if (!(cause instanceof Misshapen)) throw cause;
    const at = cause.at === '' ? '' : `${printable(cause.at, 100)}: `;
    throw new WaterguardError(
      'corrupt',
      `${where} does not have the shape that it should: ${at}${cause.message}. Copy or build the image again.`,
    );
  }
}

/** The same of a value that was parsed before; undefined where it is misshapen. */
export function readOrUndefined<Value>(value: unknown, read: Read<Value>): Value | undefined {
  return otherwise(read, undefined)(value, '');
}

function jsonOf(bytes: Buffer, where: string): unknown {
  try {
    return JSON.parse(bytes.toString('utf8'));
  } catch (cause) {
    throw new WaterguardError(
      'corrupt',
      `${where} is not valid JSON (${printable(messageOf(cause), 120)}). Copy or build the image again.`,
      { cause },
    );
  }
}

/**
 * An object whose keys match as in Go's `encoding/json`: in any case, `null` counts as absent, others are ignored.
 * Two spellings of one key are refused, because readers differ in which of them they obey.
 * @throws WaterguardError `corrupt`, through any `otherwise`, for two spellings of one key
 */
export function fields<Fields extends object>(
  shape: {
    readonly [Name in keyof Fields]: Read<Fields[Name]>;
  },
): Read<Fields> {
  const names = new Map(Object.keys(shape).map((name) => [folded(name), name]));
  return (value, at) => {
    const given = valuesByName(recordOf(value, at), names);
    const read = Object.entries<Read<unknown>>(shape).map(([name, one]) => [
      name,
      one(given.get(name), at === '' ? name : `${at}.${name}`),
    ]);
    return Object.fromEntries(read) as Fields;
  };
}

function valuesByName(
  record: Readonly<Record<string, unknown>>,
  names: ReadonlyMap<string, string>,
): ReadonlyMap<string, unknown> {
  const spelt = new Map<string, string>();
  const values = new Map<string, unknown>();
  for (const [key, value] of Object.entries(record)) {
    const name = key.length > 64 ? undefined : names.get(folded(key));
    if (name === undefined || value === null) continue;
    const earlier = spelt.get(name);
    if (earlier !== undefined) throw twoSpellings(earlier, key);
    spelt.set(name, key);
    values.set(name, value);
  }
  return values;
}

/** Simple Unicode folding: the Kelvin sign is a `k`, the long s an `s`, as in Go. */
function folded(key: string): string {
  return key.toUpperCase().toLowerCase();
}

function twoSpellings(one: string, other: string): WaterguardError {
  return new WaterguardError(
    'corrupt',
    `One key is given in two spellings, ${printable(one)} and ${printable(other)}. Container engines and scanners ` +
      'differ on which one counts, so it is refused. Treat the image as hostile, or build it again.',
  );
}

function recordOf(value: unknown, at: string): Readonly<Record<string, unknown>> {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw new Misshapen(at, 'an object');
  return value as Readonly<Record<string, unknown>>;
}

/** @param most entries, beyond which it is misshapen */
export function list<Value>(read: Read<Value>, most = Number.POSITIVE_INFINITY): Read<readonly Value[]> {
  return (value, at) => {
    if (!Array.isArray(value)) throw new Misshapen(at, 'a list');
    if (value.length > most) throw new Misshapen(at, `a list of at most ${most}`);
    return value.map((one, index) => read(one, at === '' ? `${index}` : `${at}.${index}`));
  };
}

/** Any keys, as they are spelt. */
export function record<Value>(read: Read<Value>): Read<Readonly<Record<string, Value>>> {
  return (value, at) =>
    Object.fromEntries(
      Object.entries(recordOf(value, at)).map(([key, one]) => [key, read(one, `${at}.${key}`)]),
    );
}

/** Absent stays absent. */
export function optional<Value>(read: Read<Value>): Read<Value | undefined> {
  return (value, at) => (value === undefined ? undefined : read(value, at));
}

/** What is absent or misshapen counts as `other`. */
export function otherwise<Value, Other>(read: Read<Value>, other: Other): Read<Value | Other> {
  return (value, at) => {
    try {
      return read(value, at);
    } catch (error) {
      if (error instanceof Misshapen) return other;
      throw error;
    }
  };
}

/** @param most characters */
export function text(most = Number.POSITIVE_INFINITY): Read<string> {
  return textThat(
    most < Number.POSITIVE_INFINITY ? `a text of at most ${most} characters` : 'a text',
    (one) => one.length <= most,
  );
}

/** @param wanted what it is, for messages */
export function textThat(wanted: string, is: (text: string) => boolean): Read<string> {
  return (value, at) => {
    if (typeof value !== 'string' || !is(value)) throw new Misshapen(at, wanted);
    return value;
  };
}

/** A whole number that is not negative. */
export const size: Read<number> = (value, at) => {
  if (!Number.isSafeInteger(value) || (value as number) < 0) throw new Misshapen(at, 'a size');
  return value as number;
};

/** A text; numbers and truth values count as one, anything else as an empty one. */
export const anyText: Read<string> = (value) =>
  typeof value === 'string'
    ? value
    : typeof value === 'number' || typeof value === 'boolean'
      ? `${value}`
      : '';

/** Engines read a lone text where a list belongs as a list of one; anything else counts as empty. */
export const anyTexts: Read<readonly string[]> = (value) =>
  (typeof value === 'string' ? [value] : Array.isArray(value) ? value : []).map((one) => anyText(one, ''));
