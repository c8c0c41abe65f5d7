/**
 * Home directories, and what a visitor looks for in them: the history of an administrator, keys and credentials that
 * look like those of the cloud and open nothing.
 */
import { cloudKey } from '../../persona/cloud-keys.ts';
import { ed25519Key } from '../../persona/keys.ts';
import type { Persona } from '../../persona/persona.ts';
import { backupOf } from './crontabs.ts';
import type { Draft } from './draft.ts';
import { latestChange } from './file-list.ts';

export function addHomes(draft: Draft, persona: Persona): void {
  const { account } = persona;
  const skeleton: Readonly<Record<string, string>> = {
    '.bashrc': userBashrc,
    '.profile': profile,
    '.bash_logout': logout,
  };
  for (const [name, content] of Object.entries(skeleton)) {
    draft.file(`/etc/skel/${name}`, content);
    draft.file(`/home/${account}/${name}`, content, { uid: 1000, gid: 1000 });
  }
  draft.directory(`/home/${account}`, { uid: 1000, gid: 1000, mode: 0o700 });
  draft.directory(`/home/${account}/.ssh`, { uid: 1000, gid: 1000, mode: 0o700 });
  draft.file(`/home/${account}/.ssh/authorized_keys`, `${publicKey(persona, `${account}-key`)}\n`, {
    uid: 1000,
    gid: 1000,
    mode: 0o600,
  });
  draft.directory('/root', { mode: 0o700 });
  draft.file('/root/.bashrc', rootBashrc);
  draft.file('/root/.profile', rootProfile);
  const recent = {
    mode: 0o600,
    mtime: latestChange(persona) + persona.random('history').int(2, 30) * 86_400_000,
  };
  draft.file('/root/.bash_history', historyOf(persona), recent);
  addSecrets(draft, persona);
}

function addSecrets(draft: Draft, persona: Persona): void {
  const { cloud, hostname } = persona;
  const random = persona.random('secrets');
  const key = cloudKey(persona, 'AKIA', 'root');
  const secret = { mode: 0o600 };
  for (const name of ['.aws', '.docker', '.ssh']) draft.directory(`/root/${name}`, { mode: 0o700 });
  draft.file(
    '/root/.aws/credentials',
    `[default]\naws_access_key_id = ${key.id}\naws_secret_access_key = ${key.secret}\n`,
    secret,
  );
  draft.file('/root/.aws/config', `[default]\nregion = ${cloud.region}\noutput = json\n`, secret);
  const login = Buffer.from(`${persona.account}:dckr_pat_${random.text(letters, 27)}`).toString('base64');
  draft.file(
    '/root/.docker/config.json',
    `{\n\t"auths": {\n\t\t"https://index.docker.io/v1/": {\n\t\t\t"auth": "${login}"\n\t\t}\n\t}\n}`,
    secret,
  );
  draft.file('/root/.ssh/authorized_keys', `${publicKey(persona, `${persona.account}-key`)}\n`, secret);
  draft.file('/root/.ssh/id_ed25519', privateKey(persona, `root@${hostname}`), secret);
  draft.file('/root/.ssh/id_ed25519.pub', `${publicKey(persona, `root@${hostname}`)}\n`);
  const known = neighbours(persona).map(
    (address) => `${address} ${publicKey(persona, address).replace(/ \S+$/, '')}\n`,
  );
  draft.file('/root/.ssh/known_hosts', known.join(''), secret);
}

const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789';

/** Machines of the same network that the administrator knows. */
export function neighbours(persona: Persona): readonly string[] {
  const random = persona.random('neighbours');
  const prefix = persona.network.address.replace(/\d+$/, '');
  return Array.from({ length: random.int(2, 4) }, () => `${prefix}${random.int(5, 250)}`);
}

function wire(...fields: readonly (string | Buffer)[]): Buffer {
  return Buffer.concat(
    fields.flatMap((field) => {
      const bytes = Buffer.from(field as string);
      const length = Buffer.alloc(4);
      length.writeUInt32BE(bytes.length);
      return [length, bytes];
    }),
  );
}

function publicBytes(persona: Persona, label: string): Buffer {
  return Buffer.from(ed25519Key(persona, label).export({ format: 'jwk' }).x!, 'base64url');
}

/** A line of authorized_keys. @param label also its comment */
export function publicKey(persona: Persona, label: string): string {
  return `ssh-ed25519 ${wire('ssh-ed25519', publicBytes(persona, label)).toString('base64')} ${label}`;
}

