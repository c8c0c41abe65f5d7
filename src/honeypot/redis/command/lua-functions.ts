/** What the code of a library does: it registers functions, which are called later (function_lua.c, 7.0). */
import type { Library, LibraryFunction } from '../functions.ts';
import { evaluate } from '../lua/evaluate.ts';
import { baseLibrary, strings } from '../lua/library.ts';
import { parse } from '../lua/parse.ts';
import type { Block } from '../lua/syntax.ts';
import { LuaSyntaxError } from '../lua/tokens.ts';
import { LuaError, type LuaFunction, LuaTable, type LuaValue, textOf } from '../lua/values.ts';
import { RedisError } from '../reply.ts';
import { splitLine } from '../request.ts';
import type { Call } from './call.ts';
import { luaConstants, redisLibrary } from './lua-redis.ts';

/** Characters of a library, and functions in it. */
const maxCode = 64 * 1024;
const maxFunctions = 200;
const flags: ReadonlySet<string> = new Set([
  'no-writes',
  'allow-oom',
  'allow-stale',
  'no-cluster',
  'allow-cross-slot-keys',
]);

interface Registered extends LibraryFunction {
  readonly callback: LuaFunction;
}

/** @throws RedisError for a name that is none */
export function requireName(name: string): void {
  if (!/^\w+$/.test(name)) throw new RedisError(`ERR ${badName}`);
}

const badName =
  'Library names can only contain letters, numbers, or underscores(_) and must be at least one character long';

/** `#!lua name=…`. @returns the name of the library. @throws RedisError */
export function nameIn(code: string): string {
  if (!code.startsWith('#!')) throw new RedisError('ERR Missing library metadata');
  const end = code.indexOf('\n');
  const words = end < 0 ? undefined : splitLine(code.slice(0, end));
  if (words === undefined) throw new RedisError('ERR Invalid library metadata');
  const [engine = '', ...given] = words;
  let name: string | undefined;
  for (const word of given) {
    if (!/^name=/i.test(word)) throw new RedisError(`ERR Invalid metadata value given: ${word}`);
    if (name !== undefined)
      throw new RedisError('ERR Invalid metadata value, name argument was given multiple times');
    name = word.slice('name='.length);
  }
  if (name === undefined) throw new RedisError('ERR Library name was not given');
  requireName(name);
  const language = engine.slice(2);
  if (language.toLowerCase() !== 'lua') throw new RedisError(`ERR Engine '${language}' not found`);
  return name;
}

/** @throws RedisError for code that is no library */
export async function libraryOf(code: string): Promise<Library> {
  const name = nameIn(code);
  const { registered } = await load(code, new Map());
  if (registered.length === 0) throw new RedisError('ERR No functions registered');
  return { name, code, functions: registered.map(({ callback: _, ...known }) => known) };
}

/** Registers all again, as what belongs to a call ends with it; then calls. @throws LuaError */
export async function callFunction(
  call: Call,
  { code }: Library,
  known: LibraryFunction,
  args: { readonly keys: readonly string[]; readonly args: readonly string[]; readonly isReadOnly: boolean },
): Promise<LuaValue> {
  const globals = new Map<string, LuaValue>();
  const { registered } = await load(code, globals);
  for (const [name, value] of Object.entries(baseLibrary)) globals.set(name, value);
  globals.set('redis', redisLibrary(call, args.isReadOnly));
  const { callback } = registered.find(({ name }) => name === known.name)!;
  return (await callback(LuaTable.ofList(args.keys), LuaTable.ofList(args.args)))[0];
}

/** @param globals what the code finds, as long as it is not changed @throws RedisError */
async function load(
  code: string,
  globals: Map<string, LuaValue>,
): Promise<{ readonly registered: readonly Registered[] }> {
  const registered: Registered[] = [];
  const register: LuaFunction = (...args) => {
    const one = registeredBy(args);
    if (registered.some(({ name }) => name === one.name))
      throw new LuaError('Function already exists in the library');
    if (registered.length >= maxFunctions) throw new LuaError('not enough memory');
    registered.push(one);
    return [];
  };
  globals.set('redis', loadLibrary(register));
  try {
    await evaluate(compiled(code), { globals, chunk: 'user_function', texts: strings });
  } catch (error) {
    if (!(error instanceof LuaError)) throw error;
    throw new RedisError(`ERR Error registering functions: ERR ${error.message}`);
  }
  return { registered };
}

function compiled(code: string): Block {
  try {
    if (code.length > maxCode) throw new LuaSyntaxError('not enough memory');
    return parse(code.slice(code.indexOf('\n')), 'user_function');
  } catch (error) {
    if (!(error instanceof LuaSyntaxError)) throw error;
    throw new RedisError(`ERR Error compiling function: ${error.message}`);
  }
}

function loadLibrary(register: LuaFunction): LuaTable {
  const entries: Readonly<Record<string, LuaValue>> = {
    register_function: register,
    log: () => [],
    ...luaConstants,
  };
  return new LuaTable(Object.entries(entries), { isReadOnly: true, isClosed: true });
}

const isText = (value: LuaValue): value is string | number =>
  typeof value === 'string' || typeof value === 'number';

/** Of `(name, callback)`, or of a table. @throws LuaError */
function registeredBy(args: readonly LuaValue[]): Registered {
  const [first, callback] = args;
  if (args.length < 1 || args.length > 2)
    throw new LuaError('wrong number of arguments to redis.register_function');
  if (args.length === 1) {
    if (first instanceof LuaTable) return named(first);
    throw new LuaError(
      'calling redis.register_function with a single argument is only applicable to Lua table (representing named arguments).',
    );
  }
  if (!isText(first)) throw new LuaError('first argument to redis.register_function must be a string');
  if (typeof callback !== 'function')
    throw new LuaError('second argument to redis.register_function must be a function');
  return checked({ name: textOf(first), callback, description: undefined, flags: [] });
}

function named(table: LuaTable): Registered {
  let [name, description] = [undefined as string | undefined, undefined as string | undefined];
  let callback: LuaFunction | undefined;
  let given: string[] = [];
  for (const [key, value] of table.pairs) {
    if (!isText(key))
      throw new LuaError('named argument key given to redis.register_function is not a string');
    const argument = textOf(key).toLowerCase();
    if (argument === 'function_name') {
      if (!isText(value))
        throw new LuaError('function_name argument given to redis.register_function must be a string');
      name = textOf(value);
    } else if (argument === 'description') {
      if (!isText(value))
        throw new LuaError('description argument given to redis.register_function must be a string');
      description = textOf(value);
    } else if (argument === 'callback') {
      if (typeof value !== 'function')
        throw new LuaError('callback argument given to redis.register_function must be a function');
      callback = value;
    } else if (argument === 'flags') {
      if (!(value instanceof LuaTable))
        throw new LuaError(
          'flags argument to redis.register_function must be a table representing function flags',
        );
      given = value.list.map(textOf);
      if (!given.every((flag) => flags.has(flag))) throw new LuaError('unknown flag given');
    } else throw new LuaError('unknown argument given to redis.register_function');
  }
  if (name === undefined) throw new LuaError('redis.register_function must get a function name argument');
  if (callback === undefined) throw new LuaError('redis.register_function must get a callback argument');
  return checked({ name, callback, description, flags: [...flags].filter((flag) => given.includes(flag)) });
}

function checked(registered: Registered): Registered {
  if (!/^\w+$/.test(registered.name)) throw new LuaError(badName);
  return registered;
}
