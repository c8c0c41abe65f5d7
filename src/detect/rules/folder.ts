/** Finds the rule files of folders. Other people's folders are not trusted: everything is bounded. */
import { type Dirent, readdirSync, readFileSync, statSync } from 'node:fs';
import { basename, join, parse, relative, resolve, sep } from 'node:path';
import { messageOf, WaterguardError } from '../../model/error.ts';

export interface FoundFile {
  readonly path: string;
  /** Folder name and path below it without extension: `signature-base/crime_mirai`. */
  readonly namespace: string;
  /** Named by itself, not found in a folder. */
  readonly named: boolean;
}

/** The largest public rule file of November 2026 has 3 MB. */
const largestFile = 16 * 1024 * 1024;
const mostFiles = 20_000;
const deepestFolder = 16;

/**
 * In a stable order, each once. Symbolic links below a folder are not followed. Reading is synchronous: it is the
 * first thing that a scan does, and forty small files take 2 ms so.
 * @param wanted by file name
 * @throws WaterguardError `usage` where a folder does not exist, `limit`
 */
export function findRuleFiles(folders: readonly string[], wanted: RegExp): FoundFile[] {
  const files = new Map<string, FoundFile>();
  for (const folder of folders) {
    const root = resolve(folder);
    if (isFolder(root, folder)) collect(root, root, 0, wanted, files);
    else files.set(root, { path: root, namespace: parse(root).name, named: true });
  }
  return [...files.values()];
}

function isFolder(root: string, given: string): boolean {
  try {
    return statSync(root).isDirectory();
  } catch (error) {
    throw new WaterguardError('usage', `${given}: no such rule folder (${messageOf(error)})`);
  }
}

function collect(
  root: string,
  folder: string,
  depth: number,
  wanted: RegExp,
  into: Map<string, FoundFile>,
): void {
  if (depth > deepestFolder) return;
  for (const entry of readdirSync(folder, { withFileTypes: true }).sort(byName)) {
    const path = join(folder, entry.name);
    if (entry.isDirectory() && !entry.name.startsWith('.')) collect(root, path, depth + 1, wanted, into);
    if (!entry.isFile() || !wanted.test(entry.name) || into.has(path)) continue;
    if (into.size >= mostFiles) {
      throw new WaterguardError('limit', `${root}: more than ${mostFiles} rule files; name a smaller folder`);
    }
    into.set(path, { path, namespace: namespaceOf(root, path), named: false });
  }
}

/** By code units, because a locale's order would differ between machines. */
function byName(a: Dirent, b: Dirent): number {
  return a.name < b.name ? -1 : a.name > b.name ? 1 : 0;
}

function namespaceOf(root: string, path: string): string {
  const { dir, name } = parse(relative(root, path));
  return [basename(root), ...dir.split(sep), name].filter((part) => part !== '').join('/');
}

/** Invalid UTF-8 becomes replacement characters, which only comments and metadata may hold.
 *  @throws WaterguardError `limit` for a file that is too large, `usage` for one that cannot be read */
export function readRuleFile(path: string): string {
  try {
    const { size } = statSync(path);
    if (size <= largestFile) return readFileSync(path, 'utf8');
    throw new WaterguardError('limit', `has ${size} bytes; rule files are read up to ${largestFile}`);
  } catch (error) {
    if (error instanceof WaterguardError) throw error;
    throw new WaterguardError('usage', `cannot be read: ${messageOf(error)}`);
  }
}
