/** ACL: users that come to be, and which commands there are of a kind. */
import { randomBytes } from 'node:crypto';
import { utf8 } from '../bytes.ts';
import { commands, everyCommand, takes } from '../commands.ts';
import { integer } from '../numbers.ts';
import { map, ok, RedisError, type Reply, set } from '../reply.ts';
import type { User } from '../users.ts';
import type { Handlers } from './call.ts';

export const acl: Handlers = {
  'acl|whoami': ({ client }) => client.user,
  'acl|users': ({ server }) => [...server.users.all.keys()],
  'acl|list': ({ server }) => [...server.users.all].map(([name, user]) => `user ${name} ${rulesOf(user)}`),
  'acl|getuser': ({ server }, name) => {
    const user = server.users.all.get(name!);
    return user === undefined ? null : describe(user);
  },
  'acl|setuser': ({ server, tell }, name, ...rules) => {
    tell('acl.set', {
      texts: [],
      data: {
        user: utf8(name!).slice(0, 200),
        rules: rules.slice(0, 50).map((rule) => utf8(rule).slice(0, 200)),
      },
    });
    server.users.change(name!, rules);
    return ok;
  },
  'acl|deluser': ({ server }, ...names) => {
    if (names.includes('default')) throw new RedisError("ERR The 'default' user cannot be removed");
    const gone = new Set(names.filter((name) => server.users.all.delete(name)));
    for (const client of server.clients.values()) if (gone.has(client.user)) client.end();
    return gone.size;
  },
  'acl|cat': (_, category, more) => {
    if (category === undefined) return [...categories];
    if (more !== undefined || !categories.includes(category.toLowerCase()))
      throw new RedisError(`ERR Unknown category '${category}'`);
    return [...everyCommand()]
      .filter((one) => one.subcommands.size === 0 && one.categories.includes(category.toLowerCase()))
      .map(({ name }) => name);
  },
  'acl|genpass': (_, bits = '256', more) => {
    const complaint =
      'ERR ACL GENPASS argument must be the number of bits for the output password, a positive number up to 4096';
    const wanted = integer(bits);
    if (more !== undefined || wanted < 1 || wanted > 4096) throw new RedisError(complaint);
    return randomBytes(512)
      .toString('hex')
      .slice(0, Math.ceil(wanted / 4));
  },
  'acl|dryrun': ({ server }, name, ...args) => {
    if (!server.users.all.has(name!)) throw new RedisError(`ERR User '${name}' not found`);
    const container = commands.get(args[0]!.toLowerCase());
    const command = container?.subcommands.get(args[1]?.toLowerCase() ?? '') ?? container;
    if (command === undefined) throw new RedisError(`ERR Command '${args[0]}' not found`);
    if (!takes(command, args.length))
      throw new RedisError(`ERR wrong number of arguments for '${command.name}' command`);
    return ok;
  },
  'acl|log': (_, option) => {
    if (option?.toLowerCase() === 'reset') return ok;
    if (option !== undefined) integer(option);
    return [];
  },
  'acl|save': noFile,
  'acl|load': noFile,
};

/** In the order of `ACL CAT`. */
const categories = [
  'keyspace',
  'read',
  'write',
  'set',
  'sortedset',
  'list',
  'hash',
  'string',
  'bitmap',
  'hyperloglog',
  'geo',
  'stream',
  'pubsub',
  'admin',
  'fast',
  'slow',
  'blocking',
  'dangerous',
  'connection',
  'transaction',
  'scripting',
];

function noFile(): Reply {
  throw new RedisError(
    'ERR This Redis instance is not configured to use an ACL file. You may want to specify users via the ACL SETUSER command and then issue a CONFIG REWRITE (assuming you have a Redis configuration file set) in order to store users in the Redis configuration.',
  );
}

function flagsOf({ isOn, needsNoPassword, sanitizes }: User): string[] {
  const nopass = needsNoPassword ? ['nopass'] : [];
  return [isOn ? 'on' : 'off', ...nopass, ...(sanitizes ? ['sanitize-payload'] : [])];
}

function rulesOf(user: User): string {
  const passwords = [...user.passwords].map((hash) => `#${hash}`);
  const channels = user.channels === '' ? 'resetchannels' : user.channels;
  return [...flagsOf(user), ...passwords, user.keys, channels, user.commands]
    .filter((part) => part !== '')
    .join(' ');
}

function describe(user: User): Reply {
  return map([
    ['flags', set(flagsOf(user).map((flag) => flag))],
    ['passwords', [...user.passwords]],
    ['commands', user.commands],
    ['keys', user.keys],
    ['channels', user.channels],
    ['selectors', []],
  ]);
}
