/** Files that a text writes before it runs them, by path: what is in them and where that comes from. */
import { type StartPlace, startPlace } from '../start/locations.ts';
import { type Content, joined } from './content.ts';

/** Bounds of one text: files and folders, characters of what is in them. */
const bounds = { files: 1000, folders: 50, sameName: 8, text: 1024 * 1024 } as const;

export interface Files {
  /** The working directory, as far as `cd` tells; empty where it is not known. */
  folder: string;
  readonly byName: Map<string, Written[]>;
  /** Folders that an archive was unpacked into. */
  readonly folders: Written[];
  left: { files: number; text: number };
}

interface Written {
  /** Absolute, or relative to a working directory that is not known. */
  readonly path: string;
  content: Content;
}

export function noFiles(): Files {
  return { folder: '', byName: new Map(), folders: [], left: { files: bounds.files, text: bounds.text } };
}

export function write(files: Files, path: string, content: Content, append = false): void {
  const full = resolve(files.folder, path);
  const name = baseName(full);
  if (path === '' || name === '') return;
  const same = files.byName.get(name) ?? [];
  const known = same.find((one) => one.path === full);
  files.left.text -= content.text?.length ?? 0;
  const { text: _, ...rest } = content;
  const kept = files.left.text > 0 ? content : rest;
  if (known !== undefined) {
    known.content = append ? joined(known.content, kept) : kept;
  } else if (files.left.files-- > 0 && same.length < bounds.sameName) {
    files.byName.set(name, [...same, { path: full, content: kept }]);
  }
}

/** An archive was unpacked into a folder: whatever runs below it comes from there. */
export function unpackInto(files: Files, folder: string, { text: _, ...content }: Content): void {
  const path = resolve(files.folder, folder);
  if (path !== '/' && files.folders.length < bounds.folders)
    files.folders.push({ path, content: { ...content, unpacked: true } });
}

/** @param path as written: also relative to a folder that `cd` entered */
export function read(files: Files, path: string): Content | undefined {
  if (files.byName.size === 0 && files.folders.length === 0) return undefined;
  const full = resolve(files.folder, path);
  const known = files.byName.get(baseName(full))?.find((one) => isSame(one.path, full));
  if (known !== undefined) return known.content;
  return files.folders.findLast((one) => isBelow(full, one.path))?.content;
}

/** Folders in which the shell looks for a program by its bare name. */
const programFolders =
  /^(?:\/usr(?:\/local)?)?\/s?bin$|^(?:\/root|\/home\/[^/]{1,64}|~|\$HOME)\/(?:\.local\/)?bin$/;

/** @param extra folders that a command adds to PATH */
export function readProgram(files: Files, name: string, extra: readonly string[]): Content | undefined {
  return files.byName.get(name)?.find(({ path }) => {
    const folder = path.slice(0, path.lastIndexOf('/'));
    return programFolders.test(folder) || extra.includes(folder);
  })?.content;
}

function isSame(one: string, other: string): boolean {
  if (one === other) return true;
  if (isAbsolute(one) === isAbsolute(other)) return false;
  return isAbsolute(one) ? one.endsWith(`/${other}`) : other.endsWith(`/${one}`);
}

function isBelow(path: string, folder: string): boolean {
  return folder === '' ? !isAbsolute(path) : path.startsWith(`${folder}/`);
}

/** A path below a folder that a variable names is as good as absolute: nothing else has the same beginning. */
function isAbsolute(path: string): boolean {
  return /^(?:[/~]|\$\{?\w{1,64}\}?\/)/.test(path);
}

/** Longest path that is looked at. */
const longestPath = 1024;

export function resolve(folder: string, path: string): string {
  const whole = isAbsolute(path) || folder === '' ? path : `${folder}/${path}`;
  const parts: string[] = [];
  for (const part of whole.slice(0, longestPath).split('/')) {
    if (part === '' || part === '.') continue;
    if (part === '..' && parts.length > 0 && parts.at(-1) !== '..') parts.pop();
    else parts.push(part);
  }
  return (whole.startsWith('/') ? '/' : '') + parts.join('/');
}

export function baseName(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}

/** Also below a mounted host: `/mnt/etc/cron.d/x`. */
export function startPlaceBelow(path: string): StartPlace | undefined {
  for (const root of ['/etc/', '/var/spool/', '/root/', '/home/', '/usr/lib/systemd/']) {
    const at = path.slice(0, 500).indexOf(root);
    const place = at < 0 ? undefined : startPlace(path.slice(at));
    if (place !== undefined) return place;
  }
  return undefined;
}
