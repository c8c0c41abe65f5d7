/**
 * Hosts, addresses and URLs in files. It only collects: what a host is for changes with the day, so the judge asks
 * the lists (`judge.ts`), and a layer's result can be kept. Works on bytes and keeps hosts it has seen, because a
 * distribution holds a hundred thousand URLs of a few thousand hosts.
 */
import type { Observable } from '../../model/indicator.ts';
import {
  type Deadline,
  type Detection,
  type Detector,
  type FileRecord,
  nothing,
  type OpenFile,
} from '../detector.ts';
import { anchors, bareAnchors, connectAnchors, urlAnchors } from './anchors.ts';
import { addBareHost, addConnections, addListedHost } from './bare-host.ts';
import { addUrl } from './byte-url.ts';

export const networkDetector: Detector = {
  name: 'network',
  version: 4,
  needs: 'content',
  findings: [],
  anchors,
  onlyWith: 'anchors',
  wants: (file: FileRecord) => file.kind !== 'archive' && file.size >= 8,
  inspect,
};

/** Most observables of one file; a file with more is a list, and its first ones tell. */
const maxObservables = 2000;
/** Bare hosts are only looked for in texts up to this size: prose and data beyond it hold too many. */
const maxBare = 64 * 1024;

/** Observables of one file without repetitions. */
export interface Collection {
  readonly found: Observable[];
  readonly seen: Set<string>;
  /** How many more URLs are read whole because their host is not plain; see `hostOf`. */
  patience: number;
}

function inspect(file: OpenFile, deadline: Deadline): Detection {
  const into: Collection = { found: [], seen: new Set(), patience: 2 * maxObservables };
  let steps = 0;
  const each = (names: readonly string[], add: (place: number) => void): void => {
    for (const name of names) {
      for (const place of file.hits(name)) {
        if (into.found.length >= maxObservables) return;
        if ((++steps & 0xff) === 0) deadline.check();
        add(place);
      }
    }
  };
  each(urlAnchors, (place) => addUrl(into, file, place));
  if ((file.kind === 'script' || file.kind === 'text') && file.bytes.length <= maxBare) {
    each(bareAnchors, (place) => addBareHost(into, file, place));
    each(['listed'], (place) => addListedHost(into, file, place));
    if (file.kind === 'script' && connectAnchors.some((name) => file.hits(name).length > 0))
      addConnections(into, file);
  }
  if (into.found.length === 0) return nothing;
  into.found.length = Math.min(into.found.length, maxObservables);
  return { findings: [], observables: into.found };
}
