/** The parameters of one source's server: as they were, and as the visitor set them. */
import { bigInteger, integerIn } from './numbers.ts';
import { parameterTable } from './reference/parameters.ts';
import { RedisError } from './reply.ts';

interface Parameter {
  readonly name: string;
  readonly kind: 'boolean' | 'integer' | 'memory' | 'choice' | 'string' | 'special' | 'immutable';
  readonly value: string;
  /** Least and most, or the words to choose from. */
  readonly allowed: readonly string[];
}

/** By name and by old name. */
const parameters: ReadonlyMap<string, Parameter> = new Map(
  parameterTable.split('\n').flatMap((line) => {
    const [names = '', kind = '', value = '', allowed = ''] = line.split('\t');
    const [name = '', ...others] = names.split(',');
    const parameter = { name, kind: kind as Parameter['kind'], value, allowed: allowed.split(' ') };
    return [name, ...others].map((one) => [one, parameter] as const);
  }),
);

export const parameterNames: readonly string[] = [...parameters.keys()];

export class Configuration {
  private readonly changed = new Map<string, string>();

  /** @param name that is in `parameterNames` */
  get(name: string): string {
    const parameter = parameters.get(name)!;
    return this.changed.get(parameter.name) ?? parameter.value;
  }

  /** What was started with, instead of the table's value. */
  begin(name: string, value: string): void {
    this.changed.set(name, value);
  }

  /**
   * Sets all of them or none. @param apply has to accept each pair of new name and value, or throws the reason
   * @throws RedisError
   */
  set(
    pairs: readonly (readonly [name: string, value: string])[],
    apply: (name: string, value: string) => void,
  ): void {
    const values = new Map<string, string>();
    for (const [given, value] of pairs) {
      const parameter = parameters.get(given.toLowerCase());
      if (parameter === undefined)
        throw new RedisError(`ERR Unknown option or number of arguments for CONFIG SET - '${given}'`);
      if (parameter.kind === 'immutable') throw failed(given, "can't set immutable config");
      if (values.has(parameter.name)) throw failed(given, 'duplicate parameter');
      values.set(parameter.name, value);
    }
    const old = new Map(this.changed);
    for (const [given] of pairs) {
      const { name } = parameters.get(given.toLowerCase())!;
      try {
        const value = accepted(parameters.get(name)!, values.get(name)!);
        apply(name, value);
        this.changed.set(name, value);
      } catch (error) {
        this.changed.clear();
        for (const pair of old) this.changed.set(...pair);
        throw failed(given, (error as Error).message);
      }
    }
  }
}

function failed(name: string, reason: string): RedisError {
  return new RedisError(`ERR CONFIG SET failed (possibly related to argument '${name}') - ${reason}`);
}

/** The value as CONFIG GET will show it. @throws Error with what is wrong */
function accepted({ name, kind, allowed }: Parameter, text: string): string {
  switch (kind) {
    case 'boolean':
      if (!/^(?:yes|no)$/i.test(text)) throw new Error("argument must be 'yes' or 'no'");
      return text.toLowerCase();
    case 'choice': {
      const choice = allowed.find((one) => one === text.toLowerCase());
      if (choice === undefined)
        throw new Error(`argument(s) must be one of the following: ${allowed.join(', ')}`);
      return choice;
    }
    case 'integer': {
      const value = integerIn(text);
      if (value === undefined) throw new Error("argument couldn't be parsed into an integer");
      if (value < BigInt(allowed[0]!) || value > BigInt(allowed[1]!))
        throw new Error(`argument must be between ${allowed[0]} and ${allowed[1]} inclusive`);
      return text;
    }
    case 'memory':
      return String(memory(text));
    case 'special':
      return acceptedSpecial(name, text);
    case 'string':
    case 'immutable':
      return text;
  }
}

const units: Readonly<Record<string, bigint>> = {
  '': 1n,
  b: 1n,
  k: 1000n,
  kb: 1024n,
  m: 1_000_000n,
  mb: 1n << 20n,
  g: 1_000_000_000n,
  gb: 1n << 30n,
};

function memory(text: string): bigint {
  const [, digits, unit = ''] = /^(\d{1,18})([a-z]{0,2})$/i.exec(text) ?? [];
  const factor = units[unit.toLowerCase()];
  if (digits === undefined || factor === undefined) throw new Error('argument must be a memory value');
  return BigInt(digits) * factor;
}

const eventClasses = 'Ag$lshzxeKEtmdn';

function acceptedSpecial(name: string, text: string): string {
  const words = text.split(' ').filter((word) => word !== '');
  switch (name) {
    case 'save':
      if (words.length % 2 !== 0 || words.some((word) => !/^\d{1,9}$/.test(word)))
        throw new Error('Invalid save parameters');
      return words.join(' ');
    case 'notify-keyspace-events':
      if ([...text].some((char) => !eventClasses.includes(char)))
        throw new Error(`Invalid event class character. Use '${eventClasses}'.`);
      return text;
    case 'oom-score-adj-values':
      if (words.length !== 3) throw new Error('wrong number of arguments');
      for (const word of words) {
        const value = bigInteger(
          word,
          'Invalid oom-score-adj-values, elements must be between -2000 and 2000.',
        );
        if (value < -2000n || value > 2000n)
          throw new Error('Invalid oom-score-adj-values, elements must be between -2000 and 2000.');
      }
      return words.join(' ');
    case 'latency-tracking-info-percentiles':
      if (words.some((word) => !/^-?\d{1,15}(?:\.\d+)?$/.test(word)))
        throw new Error('Invalid latency-tracking-info-percentiles parameters');
      if (words.some((word) => Number(word) < 0 || Number(word) > 100))
        throw new Error('latency-tracking-info-percentiles parameters should sit between [0.0,100.0]');
      return words.join(' ');
    default:
      if (words.length === 0 || words.length % 4 !== 0)
        throw new Error('Wrong number of arguments in buffer limit configuration.');
      return text;
  }
}
