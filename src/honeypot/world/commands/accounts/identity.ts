/** id, whoami, groups, users, who, w, last, lastlog, getent, logname. */
import type { Run } from '../../program.ts';
import { type Account, accountsOf } from '../../systems/account-database.ts';
import { now } from '../../world.ts';
import { countOf, misuse, optionsOf } from '../options.ts';
import { quoteWord } from '../quote.ts';
import { terminals, uptimeLine } from '../system/machine.ts';
import { formatTime } from '../time.ts';
import { complain, fault, type Tool } from '../tool.ts';

interface Identity {
  readonly name: string;
  readonly uid: number;
  readonly gid: number;
  readonly groups: readonly number[];
}

function identityOf(run: Run, account: Pick<Account, 'name' | 'uid' | 'gid'>): Identity {
  const groups = accountsOf(run.files).groups.filter(
    ({ members, gid }) => members.includes(account.name) && gid !== account.gid,
  );
  return { ...account, groups: [account.gid, ...groups.map(({ gid }) => gid)] };
}

export const id: Tool = async (run, flavour) => {
  const options = optionsOf(run, flavour, {
    short: 'agGnruzZ',
    long: { group: 'g', groups: 'G', name: 'n', real: 'r', user: 'u', zero: 'z' },
  });
  const accounts = accountsOf(run.files);
  const [name] = options.operands;
  const account =
    name === undefined
      ? run.user
      : (accounts.byName(name) ?? (/^\d+$/.test(name) ? accounts.byId(Number(name)) : undefined));
  if (account === undefined)
    throw fault(run, flavour === 'gnu' ? `${quoteWord(run, name!)}: no such user` : `unknown user ${name}`);
  const { uid, gid, groups } = identityOf(run, account);
  const user = (value: number): string => accounts.byId(value)?.name ?? `${value}`;
  const group = (value: number): string => accounts.groupById(value)?.name ?? `${value}`;
  const isNamed = options.has('n');
  if (options.has('n') && !options.has('u', 'g', 'G'))
    throw fault(run, 'cannot print only names or real IDs in default format');
  let text: string;
  if (options.has('u')) text = isNamed ? user(uid) : `${uid}`;
  else if (options.has('g')) text = isNamed ? group(gid) : `${gid}`;
  else if (options.has('G')) text = groups.map((one) => (isNamed ? group(one) : `${one}`)).join(' ');
  else {
    const named = (value: number, known: string | undefined): string =>
      known === undefined ? `${value}` : `${value}(${known})`;
    const all = groups.map((one) => named(one, accounts.groupById(one)?.name)).join(',');
    text = `uid=${named(uid, accounts.byId(uid)?.name)} gid=${named(gid, accounts.groupById(gid)?.name)} groups=${all}`;
  }
  await run.stdout.write(`${text}\n`);
  return 0;
};

export const whoami: Tool = async (run, flavour) => {
  const { operands } = optionsOf(run, flavour, { short: '' });
  if (operands.length > 0)
    throw misuse(run, flavour, {}, flavour === 'gnu' ? `extra operand ${quoteWord(run, operands[0]!)}` : '');
  const account = accountsOf(run.files).byId(run.user.uid);
  if (account === undefined) throw fault(run, `cannot find name for user ID ${run.user.uid}`);
  await run.stdout.write(`${account.name}\n`);
  return 0;
};

export const groups: Tool = async (run, flavour) => {
  const { operands } = optionsOf(run, flavour, { short: '' });
  const accounts = accountsOf(run.files);
  const names = (account: Pick<Account, 'name' | 'uid' | 'gid'>): string =>
    identityOf(run, account)
      .groups.map((gid) => accounts.groupById(gid)?.name ?? `${gid}`)
      .join(' ');
  if (operands.length === 0) await run.stdout.write(`${names(run.user)}\n`);
  for (const name of operands) {
    const account = accounts.byName(name);
    if (account === undefined) {
      await complain(run, `${quoteWord(run, name)}: no such user`);
      return 1;
    }
    await run.stdout.write(`${name} : ${names(account)}\n`);
  }
  return 0;
};

/** People at terminals: who the visitor is, since their shell was started. */
function people(run: Run) {
  return terminals(run).map((tty) => {
    const first = run.world.processes.find((process) => process.tty === tty);
    return {
      user: first?.user ?? 'root',
      tty,
      since: first?.startedAt ?? now(run.world),
      from: run.env.get('SSH_CLIENT')?.split(' ')[0] ?? '',
    };
  });
}

export const users: Tool = async (run) => {
  const names = people(run).map(({ user }) => user);
  await run.stdout.write(names.length === 0 ? '' : `${names.join(' ')}\n`);
  return 0;
};

export const who: Tool = async (run, flavour) => {
  const options = optionsOf(run, flavour, {
    short: 'abdHlmpqrstTu',
    long: { boot: 'b', heading: 'H', count: 'q', runlevel: 'r' },
  });
  if (options.has('b')) {
    await run.stdout.write(
      `         system boot  ${formatTime('%Y-%m-%d %H:%M', run.world.persona.bootedAt(now(run.world)))}\n`,
    );
    return 0;
  }
  if (flavour === 'busybox') {
    const lines = people(run).map(
      ({ user, tty, since, from }) =>
        `${user}\t\t${tty}\t\t00:00\t${formatTime('%b %e %H:%M:%S', since)}  ${from}\n`,
    );
    await run.stdout.write(`USER\t\tTTY\t\tIDLE\tTIME\t\t HOST\n${lines.join('')}`);
    return 0;
  }
  const lines = people(run).map(
    ({ user, tty, since, from }) =>
      `${user.padEnd(8)} ${tty.padEnd(12)} ${formatTime('%Y-%m-%d %H:%M', since)}${from === '' ? '' : ` (${from})`}\n`,
  );
  if (options.has('q'))
    await run.stdout.write(
      `${people(run)
        .map(({ user }) => user)
        .join(' ')}\n# users=${lines.length}\n`,
    );
  else
    await run.stdout.write(
      (options.has('H') ? 'NAME     LINE         TIME             COMMENT\n' : '') + lines.join(''),
    );
  return 0;
};

