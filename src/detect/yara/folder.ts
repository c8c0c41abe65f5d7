/** Finds the rule files of folders. Other people's folders are not trusted: everything is bounded. */
import type { Dirent } from 'node:fs';
import { readdir, readFile, stat } from 'node:fs/promises';
import { basename, join, parse, relative, resolve, sep } from 'node:path';
import { messageOf, WaterguardError } from '../../model/error.ts';

export interface RuleFile {
  readonly path: string;
  /** Folder name and path below it without extension: `signature-base/crime_mirai`. */
  readonly namespace: string;
}

/** The largest public rule file of November 2026 has 3 MB. */
const largestFile = 16 * 1024 * 1024;
const mostFiles = 20_000;
const deepestFolder = 16;

/** In a stable order. Symbolic links are not followed. @throws WaterguardError `usage`, `limit` */
export async function findRuleFiles(folders: readonly string[]): Promise<RuleFile[]> {
  const files: RuleFile[] = [];
  for (const folder of folders) {
    const root = resolve(folder);
    const kind = await stat(root).catch((error: unknown) => {
      throw new WaterguardError('usage', `${folder}: no such rule folder (${messageOf(error)})`);
    });
    if (kind.isDirectory()) await collect(root, root, 0, files);
    else files.push({ path: root, namespace: parse(root).name });
  }
  return files;
}

async function collect(root: string, folder: string, depth: number, into: RuleFile[]): Promise<void> {
  if (depth > deepestFolder) return;
  const entries = await readdir(folder, { withFileTypes: true });
  for (const entry of entries.sort(byName)) {
    const path = join(folder, entry.name);
    if (entry.isDirectory() && !entry.name.startsWith('.')) await collect(root, path, depth + 1, into);
    if (!entry.isFile() || !/\.yara?$/i.test(entry.name)) continue;
    if (into.length >= mostFiles) {
      throw new WaterguardError('limit', `${root}: more than ${mostFiles} rule files; name a smaller folder`);
    }
    into.push({ path, namespace: namespaceOf(root, path) });
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

/** Invalid UTF-8 becomes replacement characters, which only comments and metadata may hold. */
export async function readRuleFile(path: string): Promise<string> {
  const { size } = await stat(path);
  if (size > largestFile) {
    throw new WaterguardError('limit', `has ${size} bytes; rule files are read up to ${largestFile}`);
  }
  return await readFile(path, 'utf8');
}
