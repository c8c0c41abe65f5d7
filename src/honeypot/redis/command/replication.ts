/** Masters and replicas: who is named as a master is recorded and never asked; who wants to replicate gets a snapshot. */
import { randomBytes } from 'node:crypto';
import { utf8 } from '../bytes.ts';
import { count, integer, integerIn } from '../numbers.ts';
import { ok, RedisError, type Reply, silence, status, syntaxError } from '../reply.ts';
import type { Call, Handlers } from './call.ts';
import { snapshot } from './persistence.ts';

export const replication: Handlers = {
  replicaof: follow,
  slaveof: follow,
  role({ server }) {
    const { master, offset } = server.replication;
    if (master === undefined) return ['master', offset, []];
    return ['slave', master.host, master.port, linkTo(master.host), -1];
  },
  replconf({ client, server }, ...pairs) {
    if (pairs.length % 2 !== 0) throw syntaxError();
    for (let at = 0; at < pairs.length; at += 2) {
      const option = pairs[at]!.toLowerCase();
      if (option === 'ack') return silence;
      if (!['listening-port', 'ip-address', 'capa', 'getack', 'rdb-only', 'rdb-filter-only'].includes(option))
        throw new RedisError(`ERR Unrecognized REPLCONF option: ${pairs[at]}`);
      if (option === 'capa' && pairs[at + 1]!.toLowerCase() === 'eof') client.takesStream = true;
      if (option === 'listening-port') integer(pairs[at + 1]!);
    }
    server.statistics.reads += 1;
    return ok;
  },
  sync: (call) => synchronise(call, false),
  psync(call, _id, offset) {
    if (integerIn(offset!) === undefined) {
      call.server.statistics.countError('ERR');
      throw new RedisError('ERR value is not an integer or out of range');
    }
    return synchronise(call, true);
  },
  wait({ server }, replicas, timeout) {
    if (server.replication.master !== undefined)
      throw new RedisError(
        'ERR WAIT cannot be used with replica instances. Please also note that since Redis 4.0 if a replica is configured to be writable (which is not the default) writes to replicas are just local and are not propagated.',
      );
    integer(replicas!);
    count(timeout!, 'ERR timeout is negative');
    return 0;
  },
  failover(_, ...options) {
    if (options[0]?.toLowerCase() === 'abort' && options.length === 1)
      throw new RedisError('ERR No failover in progress.');
    for (let at = 0; at < options.length; at += 1) {
      const option = options[at]!.toLowerCase();
      if (option === 'timeout' && at + 1 < options.length) integer(options[++at]!);
      else if (option === 'to' && at + 2 < options.length) {
        integer(options[at + 2]!);
        at += 2;
      } else if (option !== 'force') throw syntaxError();
    }
    throw new RedisError('ERR FAILOVER requires connected replicas.');
  },
  migrate,
};

/**
 * A connection to an address is under way until it is answered; this host refuses at once, and a name without a dot is
 * none that is known.
 */
function linkTo(host: string): string {
  const isRefused = /^(?:127\.|::1$|localhost$|[^.:]*$)/i.test(host);
  return isRefused ? 'connect' : 'connecting';
}

function follow({ server, tell }: Call, host?: string, port?: string): Reply {
  const { replication: state } = server;
  const isNobody = host!.toLowerCase() === 'no' && port!.toLowerCase() === 'one';
  tell('replicaof', {
    texts: isNobody ? [] : [`${utf8(host!)}:${utf8(port!)}`],
    data: isNobody ? { master: null } : { master: utf8(host!).slice(0, 300), port: utf8(port!).slice(0, 20) },
    ...(isNobody && { severity: 'low' as const }),
    ...(!isNobody && { notes: [noteOf(utf8(host!), Number(port))] }),
  });
  if (isNobody) {
    state.promote();
    return ok;
  }
  const number = integerIn(port!);
  if (number === undefined || number < 0n || number > 65_535n)
    throw new RedisError('ERR Invalid master port');
  const { master } = state;
  if (
    master !== undefined &&
    master.host.toLowerCase() === host!.toLowerCase() &&
    master.port === Number(number)
  )
    return status('OK Already connected to specified master');
  state.follow({ host: host!, port: Number(number) });
  return ok;
}

function noteOf(host: string, port: number) {
  const isPort = Number.isInteger(port) && port > 0 && port < 65_536;
  return {
    kind: 'connect',
    tool: 'redis-server',
    host: host.slice(0, 255),
    ...(isPort && { port }),
  } as const;
}

/** As a master answers: where replication is, then all keys as they are. */
function synchronise({ client, server, tell }: Call, isPartial: boolean): Reply {
  const { replication: state } = server;
  if (state.master !== undefined)
    throw new RedisError("NOMASTERLINK Can't SYNC while not connected with my master");
  if (!state.hasBacklog) {
    state.hasBacklog = true;
    state.id = randomBytes(20).toString('hex');
    state.offset = 0;
  }
  client.isReplica = true;
  server.statistics.fullSyncs += 1;
  tell('sync', { texts: [], data: { isPartial } });
  const head = isPartial ? `+FULLRESYNC ${state.id} ${state.offset}\r\n` : '';
  const content = snapshot(server).toString('latin1');
  const mark = randomBytes(20).toString('hex');
  const body = client.takesStream ? `$EOF:${mark}\r\n${content}${mark}` : `$${content.length}\r\n${content}`;
  return { kind: 'bytes', text: head + body };
}

function migrate(call: Call, ...args: string[]): Reply {
  const [host, port, key, database, timeout, ...options] = args as [string, string, string, string, string];
  integer(timeout);
  integer(database);
  const list = options.findIndex((option: string) => option.toLowerCase() === 'keys');
  const keys = list >= 0 ? options.slice(list + 1) : [key];
  if (list >= 0 && key !== '')
    throw new RedisError(
      'ERR When using MIGRATE KEYS option, the key argument must be set to the empty string',
    );
  call.tell('migrate', {
    texts: [`${utf8(host)}:${utf8(port)}`],
    notes: [noteOf(utf8(host), Number(port))],
    data: {
      host: utf8(host).slice(0, 300),
      port: utf8(port).slice(0, 20),
      keys: keys.slice(0, 50).map(utf8),
    },
  });
  if (keys.every((one) => call.db.peek(one) === undefined)) return status('NOKEY');
  throw new RedisError('IOERR error or timeout writing to target instance');
}
