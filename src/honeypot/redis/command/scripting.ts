/**
 * Scripts. They can what Redis allows them, and what CVE-2022-0543 gave away in Debian's packages: `package.loadlib`, by
 * which visitors reach `io.popen`; what they run there runs in the world.
 */
import { leftBy, type Ran } from '../../run-line.ts';
import { utf8 } from '../bytes.ts';
import { evaluate } from '../lua/evaluate.ts';
import { baseLibrary, strings } from '../lua/library.ts';
import { parse } from '../lua/parse.ts';
import type { Block } from '../lua/syntax.ts';
import { LuaSyntaxError } from '../lua/tokens.ts';
import { LuaError, LuaTable, type LuaValue } from '../lua/values.ts';
import { integer } from '../numbers.ts';
import { ok, RedisError, type Reply } from '../reply.ts';
import { shaOf } from '../scripts.ts';
import type { Call, Handlers } from './call.ts';
import { openLibrary } from './lua-io.ts';
import { redisLibrary, replyOf } from './lua-redis.ts';

/** Characters of a script that is run. */
const maxScript = 64 * 1024;

export const scripting: Handlers = {
  eval: (call, source, numkeys, ...rest) => run(call, source!, numkeys!, rest),
  eval_ro: (call, source, numkeys, ...rest) => run(call, source!, numkeys!, rest),
  evalsha: (call, sha, numkeys, ...rest) => run(call, known(call, sha!), numkeys!, rest),
  evalsha_ro: (call, sha, numkeys, ...rest) => run(call, known(call, sha!), numkeys!, rest),
  'script|load': ({ server, tell }, source) => {
    const script = source!;
    compiled(script);
    const sha = server.scripts.keep(script);
    tell('eval', { texts: [utf8(script)], data: { script: utf8(script).slice(0, 8000), isRun: false } });
    return sha;
  },
  'script|exists': ({ server }, ...shas) =>
    shas.map((sha) => (server.scripts.get(sha) === undefined ? 0 : 1)),
  'script|flush': ({ server }, ...how) => {
    if (how.length > 1 || (how[0] !== undefined && !/^a?sync$/i.test(how[0])))
      throw new RedisError('ERR SCRIPT FLUSH only support SYNC|ASYNC option');
    server.scripts.clear();
    return ok;
  },
  'script|kill': () => {
    throw new RedisError('NOTBUSY No scripts in execution right now.');
  },
  'script|debug': (_, how) => {
    if (!/^(?:yes|no|sync)$/i.test(how!)) throw new RedisError('ERR Use SCRIPT DEBUG YES/SYNC/NO');
    return ok;
  },
};

async function run(call: Call, source: string, numkeys: string, rest: readonly string[]): Promise<Reply> {
  const count = integer(numkeys);
  if (count > rest.length) throw new RedisError("ERR Number of keys can't be greater than number of args");
  if (count < 0) throw new RedisError("ERR Number of keys can't be negative");
  const ran: Ran[] = [];
  const sha = shaOf(source);
  try {
    const main = compiled(source);
    call.server.scripts.keep(source);
    const redis = redisLibrary(call, call.name.endsWith('_ro'));
    const globals = new Map<string, LuaValue>([
      ...Object.entries(baseLibrary),
      ['redis', redis],
      ['package', openLibrary(call.server, (one) => ran.push(one))],
      ['KEYS', LuaTable.ofList(rest.slice(0, count))],
      ['ARGV', LuaTable.ofList(rest.slice(count))],
    ]);
    call.client.isScripting = true;
    return replyOf((await evaluate(main, { globals, chunk: 'user_script', texts: strings }))[0]);
  } catch (error) {
    if (!(error instanceof LuaError)) throw error;
    const text = error.kind === 'reply' ? error.message : `ERR ${error.message}`;
    throw new RedisError(`${text} script: ${sha}, on @user_script:${error.line ?? 1}.`);
  } finally {
    call.client.isScripting = false;
    const script = utf8(source);
    call.tell('eval', {
      texts: [script, ...rest.map(utf8)],
      commands: ran.map(({ line }) => line),
      notes: ran.flatMap(({ notes }) => notes),
      artefacts: leftBy(call.server.world, ran),
      ...(ran.length > 0 && { attack: ['T1190', 'T1059.004'], severity: 'critical' as const }),
      data: {
        script: script.slice(0, 8000),
        keys: rest.slice(0, count).slice(0, 20).map(utf8),
        ...(ran.length > 0 && {
          ran: ran.map(({ line, output }) => ({ line, output: output.toString('utf8').slice(0, 2000) })),
        }),
      },
    });
  }
}

function compiled(source: string): Block {
  try {
    if (source.length > maxScript) throw new LuaSyntaxError('not enough memory');
    return parse(source, 'user_script');
  } catch (error) {
    if (!(error instanceof LuaSyntaxError)) throw error;
    throw new RedisError(`ERR Error compiling script (new function): ${error.message}`);
  }
}

function known({ server }: Call, sha: string): string {
  const source = server.scripts.get(sha);
  if (source === undefined) throw new RedisError('NOSCRIPT No matching script. Please use EVAL.');
  return source;
}
