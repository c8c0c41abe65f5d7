/** The contract of a function: what it takes, what it gives, and that it is a function of the context and its values. */
import { type Type, typeNamed, types, type Value } from '../../types.ts';
import type { Context } from '../context.ts';

export interface SqlFunction {
  readonly name: string;
  /** `undefined` takes anything. */
  readonly args: readonly (Type | undefined)[];
  /** So many of them have to be given. */
  readonly least: number;
  /** The last one may come again and again. */
  readonly isVariadic: boolean;
  readonly returns: Type | ((given: readonly Type[]) => Type);
  /** Gives a list, of which each item is a row. */
  readonly isSet: boolean;
  /** Of a row that has several. */
  readonly columns?: readonly { readonly name: string; readonly type: Type }[];
  /** NULL where one of its arguments is. */
  readonly isStrict: boolean;
  /** Of a query's steps, where it takes more of them than its values have of length. */
  // biome-ignore lint/suspicious/noExplicitAny: each function knows its own values
  steps?(...values: any[]): number;
  // biome-ignore lint/suspicious/noExplicitAny: each function knows its own values
  run(context: Context, ...values: any[]): Value | Promise<Value>;
}

type Run = SqlFunction['run'];

/**
 * @param signature `substr(text, int4, [int4]) text`; `...` behind the last argument for more of it, `any` for what takes
 * anything, `set of` before the result, `?` behind the parenthesis where NULL is welcome
 */
export function define(signature: string, run: Run, columns?: SqlFunction['columns']): SqlFunction {
  const [, name = '', list = '', mark = '', result = ''] =
    /^(\w+)\(([^)]*)\)(\??) (.*)$/.exec(signature) ?? [];
  const args = list === '' ? [] : list.split(',').map((one) => one.trim());
  const isSet = result.startsWith('set of ');
  return {
    name,
    args: args.map((one) => typeIn(one.replace(/^\[(.*)\]$/, '$1').replace(/\.\.\.$/, ''))),
    least: args.filter((one) => !one.startsWith('[')).length,
    isVariadic: args.at(-1)?.endsWith('...') ?? false,
    returns: typeIn(result.replace('set of ', '')) ?? ((given) => given[0] ?? types.text),
    isSet,
    isStrict: mark === '',
    run,
    ...(columns && { columns }),
  };
}

function typeIn(name: string): Type | undefined {
  if (name === 'any') return undefined;
  const type = typeNamed(name);
  if (type === undefined) throw new Error(`there is no type ${name}`);
  return type;
}
