/** What the root file system of a container is made of, by the name of its image. */
import type { Persona } from '../../persona/persona.ts';
import type { Directory } from '../files/node.ts';
import type { World } from '../world.ts';
import { containerAccounts } from './accounts.ts';
import { addAlpine, addBusybox } from './alpine.ts';
import { debianFiles } from './debian-files.ts';
import { addDevices } from './dev.ts';
import { type Draft, draftOf } from './draft.ts';
import { addList, latestChange } from './file-list.ts';
import { osReleaseOf } from './os-release.ts';
import { addPackageFiles } from './package-files.ts';
import { binary, script } from './program-file.ts';

export interface Image {
  readonly system: World['system'];
  /** Name of the official image whose programs it has: `redis`; undefined for none. */
  readonly kind: string | undefined;
  /** A system and nothing else. */
  readonly isBase: boolean;
}

const bases: Readonly<Record<string, World['system']>> = {
  alpine: 'alpine',
  busybox: 'busybox',
  debian: 'debian',
  ubuntu: 'ubuntu',
  centos: 'redhat',
  fedora: 'redhat',
  rockylinux: 'redhat',
  almalinux: 'redhat',
  amazonlinux: 'redhat',
  oraclelinux: 'redhat',
  ubi7: 'redhat',
  ubi8: 'redhat',
  ubi9: 'redhat',
};

/** Programs, by their path and size in bytes, that official images have beside Debian's own. */
const kinds: Readonly<Record<string, string>> = {
  redis:
    '/usr/local/bin/redis-server:17266976 /usr/local/bin/redis-cli:7474568 /usr/local/bin/gosu:2474800 /usr/local/bin/docker-entrypoint.sh:661',
  nginx: '/usr/sbin/nginx:1452272 /usr/bin/curl:289384 /docker-entrypoint.sh:1620',
  httpd: '/usr/local/apache2/bin/httpd:2496544 /usr/local/bin/httpd-foreground:138',
  postgres:
    '/usr/lib/postgresql/15/bin/postgres:8932680 /usr/lib/postgresql/15/bin/psql:765248 /usr/bin/psql:765248 /usr/local/bin/gosu:2474800 /usr/local/bin/docker-entrypoint.sh:12032',
  mysql:
    '/usr/sbin/mysqld:65236512 /usr/bin/mysql:7752128 /usr/local/bin/gosu:2474800 /usr/local/bin/docker-entrypoint.sh:15133',
  mongo: '/usr/bin/mongod:181213184 /usr/bin/mongosh:97648640 /usr/local/bin/docker-entrypoint.sh:14078',
  node: '/usr/local/bin/node:98520352 /usr/local/bin/npm:54 /usr/local/bin/docker-entrypoint.sh:388 /usr/bin/curl:289384 /usr/bin/wget:544176 /usr/bin/git:3913080 /usr/bin/python3.11:6831704 /usr/bin/gcc-12:1173208 /usr/bin/make:245392',
  python:
    '/usr/local/bin/python3.11:15936 /usr/local/bin/pip3:222 /usr/bin/curl:289384 /usr/bin/wget:544176 /usr/bin/git:3913080 /usr/bin/gcc-12:1173208 /usr/bin/make:245392',
};

const sameKind: ReadonlyMap<string, string> = new Map([
  ['mariadb', 'mysql'],
  ['percona', 'mysql'],
  ['valkey', 'redis'],
  ['jupyter', 'python'],
]);

/** Whether nothing but what is here can be in it. */
export function isKnownImage(reference: string): boolean {
  const { kind, isBase } = imageOf(reference);
  return kind !== undefined || isBase;
}

/** @param reference as a client names it: `alpine`, `docker.io/library/redis:7@sha256:…` */
export function imageOf(reference: string): Image {
  const [withoutDigest = ''] = reference.toLowerCase().split('@', 1);
  const last = withoutDigest.slice(withoutDigest.lastIndexOf('/') + 1);
  const [name = '', tag = ''] = last.split(':');
  const isOfficial = !withoutDigest.replace(/^(docker\.io\/)?(library\/)?/, '').includes('/');
  const kind = sameKind.get(name) ?? (Object.hasOwn(kinds, name) ? name : undefined);
  if (kind !== undefined && isOfficial) {
    return { system: tag.includes('alpine') ? 'alpine' : 'debian', kind, isBase: false };
  }
  const base = Object.keys(bases).find(
    (one) => name === one || (name.startsWith(one) && /^[-_]/.test(name.slice(one.length))),
  );
  const mentioned = Object.keys(bases).find((one) => tag.includes(one));
  const isBase = isOfficial && name === base;
  return { system: bases[base ?? mentioned ?? ''] ?? 'alpine', kind: undefined, isBase };
}

