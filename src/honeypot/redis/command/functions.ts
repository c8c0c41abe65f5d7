/** FUNCTION and FCALL: libraries of functions in Lua, kept, listed, dumped and called. */
import { utf8 } from '../bytes.ts';
import type { Functions, Library } from '../functions.ts';
import { matcher } from '../glob.ts';
import { LuaError } from '../lua/values.ts';
import { integerIn } from '../numbers.ts';
import { footerSize, functionBytes, isSigned, librariesIn, signed } from '../rdb/dump.ts';
import { BadData } from '../rdb/reader.ts';
import { map, ok, RedisError, type Reply, set, status } from '../reply.ts';
import type { Call, Handlers } from './call.ts';
import { callFunction, libraryOf, nameIn } from './lua-functions.ts';
import { replyOf } from './lua-redis.ts';

export const functions: Handlers = {
  'function|load': load,
  'function|list': ({ server }, ...options) => list(server.functions, options),
  'function|stats': ({ server }) => {
    const all = server.functions.all;
    const counts = map([
      ['libraries_count', all.length],
      ['functions_count', all.reduce((sum, library) => sum + library.functions.length, 0)],
    ]);
    return map([
      ['running_script', null],
      ['engines', map([['LUA', counts]])],
    ]);
  },
  'function|flush': ({ server }, how, more) => {
    if (more !== undefined || (how !== undefined && !/^a?sync$/i.test(how)))
      throw new RedisError('ERR FUNCTION FLUSH only supports SYNC|ASYNC option');
    server.functions.clear();
    return ok;
  },
  'function|dump': ({ server }) => signed(Buffer.concat(functionBytes(server.functions.codes, true))),
  'function|restore': restore,
  'function|delete': ({ server }, name) => {
    if (!server.functions.delete(name!)) throw new RedisError('ERR Library not found');
    return ok;
  },
  'function|kill': () => {
    throw new RedisError('NOTBUSY No scripts in execution right now.');
  },
  fcall: (call, name, numkeys, ...rest) => run(call, name!, numkeys!, rest, false),
  fcall_ro: (call, name, numkeys, ...rest) => run(call, name!, numkeys!, rest, true),
};

async function load({ server, tell }: Call, ...args: string[]): Promise<Reply> {
  const options = args.slice(0, -1);
  const code = args.at(-1)!;
  for (const option of options)
    if (option.toLowerCase() !== 'replace') throw new RedisError(`ERR Unknown option given: ${option}`);
  tell('eval', { texts: [utf8(code)], data: { script: utf8(code).slice(0, 8000), isRun: false } });
  const name = nameIn(code);
  if (options.length === 0 && server.functions.has(name))
    throw new RedisError(`ERR Library '${name}' already exists`);
  server.functions.keep(await libraryOf(code), options.length > 0);
  return name;
}

function list({ all }: Functions, options: readonly string[]): Reply {
  let [hasCode, pattern] = [false, undefined as string | undefined];
  for (let at = 0; at < options.length; at += 1) {
    const option = options[at]!.toLowerCase();
    if (option === 'withcode' && !hasCode) hasCode = true;
    else if (option === 'libraryname' && pattern === undefined) {
      at += 1;
      pattern = options[at];
      if (pattern === undefined) throw new RedisError('ERR library name argument was not given');
    } else throw new RedisError(`ERR Unknown argument ${options[at]}`);
  }
  const matches = pattern === undefined ? () => true : matcher(pattern, { ignoresCase: true });
  return all.filter(({ name }) => matches(name)).map((library) => described(library, hasCode));
}

function described({ name, code, functions: own }: Library, hasCode: boolean): Reply {
  const each = own.map((one) =>
    map([
      ['name', one.name],
      ['description', one.description ?? null],
      ['flags', set(one.flags.map(status))],
    ]),
  );
  return map([
    ['library_name', name],
    ['engine', 'LUA'],
    ['functions', each],
    ...(hasCode ? [['library_code', code] as const] : []),
  ]);
}

async function restore(
  { server, tell }: Call,
  payload?: string,
  policy = 'append',
  more?: string,
): Promise<Reply> {
  if (more !== undefined)
    throw new RedisError(
      "ERR unknown subcommand or wrong number of arguments for 'RESTORE'. Try FUNCTION HELP.",
    );
  const how = policy.toLowerCase();
  if (how !== 'flush' && how !== 'append' && how !== 'replace')
    throw new RedisError('ERR Wrong restore policy given, value should be either FLUSH, APPEND or REPLACE.');
  const bytes = Buffer.from(payload!, 'latin1');
  if (!isSigned(bytes)) throw new RedisError('ERR DUMP payload version or checksum are wrong');
  const codes = codesIn(bytes.subarray(0, -footerSize));
  for (const code of codes)
    tell('eval', { texts: [utf8(code)], data: { script: utf8(code).slice(0, 8000), isRun: false } });
  const libraries: Library[] = [];
  const own = server.functions.besides(() => true);
  for (const code of codes) {
    const library = await libraryOf(code);
    own.keep(library, false);
    libraries.push(library);
  }
  const { functions: kept } = server;
  if (how === 'append')
    for (const { name } of libraries)
      if (kept.has(name)) throw new RedisError(`ERR Library ${name} already exists`);
  // All of them come in, or none.
  const after = kept.besides(({ name }) => how === 'flush' || own.has(name));
  for (const library of libraries) after.keep(library, false);
  kept.become(after);
  return ok;
}

/** Of one payload. */
const most = { libraries: 20, bytes: 512 * 1024 };

function codesIn(bytes: Buffer): string[] {
  try {
    const codes = librariesIn(bytes, most);
    if (codes === undefined) throw new RedisError('ERR given type is not a function');
    return codes;
  } catch (error) {
    if (!(error instanceof BadData)) throw error;
    throw new RedisError('ERR Failed loading library payload');
  }
}

async function run(
  call: Call,
  name: string,
  numkeys: string,
  rest: readonly string[],
  isReadOnly: boolean,
): Promise<Reply> {
  const found = call.server.functions.find(name);
  if (found === undefined) throw new RedisError('ERR Function not found');
  const count = integerIn(numkeys);
  if (count === undefined) throw new RedisError('ERR Bad number of keys provided');
  if (count > rest.length) throw new RedisError("ERR Number of keys can't be greater than number of args");
  if (count < 0n) throw new RedisError("ERR Number of keys can't be negative");
  const { library, known } = found;
  const writes = !known.flags.includes('no-writes');
  if (isReadOnly && writes)
    throw new RedisError('ERR Can not execute a script with write flag using *_ro command.');
  const [keys, args] = [rest.slice(0, Number(count)), rest.slice(Number(count))];
  const script = utf8(library.code);
  call.tell('eval', {
    texts: [script, ...rest.map(utf8)],
    data: { script: script.slice(0, 8000), keys: keys.slice(0, 20).map(utf8) },
  });
  try {
    return replyOf(await callFunction(call, library, known, { keys, args, isReadOnly: !writes }));
  } catch (error) {
    if (!(error instanceof LuaError)) throw error;
    const text = error.kind === 'reply' ? error.message : `ERR ${error.message}`;
    throw new RedisError(`${text} script: ${name}, on @user_function:${error.line ?? 1}.`);
  }
}
