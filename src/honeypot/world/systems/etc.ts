/** /etc of a Debian 12 server: what visitors read there, in the words of its packages, with the facts of the persona. */
import type { Persona } from '../../persona/persona.ts';
import { serverAccounts } from './accounts.ts';
import type { Draft } from './draft.ts';
import { osReleaseOf } from './os-release.ts';

/** TZif of Etc/UTC, RFC 8536: no transitions, in both of its versions. */
const block = `TZif2${'\0'.repeat(34)}\x01\0\0\0\x04${'\0'.repeat(6)}UTC\0`;
const coordinatedTime = `${block}${block}\nUTC0\n`;

export function addEtc(draft: Draft, persona: Persona): void {
  const { hostname, domain, network } = persona;
  const random = persona.random('etc');
  const accounts = serverAccounts(persona);
  const uuid = random.uuid();
  draft.file('/etc/passwd', accounts.passwd);
  draft.file('/etc/passwd-', accounts.passwd);
  draft.file('/etc/group', accounts.group);
  draft.file('/etc/group-', accounts.group);
  draft.file('/etc/shadow', accounts.shadow, { mode: 0o640, gid: 42 });
  draft.file('/etc/shadow-', accounts.shadow, { mode: 0o640, gid: 42 });
  draft.file('/etc/gshadow', accounts.gshadow, { mode: 0o640, gid: 42 });
  draft.file('/etc/subuid', `${persona.account}:100000:65536\n`);
  draft.file('/etc/subgid', `${persona.account}:100000:65536\n`);
  draft.file('/etc/hostname', `${hostname}\n`);
  draft.file(
    '/etc/hosts',
    `127.0.1.1 ${hostname}.${domain} ${hostname}\n127.0.0.1 localhost\n\n` +
      '# The following lines are desirable for IPv6 capable hosts\n::1 localhost ip6-localhost ip6-loopback\n' +
      'ff02::1 ip6-allnodes\nff02::2 ip6-allrouters\n',
  );
  draft.file(
    '/etc/resolv.conf',
    `domain ${domain}\nsearch ${domain}\nnameserver ${nameServer(network.address)}\n`,
  );
  draft.link('/etc/os-release', '../usr/lib/os-release');
  draft.file('/usr/lib/os-release', osReleaseOf('debian'));
  draft.file('/etc/debian_version', '12.11\n');
  draft.file('/etc/issue', 'Debian GNU/Linux 12 \\n \\l\n\n');
  draft.file('/etc/issue.net', 'Debian GNU/Linux 12\n');
  draft.file('/etc/motd', motd);
  draft.link('/etc/mtab', '../proc/self/mounts');
  draft.file('/usr/share/zoneinfo/Etc/UTC', coordinatedTime);
  draft.link('/etc/localtime', '/usr/share/zoneinfo/Etc/UTC');
  draft.file('/etc/timezone', 'Etc/UTC\n');
  draft.file('/etc/machine-id', `${random.hex(32)}\n`, { mode: 0o444 });
  draft.file('/etc/environment', '');
  draft.file('/etc/default/locale', 'LANG=C.UTF-8\n');
  draft.file(
    '/etc/fstab',
    `# /etc/fstab: static file system information\nUUID=${uuid} / ext4 rw,discard,errors=remount-ro,x-systemd.growfs 0 1\n` +
      `UUID=${random.hex(4).toUpperCase()}-${random.hex(4).toUpperCase()} /boot/efi vfat defaults 0 0\n`,
  );
  draft.file('/etc/crontab', crontab);
  draft.file(
    '/etc/cron.d/e2scrub_all',
    '30 3 * * 0 root test -e /run/systemd/system || SERVICE_MODE=1 /usr/lib/x86_64-linux-gnu/e2fsprogs/e2scrub_all_cron\n10 3 * * * root test -e /run/systemd/system || SERVICE_MODE=1 /sbin/e2scrub_all -A -r\n',
  );
  draft.file('/etc/nsswitch.conf', nsswitch);
  draft.file('/etc/profile', profile);
  draft.file('/etc/bash.bashrc', bashrc);
  draft.file('/etc/shells', shells);
  draft.file('/etc/apt/sources.list', '');
  draft.file('/etc/apt/sources.list.d/debian.sources', sources);
  draft.file('/etc/sudoers', sudoers, { mode: 0o440 });
  draft.file(
    '/etc/sudoers.d/90-cloud-init-users',
    `# User rules for ${persona.account}\n${persona.account} ALL=(ALL) NOPASSWD:ALL\n`,
    {
      mode: 0o440,
    },
  );
  draft.file(
    '/etc/docker/daemon.json',
    '{\n  "log-driver": "json-file",\n  "log-opts": { "max-size": "50m" }\n}\n',
  );
  draft.file('/etc/systemd/system/docker.service.d/override.conf', dockerOverride);
  draft.file('/etc/ssh/sshd_config', sshdConfig);
  draft.directory('/etc/ssh/sshd_config.d');
  draft.file(
    '/etc/redis/redis.conf',
    'bind 0.0.0.0 -::1\nprotected-mode no\nport 6379\ndaemonize yes\nsupervised auto\npidfile /run/redis/redis-server.pid\nloglevel notice\nlogfile /var/log/redis/redis-server.log\ndatabases 16\nsave 900 1 300 10 60 10000\ndbfilename dump.rdb\ndir /var/lib/redis\nenable-protected-configs yes\nenable-module-command yes\n',
    { mode: 0o640, uid: 100, gid: 106 },
  );
}

