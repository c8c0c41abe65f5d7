/** su, runuser and sudo: another user. */
import type { Change, Run } from '../../program.ts';
import { type Account, accountsOf } from '../../systems/account-database.ts';
import { optionsOf } from '../options.ts';
import { complain, Fault, fault, shortNameOf, type Tool } from '../tool.ts';

function userOf({ name, uid, gid, home }: Account): Run['user'] {
  return { name, uid, gid, home };
}

/** The environment of a login. */
function loginEnvironment(run: Run, account: Account): Map<string, string> {
  const path =
    account.uid === 0
      ? '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin'
      : '/usr/local/bin:/usr/bin:/bin:/usr/local/games:/usr/games';
  const kept = [...run.env].filter(([name]) => /^(TERM|LANG|LC_.*)$/.test(name));
  return new Map([
    ...kept,
    ['HOME', account.home],
    ['SHELL', account.shell],
    ['USER', account.name],
    ['LOGNAME', account.name],
    ['PATH', path],
  ]);
}

export const su: Tool = async (run, flavour) => {
  const options = optionsOf(run, flavour, {
    short: 'c:fg:G:lmpPs:u:w:',
    long: {
      'command=': 'c',
      login: 'l',
      'preserve-environment': 'm',
      'shell=': 's',
      'user=': 'u',
      pty: 'P',
      'group=': 'g',
    },
    stopsEarly: false,
  });
  const operands = [...options.operands];
  const isLogin = options.has('l') || operands[0] === '-';
  if (operands[0] === '-') operands.shift();
  const isRunuser = shortNameOf(run) === 'runuser';
  const name = options.value('u') ?? operands.shift() ?? 'root';
  const account = accountsOf(run.files).byName(name);
  if (account === undefined)
    throw fault(
      run,
      `user ${name} does not exist or the user entry does not contain all the required fields`,
    );
  if (run.user.uid !== 0 && account.uid !== run.user.uid) return refused(run);
  const shell =
    options.value('s') ?? (options.has('m', 'p') ? run.env.get('SHELL') : undefined) ?? account.shell;
  if (/nologin$/.test(shell)) {
    await run.stdout.write('This account is currently not available.\n');
    return 1;
  }
  if (isRunuser && options.has('u')) return run.exec(operands, { user: userOf(account) });
  const env = isLogin
    ? loginEnvironment(run, account)
    : new Map([
        ...run.env,
        ['HOME', account.home],
        ['SHELL', shell],
        ['USER', account.name],
        ['LOGNAME', account.name],
      ]);
  const command = options.value('c');
  const folder = isLogin && run.files.exists(account.home) ? account.home : run.files.cwd;
  return run.exec(
    [
      shell,
      ...(isLogin && command === undefined ? ['-l'] : []),
      ...(command === undefined ? [] : ['-c', command]),
      ...operands,
    ],
    {
      user: userOf(account),
      env,
      files: run.files.in(folder),
    },
  );
};

async function refused(run: Run): Promise<number> {
  if (!run.stdin.isTerminal) throw fault(run, 'Authentication failure');
  await run.stderr.write('Password: ');
  await run.stdin.read();
  await run.stderr.write('\n');
  await run.sleep(2000);
  throw fault(run, 'Authentication failure');
}

const sudoUsage = `usage: sudo -h | -K | -k | -V
usage: sudo -v [-ABkNnS] [-g group] [-h host] [-p prompt] [-u user]
usage: sudo -l [-ABkNnS] [-g group] [-h host] [-p prompt] [-U user]
            [-u user] [command [arg ...]]
usage: sudo [-ABbEHkNnPS] [-r role] [-t type] [-C num] [-D directory]
            [-g group] [-h host] [-p prompt] [-R directory] [-T timeout]
            [-u user] [VAR=value] [-i | -s] [command [arg ...]]
usage: sudo -e [-ABkNnS] [-r role] [-t type] [-C num] [-D directory]
            [-g group] [-h host] [-p prompt] [-R directory] [-T timeout]
            [-u user] file ...
`;

