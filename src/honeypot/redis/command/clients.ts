/** CLIENT: who else is connected. A source sees its own connections. */
import type { Client } from '../client.ts';
import { integer } from '../numbers.ts';
import { ok, RedisError, type Reply, silence, syntaxError } from '../reply.ts';
import type { Call, Handlers } from './call.ts';
import { setName } from './connection.ts';

export const clients: Handlers = {
  'client|id': ({ client }) => client.id,
  'client|getname': ({ client }) => (client.name === '' ? null : client.name),
  'client|setname': ({ client }, name) => {
    setName(client, name!);
    return ok;
  },
  'client|info': ({ client }) => ({ kind: 'verbatim', text: `${client.description}\n` }),
  'client|list': list,
  'client|kill': kill,
  'client|no-evict': (_, how) => {
    if (!/^(?:on|off)$/i.test(how!)) throw syntaxError();
    return ok;
  },
  'client|reply': ({ client }, how) => {
    switch (how!.toLowerCase()) {
      case 'on':
        client.replies = 'on';
        return ok;
      case 'off':
        client.replies = 'off';
        return silence;
      case 'skip':
        if (client.replies === 'on') client.replies = 'skip-next';
        return silence;
      default:
        throw syntaxError();
    }
  },
  'client|pause': (_, time, mode, more) => {
    const complaint = 'ERR timeout is not an integer or out of range';
    if (integer(time!, complaint) < 0) throw new RedisError('ERR timeout is negative');
    if (more !== undefined) throw syntaxError();
    if (mode !== undefined && !/^(?:write|all)$/i.test(mode))
      throw new RedisError('ERR CLIENT PAUSE mode must be WRITE or ALL');
    return ok;
  },
  'client|unpause': () => ok,
  'client|unblock': ({ server }, id, reason) => {
    if (reason !== undefined && !/^(?:timeout|error)$/i.test(reason))
      throw new RedisError('ERR CLIENT UNBLOCK reason should be TIMEOUT or ERROR');
    const unblock = server.clients.get(integer(id!))?.unblock;
    if (unblock === undefined) return 0;
    unblock(
      reason?.toLowerCase() === 'error'
        ? { kind: 'error', text: 'UNBLOCKED client unblocked via CLIENT UNBLOCK' }
        : undefined,
    );
    return 1;
  },
  'client|tracking': ({ client }, how) => {
    if (!/^(?:on|off)$/i.test(how!)) throw syntaxError();
    client.isTracking = how!.toLowerCase() === 'on';
    return ok;
  },
  'client|getredir': ({ client }) => (client.isTracking ? 0 : -1),
  'client|trackinginfo': ({ client }) => ({
    kind: 'map',
    entries: [
      ['flags', { kind: 'set', items: [client.isTracking ? 'on' : 'off'] }],
      ['redirect', client.isTracking ? 0 : -1],
      ['prefixes', []],
    ],
  }),
  'client|caching': () => {
    throw new RedisError(
      'ERR CLIENT CACHING can be called only when the client is in tracking mode with OPTIN or OPTOUT mode enabled',
    );
  },
};

const types = ['normal', 'master', 'replica', 'slave', 'pubsub'];

function typeOf(client: Client): string {
  if (client.isReplica || client.isMonitor) return 'replica';
  return client.subscriptions > 0 ? 'pubsub' : 'normal';
}

function typeNamed(name: string): string {
  const type = name.toLowerCase();
  if (!types.includes(type)) throw new RedisError(`ERR Unknown client type '${name}'`);
  return type === 'slave' ? 'replica' : type;
}

function list({ server }: Call, option?: string, ...values: string[]): Reply {
  let chosen = [...server.clients.values()];
  if (option?.toLowerCase() === 'type' && values.length === 1) {
    const type = typeNamed(values[0]!);
    chosen = chosen.filter((client) => typeOf(client) === type);
  } else if (option?.toLowerCase() === 'id' && values.length > 0) {
    const ids = new Set(values.map((value) => integer(value, 'ERR Invalid client ID')));
    chosen = chosen.filter(({ id }) => ids.has(id));
  } else if (option !== undefined) throw syntaxError();
  return { kind: 'verbatim', text: chosen.map(({ description }) => `${description}\n`).join('') };
}

function kill({ client, server }: Call, ...args: string[]): Reply {
  const chosen = new Set(server.clients.values());
  const only = (accepts: (one: Client) => boolean): void => {
    for (const one of chosen) if (!accepts(one)) chosen.delete(one);
  };
  const isOld = args.length === 1;
  let skipsMe = !isOld;
  if (isOld) only(({ wire }) => wire.address === args[0]);
  else if (args.length % 2 !== 0) throw syntaxError();
  for (let at = 0; !isOld && at < args.length; at += 2) {
    const value = args[at + 1]!;
    switch (args[at]!.toLowerCase()) {
      case 'id': {
        const complaint = 'ERR client-id should be greater than 0';
        const id = integer(value, complaint);
        if (id < 1) throw new RedisError(complaint);
        only((one) => one.id === id);
        break;
      }
      case 'type': {
        const type = typeNamed(value);
        only((one) => typeOf(one) === type);
        break;
      }
      case 'addr':
        only(({ wire }) => wire.address === value);
        break;
      case 'laddr':
        only(({ wire }) => wire.localAddress === value);
        break;
      case 'user':
        if (!server.users.all.has(value)) throw new RedisError(`ERR No such user '${value}'`);
        only(({ user }) => user === value);
        break;
      case 'skipme':
        if (!/^(?:yes|no)$/i.test(value)) throw syntaxError();
        skipsMe = value.toLowerCase() === 'yes';
        break;
      default:
        throw syntaxError();
    }
  }
  if (skipsMe) chosen.delete(client);
  for (const one of chosen) one.end();
  if (!isOld) return chosen.size;
  if (chosen.size === 0) throw new RedisError('ERR No such client');
  return ok;
}
