/**
 * What merging an image's layers tells: which files its start paths reach, and what has become of the files with
 * findings. Both depend on configuration and layers alone, and are most of the work of a rescan.
 */
import { hash } from 'node:crypto';
import { join } from 'node:path';
import type { StartedCommand } from '../../detect/detector.ts';
import type { ImageConfig } from '../../image/image.ts';
import type { State } from '../../model/finding.ts';
import type { ClosedFile } from '../reach-target.ts';
import { keepWithin } from './folder.ts';
import { readSealed, writeSealed } from './sealed-file.ts';

export interface Reached {
  /** Path of each file reached, and what it was reached from. */
  readonly steps: readonly (readonly [path: string, from: string])[];
  /** SHA-256 of these files, with their paths. */
  readonly contents: readonly (readonly [sha256: string, path: string])[];
  /** Of the files with findings: layer, ordinal, state. */
  readonly states: readonly (readonly [layer: number, ordinal: number, state: State])[];
  readonly commands: readonly StartedCommand[];
  readonly closed: readonly ClosedFile[];
  readonly partly: readonly string[];
  readonly complete: boolean;
}

/** The place of one image's reach. */
export interface ReachMemory {
  read(): Reached | undefined;
  keep(reached: Reached): void;
}

/** Raised when the walk changes, or the shape of what it tells. */
const walkVersion = 4;

const folderSize = 64 * 1024 * 1024;

/** @param context whatever start facts depend on besides the layers: see `contextOf`, and the limits */
export function openReachCache(folder: string, context: string) {
  const written = keepWithin(folder, folderSize);
  return (config: ImageConfig, diffIds: readonly string[]): ReachMemory => {
    const path = join(folder, hash('sha256', JSON.stringify([walkVersion, context, config, diffIds])));
    return {
      read() {
        const body = readSealed(path);
        return body === undefined ? undefined : (JSON.parse(body.toString()) as Reached);
      },
      keep(reached) {
        const body = Buffer.from(JSON.stringify(reached));
        writeSealed(path, body);
        written(body.length);
      },
    };
  };
}

export type ReachCache = ReturnType<typeof openReachCache>;
