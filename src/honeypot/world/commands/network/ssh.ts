/** ssh, scp, sftp, rsync, ssh-keygen, ssh-keyscan, ssh-copy-id, ssh-add: connections are noted and never made. */
import { createHash } from 'node:crypto';
import type { Run } from '../../program.ts';
import { now } from '../../world.ts';
import { makeAll } from '../files/make.ts';
import { Fault, latin, nameOf, reasonOf, shortNameOf, type Tool } from '../tool.ts';
import { giveByScp, remoteScp, takeByScp } from './scp-remote.ts';
import { ipOf } from './transfer.ts';

const sshUsage = `usage: ssh [-46AaCfGgKkMNnqsTtVvXxYy] [-B bind_interface]
           [-b bind_address] [-c cipher_spec] [-D [bind_address:]port]
           [-E log_file] [-e escape_char] [-F configfile] [-I pkcs11]
           [-i identity_file] [-J [user@]host[:port]] [-L address]
           [-l login_name] [-m mac_spec] [-O ctl_cmd] [-o option] [-p port]
           [-Q query_option] [-R address] [-S ctl_path] [-W host:port]
           [-w local_tun[:remote_tun]] destination [command [argument ...]]
`;

export const ssh: Tool = async (run) => {
  const rest = run.args.slice(1);
  let [port, patience] = [22, defaultPatience];
  let destination: string | undefined;
  // Options may stand behind the host too; the first word behind them begins the command.
  while (rest[0]?.startsWith('-') || (destination === undefined && rest.length > 0)) {
    const arg = rest.shift()!;
    if (!arg.startsWith('-')) {
      destination = arg;
      continue;
    }
    if (arg === '-V') {
      await run.stderr.write('OpenSSH_9.2p1 Debian-2+deb12u7, OpenSSL 3.0.17 1 Jul 2025\n');
      return 0;
    }
    const value = /^-\w*[BbcDEeFIiJLlmOopQRSWw]$/.test(arg) ? (rest.shift() ?? '') : '';
    if (arg.endsWith('p')) port = Number(value) || 22;
    else if (/^-p\d+$/.test(arg)) port = Number(arg.slice(2));
    const [, name = '', number] = /^(Port|ConnectTimeout)[ =](\d+)/i.exec(value || arg.slice(2)) ?? [];
    if (/^port$/i.test(name)) port = Number(number);
    else if (name !== '') patience = Math.min(Number(number), defaultPatience);
  }
  const command = rest;
  if (destination === undefined) throw new Fault(sshUsage, 255);
  if (command.length > 0) run.note({ kind: 'command', words: ['ssh', destination, ...command] });
  return unreachable(run, 'ssh', destination, port, patience);
};

/** Seconds until Linux gives up. */
const defaultPatience = 127;

/** @param destination `user@host`, `host`, `ssh://user@host:port` */
async function unreachable(
  run: Run,
  tool: string,
  destination: string,
  port: number,
  patience = defaultPatience,
): Promise<number> {
  const url = /^ssh:\/\/(?:[^@]*@)?([^:/]+)(?::(\d+))?/.exec(destination);
  const host = url?.[1] ?? destination.slice(destination.lastIndexOf('@') + 1);
  const number = Number(url?.[2] ?? port);
  run.note({ kind: 'connect', tool, host, port: number });
  const ip = ipOf(run, host.toLowerCase());
  if (ip === undefined)
    throw new Fault(`ssh: Could not resolve hostname ${host}: Name or service not known\n`, 255);
  const isOwn = /^127\.|^0\.0\.0\.0$/.test(ip) || ip === run.world.persona.network.address;
  if (isOwn && number === 22 && run.world.container === undefined)
    throw new Fault(`${run.user.name}@${host}: Permission denied (publickey,password).\n`, 255);
  await run.sleep(isOwn ? 1 : patience * 1000);
  throw new Fault(
    `ssh: connect to host ${host} port ${number}: Connection ${isOwn ? 'refused' : 'timed out'}\n`,
    255,
  );
}

/** scp, sftp and rsync name their host before a colon. */
export const scp: Tool = async (run) => {
  const tool = shortNameOf(run);
  const remote = tool === 'scp' ? remoteScp(run.args.slice(1)) : undefined;
  if (remote !== undefined) {
    const { takes, flags, paths } = remote;
    return takes ? takeByScp(run, flags, paths) : giveByScp(run, flags, paths);
  }
  return copyFar(run, tool);
};

