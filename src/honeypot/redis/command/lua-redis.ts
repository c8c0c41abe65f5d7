/** The table `redis` of scripts, and how replies and values of Lua are each other's. */
import { createHash } from 'node:crypto';
import { commands, takes } from '../commands.ts';
import { LuaError, LuaTable, type LuaValue, textOf } from '../lua/values.ts';
import { isArray, RedisError, type Reply, status, textOfDouble } from '../reply.ts';
import type { Call } from './call.ts';

export function redisLibrary(call: Call, isReadOnly: boolean): LuaTable {
  const invoke = async (args: readonly LuaValue[]): Promise<Reply> => {
    if (args.length === 0)
      throw new RedisError('ERR Please specify at least one argument for this redis lib call');
    if (args.some((arg) => typeof arg !== 'string' && typeof arg !== 'number'))
      throw new RedisError('ERR Lua redis lib command arguments must be strings or integers');
    const words = args.map(textOf);
    const container = commands.get(words[0]!.toLowerCase());
    const command = container?.subcommands.get(words[1]?.toLowerCase() ?? '') ?? container;
    if (command === undefined) throw new RedisError('ERR Unknown Redis command called from script');
    if (!takes(command, words.length))
      throw new RedisError('ERR Wrong number of args calling Redis command from script');
    if (command.flags.has('noscript'))
      throw new RedisError('ERR This Redis command is not allowed from script');
    if (isReadOnly && command.flags.has('write'))
      throw new RedisError('ERR Write commands are not allowed from read-only scripts.');
    return call.perform(words);
  };
  return LuaTable.library({
    call: async (...args) => {
      try {
        return [luaValue(await invoke(args))];
      } catch (error) {
        if (!(error instanceof RedisError)) throw error;
        throw new LuaError(error.message, 'reply');
      }
    },
    pcall: async (...args) => {
      try {
        return [luaValue(await invoke(args))];
      } catch (error) {
        if (!(error instanceof RedisError)) throw error;
        return [new LuaTable([['err', error.message]])];
      }
    },
    error_reply: (text) => [new LuaTable([['err', errorText(textOf(text))]])],
    status_reply: (text) => [new LuaTable([['ok', textOf(text)]])],
    sha1hex: (text) => [createHash('sha1').update(textOf(text), 'latin1').digest('hex')],
    log: () => [],
    setresp: () => [],
    replicate_commands: () => [true],
    set_repl: () => [],
    breakpoint: () => [false],
    debug: () => [],
    ...luaConstants,
    REPL_ALL: 3,
    REPL_NONE: 0,
    REPL_AOF: 1,
    REPL_SLAVE: 2,
    REPL_REPLICA: 2,
  });
}

/** In the table `redis` of scripts, and of libraries while they are loaded. */
export const luaConstants = {
  REDIS_VERSION: '7.0.15',
  REDIS_VERSION_NUM: 0x07000f,
  LOG_DEBUG: 0,
  LOG_VERBOSE: 1,
  LOG_NOTICE: 2,
  LOG_WARNING: 3,
} as const;

/** An error has a code; `ERR` where it came without. */
function errorText(text: string): string {
  return text.startsWith('-') ? text.slice(1) : text.includes(' ') ? text : `ERR ${text}`;
}

/** As RESP2 clients see it. */
function luaValue(reply: Reply): LuaValue {
  if (reply === null) return false;
  if (typeof reply === 'string' || typeof reply === 'number') return reply;
  if (typeof reply === 'bigint') return Number(reply);
  if (isArray(reply)) return LuaTable.ofList(reply.map(luaValue));
  switch (reply.kind) {
    case 'status':
      return new LuaTable([['ok', reply.text]]);
    case 'error':
      return new LuaTable([['err', reply.text]]);
    case 'verbatim':
      return reply.text;
    case 'map':
      return LuaTable.ofList(reply.entries.flat().map(luaValue));
    case 'set':
    case 'push':
      return LuaTable.ofList(reply.items.map(luaValue));
    case 'double':
      return textOfDouble(reply);
    case 'noArray':
      return false;
    case 'bytes':
      return reply.text;
    case 'several':
      return reply.replies.length === 0 ? undefined : luaValue(reply.replies[0]!);
  }
}

/** Values in one reply; a table may have itself in it. */
const maxValues = 20_000;
/** LUAI_MAXCSTACK allows not much more. */
const maxDepth = 20;

export function replyOf(root: LuaValue): Reply {
  let left = maxValues;

  function convert(value: LuaValue, depth: number): Reply {
    left -= 1;
    if (left < 0 || depth > maxDepth) throw new RedisError('ERR reached lua stack limit');
    switch (typeof value) {
      case 'string':
        return value;
      case 'number':
        return Math.abs(value) < 2 ** 63 ? BigInt(Math.trunc(value)) : -(2n ** 63n);
      case 'boolean':
        return value ? 1 : null;
      case 'object': {
        const failure = value.get('err');
        if (typeof failure === 'string') return { kind: 'error', text: failure };
        const success = value.get('ok');
        if (typeof success === 'string') return status(success.replace(/[\r\n]/g, ' '));
        const double = value.get('double');
        if (typeof double === 'number') return { kind: 'double', value: double };
        return value.list.map((item) => convert(item, depth + 1));
      }
      default:
        return null;
    }
  }

  return convert(root, 0);
}
