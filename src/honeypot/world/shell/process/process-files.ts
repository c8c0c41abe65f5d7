/** `/dev/fd/63`: files that a shell makes for `<(…)`, laid over the world's as long as the command runs. */
import { Quota } from '../../files/quota.ts';
import { Tree } from '../../files/tree.ts';
import type { World } from '../../world.ts';

const folder = '/dev/fd';
const most = 16 << 20;

/** @returns takes it away again */
export function showProcessFile({ files }: World, number: number, content: Uint8Array): () => void {
  const mount = files.mounts.get(folder);
  const tree = mount?.tree ?? emptyTree();
  if (mount === undefined) files.mounts.set(folder, { tree, path: '/', readOnly: false });
  const path = `/${number}`;
  const common = { mode: 0o600, uid: 0, gid: 0, mtime: Date.now() };
  tree.put(path, { kind: 'file', ...common, size: content.length, content });
  return () => {
    if (tree.get(path) !== undefined) tree.remove(path);
    const root = tree.get('/');
    const isEmpty =
      root?.kind === 'directory' && typeof root.entries !== 'function' && root.entries.size === 0;
    if (isEmpty && files.mounts.get(folder)?.tree === tree) files.mounts.delete(folder);
  };
}

function emptyTree(): Tree {
  const root = {
    kind: 'directory',
    mode: 0o755,
    uid: 0,
    gid: 0,
    mtime: Date.now(),
    entries: new Map(),
  } as const;
  return new Tree(root, new Quota(most));
}
