/** Layers: the tar walk, and what becomes of the entries behind it. */

import type { EntrySink } from '../../../src/image/entry.ts';
import { EntryTable } from '../../../src/image/entry-table.ts';
import { type FileSystemView, type Located, mergeLayers } from '../../../src/image/filesystem.ts';
import { applyLayers } from '../../../src/image/layer-merge.ts';
import { createLiveness } from '../../../src/image/liveness.ts';
import { parseNumber } from '../../../src/image/tar/header.ts';
import { createTarWalker, defaultTarLimits } from '../../../src/image/tar/walker.ts';
import {
  buildTar,
  checksummed,
  directory,
  file,
  hardlink,
  opaque,
  paxHeader,
  symlink,
  tarEntry,
  whiteout,
} from '../../../src/lab/image-builder.ts';
import type { Random } from '../random.ts';
import { chunksOf, expect, type Target } from '../target.ts';

const end = Buffer.alloc(1024);

export function tarSeeds(): Buffer[] {
  const sparse = tarEntry(file('sparse', 'abcd'));
  sparse.write('S', 156);
  sparse.write('ustar  \0', 257, 'latin1');
  sparse.write('00000000000\0' + '00000000002\0' + '00000001000\0' + '00000000002\0', 386, 'latin1');
  sparse.write('00000002000', 483);
  checksummed(sparse.subarray(0, 512));
  return [
    buildTar([directory('etc'), file('etc/hostname', 'host\n'), symlink('etc/mtab', '/proc/mounts')]),
    buildTar([file('a', 'x'.repeat(600)), hardlink('b', 'a'), whiteout('etc/c'), opaque('etc/d')]),
    buildTar([file('n'.repeat(180), 'long'), symlink('l', '../'.repeat(50) + 'x')]),
    buildTar([symlink('a', 'b'), symlink('b', 'a'), file('a/c', '1'), { path: 'dev/null', type: 'chardev' }]),
    Buffer.concat([paxHeader({ path: 'pax/ü', size: '3', linkpath: 'x' }), tarEntry(file('x', 'abc')), end]),
    Buffer.concat([paxHeader({ mtime: '1.5', uid: '4000000' }, 'g'), tarEntry(file('y', 'abc')), end]),
    Buffer.concat([
      paxHeader({
        'GNU.sparse.major': '1',
        'GNU.sparse.minor': '0',
        'GNU.sparse.realsize': '4',
        'GNU.sparse.name': 's',
      }),
      tarEntry(file('x', '1\n0\n4\n'.padEnd(512, '\0') + 'abcd')),
      end,
    ]),
    Buffer.concat([
      paxHeader({ 'GNU.sparse.size': '9', 'GNU.sparse.map': '0,2,6,2' }),
      tarEntry(file('x', 'abcd')),
      end,
    ]),
    Buffer.concat([sparse, end]),
  ];
}

/** Fills in the checksums of what stands where headers stand, by the sizes that they claim. */
export function mendTar(input: Buffer): Buffer {
  for (let at = 0; at + 512 <= input.length; ) {
    const block = input.subarray(at, at + 512);
    if (block[0] !== 0) checksummed(block);
    const size = parseNumber(block, 124, 12);
    at += 512 + (size > 0 && size < input.length ? Math.ceil(size / 512) * 512 : 0);
  }
  return input;
}

const words = [
  'ustar\x0000',
  'ustar  \0',
  '././@LongLink',
  '.wh.',
  '.wh..wh..opq',
  'GNU.sparse.map',
  '../',
  '/',
];

export const tarTargets: readonly Target[] = [
  {
    name: 'tar',
    seeds: tarSeeds,
    words,
    mend: mendTar,
    run(input, random) {
      const sink = checkingSink(defaultTarLimits.maxHoleBytes + 8 * 1024 * 1024);
      const walker = createTarWalker(sink, defaultTarLimits, 'layer');
      for (const chunk of chunksOf(input, random)) walker.push(chunk);
      walker.finish();
    },
  },
  {
    name: 'layer-merge',
    seeds: tarSeeds,
    words,
    mend: mendTar,
    run(input, random) {
      const tables = [new EntryTable(), new EntryTable(), new EntryTable()];
      const sink: EntrySink = {
        entry: (entry) => random.pick(tables).append(entry, Buffer.alloc(32, entry.size)),
        data() {},
        end() {},
        skip() {},
      };
      const walker = createTarWalker(sink, defaultTarLimits, 'layer');
      walker.push(input);
      walker.finish();
      const merged = applyLayers(tables);
      const liveness = createLiveness(merged);
      for (const [layer, table] of tables.entries()) {
        for (let ordinal = 0; ordinal < table.count; ordinal++) liveness.isVisible(layer, ordinal);
      }
      checkBase(tables, random);
    },
  },
  {
    name: 'entry-table',
    seeds: () => [
      table([
        ['/a', 3],
        ['/a/b', 0],
        ['/c', 9],
      ]),
      table([['/', 0]]),
      table(Array.from({ length: 20 }, (_, at): [string, number] => [`/usr/lib/${at}`, at % 4])),
    ],
    mend: mendTable,
    run(input) {
      const loaded = EntryTable.load(input);
      for (let ordinal = 0; ordinal < loaded.count; ordinal++) {
        expect(loaded.path(ordinal)[0] === 0x2f, 'a path begins with a slash');
        loaded.get(ordinal);
        loaded.sha256(ordinal);
      }
      expect(EntryTable.load(loaded.serialise()).count === loaded.count, 'a table can be written again');
      applyLayers([loaded]);
    },
  },
];