export const w: Tool = async (run, flavour) => {
  const options = optionsOf(run, flavour, {
    short: 'fhiosuV',
    long: { 'no-header': 'h', short: 's', from: 'f' },
  });
  if (flavour === 'busybox') return who(run, flavour);
  if (!options.has('h'))
    await run.stdout.write(
      `${uptimeLine(run)}\nUSER     TTY      FROM             LOGIN@   IDLE   JCPU   PCPU WHAT\n`,
    );
  for (const { user, tty, since, from } of people(run)) {
    const own = run.world.processes.filter((process) => process.tty === tty);
    const what = own.at(-1)?.args.join(' ') ?? '-';
    await run.stdout.write(
      `${user.padEnd(8).slice(0, 8)} ${tty.padEnd(8)} ${(from || '-').padEnd(16).slice(0, 16)} ${formatTime('%H:%M', since)}    0.00s  0.0${own.length % 9}s  0.00s ${what}\n`,
    );
  }
  return 0;
};

export const last: Tool = async (run, flavour) => {
  const options = optionsOf(run, flavour, { short: 'adF0f:in:Rs:t:wxp:', number: 'n' });
  const { persona } = run.world;
  const booted = persona.bootedAt(now(run.world));
  const lines: string[] = [];
  for (const { user, tty, since, from } of people(run))
    lines.push(
      `${user.padEnd(8)} ${tty.padEnd(12)} ${from.padEnd(16)} ${formatTime('%a %b %e %H:%M', since)}   still logged in\n`,
    );
  const random = persona.random('last');
  let time = now(run.world) - random.int(20, 200) * 3_600_000;
  const prefix = persona.network.address.replace(/\d+$/, '');
  for (let entry = 0; entry < 4 && time > booted; entry++) {
    const minutes = random.int(3, 95);
    const length = `(${`${Math.floor(minutes / 60)}`.padStart(2, '0')}:${`${minutes % 60}`.padStart(2, '0')})`;
    lines.push(
      `${persona.account.padEnd(8).slice(0, 8)} pts/0        ${`${prefix}${random.int(5, 250)}`.padEnd(16)} ${formatTime('%a %b %e %H:%M', time)} - ${formatTime('%H:%M', time + minutes * 60_000)}  ${length}\n`,
    );
    time -= random.int(20, 300) * 3_600_000;
  }
  lines.push(
    `reboot   system boot  ${persona.kernel.release.slice(0, 16).padEnd(16)} ${formatTime('%a %b %e %H:%M', booted)}   still running\n`,
  );
  const most = countOf(
    run,
    flavour,
    options.value('n'),
    lines.length,
    (text) => `failed to parse number: '${text}'`,
  );
  await run.stdout.write(
    `${lines.slice(0, most).join('')}\nwtmp begins ${formatTime('%a %b %e %H:%M:%S %Y', persona.installedAt)}\n`,
  );
  return 0;
};

export const lastlog: Tool = async (run) => {
  const lines = accountsOf(run.files).users.map(
    ({ name }) => `${name.padEnd(16)}                           **Never logged in**\n`,
  );
  await run.stdout.write(
    `Username         Port     From                                       Latest\n${lines.join('')}`,
  );
  return 0;
};

export const logname: Tool = async (run) => {
  const [first] = people(run);
  if (first === undefined) throw fault(run, 'no login name');
  await run.stdout.write(`${first.user}\n`);
  return 0;
};

export const getent: Tool = async (run) => {
  const [database, ...keys] = run.args.slice(1);
  const files: Readonly<Record<string, string>> = {
    passwd: '/etc/passwd',
    group: '/etc/group',
    shadow: '/etc/shadow',
    hosts: '/etc/hosts',
    services: '/etc/services',
  };
  if (database === undefined) {
    await run.stderr.write(
      `getent: wrong number of arguments\nTry \`getent --help' or \`getent --usage' for more information.\n`,
    );
    return 1;
  }
  const path = files[database];
  if (path === undefined) {
    await run.stderr.write(
      `Unknown database: ${database}\nTry \`getent --help' or \`getent --usage' for more information.\n`,
    );
    return 1;
  }
  const lines = run.files.exists(path)
    ? Buffer.from(run.files.read(path))
        .toString()
        .split('\n')
        .filter((line) => line !== '' && !line.startsWith('#'))
    : [];
  if (keys.length === 0) {
    await run.stdout.write(lines.map((line) => `${line}\n`).join(''));
    return 0;
  }
  let exitCode = 0;
  for (const key of keys) {
    const found = lines.find((line) => {
      const fields = line.split(database === 'hosts' ? /\s+/ : ':');
      return database === 'hosts'
        ? fields.includes(key)
        : fields[0] === key || (/^\d+$/.test(key) && fields[2] === key);
    });
    if (found === undefined) exitCode = 2;
    else if (database === 'hosts') {
      const [address = '', ...names] = found.split(/\s+/);
      await run.stdout.write(`${address.padEnd(15)} ${names.join(' ')}\n`);
    } else await run.stdout.write(`${found}\n`);
  }
  return exitCode;
};