export const sudo: Tool = async (run, flavour) => {
  const options = optionsOf(run, flavour, {
    short: 'AbBC:D:Eeg:Hh:iKklnp:PR:r:SsT:t:U:u:Vv',
    long: {
      'user=': 'u',
      'group=': 'g',
      login: 'i',
      shell: 's',
      list: 'l',
      'non-interactive': 'n',
      stdin: 'S',
      'preserve-env': 'E',
      'preserve-env=?': 'E',
      'set-home': 'H',
      version: 'V',
      background: 'b',
    },
    stopsEarly: true,
    usage: sudoUsage,
  });
  if (options.has('V')) {
    await run.stdout.write(
      'Sudo version 1.9.13p3\nSudoers policy plugin version 1.9.13p3\nSudoers file grammar version 50\nSudoers I/O plugin version 1.9.13p3\nSudoers audit plugin version 1.9.13p3\n',
    );
    return 0;
  }
  const { persona } = run.world;
  const mayDo = run.user.uid === 0 || run.user.name === persona.account;
  if (options.has('l')) {
    if (!mayDo) throw fault(run, 'a password is required');
    const host = run.world.hostname;
    await run.stdout.write(
      `Matching Defaults entries for ${run.user.name} on ${host}:\n    env_reset, mail_badpass, secure_path=/usr/local/sbin\\:/usr/local/bin\\:/usr/sbin\\:/usr/bin\\:/sbin\\:/bin, use_pty\n\nUser ${run.user.name} may run the following commands on ${host}:\n    (ALL${run.user.uid === 0 ? ' : ALL' : ''}) ${run.user.uid === 0 ? 'ALL' : 'NOPASSWD: ALL'}\n`,
    );
    return 0;
  }
  if (options.has('K', 'k', 'v') && options.operands.length === 0) return 0;
  if (!mayDo) return withoutRights(run, options.has('n'));
  const name = options.value('u') ?? 'root';
  const account =
    accountsOf(run.files).byName(name.replace(/^#/, '')) ?? accountsOf(run.files).byId(Number(name.slice(1)));
  if (account === undefined) {
    await complain(run, `unknown user ${name}`);
    await complain(run, 'error initializing audit plugin sudoers_audit');
    return 1;
  }
  const words = [...options.operands];
  const env = options.has('E') ? new Map(run.env) : loginEnvironment(run, account);
  env.set('SUDO_USER', run.user.name);
  env.set('SUDO_UID', `${run.user.uid}`);
  env.set('SUDO_GID', `${run.user.gid}`);
  while (/^\w+=/.test(words[0] ?? '')) {
    const [variable = '', ...value] = words.shift()!.split('=');
    env.set(variable, value.join('='));
  }
  const isShell = options.has('i', 's');
  if (words.length === 0 && !isShell) throw new Fault(sudoUsage, 1);
  const command = isShell ? [account.shell, ...(words.length === 0 ? [] : ['-c', words.join(' ')])] : words;
  const change: Change = {
    user: userOf(account),
    env,
    ...(options.has('i') && run.files.exists(account.home) && { files: run.files.in(account.home) }),
    ...(options.has('b') && { isDetached: true }),
  };
  const code = await run.exec(command, change);
  if (code === 127 && !run.files.exists(command[0]!))
    await run.stderr.write(`sudo: ${command[0]}: command not found\n`);
  return code === 127 ? 1 : code;
};

async function withoutRights(run: Run, isQuiet: boolean): Promise<number> {
  if (isQuiet || !run.stdin.isTerminal) {
    await run.stderr.write(
      isQuiet
        ? 'sudo: a password is required\n'
        : 'sudo: a terminal is required to read the password; either use the -S option to read from standard input or configure an askpass helper\nsudo: a password is required\n',
    );
    return 1;
  }
  for (let attempt = 0; attempt < 3; attempt++) {
    await run.stderr.write(
      `${attempt === 0 ? '' : 'Sorry, try again.\n'}[sudo] password for ${run.user.name}: `,
    );
    if ((await run.stdin.read()) === undefined) break;
    await run.sleep(2000);
    await run.stderr.write('\n');
  }
  await run.stderr.write('sudo: 3 incorrect password attempts\n');
  return 1;
}
