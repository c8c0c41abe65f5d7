/** What operators ask for: how it is, and all of it as a file. */
import { createHash } from 'node:crypto';
import { failures } from '../failure.ts';
import { version } from '../server.ts';
import { databaseFile } from '../snapshot.ts';
import { integerIn, type Message } from '../wire/schema.ts';
import type { Call } from './call.ts';

/** Bytes of one message of a snapshot. */
const piece = 32 * 1024;

export function status({ etcd, tell }: Call): Message {
  tell('request', { texts: [], data: { method: 'Status' } });
  return {
    header: etcd.header,
    version,
    dbSize: BigInt(etcd.databaseSize),
    leader: etcd.memberId,
    raftIndex: etcd.raftIndex,
    raftTerm: etcd.raftTerm,
    raftAppliedIndex: etcd.raftIndex,
    dbSizeInUse: BigInt(etcd.usedSize),
  };
}

export async function* snapshot({ etcd, token, tell }: Call): AsyncGenerator<Message> {
  tell('snapshot', { texts: [], data: { keys: etcd.store.keysIn({ from: '\0', end: '\0' }).length } });
  etcd.access.require(token);
  const file = databaseFile(etcd.store, etcd.databaseSize);
  for (let at = 0; at < file.length; at += piece) {
    const blob = file.subarray(at, at + piece);
    yield { remaining_bytes: BigInt(file.length - at - blob.length), blob };
  }
  yield { remaining_bytes: 0n, blob: createHash('sha256').update(file).digest() };
}

export function alarm({ tell }: Call): Message {
  tell('request', { texts: [], data: { method: 'Alarm' } });
  return {};
}

export function defragment({ tell }: Call): Message {
  tell('request', { texts: [], data: { method: 'Defragment' } });
  return {};
}

export function hash({ etcd, tell }: Call): Message {
  tell('request', { texts: [], data: { method: 'Hash' } });
  return { header: etcd.header, hash: hashOf(etcd.store.revision) };
}

export function hashKv({ etcd, tell }: Call): Message {
  tell('request', { texts: [], data: { method: 'HashKV' } });
  return { header: etcd.header, hash: hashOf(etcd.store.revision), compact_revision: etcd.store.compacted };
}

export function moveLeader({ tell }: Call, request: Message): Message {
  tell('request', {
    texts: [],
    data: { method: 'MoveLeader', target: integerIn(request, 'targetID').toString(16) },
  });
  throw failures.badLeaderTransferee();
}

/** Of the revision, as nobody can tell. */
function hashOf(revision: bigint): number {
  return createHash('sha256').update(String(revision)).digest().readUInt32BE();
}
