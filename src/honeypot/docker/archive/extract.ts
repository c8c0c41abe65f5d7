/** Puts the entries of a tar into the files of a world. */
import { FileError } from '../../world/files/node.ts';
import { parentOf } from '../../world/files/tree.ts';
import type { View } from '../../world/files/view.ts';
import { broken } from '../engine/failure.ts';
import { clean } from '../engine/mounts.ts';
import type { TarEntry } from './tar.ts';

/** Names lead nowhere but below the folder: `..` is taken away, as unpacking in a chroot does. */
export function extract(view: View, folder: string, entries: readonly TarEntry[], keepsKinds = false): void {
  for (const entry of entries) {
    const path = clean(`${folder}/${clean(entry.name)}`);
    if (path === folder) continue;
    try {
      if (keepsKinds && view.exists(path)) {
        const isFolder = view.stat(path).kind === 'directory';
        if (isFolder !== (entry.kind === 'directory'))
          throw broken(
            `cannot overwrite ${isFolder ? 'directory' : 'non-directory'} "${path}" with ${isFolder ? 'non-directory' : 'directory'} "${folder}"`,
          );
      }
      makeFolder(view, parentOf(path));
      if (entry.kind === 'directory') {
        if (!view.exists(path)) view.mkdir(path, { mode: entry.mode, now: entry.mtime });
      } else if (entry.kind === 'link') view.symlink(entry.target, path, entry.mtime);
      else if (entry.kind === 'hardlink') view.link(clean(`${folder}/${clean(entry.target)}`), path);
      else if (entry.kind === 'file') {
        view.write(path, entry.content, { mode: entry.mode, now: entry.mtime });
        view.change(path, { mode: entry.mode, uid: entry.uid, gid: entry.gid });
      }
    } catch (error) {
      // A full disk, a name that is taken by something else: the rest goes on.
      if (!(error instanceof FileError)) throw error;
    }
  }
}

/** With those above it; what cannot be made is left. */
export function makeFolder(view: View, path: string): void {
  let here = '';
  for (const name of path.split('/').filter(Boolean)) {
    here = `${here}/${name}`;
    try {
      if (!view.exists(here)) view.mkdir(here);
    } catch (error) {
      if (error instanceof FileError) return;
      throw error;
    }
  }
}
