/**
 * JSON from images, read as container engines read it. They are written in Go, whose decoder matches keys
 * without regard to case and takes the last one: `{"entrypoint": …}` starts a program although every
 * specification writes `Entrypoint`. A reader that compares keys exactly would look past it.
 */
import { z } from 'zod';
import { messageOf, WaterguardError } from '../../model/error.ts';
import { printable } from '../../model/printable.ts';

/** Parses bytes into what `schema` describes.
 *  @param where names the document in messages: `index.json of /tmp/x`
 *  @throws WaterguardError `corrupt` for text that is not JSON, has the wrong shape or is ambiguous */
export function parseJson<S extends z.ZodType>(bytes: Buffer, schema: S, where: string): z.output<S> {
  const result = schema.safeParse(jsonOf(bytes, where));
  if (result.success) return result.data;
  const issue = result.error.issues[0];
  const at = issue === undefined || issue.path.length === 0 ? 'it' : printable(issue.path.join('.'), 100);
  throw new WaterguardError(
    'corrupt',
    `${where} does not have the shape that it should: ${at}: ${printable(issue?.message ?? '', 200)}. ` +
      'Copy or build the image again.',
  );
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
 * An object whose keys match as in Go's `encoding/json`: in any case, `null` counts as absent, others are
 * ignored. Two spellings of one key are refused, because readers differ in which of them they obey.
 * @throws WaterguardError `corrupt` (through any `catch` of the schema) for two spellings of one key
 */
export function goObject<Shape extends z.core.$ZodLooseShape>(shape: Shape) {
  const names = new Map(Object.keys(shape).map((name) => [folded(name), name]));
  return z.preprocess((value) => withNames(value, names), z.object(shape));
}

function withNames(value: unknown, names: ReadonlyMap<string, string>): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  const seen = new Map<string, string>();
  const out: Record<string, unknown> = {};
  for (const [key, item] of Object.entries(value)) {
    const name = key.length > 64 ? undefined : names.get(folded(key));
    if (name === undefined || item === null) continue;
    const earlier = seen.get(name);
    if (earlier !== undefined) throw twoSpellings(earlier, key);
    seen.set(name, key);
    out[name] = item;
  }
  return out;
}

/** Simple Unicode folding: the Kelvin sign is a `k`, the long s an `s`, as in Go. */
function folded(key: string): string {
  return key.toUpperCase().toLowerCase();
}

function twoSpellings(one: string, other: string): WaterguardError {
  return new WaterguardError(
    'corrupt',
    `The image gives one key in two spellings, ${printable(one)} and ${printable(other)}. Container engines and ` +
      'scanners differ on which one counts, so it is refused. Treat the image as hostile, or build it again.',
  );
}