/** Of the VPC: the base of its network and two. */
export function nameServer(address: string): string {
  const [first, second] = address.split('.');
  return `${first}.${second}.0.2`;
}

const motd = `
The programs included with the Debian GNU/Linux system are free software;
the exact distribution terms for each program are described in the
individual files in /usr/share/doc/*/copyright.

Debian GNU/Linux comes with ABSOLUTELY NO WARRANTY, to the extent
permitted by applicable law.
`;

/** Of Debian's cron 3.0pl1-162. */
const crontab = `# /etc/crontab: system-wide crontab
# Unlike any other crontab you don't have to run the \`crontab'
# command to install the new version when you edit this file
# and files in /etc/cron.d. These files also have username fields,
# that none of the other crontabs do.

SHELL=/bin/sh
PATH=/usr/local/sbin:/usr/local/bin:/sbin:/bin:/usr/sbin:/usr/bin

# Example of job definition:
# .---------------- minute (0 - 59)
# |  .------------- hour (0 - 23)
# |  |  .---------- day of month (1 - 31)
# |  |  |  .------- month (1 - 12) OR jan,feb,mar,apr ...
# |  |  |  |  .---- day of week (0 - 6) (Sunday=0 or 7) OR sun,mon,tue,wed,thu,fri,sat
# |  |  |  |  |
# *  *  *  *  * user-name command to be executed
17 *	* * *	root	cd / && run-parts --report /etc/cron.hourly
25 6	* * *	root	test -x /usr/sbin/anacron || { cd / && run-parts --report /etc/cron.daily; }
47 6	* * 7	root	test -x /usr/sbin/anacron || { cd / && run-parts --report /etc/cron.weekly; }
52 6	1 * *	root	test -x /usr/sbin/anacron || { cd / && run-parts --report /etc/cron.monthly; }
#
`;

const nsswitch = `# /etc/nsswitch.conf
passwd:         files systemd
group:          files systemd
shadow:         files
gshadow:        files

hosts:          files dns
networks:       files

protocols:      db files
services:       db files
ethers:         db files
rpc:            db files

netgroup:       nis
`;

const profile = `# /etc/profile: system-wide .profile file for the Bourne shell (sh(1))
# and Bourne compatible shells (bash(1), ksh(1), ash(1), ...).

if [ "$(id -u)" -eq 0 ]; then
  PATH="/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
else
  PATH="/usr/local/bin:/usr/bin:/bin:/usr/local/games:/usr/games"
fi
export PATH
`;

const bashrc = `# System-wide .bashrc file for interactive bash(1) shells.

# If not running interactively, don't do anything
[ -z "$PS1" ] && return

# set a fancy prompt (non-color, overwrite the one in /etc/profile)
PS1='\${debian_chroot:+($debian_chroot)}\\u@\\h:\\w\\$ '
`;

const shells = `# /etc/shells: valid login shells
/bin/sh
/bin/bash
/usr/bin/bash
/bin/rbash
/usr/bin/rbash
/usr/bin/sh
/bin/dash
/usr/bin/dash
/usr/bin/tmux
`;

const sources = `Types: deb
URIs: mirror+file:///etc/apt/mirrors/debian.list
Suites: bookworm bookworm-updates bookworm-backports
Components: main

Types: deb
URIs: mirror+file:///etc/apt/mirrors/debian-security.list
Suites: bookworm-security
Components: main
`;

const sudoers = `Defaults	env_reset
Defaults	mail_badpass
Defaults	secure_path="/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
root	ALL=(ALL:ALL) ALL
%sudo	ALL=(ALL:ALL) ALL
@includedir /etc/sudoers.d
`;

const dockerOverride = `[Service]
ExecStart=
ExecStart=/usr/sbin/dockerd -H fd:// -H tcp://0.0.0.0:2375 --containerd=/run/containerd/containerd.sock
`;

/** The settings that Debian's openssh-server 9.2 ships with, and what a careless administrator changes. */
const sshdConfig = `# This is the sshd server system-wide configuration file.  See
# sshd_config(5) for more information.

Include /etc/ssh/sshd_config.d/*.conf

#Port 22
#AddressFamily any
#ListenAddress 0.0.0.0
#ListenAddress ::

PermitRootLogin yes
PasswordAuthentication yes
KbdInteractiveAuthentication no
UsePAM yes
X11Forwarding yes
PrintMotd no
ClientAliveInterval 120
AcceptEnv LANG LC_*
Subsystem	sftp	/usr/lib/openssh/sftp-server
`;