const roots = new WeakMap<Persona, Map<string, Directory>>();

/** Shared by all containers of such an image. */
export function rootOf(persona: Persona, image: Image, privileged: boolean): Directory {
  let known = roots.get(persona);
  if (known === undefined) {
    known = new Map();
    roots.set(persona, known);
  }
  const key = `${image.system} ${image.kind} ${privileged}`;
  const root = known.get(key) ?? makeRoot(persona, image, privileged);
  known.set(key, root);
  return root;
}

function makeRoot(persona: Persona, { system, kind }: Image, privileged: boolean): Directory {
  const draft = draftOf(latestChange(persona));
  if (system === 'alpine') addAlpine(draft, persona);
  else if (system === 'busybox') addBusybox(draft, persona);
  else addDebianLike(draft, persona, system);
  for (const entry of kind === undefined ? [] : kinds[kind]!.split(' ')) {
    const [path = '', size = ''] = entry.split(':');
    const name = path.slice(path.lastIndexOf('/') + 1);
    const content =
      Number(size) < 16_000
        ? script(persona, name, '/bin/sh', Number(size))
        : binary(persona, name, Number(size));
    draft.file(path, content, { mode: 0o755 });
    if (name.startsWith('python3'))
      for (const link of ['python3', 'python']) draft.link(path.replace(name, link), name);
    if (name === 'gcc-12') for (const link of ['gcc', 'cc']) draft.link(path.replace(name, link), name);
    if (name === 'pip3') draft.link('/usr/local/bin/pip', name);
  }
  if (kind === 'nginx')
    draft.file(
      '/usr/share/nginx/html/index.html',
      '<!DOCTYPE html>\n<html>\n<head>\n<title>Welcome to nginx!</title>\n</head>\n<body>\n<h1>Welcome to nginx!</h1>\n</body>\n</html>\n',
    );
  addDevices(draft, privileged);
  for (const path of ['/proc', '/sys']) draft.directory(path, { mode: 0o555 });
  draft.file('/.dockerenv', '', { mode: 0o755 });
  draft.link('/etc/mtab', '/proc/mounts');
  return draft.root;
}

function addDebianLike(draft: Draft, persona: Persona, system: 'debian' | 'ubuntu' | 'redhat'): void {
  addList(draft, debianFiles, persona, true);
  const accounts = containerAccounts(Math.floor(latestChange(persona) / 86_400_000));
  for (const name of ['passwd', 'group'] as const) draft.file(`/etc/${name}`, accounts[name]);
  for (const name of ['shadow', 'gshadow'] as const)
    draft.file(`/etc/${name}`, accounts[name], { mode: 0o640, gid: 42 });
  draft.file('/usr/lib/os-release', osReleaseOf(system));
  draft.link('/etc/os-release', '../usr/lib/os-release');
  draft.directory('/root', { mode: 0o700 });
  for (const path of ['/tmp', '/var/tmp']) draft.directory(path, { mode: 0o1777 });
  if (system === 'redhat') {
    for (const path of [
      '/etc/apt',
      '/usr/bin/apt',
      '/usr/bin/apt-get',
      '/usr/bin/dpkg',
      '/etc/dpkg',
      '/var/lib/dpkg',
    ])
      draft.remove(path);
    draft.file('/etc/centos-release', 'CentOS Linux release 7.9.2009 (Core)\n');
    draft.link('/etc/redhat-release', 'centos-release');
    draft.file('/usr/bin/yum', script(persona, 'yum', '/usr/bin/python', 801), { mode: 0o755 });
    draft.file('/usr/bin/rpm', binary(persona, 'rpm', 15_896), { mode: 0o755 });
    draft.file('/usr/bin/curl', binary(persona, 'curl', 156_480), { mode: 0o755 });
    draft.file('/usr/bin/python2.7', binary(persona, 'python2.7', 7_144), { mode: 0o755 });
    draft.link('/usr/bin/python', 'python2.7');
    return;
  }
  addPackageFiles(draft, persona, true);
  draft.file('/etc/debian_version', system === 'debian' ? '12.11\n' : 'bookworm/sid\n');
  draft.file(
    '/etc/issue',
    system === 'debian' ? 'Debian GNU/Linux 12 \\n \\l\n\n' : 'Ubuntu 22.04.5 LTS \\n \\l\n\n',
  );
}
