/**
 * What a scan is pointed at: `REPO[:TAG]`, `oci:DIR[:TAG]`, `oci-archive:FILE[:TAG]`,
 * `docker-archive:FILE[:NAME]`, `docker:IMAGE`, `dir:PATH`. Every kind opens to the same two shapes, an image
 * or a directory, and everything after this file is the same for all of them.
 */
import { readdir, realpath } from 'node:fs/promises';
import { WaterguardError } from '../model/error.ts';
import { printable } from '../model/printable.ts';
import type { OpenDirectory, OpenOptions, OpenTarget } from './image.ts';
import { asUnreadable, kindOfPath } from './local/members.ts';

export const targetKinds = ['registry', 'oci', 'oci-archive', 'docker-archive', 'docker', 'dir'] as const;
export type TargetKind = (typeof targetKinds)[number];

/** `rest` is what follows the prefix; for a registry the whole reference. */
export interface Target {
  readonly kind: TargetKind;
  readonly rest: string;
}

/** Looks at the text alone, not at the file system.
 *  @throws WaterguardError `usage` for an empty target, a prefix without anything after it, or a bare path */
export function parseTarget(text: string): Target {
  if (text.startsWith('docker://')) return { kind: 'registry', rest: text.slice('docker://'.length) };
  const colon = text.indexOf(':');
  const kind = targetKinds.find((one) => one !== 'registry' && one === text.slice(0, colon));
  const rest = kind === undefined ? text : text.slice(colon + 1);
  if (rest === '' || rest.includes('\0')) throw emptyTarget(text);
  if (kind === undefined && /^[./~]/.test(rest)) throw barePath(text);
  return { kind: kind ?? 'registry', rest };
}

/**
 * The caller closes what it gets. Each kind loads when it is asked for: HTTP alone takes longer to load than a
 * rescan takes.
 * @throws WaterguardError as the openers of each kind, and `usage` as `parseTarget`
 */
export async function openTarget(text: string, options: OpenOptions): Promise<OpenTarget> {
  const { kind, rest } = parseTarget(text);
  switch (kind) {
    case 'registry':
      return openFromRegistry(rest, options);
    case 'oci':
      return (await import('./local/oci-layout.ts')).openOciLayout(rest, options);
    case 'oci-archive':
      return (await import('./local/oci-archive.ts')).openOciArchive(rest, options);
    case 'docker-archive':
      return (await import('./local/docker-archive.ts')).openDockerArchive(rest, options);
    case 'docker':
      return (await import('./local/engine.ts')).openEngineImage(rest, options);
    case 'dir':
      return openDirectory(rest);
  }
}

async function openFromRegistry(reference: string, options: OpenOptions): Promise<OpenTarget> {
  const [{ openRegistry }, { resolveImage }] = await Promise.all([
    import('./registry/open.ts'),
    import('./manifest/resolve.ts'),
  ]);
  const { store, root } = await openRegistry(reference, options);
  return resolveImage(store, root, options);
}

/** @throws WaterguardError `unreadable` where there is no such directory, or an empty one */
export async function openDirectory(path: string): Promise<OpenDirectory> {
  const shown = printable(path);
  const kind = await kindOfPath(path);
  if (kind === undefined) {
    throw new WaterguardError('unreadable', `There is no directory ${shown}. Check the path.`);
  }
  if (kind !== 'directory') {
    throw new WaterguardError(
      'unreadable',
      `${shown} is not a directory. Give the directory that it lies in.`,
    );
  }
  try {
    const root = await realpath(path);
    if ((await readdir(root)).length > 0) {
      return { kind: 'directory', reference: `dir:${shown}`, root, close: async () => {} };
    }
  } catch (error) {
    throw asUnreadable(error, `The directory ${shown}`);
  }
  throw new WaterguardError(
    'unreadable',
    `The directory ${shown} is empty: there is nothing to scan. Check the path.`,
  );
}

const forms = 'REPO[:TAG], oci:DIR[:TAG], oci-archive:FILE, docker-archive:FILE, docker:IMAGE or dir:PATH';

function emptyTarget(text: string): WaterguardError {
  return new WaterguardError(
    'usage',
    `${text === '' ? 'The target is empty' : `${printable(text)} names nothing`}. Write ${forms}.`,
  );
}

function barePath(text: string): WaterguardError {
  return new WaterguardError(
    'usage',
    `${printable(text)} looks like a path, but its kind is not stated. Write ${forms}.`,
  );
}
