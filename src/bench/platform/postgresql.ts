/** A PostgreSQL server of the machine's own package (Debian's place for it), in a folder of its own, on loopback. */
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { chmodSync, chownSync, existsSync, mkdirSync, readdirSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { freePort } from '../processes.ts';

export interface PostgreSql {
  readonly port: number;
  /** Of a database of that name, which is made where it is not there. */
  url(database: string): string;
  /** @param signal `SIGQUIT` ends it as a crash would */
  stop(signal?: 'SIGINT' | 'SIGQUIT'): Promise<void>;
  start(): Promise<void>;
}

const installed = '/usr/lib/postgresql';

/** Folder of its programs, of the newest version; undefined where it is not installed. */
export function findPostgreSql(): string | undefined {
  if (!existsSync(installed)) return undefined;
  const versions = readdirSync(installed).sort((a, b) => Number(b) - Number(a));
  return versions.map((one) => join(installed, one, 'bin')).find((one) => existsSync(join(one, 'initdb')));
}

/** @param folder need not exist; the server refuses root, so it runs as `postgres` there */
export async function startPostgreSql(folder: string): Promise<PostgreSql> {
  const bin = findPostgreSql();
  if (bin === undefined) throw new Error('PostgreSQL is not installed');
  mkdirSync(folder, { recursive: true });
  const user = process.getuid?.() === 0 ? userOf('postgres') : undefined;
  if (user !== undefined) chownSync(folder, user.uid, user.gid);
  if (user !== undefined) letPass(folder);
  const options = { ...user, cwd: folder, env: { PATH: process.env.PATH, LC_ALL: 'C.UTF-8' } };
  const data = join(folder, 'data');
  execFileSync(join(bin, 'initdb'), ['-D', data, '-U', 'waterguard', '-A', 'trust', '--no-sync'], {
    ...options,
    stdio: 'ignore',
  });
  const port = await freePort();
  let server: ChildProcess | undefined;

  async function start(): Promise<void> {
    const settings = [`port=${port}`, 'listen_addresses=127.0.0.1', `unix_socket_directories=${folder}`];
    const args = ['-D', data, ...settings.flatMap((one) => ['-c', one])];
    server = spawn(join(bin!, 'postgres'), args, { ...options, stdio: 'ignore' });
    for (let waited = 0; waited < 20_000; waited += 100) {
      if (query('postgres', 'select 1')) return;
      await sleep(100);
    }
    throw new Error('PostgreSQL did not start');
  }

  function query(database: string, text: string): boolean {
    try {
      const args = ['-h', '127.0.0.1', '-p', String(port), '-U', 'waterguard', '-d', database, '-Atc', text];
      execFileSync(join(bin!, 'psql'), args, { stdio: 'ignore' });
      return true;
    } catch {
      return false;
    }
  }

  await start();
  return {
    port,
    start,
    url(database) {
      query('postgres', `create database "${database}"`);
      return `postgres://waterguard@127.0.0.1:${port}/${database}`;
    },
    async stop(signal = 'SIGINT') {
      const ending = server;
      if (ending === undefined || ending.exitCode !== null) return;
      const ended = new Promise((resolve) => ending.once('exit', resolve));
      ending.kill(signal);
      await ended;
    },
  };
}

/** Temporary folders above it are closed to others, who have to pass through them. */
function letPass(folder: string): void {
  if (!folder.startsWith(tmpdir())) return;
  const top = dirname(tmpdir());
  for (let at = dirname(folder); at !== top && at !== dirname(at); at = dirname(at)) {
    const { mode, uid } = statSync(at);
    if (uid === process.getuid?.() && (mode & 0o1) === 0) chmodSync(at, (mode & 0o7777) | 0o11);
  }
}

function userOf(name: string): { readonly uid: number; readonly gid: number } {
  const id = (flag: string): number => Number(execFileSync('id', [flag, name], { encoding: 'utf8' }));
  return { uid: id('-u'), gid: id('-g') };
}
