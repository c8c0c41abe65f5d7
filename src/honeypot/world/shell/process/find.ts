/** The search for a program along PATH. */
import { FileError, type FileErrorCode } from '../../files/node.ts';
import type { View } from '../../files/view.ts';

export type Found = { readonly path: string } | { readonly code: FileErrorCode };

/** Along PATH, or where the name says. @param path value of PATH */
export function findProgram(files: View, name: string, path: string): Found {
  if (name === '') return { code: 'ENOENT' };
  const candidates = name.includes('/')
    ? [name]
    : path.split(':').map((folder) => `${folder === '' ? '.' : folder}/${name}`);
  let failure: FileErrorCode | undefined;
  for (const candidate of candidates) {
    const code = codeAt(files, candidate);
    if (code === undefined) return { path: candidate };
    if (name.includes('/') || code === 'EACCES') failure = code;
  }
  return { code: failure ?? 'ENOENT' };
}

/** Why a file cannot be run; undefined where it can. */
export function codeAt(files: View, path: string): FileErrorCode | undefined {
  try {
    const node = files.stat(path);
    if (node.kind === 'directory') return 'EISDIR';
    return files.allows(node, 1) ? undefined : 'EACCES';
  } catch (error) {
    return error instanceof FileError ? error.code : 'ENOENT';
  }
}
