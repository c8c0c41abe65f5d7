/** The parameter `filters` of lists: `{"name":["web"]}`, or as before API 1.22 `{"name":{"web":true}}`. */
import { badRequest, broken } from '../engine/failure.ts';
import { JsonError, parseJson } from '../json/decode.ts';
import type { Call } from './call.ts';

export class Filters {
  private readonly values: ReadonlyMap<string, readonly string[]>;

  constructor(values: ReadonlyMap<string, readonly string[]>) {
    this.values = values;
  }

  get(name: string): readonly string[] {
    return this.values.get(name) ?? [];
  }

  has(name: string): boolean {
    return this.values.has(name);
  }

  /** Whether nothing is asked of it, or one of the values is its own. */
  matches(name: string, value: string): boolean {
    const wanted = this.values.get(name);
    return wanted === undefined || wanted.length === 0 || wanted.includes(value);
  }

  /** As `matches`, also where a value is only a part of it. */
  contains(name: string, value: string): boolean {
    const wanted = this.values.get(name);
    return wanted === undefined || wanted.length === 0 || wanted.some((one) => value.includes(one));
  }

  /** `team` or `team=a`, all of them. */
  matchesLabels(labels: Readonly<Record<string, string>> | null): boolean {
    return this.get('label').every((wanted) => {
      const [name = '', ...value] = wanted.split('=');
      const own = labels?.[name];
      return own !== undefined && (value.length === 0 || own === value.join('='));
    });
  }

  /** @throws DockerError 400 */
  truth(name: string): boolean | undefined {
    const values = this.values.get(name);
    if (values === undefined) return undefined;
    if (values.length === 1 && /^(1|true)$/.test(values[0]!)) return true;
    if (values.length === 1 && /^(0|false)$/.test(values[0]!)) return false;
    throw badRequest(`Invalid filter '${name}=[${values.join(' ')}]'`);
  }
}

/** @param accepted names that this list knows. @throws DockerError */
export function filtersOf({ query }: Call, accepted: readonly string[]): Filters {
  const text = query.get('filters') ?? '';
  const values = new Map<string, readonly string[]>();
  if (text !== '') {
    for (const [name, told] of Object.entries(parsed(text))) {
      const list = Array.isArray(told) ? told : Object.keys((told as object | null) ?? {});
      values.set(name, list.map(String));
    }
  }
  for (const name of values.keys())
    if (!accepted.includes(name)) throw badRequest(`Invalid filter '${name}'`);
  return new Filters(values);
}

function parsed(text: string): object {
  try {
    const value = parseJson(Buffer.from(text));
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value;
    const kind = Array.isArray(value) ? 'array' : typeof value === 'boolean' ? 'bool' : typeof value;
    throw broken(`json: cannot unmarshal ${kind} into Go value of type map[string]map[string]bool`);
  } catch (error) {
    if (!(error instanceof JsonError)) throw error;
    // Here it is `json.Unmarshal` and no stream that ends.
    throw broken(/EOF/.test(error.message) ? 'unexpected end of JSON input' : error.message);
  }
}
