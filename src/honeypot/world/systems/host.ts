/**
 * The server: Debian 12 on an instance of EC2, with Docker, Redis and PostgreSQL. What SSH, Redis and PostgreSQL show,
 * and what a container shows that has `/` of its host. All worlds of a persona share one tree of files until they
 * change it.
 */
import type { Persona } from '../../persona/persona.ts';
import type { Directory } from '../files/node.ts';
import { Quota } from '../files/quota.ts';
import { Tree } from '../files/tree.ts';
import type { World } from '../world.ts';
import { addBackup } from './crontabs.ts';
import { debianFiles } from './debian-files.ts';
import { addDevices } from './dev.ts';
import { addDockerFiles } from './docker-files.ts';
import { type Draft, draftOf } from './draft.ts';
import { addEtc } from './etc.ts';
import { addList, latestChange } from './file-list.ts';
import { addHomes } from './homes.ts';
import { addLogs } from './logs.ts';
import { addPackageFiles } from './package-files.ts';
import { mountProc } from './proc/proc.ts';
import { serverProcesses } from './processes.ts';
import { binary, script } from './program-file.ts';
import { addSysfs } from './sysfs.ts';

/** What one visitor may keep on a server, in bytes. */
const share = 10 << 20;

/** @param quota of all worlds of the decoy */
export function createHost(persona: Persona, quota: Quota): World {
  const now = Date.now();
  const own = new Quota(share, quota);
  const files = new Tree(serverFiles(persona, now), own);
  const processes = serverProcesses(persona, now);
  const world: World = {
    persona,
    system: 'debian',
    hostname: persona.hostname,
    files,
    processes,
    nextPid: processes.at(-1)!.pid + persona.random('pid').int(200, 4000),
    ahead: 0,
    close: () => own.release(),
  };
  mountProc(world, own);
  return world;
}

const servers = new WeakMap<Persona, Directory>();

function serverFiles(persona: Persona, now: number): Directory {
  let root = servers.get(persona);
  if (root === undefined) {
    root = makeServerFiles(persona, now);
    servers.set(persona, root);
  }
  return root;
}

function makeServerFiles(persona: Persona, now: number): Directory {
  const draft = draftOf(latestChange(persona));
  addList(draft, debianFiles, persona, false);
  addPackageFiles(draft, persona, false);
  addEtc(draft, persona);
  addHomes(draft, persona);
  addDevices(draft, true);
  addSysfs(draft, persona);
  addLogs(draft, persona, now);
  addDockerFiles(draft, persona, now);
  addPostgres(draft, persona);
  addTools(draft, persona);
  for (const path of [
    '/proc',
    '/var/www',
    '/srv',
    '/mnt',
    '/media',
    '/run/lock',
    '/run/systemd/system',
    '/run/user/0',
  ])
    draft.directory(path);
  for (const path of ['/tmp', '/var/tmp', '/run/lock']) draft.directory(path, { mode: 0o1777 });
  draft.directory('/run/sshd');
  draft.directory('/lost+found', { mode: 0o700, mtime: persona.installedAt });
  for (const process of serverProcesses(persona, now)) {
    const [program = ''] = process.args;
    const name = /^\/usr\/sbin\/(dockerd)$|^sshd: |^\/usr\/sbin\/(cron)$/.exec(program);
    if (name !== null) draft.file(`/run/${pidFiles[name[1] ?? name[2] ?? 'sshd']}.pid`, `${process.pid}\n`);
  }
  addBackup(draft, persona);
  return draft.root;
}

const pidFiles: Readonly<Record<string, string>> = { dockerd: 'docker', cron: 'crond', sshd: 'sshd' };

/** Of Debian's postgresql-15, as much as its users see. */
function addPostgres(draft: Draft, persona: Persona): void {
  const owner = { uid: 103, gid: 111, mode: 0o700 };
  const programs =
    'postgres:8932680 pg_ctl:67864 initdb:170368 pg_dump:424000 pg_restore:191472 psql:765248 createdb:96640 vacuumdb:108952';
  for (const entry of programs.split(' ')) {
    const [name = '', size] = entry.split(':');
    draft.file(`/usr/lib/postgresql/15/bin/${name}`, binary(persona, name, Number(size)), { mode: 0o755 });
  }
  for (const name of ['psql', 'pg_dump', 'createdb'])
    draft.link(`/usr/bin/${name}`, `../lib/postgresql/15/bin/${name}`);
  draft.directory('/var/lib/postgresql', { ...owner, mode: 0o755 });
  draft.directory('/var/lib/postgresql/15', { ...owner, mode: 0o755 });
  draft.directory('/var/lib/postgresql/15/main', owner);
  const folders =
    'base global pg_commit_ts pg_dynshmem pg_logical pg_multixact pg_notify pg_replslot pg_serial pg_snapshots pg_stat pg_stat_tmp pg_subtrans pg_tblspc pg_twophase pg_wal pg_xact';
  for (const name of folders.split(' ')) draft.directory(`/var/lib/postgresql/15/main/${name}`, owner);
  draft.file('/var/lib/postgresql/15/main/PG_VERSION', '15\n', { ...owner, mode: 0o600 });
  draft.file(
    '/etc/postgresql/15/main/pg_hba.conf',
    'local   all             postgres                                peer\nlocal   all             all                                     peer\nhost    all             all             0.0.0.0/0               scram-sha-256\n',
    { ...owner, mode: 0o640 },
  );
}

/** What the administrator put there without a package. */
function addTools(draft: Draft, persona: Persona): void {
  const folder = '/usr/local/aws-cli/v2/2.15.30';
  draft.file(`${folder}/dist/aws`, binary(persona, 'aws', 6_782_736), { mode: 0o755 });
  draft.link(`${folder}/bin/aws`, '../dist/aws');
  draft.link('/usr/local/aws-cli/v2/current', folder);
  draft.link('/usr/local/bin/aws', '/usr/local/aws-cli/v2/current/bin/aws');
  draft.file('/usr/local/bin/docker-compose', binary(persona, 'docker-compose', 63_443_135), { mode: 0o755 });
  draft.file('/usr/local/bin/deploy', script(persona, 'deploy', '/bin/bash', 812), { mode: 0o755 });
}