/** On a base, layers give what they give at once; what leaves the base's answers alone does so. */
function checkBase(tables: readonly EntryTable[], random: Random): void {
  const at = 1 + random.below(tables.length - 1);
  const base = mergeLayers(tables.slice(0, at));
  const above = base.under(tables.slice(at));
  const whole = mergeLayers(tables);
  const paths = ['/', '/a', ...tables.flatMap(somePaths)];
  const asked = Array.from({ length: 4 }, () => question(random, paths, tables));
  for (const ask of asked) expect(same(ask(above), ask(whole)), 'a base changes nothing');
  const { view, footprint } = base.watched();
  const answers = asked.map((ask) => ask(view));
  if (!above.leaves(footprint)) return;
  for (const [index, ask] of asked.entries())
    expect(same(ask(above), answers[index]), 'what is left alone gives the same answers');
}

function somePaths(table: EntryTable): string[] {
  const count = Math.min(table.count, 20);
  return Array.from({ length: count }, (_, ordinal) => table.path(ordinal).toString('latin1'));
}

function question(
  random: Random,
  paths: readonly string[],
  tables: readonly EntryTable[],
): (view: FileSystemView) => unknown {
  const [path, cwd] = [random.pick(paths), random.pick(paths)];
  const told = (at: Located | undefined): unknown => (isDirectory(at, tables) ? at?.path : at);
  switch (random.below(4)) {
    case 0:
      return (view) => view.list(path);
    case 1:
      return (view) => told(view.lookup(path));
    case 2:
      return (view) => told(view.resolve(path.slice(1), cwd));
    default:
      return (view) => told(view.resolve(path));
  }
}

/** Which entry a directory comes from is no part of an answer. */
function isDirectory(at: Located | undefined, tables: readonly EntryTable[]): boolean {
  return at !== undefined && (at.ordinal < 0 || tables[at.layer]?.type(at.ordinal) === 'directory');
}

function same(one: unknown, other: unknown): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}

function table(entries: readonly (readonly [string, number])[]): Buffer {
  const made = new EntryTable();
  for (const [path, size] of entries) {
    const entry = { path: Buffer.from(path), type: 'file', mode: 0o644, uid: 0, gid: 0, size } as const;
    made.append(entry, Buffer.alloc(32, size));
  }
  return made.serialise();
}

/** Gives a table the length that its header asks for, where that is not much. */
function mendTable(input: Buffer): Buffer {
  if (input.length < 24) return input;
  const [count, nameBytes, contents] = [8, 12, 16].map((at) => input.readUInt32LE(at) % 256) as [
    number,
    number,
    number,
  ];
  for (const [at, value] of [count, nameBytes, contents].entries()) input.writeUInt32LE(value, 8 + 4 * at);
  const length = 28 + count * 28 + nameBytes + contents * 32;
  return Buffer.concat([input, Buffer.alloc(Math.max(0, length - input.length))], length);
}

/** Holds the walker to its contract: normalised paths, data only inside files, no more than a limit. */
function checkingSink(mostBytes: number): EntrySink {
  let isOpen = false;
  let left = mostBytes;
  return {
    entry({ path, type, size }) {
      expect(!isOpen, 'a file ends before the next entry');
      expect(path[0] === 0x2f, 'a path begins with a slash');
      const text = `${path.toString('latin1')}/`;
      const isNormal =
        text === '//' || !(text.includes('//') || text.includes('/./') || text.includes('/../'));
      expect(isNormal, 'a path is normalised');
      expect(Number.isSafeInteger(size) && size >= 0, 'a size is a size');
      isOpen = type === 'file';
    },
    data(bytes) {
      expect(isOpen, 'data belong to a file');
      left -= bytes.length;
      expect(left >= 0, 'a small archive delivers little but the holes that are allowed');
    },
    end() {
      expect(isOpen, 'only a file ends');
      isOpen = false;
    },
    skip(path) {
      expect(path.length > 0, 'a skip says where');
    },
  };
}
