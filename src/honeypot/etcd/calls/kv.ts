/** Keys: reading, writing, deleting, all three under conditions. */
import { EtcdError, failures } from '../failure.ts';
import type { Etcd } from '../server.ts';
import type { KeyValue, Range, Writer } from '../store.ts';
import {
  bytesIn,
  flagIn,
  integerIn,
  isMessage,
  listIn,
  type Message,
  messageIn,
  numberIn,
} from '../wire/schema.ts';
import type { Call } from './call.ts';
import { tellDelete, tellPut, tellRange } from './tell.ts';

/** Operations of one transaction (embed.DefaultMaxTxnOps). */
const maxOps = 128;
/** Bytes of a key and its value (embed.DefaultMaxRequestBytes). */
const maxRequest = 1.5 * 1024 * 1024;

export function range(call: Call, request: Message): Message {
  tellRange(call, request);
  call.etcd.access.require(call.token);
  return ranged(call.etcd, request);
}

export function put(call: Call, request: Message): Message {
  tellPut(call, request);
  call.etcd.access.require(call.token);
  let response: Message = {};
  checkPut(call.etcd, request);
  call.etcd.store.write((writer) => {
    response = written(call.etcd, request, writer);
  });
  return { ...response, header: call.etcd.header };
}

export function deleteRange(call: Call, request: Message): Message {
  tellDelete(call, request);
  call.etcd.access.require(call.token);
  if (bytesIn(request, 'key').length === 0) throw failures.emptyKey();
  let response: Message = {};
  call.etcd.store.write((writer) => {
    response = deleted(call.etcd, request, writer);
  });
  return { ...response, header: call.etcd.header };
}

export function transaction(call: Call, request: Message): Message {
  const { etcd } = call;
  for (const operation of operationsOf(request)) tellOperation(call, operation);
  etcd.access.require(call.token);
  checkTransaction(etcd, request);
  const succeeded = listIn(request, 'compare').every((one) => isMessage(one) && holds(etcd, one));
  const responses: Message[] = [];
  etcd.store.write((writer) => {
    for (const operation of listIn(request, succeeded ? 'success' : 'failure'))
      if (isMessage(operation)) responses.push(performed(call, operation, writer));
  });
  return { header: etcd.header, succeeded, responses };
}

export function compact({ etcd, token, tell }: Call, request: Message): Message {
  const revision = integerIn(request, 'revision');
  tell('request', { texts: [], data: { method: 'Compact', revision: String(revision) } });
  etcd.access.require(token);
  etcd.store.compact(revision);
  return { header: etcd.header };
}

export function rangeOf(request: Message): Range {
  return {
    from: bytesIn(request, 'key').toString('latin1'),
    end: bytesIn(request, 'range_end').toString('latin1'),
  };
}

export function messageOf({ key, value, createRevision, modRevision, version, lease }: KeyValue): Message {
  return {
    key: Buffer.from(key, 'latin1'),
    create_revision: createRevision,
    mod_revision: modRevision,
    version,
    value,
    lease,
  };
}

const orderBy: readonly ((a: KeyValue, b: KeyValue) => number)[] = [
  (a, b) => compare(a.key, b.key),
  (a, b) => compare(a.version, b.version),
  (a, b) => compare(a.createRevision, b.createRevision),
  (a, b) => compare(a.modRevision, b.modRevision),
  (a, b) => Buffer.compare(a.value, b.value),
];

function ranged({ store, header }: Etcd, request: Message): Message {
  if (bytesIn(request, 'key').length === 0) throw failures.emptyKey();
  const bounds = [
    ['min_mod_revision', 'max_mod_revision', 'modRevision'],
    ['min_create_revision', 'max_create_revision', 'createRevision'],
  ] as const;
  const found = store.range(rangeOf(request), integerIn(request, 'revision'));
  const within = found.filter((one) =>
    bounds.every(([least, most, name]) => {
      const limit = integerIn(request, most);
      return one[name] >= integerIn(request, least) && (limit === 0n || one[name] <= limit);
    }),
  );
  const count = BigInt(found.length);
  if (flagIn(request, 'count_only')) return { header, count };
  const order = numberIn(request, 'sort_order');
  const target = numberIn(request, 'sort_target');
  if (order !== 0 || target !== 0) {
    within.sort(orderBy[target] ?? orderBy[0]);
    if (order === 2) within.reverse();
  }
  const limit = Number(integerIn(request, 'limit'));
  const chosen = limit > 0 ? within.slice(0, limit) : within;
  const isBare = flagIn(request, 'keys_only');
  const kvs = chosen.map((one) => messageOf(isBare ? { ...one, value: Buffer.alloc(0) } : one));
  return { header, kvs, more: chosen.length < within.length, count };
}

function checkPut(etcd: Etcd, request: Message): void {
  const key = bytesIn(request, 'key');
  const value = bytesIn(request, 'value');
  if (key.length === 0) throw failures.emptyKey();
  if (flagIn(request, 'ignore_value') && value.length > 0) throw failures.valueProvided();
  if (flagIn(request, 'ignore_lease') && integerIn(request, 'lease') !== 0n) throw failures.leaseProvided();
  if (key.length + value.length > maxRequest) throw failures.tooLarge();
  const needsOld = flagIn(request, 'ignore_value') || flagIn(request, 'ignore_lease');
  if (needsOld && etcd.store.get(key.toString('latin1')) === undefined) throw failures.keyNotFound();
}

