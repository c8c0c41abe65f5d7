/** useradd, adduser, usermod, userdel, groupadd: they really change /etc/passwd and its companions. */
import type { Run } from '../../program.ts';
import { type Account, accountsOf } from '../../systems/account-database.ts';
import { now } from '../../world.ts';
import { makeAll } from '../files/make.ts';
import { optionsOf } from '../options.ts';
import { Fault, fault, nameOf, shortNameOf, type Tool } from '../tool.ts';
import { setHash } from './password.ts';

/** Most accounts that a visitor may make. */
const mostAccounts = 200;

export const useradd: Tool = async (run, flavour) => {
  const options = optionsOf(run, flavour, {
    short: 'b:c:d:De:f:g:G:k:K:lmMNop:rR:s:u:UZ:h:S',
    long: {
      'home-dir=': 'd',
      home: 'd',
      'comment=': 'c',
      'gid=': 'g',
      'groups=': 'G',
      'create-home': 'm',
      'no-create-home': 'M',
      'non-unique': 'o',
      'password=': 'p',
      system: 'r',
      'shell=': 's',
      'uid=': 'u',
      'user-group': 'U',
      'no-user-group': 'N',
      'disabled-password': 'disabled',
      'gecos=': 'c',
      'ingroup=': 'g',
      badname: 'badname',
    },
    misuse: 2,
    usage: 'Usage: useradd [options] LOGIN\n       useradd -D\n       useradd -D [options]\n',
  });
  const [name] = options.operands;
  if (name === undefined)
    throw new Fault('Usage: useradd [options] LOGIN\n       useradd -D\n       useradd -D [options]\n', 2);
  await mayManage(run);
  const accounts = accountsOf(run.files);
  const isAdduser = shortNameOf(run) === 'adduser';
  if (!/^[a-z_][a-z0-9_.-]*\$?$/i.test(name))
    throw fault(run, `invalid user name '${name}': use --badname to ignore`, 3);
  if (accounts.byName(name) !== undefined)
    throw fault(
      run,
      isAdduser ? `The user \`${name}' already exists.` : `user '${name}' already exists`,
      isAdduser ? 1 : 9,
    );
  if (accounts.users.length > mostAccounts) throw fault(run, 'cannot open /etc/passwd');
  const uid = Number(
    options.value('u') ??
      freeId(
        accounts.users.map((user) => user.uid),
        options.has('r', 'S'),
      ),
  );
  if (options.has('u') && !options.has('o') && accounts.byId(uid) !== undefined)
    throw fault(run, `UID ${uid} is not unique`, 4);
  const named = options.value('g');
  const group =
    named === undefined ? undefined : (accounts.groupByName(named) ?? accounts.groupById(Number(named)));
  if (named !== undefined && group === undefined) throw fault(run, `group '${named}' does not exist`, 6);
  const gid = group?.gid ?? uid;
  const home = options.value('d') ?? `/home/${name}`;
  const shell =
    options.value('s') ?? (flavour === 'busybox' ? '/bin/sh' : isAdduser ? '/bin/bash' : '/bin/sh');
  append(run, '/etc/passwd', `${name}:x:${uid}:${gid}:${options.value('c') ?? ''}:${home}:${shell}\n`);
  append(run, '/etc/shadow', `${name}:${options.value('p') ?? '!'}:${today(run)}:0:99999:7:::\n`);
  if (group === undefined) append(run, '/etc/group', `${name}:x:${gid}:\n`);
  for (const other of (options.value('G') ?? '').split(',')) addMember(run, other, name);
  if (options.has('m') || isAdduser) makeHome(run, home, uid, gid);
  if (isAdduser && flavour === 'gnu' && options.value('c') === undefined)
    await run.stdout.write(adduserTalk(name, uid, home));
  return 0;
};

function adduserTalk(name: string, uid: number, home: string): string {
  return `Adding user \`${name}' ...\nAdding new group \`${name}' (${uid}) ...\nAdding new user \`${name}' (${uid}) with group \`${name} (${uid})' ...\nCreating home directory \`${home}' ...\nCopying files from \`/etc/skel' ...\n`;
}

export async function mayManage(run: Run): Promise<void> {
  if (run.user.uid === 0) return;
  const name = nameOf(run);
  throw new Fault(`${name}: Permission denied.\n${name}: cannot lock /etc/passwd; try again later.\n`, 1);
}

function freeId(used: readonly number[], isSystem: boolean): number {
  if (isSystem) {
    let id = 999;
    while (used.includes(id)) id -= 1;
    return id;
  }
  return Math.max(999, ...used.filter((id) => id < 60_000)) + 1;
}

export function today(run: Run): number {
  return Math.floor(now(run.world) / 86_400_000);
}

function append(run: Run, path: string, line: string): void {
  run.files.write(path, Buffer.from(line), { append: true, now: now(run.world) });
}

function makeHome(run: Run, home: string, uid: number, gid: number): void {
  if (run.files.exists(home)) return;
  makeAll(run, home, 0o755);
  run.files.change(home, { uid, gid });
  if (!run.files.exists('/etc/skel')) return;
  for (const { name, node } of run.files.list('/etc/skel')) {
    if (node.kind !== 'file') continue;
    run.files.write(`${home}/${name}`, run.files.read(`/etc/skel/${name}`), { now: now(run.world) });
    run.files.change(`${home}/${name}`, { uid, gid });
  }
}

