/**
 * The database as a file, as `etcdctl snapshot save` gets it: bbolt (format 2), its buckets each in one leaf, which may
 * go over any number of pages.
 */

import { messageOf } from './calls/kv.ts';
import type { KeyValue, Store } from './store.ts';
import { encode } from './wire/protobuf.ts';

const pageSize = 4096;
/** Of bbolt's page.go. */
const flags = { leaf: 0x02, meta: 0x04, freelist: 0x10 };
const headerSize = 16;
const bucketFlag = 1;

interface Item {
  readonly flags: number;
  readonly key: Buffer;
  readonly value: Buffer;
}

/** The buckets of etcd 3.4, in the order of their names. */
const bucketNames = [
  'alarm',
  'auth',
  'authRoles',
  'authUsers',
  'cluster',
  'key',
  'lease',
  'members',
  'members_removed',
  'meta',
];

/** @param size of the file at least, in bytes: what is not used was used once, and is free */
export function databaseFile(store: Store, size: number): Buffer {
  const pages: Buffer[] = [];
  const rootId = 2;
  let next = rootId + 1;
  const buckets = bucketNames.map((name) => {
    const items = itemsOf(name, store);
    // An empty bucket lies in its parent.
    if (items.length === 0) return { flags: bucketFlag, key: Buffer.from(name), value: inlineBucket() };
    const page = leafPage(next, items);
    const value = bucket(next);
    pages.push(page);
    next += page.length / pageSize;
    return { flags: bucketFlag, key: Buffer.from(name), value };
  });
  const root = leafPage(rootId, buckets);
  const freelistId = next;
  const freelist = freelistPage(freelistId, Math.ceil(size / pageSize));
  const used = freelistId + freelist.length / pageSize;
  const count = Math.max(used, Math.ceil(size / pageSize));
  const free = Buffer.alloc((count - used) * pageSize);
  const meta = { root: rootId, freelist: freelistId, pages: count };
  const transaction = store.revision & ~1n;
  return Buffer.concat([
    metaPage(0, transaction, meta),
    metaPage(1, transaction - 1n, meta),
    root,
    ...pages,
    freelist,
    free,
  ]);
}

function itemsOf(name: string, store: Store): Item[] {
  switch (name) {
    case 'cluster':
      return [item('clusterVersion', Buffer.from('3.4.0'))];
    case 'key':
      return revisionsOf(store.range({ from: '\0', end: '\0' }));
    case 'meta': {
      const index = Buffer.alloc(8);
      index.writeBigUInt64BE(store.revision);
      return [item('consistent_index', index), item('finishedCompactRev', revisionKey(store.compacted, 0n))];
    }
    default:
      return [];
  }
}

function item(key: string | Buffer, value: Buffer): Item {
  return { flags: 0, key: Buffer.from(key as string), value };
}

/** Each key under the revision in which it was written, and its place within that. */
function revisionsOf(all: readonly KeyValue[]): Item[] {
  const sorted = all.toSorted((a, b) =>
    a.modRevision < b.modRevision ? -1 : a.modRevision > b.modRevision ? 1 : 0,
  );
  let [last, sub] = [0n, 0n];
  return sorted.map((one) => {
    sub = one.modRevision === last ? sub + 1n : 0n;
    last = one.modRevision;
    return item(revisionKey(one.modRevision, sub), encode(messageOf(one), 'KeyValue'));
  });
}

function revisionKey(main: bigint, sub: bigint): Buffer {
  const key = Buffer.alloc(17, '_');
  key.writeBigUInt64BE(main, 0);
  key.writeBigUInt64BE(sub, 9);
  return key;
}

function bucket(root: number): Buffer {
  const value = Buffer.alloc(16);
  value.writeBigUInt64LE(BigInt(root));
  return value;
}

/** A bucket whose page follows it. */
function inlineBucket(): Buffer {
  return Buffer.concat([bucket(0), header(0, flags.leaf, 0, 0)]);
}

function header(id: number, kind: number, count: number, overflow: number): Buffer {
  const bytes = Buffer.alloc(headerSize);
  bytes.writeBigUInt64LE(BigInt(id), 0);
  bytes.writeUInt16LE(kind, 8);
  bytes.writeUInt16LE(count, 10);
  bytes.writeUInt32LE(overflow, 12);
  return bytes;
}

/** @param items in the order of their keys; a page counts no more than 65,535 */
function leafPage(id: number, items: readonly Item[]): Buffer {
  const kept = items.slice(0, 0xfffe);
  const elements = Buffer.alloc(16 * kept.length);
  const data: Buffer[] = [];
  let at = elements.length;
  for (const [index, { flags: kind, key, value }] of kept.entries()) {
    elements.writeUInt32LE(kind, 16 * index);
    elements.writeUInt32LE(at - 16 * index, 16 * index + 4);
    elements.writeUInt32LE(key.length, 16 * index + 8);
    elements.writeUInt32LE(value.length, 16 * index + 12);
    data.push(key, value);
    at += key.length + value.length;
  }
  const size = headerSize + at;
  const count = Math.ceil(size / pageSize);
  const page = Buffer.concat([header(id, flags.leaf, kept.length, count - 1), elements, ...data]);
  return Buffer.concat([page, Buffer.alloc(count * pageSize - size)]);
}

/** All pages behind it up to the end are free. */
function freelistPage(id: number, end: number): Buffer {
  const most = 0xfffe;
  const wanted = Math.min(most, Math.max(0, end - id - 1));
  const own = Math.ceil((headerSize + 8 * wanted) / pageSize);
  const count = Math.max(0, Math.min(most, end - id - own));
  const page = Buffer.alloc(own * pageSize);
  header(id, flags.freelist, count, own - 1).copy(page);
  for (let index = 0; index < count; index += 1)
    page.writeBigUInt64LE(BigInt(id + own + index), headerSize + 8 * index);
  return page;
}

function metaPage(
  id: number,
  transaction: bigint,
  { root, freelist, pages }: { readonly root: number; readonly freelist: number; readonly pages: number },
): Buffer {
  const meta = Buffer.alloc(64);
  meta.writeUInt32LE(0xed0cdaed, 0);
  meta.writeUInt32LE(2, 4);
  meta.writeUInt32LE(pageSize, 8);
  meta.writeBigUInt64LE(BigInt(root), 16);
  meta.writeBigUInt64LE(BigInt(freelist), 32);
  meta.writeBigUInt64LE(BigInt(pages), 40);
  meta.writeBigUInt64LE(transaction, 48);
  meta.writeBigUInt64LE(fnv(meta.subarray(0, 56)), 56);
  const page = Buffer.alloc(pageSize);
  header(id, flags.meta, 0, 0).copy(page);
  meta.copy(page, headerSize);
  return page;
}

/** FNV-1a, 64 bits. */
function fnv(bytes: Buffer): bigint {
  let hash = 0xcbf29ce484222325n;
  for (const byte of bytes) hash = BigInt.asUintN(64, (hash ^ BigInt(byte)) * 0x100000001b3n);
  return hash;
}