function written({ store, leases }: Etcd, request: Message, writer: Writer): Message {
  const key = bytesIn(request, 'key').toString('latin1');
  const old = store.get(key);
  const value = flagIn(request, 'ignore_value') ? old!.value : bytesIn(request, 'value');
  const lease = flagIn(request, 'ignore_lease') ? old!.lease : integerIn(request, 'lease');
  leases.attach(lease, key);
  const before = writer.put(key, Buffer.from(value), lease);
  const withOld = flagIn(request, 'prev_kv') && before !== undefined;
  return { header: { revision: writer.revision }, ...(withOld && { prev_kv: messageOf(before) }) };
}

function deleted({ store }: Etcd, request: Message, writer: Writer): Message {
  const gone = store.keysIn(rangeOf(request)).flatMap((key) => writer.delete(key) ?? []);
  return {
    header: { revision: gone.length > 0 ? writer.revision : store.revision },
    deleted: BigInt(gone.length),
    ...(flagIn(request, 'prev_kv') && { prev_kvs: gone.map(messageOf) }),
  };
}

function performed(call: Call, operation: Message, writer: Writer): Message {
  const { etcd } = call;
  const read = messageIn(operation, 'request_range');
  if (read !== undefined)
    return { response_range: { ...ranged(etcd, read), header: { revision: etcd.store.revision } } };
  const write = messageIn(operation, 'request_put');
  if (write !== undefined) return { response_put: written(etcd, write, writer) };
  const removal = messageIn(operation, 'request_delete_range');
  if (removal !== undefined) return { response_delete_range: deleted(etcd, removal, writer) };
  const inner = messageIn(operation, 'request_txn') ?? {};
  const succeeded = listIn(inner, 'compare').every((one) => isMessage(one) && holds(etcd, one));
  const responses: Message[] = [];
  for (const one of listIn(inner, succeeded ? 'success' : 'failure'))
    if (isMessage(one)) responses.push(performed(call, one, writer));
  return { response_txn: { header: { revision: etcd.store.revision }, succeeded, responses } };
}

function holds({ store }: Etcd, condition: Message): boolean {
  const found = store.range(rangeOf(condition));
  const targets = ['version', 'create_revision', 'mod_revision', 'value', 'lease'] as const;
  const target = targets[numberIn(condition, 'target')] ?? 'version';
  // What is not there has no value to compare, and zeros for all else.
  if (found.length === 0) {
    if (target === 'value') return false;
    return isAs(condition, compare(0n, integerIn(condition, target)));
  }
  return found.every((one) => {
    if (target === 'value') return isAs(condition, Buffer.compare(one.value, bytesIn(condition, 'value')));
    const names = {
      version: 'version',
      create_revision: 'createRevision',
      mod_revision: 'modRevision',
      lease: 'lease',
    } as const;
    return isAs(condition, compare(one[names[target]], integerIn(condition, target)));
  });
}

function isAs(condition: Message, order: number): boolean {
  const wanted = numberIn(condition, 'result');
  if (wanted === 0) return order === 0;
  if (wanted === 1) return order > 0;
  return wanted === 2 ? order < 0 : order !== 0;
}

function* operationsOf(request: Message): Generator<Message> {
  for (const name of ['success', 'failure'])
    for (const operation of listIn(request, name)) {
      if (!isMessage(operation)) continue;
      const inner = messageIn(operation, 'request_txn');
      if (inner === undefined) yield operation;
      else yield* operationsOf(inner);
    }
}

function tellOperation(call: Call, operation: Message): void {
  const [read, write, removal] = [
    messageIn(operation, 'request_range'),
    messageIn(operation, 'request_put'),
    messageIn(operation, 'request_delete_range'),
  ];
  if (read !== undefined) tellRange(call, read);
  if (write !== undefined) tellPut(call, write);
  if (removal !== undefined) tellDelete(call, removal);
}

/** @throws EtcdError before anything is done */
function checkTransaction(etcd: Etcd, request: Message): void {
  for (const name of ['compare', 'success', 'failure'])
    if (listIn(request, name).length > maxOps) throw failures.tooManyOps();
  for (const one of listIn(request, 'compare'))
    if (isMessage(one) && bytesIn(one, 'key').length === 0) throw failures.emptyKey();
  for (const name of ['success', 'failure']) {
    const put = new Set<string>();
    for (const operation of listIn(request, name)) {
      if (!isMessage(operation)) continue;
      const write = messageIn(operation, 'request_put');
      const other = messageIn(operation, 'request_range') ?? messageIn(operation, 'request_delete_range');
      const inner = messageIn(operation, 'request_txn');
      if (inner !== undefined) checkTransaction(etcd, inner);
      else if (write !== undefined) {
        checkPut(etcd, write);
        const key = bytesIn(write, 'key').toString('latin1');
        if (put.has(key)) throw failures.duplicateKey();
        put.add(key);
      } else if (other === undefined) throw new EtcdError(3, 'etcdserver: key not found');
      else if (bytesIn(other, 'key').length === 0) throw failures.emptyKey();
    }
  }
}

function compare(a: bigint | string, b: bigint | string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
