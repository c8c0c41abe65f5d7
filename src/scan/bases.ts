/**
 * Bases: the images of one run stand on the same few. The merged file system of a base stays in memory, with what
 * starts in it by itself, so that one more image costs what it adds. What starts is asked again where the image's
 * own layers touch anything that the answer depended on.
 */
import { type FileSystem, type FileSystemView, mergeLayers } from '../image/filesystem.ts';
import type { Footprint } from '../image/footprint.ts';
import { isListed, type LayerReport } from './layer-report.ts';
import { type ReachableSet, startedBySystem } from './reach.ts';
import { groundOf, type StartConfig, type StartsAt } from './reach-walk.ts';

export interface MergedTarget {
  readonly view: FileSystemView;
  /** What starts in the system by itself, where the base knows it and no layer above changes it. */
  startsOfBase?(config: StartConfig): ReachableSet | undefined;
}

export interface Bases {
  /**
   * @param layers all of an image, from the base up
   * @param shared so many of the first are known from another image
   */
  merge(layers: readonly LayerReport[], shared: number): MergedTarget;
}

/** Bases kept, entries in one of them, and surroundings for which it knows what starts: about 10 MB each at most. */
const most = { bases: 4, entries: 60_000, surroundings: 4 } as const;

export function createBases(): Bases {
  /** The last one used comes last. */
  const bases: Base[] = [];
  return {
    merge(layers, shared) {
      let base = longest(bases, layers);
      if (shared > (base?.diffIds.length ?? 0) && entriesOf(layers.slice(0, shared)) <= most.entries)
        base = createBase(layers.slice(0, shared), base);
      if (base === undefined) return { view: mergeLayers(layers.map(({ entries }) => entries)) };
      const at = bases.indexOf(base);
      if (at >= 0) bases.splice(at, 1);
      bases.push(base);
      if (bases.length > most.bases) bases.shift();
      return standOn(base, layers.slice(base.diffIds.length));
    },
  };
}

interface Base {
  readonly diffIds: readonly string[];
  readonly files: FileSystem;
  readonly starts: StartsIn;
  readonly known: Known[];
}

type StartsIn = (view: FileSystemView) => StartsAt;

/** What starts, and on what the answer depends. */
interface Known {
  readonly surroundings: string;
  readonly footprint: Footprint;
  readonly set: ReachableSet;
}

function createBase(layers: readonly LayerReport[], below: Base | undefined): Base {
  const tables = layers.map(({ entries }) => entries);
  return {
    diffIds: layers.map(({ diffId }) => diffId),
    files: below === undefined ? mergeLayers(tables) : below.files.under(tables.slice(below.diffIds.length)),
    starts: startsIn(layers.map((report, index) => ({ index, report }))),
    known: [],
  };
}

function standOn(base: Base, above: readonly LayerReport[]): MergedTarget {
  const view = base.files.under(above.map(({ entries }) => entries));
  return {
    view,
    startsOfBase(config) {
      const known = knownIn(base, config);
      return known !== undefined && view.leaves(known.footprint) ? known.set : undefined;
    },
  };
}

function knownIn(base: Base, config: StartConfig): Known | undefined {
  const surroundings = JSON.stringify([
    config.user,
    config.workingDir,
    valueIn(config, 'HOME'),
    valueIn(config, 'PATH'),
  ]);
  const known = base.known.find(
    (one) =>
      one.surroundings === surroundings &&
      [...one.set.variables].every(([name, value]) => name === 'HOME' || valueIn(config, name) === value),
  );
  if (known !== undefined || base.known.length >= most.surroundings) return known;
  const { view, footprint } = base.files.watched();
  const set = startedBySystem(groundOf(view, base.starts(view)), config);
  const fresh = { surroundings, footprint, set };
  base.known.push(fresh);
  return fresh;
}

/** The last setting of a variable counts. */
function valueIn({ env }: StartConfig, name: string): string | undefined {
  return env.findLast((line) => line.startsWith(`${name}=`))?.slice(name.length + 1);
}

/** The known base with the most of these layers. */
function longest(bases: readonly Base[], layers: readonly LayerReport[]): Base | undefined {
  let best: Base | undefined;
  for (const base of bases) {
    const { diffIds } = base;
    if (diffIds.length <= (best?.diffIds.length ?? 0) || diffIds.length > layers.length) continue;
    if (diffIds.every((diffId, index) => diffId === layers[index]?.diffId)) best = base;
  }
  return best;
}

function entriesOf(layers: readonly LayerReport[]): number {
  return layers.reduce((sum, { entries }) => sum + entries.count, 0);
}

/** The start facts of the file that is visible at a path. */
export function startsIn(
  layers: readonly { readonly index: number; readonly report: Pick<LayerReport, 'starts' | 'left'> }[],
): StartsIn {
  const reports = new Map(layers.map(({ index, report }) => [index, report]));
  return (view) => (path) => {
    const place = view.lookup(path);
    const report = place && reports.get(place.layer);
    if (place === undefined || report === undefined) return undefined;
    return report.starts.get(place.ordinal) ?? (isListed(report.left, place.ordinal) ? 'left' : undefined);
  };
}
