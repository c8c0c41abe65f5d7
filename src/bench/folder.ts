/** The benchmark's folder: one benchmark at a time, and nothing in it is deleted through a mount. */
import { hash } from 'node:crypto';
import { readFileSync, realpathSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { WaterguardError } from '../model/error.ts';
import { printable } from '../model/printable.ts';

/**
 * Held by the kernel and let go with the process, however that ends: an abstract socket (unix(7)).
 * @returns lets it go
 * @throws WaterguardError `usage` where another benchmark holds the folder
 */
export function lockFolder(folder: string): Promise<() => Promise<void>> {
  const server = createServer();
  return new Promise((resolve, reject) => {
    server.once('error', (cause: NodeJS.ErrnoException) => {
      if (cause.code !== 'EADDRINUSE') return reject(cause);
      const advice = 'wait for its end, or give this one a folder of its own with XDG_CACHE_HOME';
      reject(new WaterguardError('usage', `another benchmark is at work in ${printable(folder)}; ${advice}`));
    });
    server.listen(`\0waterguard-bench-${hash('sha256', realpathSync(folder))}`, () => {
      server.unref();
      resolve(() => new Promise((closed) => server.close(() => closed())));
    });
  });
}

/**
 * What an interrupted run left: where the tool that built a root file system was killed, /proc, /sys and /dev of the
 * host may still be mounted in it.
 * @param mountinfo as in proc_pid_mountinfo(5)
 * @throws WaterguardError `usage` where something is mounted there
 */
export function removeTree(path: string, mountinfo = readFileSync('/proc/self/mountinfo', 'latin1')): void {
  const mounts = mountsIn(path, mountinfo);
  if (mounts.length > 0) {
    const named = mounts.slice(0, 10).map((one) => printable(Buffer.from(one, 'latin1')));
    throw new WaterguardError(
      'usage',
      `${printable(path)} cannot be removed, because something is mounted in it: ${named.join(', ')}. ` +
        'An earlier benchmark was interrupted there; unmount it (umount PLACE) and run this one again.',
    );
  }
  rmSync(path, { recursive: true, force: true });
}

/** Mount points at or below a folder, as latin1, in which every byte is a character. */
function mountsIn(path: string, mountinfo: string): string[] {
  const folder = Buffer.from(canonical(path)).toString('latin1');
  return mountinfo
    .split('\n')
    .map((line) => (line.split(' ')[4] ?? '').replace(/\\([0-7]{3})/g, unescaped))
    .filter((place) => place === folder || place.startsWith(`${folder}/`));
}

function unescaped(_: string, octal: string): string {
  return String.fromCharCode(Number.parseInt(octal, 8));
}

function canonical(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    // Not there, so nothing is mounted in it.
    return path;
  }
}