async function copyFar(run: Run, tool: string): Promise<number> {
  const rest = run.args.slice(1);
  let port = 22;
  const operands: string[] = [];
  while (rest.length > 0) {
    const arg = rest.shift()!;
    if (arg === '-P') port = Number(rest.shift()) || 22;
    else if (/^-[cFiJloSXBbDRse]$/.test(arg)) rest.shift();
    else if (!arg.startsWith('-')) operands.push(arg);
  }
  const isRemote = (text: string): boolean => /^[^/]+:/.test(text) || text.includes('://');
  const remote = operands.find(isRemote) ?? (tool === 'sftp' ? operands[0] : undefined);
  if (remote === undefined) {
    if (operands.length >= 2) return run.exec(['cp', '-r', ...operands]);
    throw new Fault(
      tool === 'rsync'
        ? 'rsync error: syntax or usage error (code 1) at main.c(1795) [client=3.2.7]\n'
        : `usage: ${tool} [-346ABCOpqRrsTv] [-c cipher] [-D sftp_server_path] [-F ssh_config]\n           [-i identity_file] [-J destination] [-l limit]\n           [-o ssh_option] [-P port] [-S program] source ... target\n`,
      1,
    );
  }
  const destination = remote.replace(/^\w+:\/\//, '').replace(/:.*$/s, '');
  try {
    return await unreachable(run, tool, destination, tool === 'rsync' && remote.includes('::') ? 873 : port);
  } catch (error) {
    if (!(error instanceof Fault)) throw error;
    const end =
      tool === 'rsync'
        ? 'rsync: connection unexpectedly closed (0 bytes received so far) [Receiver]\nrsync error: unexplained error (code 255) at io.c(231) [Receiver=3.2.7]\n'
        : tool === 'sftp'
          ? 'Connection closed.\nConnection closed\n'
          : 'scp: Connection closed\n';
    throw new Fault(error.message + end, tool === 'scp' ? 1 : 255);
  }
}

export const sshCopyId: Tool = async (run) => {
  const destination = run.args
    .slice(1)
    .filter((arg) => !arg.startsWith('-'))
    .at(-1);
  if (destination === undefined)
    throw new Fault(
      'Usage: /usr/bin/ssh-copy-id [-h|-?|-f|-n|-s] [-i [identity_file]] [-p port] [-F alternative ssh_config file] [[-o <ssh -o options>] ...] [user@]hostname\n',
      1,
    );
  return unreachable(run, 'ssh-copy-id', destination, 22);
};

export const sshKeyscan: Tool = async (run) => {
  const hosts = run.args
    .slice(1)
    .filter((arg, index, all) => !arg.startsWith('-') && !/^-[pTtfO]$/.test(all[index - 1] ?? ''));
  for (const host of hosts) run.note({ kind: 'connect', tool: 'ssh-keyscan', host, port: 22 });
  await run.sleep(5000);
  return hosts.length === 0 ? 1 : 0;
};

export const sshAdd: Tool = async (run) => {
  await run.stderr.write('Could not open a connection to your authentication agent.\n');
  return run.args.length > 0 ? 2 : 1;
};

const arts = ['+--[ED25519 256]--+', '+---[RSA 3072]----+'];

/** Writes keys that look right; they open nothing. */
export const sshKeygen: Tool = async (run) => {
  const { args } = run;
  const value = (letter: string): string | undefined => {
    const at = args.indexOf(`-${letter}`);
    return at < 0
      ? args.find((arg) => arg.startsWith(`-${letter}`) && arg.length > 2)?.slice(2)
      : args[at + 1];
  };
  const path = value('f');
  if (args.includes('-l') || args.includes('-lf')) return fingerprint(run, path ?? args.at(-1)!);
  if (args.includes('-R')) {
    const host = value('R') ?? '';
    await run.stdout.write(`Host ${host} not found in /root/.ssh/known_hosts\n`);
    return 0;
  }
  if (args.includes('-y')) {
    if (path === undefined || !run.files.exists(path))
      throw new Fault(`${path ?? '/root/.ssh/id_rsa'}: No such file or directory\n`, 255);
    await run.stdout.write(`${publicLine(run, 'ed25519', '')}\n`);
    return 0;
  }
  if (args.includes('-A')) {
    await run.stdout.write('ssh-keygen: generating new host keys: \n');
    return 0;
  }
  const type = value('t') ?? 'rsa';
  if (!/^(rsa|dsa|ecdsa|ed25519)(-sk)?$/.test(type)) throw new Fault(`unknown key type ${type}\n`, 255);
  const target = path ?? (await asked(run, type));
  const isQuiet = args.includes('-q');
  if (!isQuiet && path !== undefined) await run.stdout.write(`Generating public/private ${type} key pair.\n`);
  if (run.files.exists(target)) {
    await run.stdout.write(`${target} already exists.\nOverwrite (y/n)? `);
    const answer = await run.stdin.read();
    if (answer === undefined || !/^y/i.test(latin(answer))) return 1;
  }
  const comment = value('C') ?? `${run.user.name}@${run.world.hostname}`;
  const line = publicLine(run, type, comment);
  try {
    if (target.includes('/')) makeAll(run, target.slice(0, target.lastIndexOf('/')), 0o700);
    run.files.write(target, Buffer.from(privateText(run, type, target)), {
      mode: 0o600,
      now: now(run.world),
    });
    run.files.write(`${target}.pub`, Buffer.from(`${line}\n`), { now: now(run.world) });
  } catch (error) {
    throw new Fault(`Saving key "${target}" failed: ${reasonOf(error)}\n`, 1);
  }
  if (isQuiet) return 0;
  if (!args.includes('-N') && run.stdin.isTerminal) {
    for (const question of [
      'Enter passphrase (empty for no passphrase): ',
      'Enter same passphrase again: ',
    ]) {
      await run.stderr.write(question);
      await run.stdin.read();
      await run.stderr.write('\n');
    }
  }
  await run.stdout.write(
    `Your identification has been saved in ${target}\nYour public key has been saved in ${target}.pub\nThe key fingerprint is:\nSHA256:${digestOf(line)} ${comment}\nThe key's randomart image is:\n${artOf(type, line)}`,
  );
  return 0;
};

async function asked(run: Run, type: string): Promise<string> {
  const usual = `${run.user.home}/.ssh/id_${type}`;
  await run.stdout.write(
    `Generating public/private ${type} key pair.\nEnter file in which to save the key (${usual}): `,
  );
  const answer = run.stdin.isTerminal ? await run.stdin.read() : undefined;
  return (answer === undefined ? '' : latin(answer).trim()) || usual;
}

function publicLine(run: Run, type: string, comment: string): string {
  const name =
    type === 'rsa'
      ? 'ssh-rsa'
      : type === 'dsa'
        ? 'ssh-dss'
        : type === 'ecdsa'
          ? 'ecdsa-sha2-nistp256'
          : 'ssh-ed25519';
  const length = { 'ssh-rsa': 385, 'ssh-dss': 405, 'ecdsa-sha2-nistp256': 65, 'ssh-ed25519': 32 }[name]!;
  const field = (bytes: Buffer): Buffer =>
    Buffer.concat([Buffer.from([0, 0, bytes.length >> 8, bytes.length & 255]), bytes]);
  const key = run.world.persona.random(`ssh-keygen/${run.pid}/${comment}`).bytes(length);
  const middle =
    name === 'ssh-rsa'
      ? [field(Buffer.of(1, 0, 1))]
      : name.startsWith('ecdsa')
        ? [field(Buffer.from('nistp256'))]
        : [];
  return `${name} ${Buffer.concat([field(Buffer.from(name)), ...middle, field(key)]).toString('base64')}${comment === '' ? '' : ` ${comment}`}`;
}

function privateText(run: Run, type: string, path: string): string {
  const size = type === 'rsa' ? 1900 : type === 'ed25519' ? 290 : 380;
  const head = Buffer.from('openssh-key-v1\0\0\0\0\x04none\0\0\0\x04none\0\0\0\0\0\0\0\x01', 'latin1');
  const body = run.world.persona.random(`ssh-keygen/private/${path}/${run.pid}`).bytes(size);
  const text = Buffer.concat([head, body])
    .toString('base64')
    .match(/.{1,70}/g)!
    .join('\n');
  return `-----BEGIN OPENSSH PRIVATE KEY-----\n${text}\n-----END OPENSSH PRIVATE KEY-----\n`;
}

function digestOf(line: string): string {
  return createHash('sha256')
    .update(Buffer.from(line.split(' ')[1] ?? '', 'base64'))
    .digest('base64')
    .replace(/=+$/, '');
}

async function fingerprint(run: Run, path: string): Promise<number> {
  const file = run.files.exists(`${path}.pub`) ? `${path}.pub` : path;
  if (!run.files.exists(file)) throw new Fault(`${nameOf(run)}: ${path}: No such file or directory\n`, 255);
  const lines = latin(run.files.read(file))
    .split('\n')
    .filter((line) => /^(ssh-|ecdsa-)/.test(line));
  if (lines.length === 0) throw new Fault(`${path} is not a public key file.\n`, 255);
  for (const line of lines) {
    const [type = '', , comment = 'no comment'] = line.split(' ');
    const [bits, name] =
      type === 'ssh-rsa' ? [3072, 'RSA'] : type.startsWith('ecdsa') ? [256, 'ECDSA'] : [256, 'ED25519'];
    await run.stdout.write(`${bits} SHA256:${digestOf(line)} ${comment} (${name})\n`);
  }
  return 0;
}

/** The drunken bishop's walk (OpenSSH, sshkey.c, fingerprint_randomart). */
function artOf(type: string, line: string): string {
  const symbols = ' .o+=*BOX@%&#/^SE';
  const [width, height] = [17, 9];
  const field = Array.from({ length: width * height }, () => 0);
  let [x, y] = [8, 4];
  for (const byte of createHash('sha256')
    .update(Buffer.from(line.split(' ')[1] ?? '', 'base64'))
    .digest()) {
    for (let shift = 0; shift < 8; shift += 2) {
      const bits = byte >> shift;
      x = Math.max(0, Math.min(width - 1, x + (bits & 1 ? 1 : -1)));
      y = Math.max(0, Math.min(height - 1, y + (bits & 2 ? 1 : -1)));
      field[y * width + x]! += 1;
    }
  }
  field[4 * width + 8] = 15;
  field[y * width + x] = 16;
  const rows = Array.from(
    { length: height },
    (_, row) =>
      `|${field
        .slice(row * width, (row + 1) * width)
        .map((count) => symbols[Math.min(count, 16)])
        .join('')}|\n`,
  );
  return `${type === 'ed25519' ? arts[0] : arts[1]}\n${rows.join('')}+----[SHA256]-----+\n`;
}
