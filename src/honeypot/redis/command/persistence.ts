/**
 * SAVE and its kin: all keys go into a file of the world, as a real RDB file with what an attacker wrote in the midst of
 * it. Where that file is a crontab or a list of keys, it is the attack.
 */
import { FileError } from '../../world/files/node.ts';
import { now } from '../../world/world.ts';
import { utf8 } from '../bytes.ts';
import { rdbFile } from '../rdb/dump.ts';
import { ok, RedisError, silence, status, syntaxError } from '../reply.ts';
import type { Server } from '../server.ts';
import type { Call, Handlers } from './call.ts';

export const persistence: Handlers = {
  save(call) {
    save(call);
    return ok;
  },
  bgsave(call, option, more) {
    if (more !== undefined || (option !== undefined && option.toLowerCase() !== 'schedule'))
      throw syntaxError();
    try {
      save(call);
    } catch (error) {
      // It fails in a process of its own, and nobody is told.
      if (!(error instanceof RedisError)) throw error;
    }
    return status('Background saving started');
  },
  bgrewriteaof: () => status('Background append only file rewriting started'),
  lastsave: ({ server }) => server.savedAt,
  shutdown(call, ...options) {
    const given = new Set(options.map((option) => option.toLowerCase()));
    for (const option of given)
      if (!['save', 'nosave', 'now', 'force', 'abort'].includes(option)) throw syntaxError();
    if (given.has('save') && given.has('nosave')) throw syntaxError();
    if (given.has('abort')) {
      if (given.size > 1) throw syntaxError();
      throw new RedisError('ERR No shutdown in progress.');
    }
    if (!given.has('nosave')) save(call);
    for (const client of call.server.clients.values()) {
      client.isClosing = true;
      client.wire.close();
    }
    return silence;
  },
};

/** Places whose files cron runs, and where sshd looks for keys. */
const cronPlace = /^\/(?:etc\/(?:cron\.[a-z]+|crontab)|var\/spool\/cron)(?:\/|$)/;
const keyFile = /\/\.ssh\//;

/** @throws RedisError */
function save({ server, tell }: Call): void {
  const path = `${server.config.get('dir').replace(/\/$/, '')}/${server.config.get('dbfilename')}`;
  const content = snapshot(server);
  let isWritten = true;
  try {
    server.files.write(path, content, { mode: 0o644, now: now(server.world) });
    server.savedAt = Math.floor(now(server.world) / 1000);
    for (const database of server.keyspace.databases) database.changes = 0;
  } catch (error) {
    if (!(error instanceof FileError)) throw error;
    isWritten = false;
  }
  const isCron = cronPlace.test(path);
  const isKeys = keyFile.test(path);
  tell('save', {
    texts: texts(server),
    data: { path, keys: keysOf(server), isWritten },
    attack: [...(isCron ? ['T1053.003'] : []), ...(isKeys ? ['T1098.004'] : [])],
    ...((isCron || isKeys) && { severity: 'critical' as const }),
    artefacts: [{ name: path, content }],
  });
  if (!isWritten) throw new RedisError('ERR');
  server.statistics.saves += 1;
}

export function snapshot(server: Server): Buffer {
  const { id, offset, hasBacklog, master } = server.replication;
  return rdbFile(server.keyspace, {
    createdAt: Math.floor(now(server.world) / 1000),
    usedMemory: server.identity.startupMemory + server.size,
    compresses: server.config.get('rdbcompression') === 'yes',
    libraries: server.functions.codes,
    ...(hasBacklog && master === undefined && { replication: { id, offset } }),
  });
}

/** Of the event: so many keys, and so many texts. */
const most = 50;

function keysOf(server: Server): string[] {
  const keys = server.keyspace.databases.flatMap((database) => [...database.keys()].map(([key]) => key));
  return keys.slice(0, most).map((key) => utf8(key).slice(0, 200));
}

/** Values that the visitor may have written: those that look like lines. */
function texts(server: Server): string[] {
  const found: string[] = [];
  for (const database of server.keyspace.databases)
    for (const [, { value }] of database.keys())
      if (value.kind === 'string' && value.text.includes('\n') && found.length < most)
        found.push(utf8(value.text.slice(0, 16_384)));
  return found;
}
