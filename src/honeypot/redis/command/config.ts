/** CONFIG: where visitors point the server before they let it write. */
import { argumentLine } from '../../payload/line.ts';
import { FileError } from '../../world/files/node.ts';
import { utf8 } from '../bytes.ts';
import { parameterNames } from '../configuration.ts';
import { matcher } from '../glob.ts';
import { map, ok, RedisError } from '../reply.ts';
import type { Server } from '../server.ts';
import type { Handlers } from './call.ts';

export const config: Handlers = {
  'config|get': ({ server }, ...patterns) => {
    const matches = patterns.map((pattern) => matcher(pattern, { ignoresCase: true }));
    const chosen = parameterNames.filter((name) => matches.some((one) => one(name)));
    return map(server.scrambled(chosen).map((name) => [name, shownValue(server, name)]));
  },
  'config|set': ({ server, name, tell }, ...args) => {
    if (args.length % 2 !== 0) throw new RedisError(`ERR wrong number of arguments for '${name}' command`);
    const pairs = Array.from(
      { length: args.length / 2 },
      (_, index) => [args[2 * index]!, args[2 * index + 1]!] as const,
    );
    const text = (bytes: string): string => utf8(bytes).slice(0, 4000);
    tell('config.set', {
      // A place or a name says more behind its parameter.
      texts: pairs.map(([, value]) => text(value)).filter((value) => /\s|:\/\//.test(value)),
      commands: pairs.map(([one, value]) => argumentLine(['CONFIG', 'SET', text(one), text(value)])),
      data: {
        parameters: Object.fromEntries(pairs.slice(0, 100).map(([one, value]) => [text(one), text(value)])),
      },
    });
    server.config.set(pairs, (parameter, value) => apply(server, parameter, value));
    return ok;
  },
  'config|rewrite': () => ok,
  'config|resetstat': ({ server }) => {
    server.statistics.reset();
    return ok;
  },
};

function shownValue(server: Server, name: string): string {
  const { master } = server.replication;
  if (name !== 'replicaof' && name !== 'slaveof') return server.config.get(name);
  return master === undefined ? '' : `${master.host} ${master.port}`;
}

/** @throws Error with the reason why it cannot be */
function apply(server: Server, name: string, value: string): void {
  switch (name) {
    case 'dir':
      try {
        server.files.in(value);
      } catch (error) {
        if (!(error instanceof FileError)) throw error;
        throw new Error(error.message);
      }
      return;
    case 'dbfilename':
      if (value.includes('/')) throw new Error("dbfilename can't be a path, just a filename");
      return;
    case 'requirepass':
      server.users.setDefaultPassword(value);
  }
}
