/** What packages bring: programs that were not there before, by package and distribution. */
import type { Run } from '../../program.ts';
import { binary } from '../../systems/program-file.ts';
import { now } from '../../world.ts';
import { makeAll } from '../files/make.ts';

interface Known {
  readonly version: string;
  /** Paths and sizes in bytes; a link is `path>target`. */
  readonly files: string;
  /** Of the download, in KiB. */
  readonly size: number;
}

/** Names as Debian has them; Alpine's and Red Hat's mostly agree. */
const known: Readonly<Record<string, Known>> = {
  bash: { version: '5.2.26-r0', files: '/bin/bash:756384', size: 472 },
  'bind-tools': {
    version: '9.18.32-r0',
    files: '/usr/bin/dig:158000 /usr/bin/host:129000 /usr/bin/nslookup:137000',
    size: 190,
  },
  bzip2: { version: '1.0.8-5+b1', files: '/usr/bin/bzip2:39224', size: 50 },
  coreutils: { version: '9.5-r1', files: '/usr/bin/coreutils:1060000', size: 480 },
  cron: { version: '3.0pl1-162', files: '/usr/bin/crontab:43648 /usr/sbin/cron:59648', size: 72 },
  cronie: { version: '1.6.1', files: '/usr/bin/crontab:57664 /usr/sbin/crond:74448', size: 115 },
  curl: { version: '7.88.1-10+deb12u12', files: '/usr/bin/curl:289384', size: 315 },
  dnsutils: {
    version: '1:9.18.33-1~deb12u2',
    files: '/usr/bin/dig:162864 /usr/bin/nslookup:141600 /usr/bin/host:133408',
    size: 280,
  },
  'docker.io': {
    version: '20.10.24+dfsg1-1+deb12u1',
    files: '/usr/bin/docker:42500000 /usr/sbin/dockerd:79400000',
    size: 36_200,
  },
  e2fsprogs: { version: '1.47.0-2', files: '/usr/bin/chattr:14784 /usr/bin/lsattr:14656', size: 571 },
  gcc: {
    version: '4:12.2.0-3',
    files: '/usr/bin/gcc-12:1173208 /usr/bin/gcc>gcc-12 /usr/bin/cc>gcc',
    size: 19_000,
  },
  git: { version: '1:2.39.5-0+deb12u2', files: '/usr/bin/git:3913080', size: 7_260 },
  htop: { version: '3.2.2-2', files: '/usr/bin/htop:333912', size: 152 },
  iproute2: { version: '6.1.0-3', files: '/usr/bin/ip:717720 /usr/bin/ss:213160', size: 1_046 },
  iptables: {
    version: '1.8.9-2',
    files: '/usr/sbin/xtables-nft-multi:224392 /usr/sbin/iptables>xtables-nft-multi',
    size: 360,
  },
  'iputils-ping': { version: '3:20221126-1+deb12u1', files: '/usr/bin/ping:90568', size: 47 },
  jq: { version: '1.6-2.1+deb12u1', files: '/usr/bin/jq:31272', size: 64 },
  make: { version: '4.3-4.1', files: '/usr/bin/make:250832', size: 396 },
  masscan: { version: '2:1.3.2+ds1-1', files: '/usr/bin/masscan:389640', size: 180 },
  nano: { version: '7.2-1+deb12u1', files: '/usr/bin/nano:283144', size: 690 },
  'net-tools': {
    version: '2.10-0.1',
    files: '/usr/bin/netstat:155008 /usr/sbin/ifconfig:80160 /usr/sbin/route:67944 /usr/sbin/arp:67624',
    size: 243,
  },
  'netcat-openbsd': {
    version: '1.219-1',
    files: '/usr/bin/nc.openbsd:43944 /usr/bin/nc>nc.openbsd',
    size: 41,
  },
  'netcat-traditional': {
    version: '1.10-47',
    files: '/usr/bin/nc.traditional:35176 /usr/bin/nc>nc.traditional',
    size: 67,
  },
  nmap: { version: '7.93+dfsg1-1', files: '/usr/bin/nmap:2919208', size: 1_885 },
  'openssh-client': {
    version: '1:9.2p1-2+deb12u5',
    files: '/usr/bin/ssh:1212888 /usr/bin/scp:183696 /usr/bin/ssh-keygen:650568',
    size: 992,
  },
  'openssh-server': { version: '1:9.2p1-2+deb12u5', files: '/usr/sbin/sshd:1308664', size: 460 },
  perl: { version: '5.36.0-7+deb12u2', files: '/usr/bin/perl:3897048', size: 239 },
  procps: {
    version: '2:4.0.2-3',
    files:
      '/usr/bin/ps:144664 /usr/bin/top:134608 /usr/bin/free:27120 /usr/bin/pgrep:35512 /usr/bin/pkill>pgrep /usr/bin/uptime:14768 /usr/bin/w:22952',
    size: 709,
  },
  python3: {
    version: '3.11.2-1+b1',
    files: '/usr/bin/python3.11:6831704 /usr/bin/python3>python3.11',
    size: 26,
  },
  'python3-pip': { version: '23.0.1+dfsg-1', files: '/usr/bin/pip3:222 /usr/bin/pip>pip3', size: 1_325 },
  rsync: { version: '3.2.7-1+deb12u2', files: '/usr/bin/rsync:559440', size: 417 },
  screen: { version: '4.9.0-4', files: '/usr/bin/screen:482312', size: 585 },
  sudo: { version: '1.9.13p3-1+deb12u1', files: '/usr/bin/sudo:281624', size: 1_889 },
  tmux: { version: '3.3a-3', files: '/usr/bin/tmux:1062200', size: 455 },
  tor: { version: '0.4.7.16-1', files: '/usr/bin/tor:3311600', size: 1_960 },
  unzip: { version: '6.0-28', files: '/usr/bin/unzip:183688', size: 166 },
  'util-linux': {
    version: '2.40.1-r1',
    files: '/usr/bin/nsenter:27000 /usr/bin/unshare:27000 /usr/bin/lscpu:96000',
    size: 330,
  },
  vim: { version: '2:9.0.1378-2', files: '/usr/bin/vim.basic:3745400 /usr/bin/vim>vim.basic', size: 1_567 },
  wget: { version: '1.21.3-1+b1', files: '/usr/bin/wget:544176', size: 984 },
  zip: { version: '3.0-13', files: '/usr/bin/zip:216200', size: 232 },
  zmap: { version: '2.1.1-2', files: '/usr/sbin/zmap:203000', size: 140 },
};

