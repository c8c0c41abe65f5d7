/** passwd and chpasswd, and what they leave in /etc/shadow. */
import { createHash } from 'node:crypto';
import type { Run } from '../../program.ts';
import { accountsOf } from '../../systems/account-database.ts';
import { now } from '../../world.ts';
import { optionsOf } from '../options.ts';
import { type Flavour, fault, latin, nameOf, type Tool } from '../tool.ts';
import { edit, mayManage, today } from './manage.ts';

export function setHash(run: Run, name: string, hash: string): void {
  edit(run, '/etc/shadow', (line) =>
    line.startsWith(`${name}:`) ? [name, hash, today(run), ...line.split(':').slice(3)].join(':') : line,
  );
}

/** Looks as yescrypt does; the same for the same password. */
function hashOf(run: Run, name: string, password: string): string {
  const alphabet = './0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
  const bytes = createHash('sha512').update(`${run.world.persona.seed}/${name}/${password}`).digest();
  const text = Array.from(bytes, (byte) => alphabet[byte & 63]).join('');
  return `$y$j9T$${text.slice(0, 22)}$${text.slice(21, 64)}`;
}

export const chpasswd: Tool = async (run, flavour) => {
  const options = optionsOf(run, flavour, {
    short: 'c:ems:',
    long: { 'crypt-method=': 'c', encrypted: 'e', md5: 'm' },
  });
  await mayManage(run);
  const parts: Buffer[] = [];
  for (;;) {
    const part = await run.stdin.read();
    if (part === undefined || parts.length > 100) break;
    parts.push(Buffer.from(part));
  }
  let exitCode = 0;
  for (const [index, line] of latin(Buffer.concat(parts)).split('\n').entries()) {
    if (line === '') continue;
    const colon = line.indexOf(':');
    const [name, password] = [line.slice(0, colon), line.slice(colon + 1)];
    if (colon <= 0 || accountsOf(run.files).byName(name) === undefined) {
      exitCode = 1;
      await run.stderr.write(
        colon <= 0
          ? `${nameOf(run)}: line ${index + 1}: missing new password\n`
          : `${nameOf(run)}: (user ${name}) pam_chauthtok() failed, error:\nAuthentication token manipulation error\n${nameOf(run)}: (line ${index + 1}, user ${name}) password not changed\n`,
      );
      continue;
    }
    setHash(run, name, options.has('e') ? password : hashOf(run, name, password));
    if (flavour === 'busybox') await run.stdout.write(`chpasswd: password for '${name}' changed\n`);
  }
  return exitCode;
};

export const passwd: Tool = async (run, flavour) => {
  const options = optionsOf(run, flavour, {
    short: 'adehi:kln:qSuw:x:',
    long: { delete: 'd', lock: 'l', unlock: 'u', status: 'S', expire: 'e', stdin: 'stdin', quiet: 'q' },
  });
  const name = options.operands[0] ?? run.user.name;
  const account = accountsOf(run.files).byName(name);
  if (account === undefined)
    throw fault(run, flavour === 'gnu' ? `user '${name}' does not exist` : `unknown user ${name}`);
  if (run.user.uid !== 0 && account.uid !== run.user.uid)
    throw fault(run, `You may not view or modify password information for ${name}.`);
  if (options.has('S')) {
    await run.stdout.write(`${name} P ${new Date(now(run.world)).toISOString().slice(0, 10)} 0 99999 7 -1\n`);
    return 0;
  }
  if (options.has('d', 'l', 'u', 'e')) {
    if (options.has('d')) setHash(run, name, '');
    await run.stdout.write(
      options.has('d', 'e')
        ? 'passwd: password expiry information changed.\n'
        : 'passwd: password changed.\n',
    );
    return 0;
  }
  return options.has('stdin') ? fromStdin(run, name) : asked(run, flavour, name);
};

async function fromStdin(run: Run, name: string): Promise<number> {
  const part = await run.stdin.read();
  const [password = ''] = part === undefined ? [] : latin(part).split('\n');
  setHash(run, name, hashOf(run, name, password));
  await run.stdout.write(
    `Changing password for user ${name}.\npasswd: all authentication tokens updated successfully.\n`,
  );
  return 0;
}

async function asked(run: Run, flavour: Flavour, name: string): Promise<number> {
  const answers: string[] = [];
  let rest = '';
  const questions =
    flavour === 'gnu' ? ['New password: ', 'Retype new password: '] : ['New password: ', 'Retype password: '];
  if (flavour === 'busybox') await run.stdout.write(`Changing password for ${name}\n`);
  for (const question of questions) {
    await run.stderr.write(question);
    while (!rest.includes('\n') && !rest.includes('\r')) {
      const part = await run.stdin.read();
      if (part === undefined) break;
      rest += latin(part);
    }
    const [answer = '', ...others] = rest.split(/\r\n|\r|\n/);
    rest = others.join('\n');
    answers.push(answer);
    if (run.stdin.isTerminal) await run.stderr.write('\n');
  }
  const [first = '', second] = answers;
  if (first === '') {
    await run.stderr.write('passwd: Authentication token manipulation error\npasswd: password unchanged\n');
    return 10;
  }
  if (first !== second) {
    await run.stderr.write(
      flavour === 'gnu'
        ? 'Sorry, passwords do not match.\npasswd: Authentication token manipulation error\npasswd: password unchanged\n'
        : "Passwords don't match\npasswd: password for root is unchanged\n",
    );
    return flavour === 'gnu' ? 10 : 1;
  }
  setHash(run, name, hashOf(run, name, first));
  await (flavour === 'gnu'
    ? run.stderr.write('passwd: password updated successfully\n')
    : run.stdout.write(`passwd: password for ${name} changed by root\n`));
  return 0;
}
