/** File names that fit a pattern, part of the path by part. */
import type { Shell } from '../shell.ts';
import { compile, isMagic, matches, unescaped } from './pattern.ts';

/** Paths that are followed at the same time. */
const mostPaths = 20_000;
/** Parts of a path that are looked at. */
const deepest = 64;

/** Sorted; none where nothing fits. */
export async function expandFileName(shell: Shell, source: string): Promise<string[]> {
  const extglob = shell.shopts.has('extglob');
  if (!isMagic(source, extglob)) return [];
  const isAbsolute = source.startsWith('/');
  const parts = source.replace(/^\/+/, '').split(/\/+/, deepest);
  let paths = [isAbsolute ? '/' : ''];
  for (const [index, part] of parts.entries()) {
    const isLast = index === parts.length - 1;
    const next: string[] = [];
    for (const path of paths) {
      await shell.work(5);
      if (!isMagic(part, extglob)) {
        const plain = path + unescaped(part);
        if (part === '' || shell.files.exists(plain)) next.push(isLast ? plain : `${plain}/`);
      } else {
        const names = await namesIn(shell, path, part, extglob, !isLast);
        next.push(...names.map((name) => (isLast ? path + name : `${path}${name}/`)));
      }
      if (next.length > mostPaths) break;
    }
    paths = next;
  }
  return paths.sort();
}

async function namesIn(
  shell: Shell,
  path: string,
  part: string,
  extglob: boolean,
  areFolders: boolean,
): Promise<string[]> {
  const pattern = compile(part, extglob);
  const showsHidden = part.startsWith('.') || part.startsWith('\\.') || shell.shopts.has('dotglob');
  const folder = path === '' ? '.' : path;
  const entries = listed(shell, folder);
  await shell.work(1 + entries.length);
  // bash leaves these out since 5.2 (globskipdots).
  const candidates = part.startsWith('.') && !shell.dialect.isBash ? ['.', '..', ...entries] : entries;
  return candidates.filter(
    (name) =>
      (showsHidden || !name.startsWith('.')) &&
      matches(pattern, name) &&
      (!areFolders || isFolder(shell, path + name)),
  );
}

function listed({ files }: Shell, folder: string): string[] {
  try {
    return files.list(folder).map(({ name }) => name);
  } catch {
    return [];
  }
}

function isFolder({ files }: Shell, path: string): boolean {
  return files.exists(path) && files.stat(path).kind === 'directory';
}
