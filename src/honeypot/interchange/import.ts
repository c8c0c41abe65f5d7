/** Lines of others and of our own, made lines of ours to be delivered. */
import { readEventLine } from '../../api/event-line.ts';
import { createCowrieReader } from './cowrie.ts';

export type ImportFormat = 'cowrie' | 'waterguard';

export type ImportedLine =
  | {
      readonly line: string;
      /** When it happened, in milliseconds since 1970. */
      readonly at: number;
    }
  | { readonly passedOver: true }
  | { readonly reason: string };

/** @returns reads the next line of one file; @param sensor whose events those are that name none */
export function createImporter(format: ImportFormat, sensor: string): (line: string) => ImportedLine {
  if (format === 'waterguard') return readOwn;
  const read = createCowrieReader(sensor);
  return (line) => {
    const one = read(line);
    return 'event' in one ? { line: JSON.stringify(one.event), at: Date.parse(one.event.ts) } : one;
  };
}

function readOwn(line: string): ImportedLine {
  const one = readEventLine(line);
  return 'event' in one ? { line, at: Date.parse(one.event.ts) } : { reason: one.reason };
}

/** Whose line it is; undefined for nobody's. */
export function formatOf(line: string): ImportFormat | undefined {
  if ('event' in readEventLine(line)) return 'waterguard';
  return isCowrie(line) ? 'cowrie' : undefined;
}

function isCowrie(line: string): boolean {
  try {
    return /^cowrie\./.test(String((JSON.parse(line) as { eventid?: unknown } | null)?.eventid));
  } catch {
    return false;
  }
}
