/** Users and groups, as /etc/passwd and its companions have them: of the server, and of containers. */
import type { Persona } from '../../persona/persona.ts';

/** Debian 12, base-passwd 3.6.1: the users of every installation. */
const basePasswd = `root:x:0:0:root:/root:/bin/bash
daemon:x:1:1:daemon:/usr/sbin:/usr/sbin/nologin
bin:x:2:2:bin:/bin:/usr/sbin/nologin
sys:x:3:3:sys:/dev:/usr/sbin/nologin
sync:x:4:65534:sync:/bin:/bin/sync
games:x:5:60:games:/usr/games:/usr/sbin/nologin
man:x:6:12:man:/var/cache/man:/usr/sbin/nologin
lp:x:7:7:lp:/var/spool/lpd:/usr/sbin/nologin
mail:x:8:8:mail:/var/mail:/usr/sbin/nologin
news:x:9:9:news:/var/spool/news:/usr/sbin/nologin
uucp:x:10:10:uucp:/var/spool/uucp:/usr/sbin/nologin
proxy:x:13:13:proxy:/bin:/usr/sbin/nologin
www-data:x:33:33:www-data:/var/www:/usr/sbin/nologin
backup:x:34:34:backup:/var/backups:/usr/sbin/nologin
list:x:38:38:Mailing List Manager:/var/list:/usr/sbin/nologin
irc:x:39:39:ircd:/run/ircd:/usr/sbin/nologin
_apt:x:42:65534::/nonexistent:/usr/sbin/nologin
nobody:x:65534:65534:nobody:/nonexistent:/usr/sbin/nologin
`;

const baseGroups =
  'root:0 daemon:1 bin:2 sys:3 adm:4 tty:5 disk:6 lp:7 mail:8 news:9 uucp:10 man:12 proxy:13 kmem:15 dialout:20 fax:21 voice:22 cdrom:24 floppy:25 tape:26 sudo:27 audio:29 dip:30 www-data:33 backup:34 operator:37 list:38 irc:39 src:40 shadow:42 utmp:43 video:44 sasl:45 plugdev:46 staff:50 games:60 users:100 nogroup:65534';

const serverPasswd = `systemd-network:x:998:998:systemd Network Management:/:/usr/sbin/nologin
redis:x:100:106::/var/lib/redis:/usr/sbin/nologin
_chrony:x:101:108:Chrony daemon,,,:/var/lib/chrony:/usr/sbin/nologin
sshd:x:102:65534::/run/sshd:/usr/sbin/nologin
postgres:x:103:111:PostgreSQL administrator,,,:/var/lib/postgresql:/bin/bash
`;

const serverGroups =
  'crontab:101 systemd-journal:999 systemd-network:998 input:102 sgx:103 kvm:104 render:105 redis:106 _ssh:107 _chrony:108 docker:109 ssl-cert:110 postgres:111';

export interface AccountFiles {
  readonly passwd: string;
  readonly group: string;
  readonly shadow: string;
  readonly gshadow: string;
}

export function serverAccounts(persona: Persona): AccountFiles {
  const { account } = persona;
  const admin = `${account}:x:1000:1000:,,,:/home/${account}:/bin/bash\n`;
  const members: Readonly<Record<string, string>> = {
    sudo: account,
    docker: account,
    'ssl-cert': 'postgres',
  };
  const passwd = basePasswd + serverPasswd.replace(/^postgres/m, `${admin}postgres`);
  const changed = Math.floor(persona.installedAt / 86_400_000);
  const hashes = { root: passwordHash(persona, 'root'), [account]: passwordHash(persona, account) };
  return files(passwd, `${baseGroups} ${serverGroups} ${account}:1000`, members, changed, hashes);
}

/** @param changed days since 1970 at which the image was made */
export function containerAccounts(changed: number): AccountFiles {
  return files(basePasswd, baseGroups, {}, changed, {});
}

function files(
  passwd: string,
  groups: string,
  members: Readonly<Record<string, string>>,
  changed: number,
  hashes: Readonly<Record<string, string>>,
): AccountFiles {
  const names = groups.split(' ').map((group) => group.split(':') as [string, string]);
  const lines = (write: (name: string, id: string, who: string) => string): string =>
    names.map(([name, id]) => `${write(name, id, members[name] ?? '')}\n`).join('');
  return {
    passwd,
    group: lines((name, id, who) => `${name}:x:${id}:${who}`),
    gshadow: lines((name, _, who) => `${name}:${who === '' || name === 'docker' ? '*' : '!'}::${who}`),
    shadow: passwd.replace(/^([^:]+):.*$/gm, (_, name: string) => {
      const isSystem = /^(systemd-network|redis|_chrony|sshd|postgres)$/.test(name);
      const hash = hashes[name] ?? (isSystem ? '!' : '*');
      return isSystem ? `${name}:${hash}:${changed}::::::` : `${name}:${hash}:${changed}:0:99999:7:::`;
    }),
  };
}

/** Looks as yescrypt does, which Debian 12 uses; nothing hashes to it. */
function passwordHash(persona: Persona, name: string): string {
  const random = persona.random(`shadow/${name}`);
  const alphabet = './0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
  return `$y$j9T$${random.text(alphabet, 21)}${random.pick(['.', '/', '0', '1'])}$${random.text(alphabet, 42)}${random.pick([...'./012345678'])}`;
}