/** Other names of the same. */
const aliases: Readonly<Record<string, string>> = {
  'build-base': 'gcc',
  'build-essential': 'gcc',
  clang: 'gcc',
  'docker-ce': 'docker.io',
  docker: 'docker.io',
  iputils: 'iputils-ping',
  netcat: 'netcat-traditional',
  nc: 'netcat-traditional',
  ncat: 'netcat-traditional',
  nmap_ncat: 'netcat-traditional',
  openssh: 'openssh-client',
  'openssh-clients': 'openssh-client',
  'py3-pip': 'python3-pip',
  python: 'python3',
  'procps-ng': 'procps',
  shadow: 'sudo',
  'vim-enhanced': 'vim',
  'bind-utils': 'dnsutils',
};

export interface Found {
  readonly name: string;
  readonly version: string;
  readonly size: number;
}

/** A package by its name; anything that looks like one exists, and most bring a program of their name. */
export function packageNamed(name: string): Found | undefined {
  const plain = name.replace(/[=:<>~@].*$/, '');
  if (!/^[a-z0-9][a-z0-9+._-]{1,60}$/i.test(plain)) return undefined;
  const entry = known[aliases[plain] ?? plain];
  return { name: plain, version: entry?.version ?? '1.0.4-2', size: entry?.size ?? 180 };
}

/** Puts its programs where they belong. */
export function install(run: Run, name: string): void {
  const plain = name.replace(/[=:<>~@].*$/, '');
  const entry = known[aliases[plain] ?? plain];
  if (entry === undefined) return;
  for (const part of entry.files.split(' ')) {
    const [path = '', target] = part.split('>');
    const [file = '', size] = path.split(':');
    const folder = file.slice(0, file.lastIndexOf('/'));
    if (run.files.exists(file)) continue;
    makeAll(run, folder);
    if (target !== undefined) run.files.symlink(target, file, now(run.world));
    else {
      const program = file.slice(file.lastIndexOf('/') + 1);
      run.files.write(file, binary(run.world.persona, program, Number(size)), {
        mode: 0o755,
        now: now(run.world),
      });
    }
  }
}

/** Takes them away again. */
export function uninstall(run: Run, name: string): void {
  const entry = known[aliases[name] ?? name];
  for (const part of entry?.files.split(' ') ?? []) {
    const [path = ''] = part.split(/[:>]/);
    try {
      run.files.unlink(path);
    } catch {
      // It was gone already.
    }
  }
}