/** In OpenSSH's own format, without a passphrase (PROTOCOL.key of OpenSSH 9.2). */
export function privateKey(persona: Persona, label: string): string {
  const open = publicBytes(persona, label);
  const seed = Buffer.from(ed25519Key(persona, label).export({ format: 'jwk' }).d!, 'base64url');
  const check = persona.random(`key-check/${label}`).bytes(4);
  const inner = Buffer.concat([check, check, wire('ssh-ed25519', open, Buffer.concat([seed, open]), label)]);
  const padding = Buffer.from(Array.from({ length: (8 - (inner.length % 8)) % 8 }, (_, index) => index + 1));
  const count = Buffer.of(0, 0, 0, 1);
  const whole = Buffer.concat([
    Buffer.from('openssh-key-v1\0'),
    wire('none', 'none', ''),
    count,
    wire(wire('ssh-ed25519', open), Buffer.concat([inner, padding])),
  ]);
  const text = whole
    .toString('base64')
    .match(/.{1,70}/g)!
    .join('\n');
  return `-----BEGIN OPENSSH PRIVATE KEY-----\n${text}\n-----END OPENSSH PRIVATE KEY-----\n`;
}

function historyOf(persona: Persona): string {
  const random = persona.random('bash-history');
  const [first = '', second = first] = neighbours(persona);
  const { region, role } = persona.cloud;
  const { project } = persona;
  const bucket = `${role.split('-')[0]}-${random.pick(['backups', 'artifacts', 'assets', 'data'])}-${random.hex(6)}`;
  const starts = ['apt update', 'apt upgrade -y', 'systemctl status docker', 'docker ps', 'df -h', 'htop'];
  const works = [
    `ssh ${persona.account}@${first}`,
    `ssh ${persona.account}@${second}`,
    `scp -r /opt/${project} ${persona.account}@${second}:/opt/`,
    `aws s3 ls s3://${bucket} --region ${region}`,
    `aws s3 cp ${backupOf(persona).archive} s3://${bucket}/`,
    'vim /etc/docker/daemon.json',
    'systemctl daemon-reload',
    'systemctl restart docker',
    'docker logs -f --tail 100 $(docker ps -q | head -1)',
    'docker system prune -f',
    'redis-cli info memory',
    'redis-cli -n 1 dbsize',
    'tail -f /var/log/syslog',
    'journalctl -u ssh --since today',
    'crontab -l',
    `cd /opt/${project}`,
    'git pull',
    'ls -la',
    'cat .env',
    'free -m',
    'top',
    'netstat -tlnp',
    'curl -s localhost:2375/version',
    'su - postgres',
    `sudo -u postgres psql -c "select count(*) from pg_stat_activity"`,
    'reboot',
    'uptime',
    'exit',
  ];
  const lines = [
    ...random.some(starts, 4),
    ...random.some(works, random.int(14, 24)),
    ...random.some(starts, 2),
    'exit',
  ];
  return lines.map((line) => `${line}\n`).join('');
}

const profile = `# ~/.profile: executed by the command interpreter for login shells.

if [ -n "$BASH_VERSION" ]; then
    if [ -f "$HOME/.bashrc" ]; then
	. "$HOME/.bashrc"
    fi
fi
`;

const rootProfile = `# ~/.profile: executed by Bourne-compatible login shells.

if [ "$BASH" ]; then
  if [ -f ~/.bashrc ]; then
    . ~/.bashrc
  fi
fi

mesg n 2> /dev/null || true
`;

const rootBashrc = `# ~/.bashrc: executed by bash(1) for non-login shells.

# Note: PS1 and umask are already set in /etc/profile. You should not
# need this unless you want different defaults for root.
# PS1='\${debian_chroot:+($debian_chroot)}\\h:\\w\\$ '
# umask 022

# You may uncomment the following lines if you want \`ls' to be colorized:
# export LS_OPTIONS='--color=auto'
# alias ls='ls $LS_OPTIONS'
`;

const userBashrc = `# ~/.bashrc: executed by bash(1) for non-login shells.

case $- in
    *i*) ;;
      *) return;;
esac

HISTCONTROL=ignoreboth
HISTSIZE=1000
HISTFILESIZE=2000
PS1='\${debian_chroot:+($debian_chroot)}\\u@\\h:\\w\\$ '
`;

const logout = `# ~/.bash_logout: executed by bash(1) when login shell exits.

if [ "$SHLVL" = 1 ]; then
    [ -x /usr/bin/clear_console ] && /usr/bin/clear_console -q
fi
`;