function addMember(run: Run, group: string, name: string): void {
  if (group === '') return;
  edit(run, '/etc/group', (line) => {
    const fields = line.split(':');
    if (fields[0] !== group) return line;
    const members = (fields[3] ?? '').split(',').filter((member) => member !== '' && member !== name);
    return [...fields.slice(0, 3), [...members, name].join(',')].join(':');
  });
}

/** @param change of a line; undefined takes it out */
export function edit(run: Run, path: string, change: (line: string) => string | undefined): void {
  if (!run.files.exists(path)) return;
  const lines = Buffer.from(run.files.read(path)).toString().replace(/\n$/, '').split('\n');
  const kept = lines.map(change).filter((line) => line !== undefined);
  run.files.write(path, Buffer.from(`${kept.join('\n')}\n`), { now: now(run.world) });
}

export const userdel: Tool = async (run, flavour) => {
  const options = optionsOf(run, flavour, {
    short: 'frR:Z',
    long: { force: 'f', remove: 'r', 'remove-home': 'r' },
    misuse: 2,
    usage: 'Usage: userdel [options] LOGIN\n',
  });
  const [name] = options.operands;
  if (name === undefined) throw new Fault('Usage: userdel [options] LOGIN\n', 2);
  await mayManage(run);
  const account = accountsOf(run.files).byName(name);
  if (account === undefined) throw fault(run, `user '${name}' does not exist`, 6);
  for (const path of ['/etc/passwd', '/etc/shadow', '/etc/group'])
    edit(run, path, (line) => (line.startsWith(`${name}:`) ? undefined : line));
  if (options.has('r')) {
    await run.stderr.write(`userdel: ${name} mail spool (/var/mail/${name}) not found\n`);
    if (run.files.exists(account.home) && account.home.startsWith('/home/'))
      await run.exec(['rm', '-rf', account.home]);
  }
  return 0;
};

export const usermod: Tool = async (run, flavour) => {
  const options = optionsOf(run, flavour, {
    short: 'ac:d:e:f:g:G:l:Lmop:rR:s:u:U',
    long: {
      append: 'a',
      'comment=': 'c',
      'home=': 'd',
      'gid=': 'g',
      'groups=': 'G',
      'login=': 'l',
      lock: 'L',
      'move-home': 'm',
      'password=': 'p',
      'shell=': 's',
      'uid=': 'u',
      unlock: 'U',
      'non-unique': 'o',
    },
    misuse: 2,
    usage: 'Usage: usermod [options] LOGIN\n',
  });
  const [name] = options.operands;
  if (name === undefined) throw new Fault('Usage: usermod [options] LOGIN\n', 2);
  await mayManage(run);
  const account = accountsOf(run.files).byName(name);
  if (account === undefined) throw fault(run, `user '${name}' does not exist`, 6);
  for (const group of (options.value('G') ?? '').split(',')) {
    if (group !== '' && accountsOf(run.files).groupByName(group) === undefined)
      throw fault(run, `group '${group}' does not exist`, 6);
    addMember(run, group, name);
  }
  edit(run, '/etc/passwd', (line) => (line.startsWith(`${name}:`) ? passwdLine(account, options) : line));
  const password = options.value('p');
  if (password !== undefined) setHash(run, name, password);
  return 0;
};

function passwdLine(account: Account, options: { value(name: string): string | undefined }): string {
  const { name, uid, gid, gecos, home, shell } = account;
  return [
    options.value('l') ?? name,
    'x',
    options.value('u') ?? uid,
    options.value('g') ?? gid,
    options.value('c') ?? gecos,
    options.value('d') ?? home,
    options.value('s') ?? shell,
  ].join(':');
}

export const groupadd: Tool = async (run, flavour) => {
  const options = optionsOf(run, flavour, {
    short: 'fg:K:op:rS',
    long: { force: 'f', 'gid=': 'g', system: 'r' },
    misuse: 2,
    usage: 'Usage: groupadd [options] GROUP\n',
  });
  const [name, member] = options.operands;
  if (name === undefined) throw new Fault('Usage: groupadd [options] GROUP\n', 2);
  await mayManage(run);
  const accounts = accountsOf(run.files);
  // busybox adds a user to a group by `addgroup USER GROUP`.
  if (member !== undefined) {
    addMember(run, member, name);
    return 0;
  }
  if (accounts.groupByName(name) !== undefined) {
    if (options.has('f')) return 0;
    throw fault(run, `group '${name}' already exists`, 9);
  }
  const gid =
    options.value('g') ??
    freeId(
      accounts.groups.map((group) => group.gid),
      options.has('r', 'S'),
    );
  append(run, '/etc/group', `${name}:x:${gid}:\n`);
  return 0;
};

export const groupdel: Tool = async (run, flavour) => {
  const { operands } = optionsOf(run, flavour, { short: 'f' });
  const [name = ''] = operands;
  await mayManage(run);
  if (accountsOf(run.files).groupByName(name) === undefined)
    throw fault(run, `group '${name}' does not exist`, 6);
  edit(run, '/etc/group', (line) => (line.startsWith(`${name}:`) ? undefined : line));
  return 0;
};
