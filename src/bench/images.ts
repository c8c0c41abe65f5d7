/**
 * The images of the benchmark: Debian trees made by mmdebstrap, packed by umoci and copied by skopeo, so that
 * nothing in them is ours. Built once and kept below the cache folder.
 */
import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import { removeTree } from './folder.ts';

export interface BenchImage {
  readonly name: string;
  /** For `waterguard scan`. */
  readonly target: string;
  /** The same content, unpacked and without device nodes, for rivals that read folders. */
  readonly tree: string;
  /** For `umoci unpack`. */
  readonly layout: string;
}

/** About 230, 530 and 1,300 MB unpacked. Debian 12 (bookworm). */
const recipes: Readonly<Record<string, string>> = {
  '230 MB': 'nginx,python3,curl',
  '530 MB': 'nginx,python3,nodejs,git,postgresql,curl',
  '1300 MB': 'nginx,python3,nodejs,git,postgresql,openjdk-17-jdk-headless,golang-go',
};

/** @throws Error when mmdebstrap, umoci or skopeo is missing or fails */
export function buildImages(folder: string, say: (text: string) => void): BenchImage[] {
  return Object.entries(recipes).map(([name, packages]) => {
    const home = join(folder, `${name.replace(' ', '')}`);
    const image = {
      name,
      target: `oci:${join(home, 'image')}:latest`,
      tree: join(home, 'tree'),
      layout: join(home, 'image'),
    };
    if (!existsSync(home)) build(home, packages, say);
    return image;
  });
}

/** Two layers, as most images have at least: `/usr/share` on top of the rest. */
function build(home: string, packages: string, say: (text: string) => void): void {
  say(`building a Debian image with ${packages}`);
  const draft = `${home}.draft`;
  removeTree(draft);
  mkdirSync(draft, { recursive: true });
  const run = (...[command = '', ...args]: string[]): void => {
    execFileSync(command, args, { cwd: draft, stdio: ['ignore', 'ignore', 'pipe'], maxBuffer: 2 ** 28 });
  };
  run(...inOwnMounts(), 'mmdebstrap', '--variant=minbase', `--include=${packages}`, 'bookworm', 'tree');
  removeTree(join(draft, 'tree/dev'));
  run('tar', '-C', 'tree', '--exclude=./usr/share', '-cf', 'base.tar', '.');
  run('tar', '-C', 'tree', '-cf', 'share.tar', './usr/share');
  run('umoci', 'init', '--layout', 'packed');
  run('umoci', 'new', '--image', 'packed:latest');
  run('umoci', 'raw', 'add-layer', '--image', 'packed:latest', 'base.tar');
  run('umoci', 'raw', 'add-layer', '--image', 'packed:latest', 'share.tar');
  run('skopeo', 'copy', 'oci:packed:latest', 'oci:image:latest');
  for (const name of ['base.tar', 'share.tar', 'packed']) removeTree(join(draft, name));
  renameSync(draft, home);
}

/**
 * As root, mmdebstrap mounts /proc, /sys and /dev into the tree (packages need them to be set up; mmdebstrap(1)).
 * In mounts of its own they go away with it, however it ends. Who may not have such may not mount either.
 */
function inOwnMounts(): string[] {
  if (process.geteuid?.() !== 0) return [];
  return spawnSync('unshare', ['--mount', 'true']).status === 0 ? ['unshare', '--mount'] : [];
}
