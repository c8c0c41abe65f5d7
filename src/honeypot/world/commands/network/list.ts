/** Programs that would talk to other machines, and those that bring or pack what came from them. */
import { gzip, otherPacker, unzip, zip } from '../archives/compress.ts';
import { tar } from '../archives/tar.ts';
import { aws } from '../clients/cloud.ts';
import { docker, kubectl } from '../clients/containers.ts';
import { noServer, psql, redisCli } from '../clients/databases.ts';
import { openssl } from '../clients/openssl.ts';
import { gcc, git, make } from '../languages/build.ts';
import { perl, python, silent } from '../languages/python.ts';
import { apt, dpkg } from '../packages/apt.ts';
import { apk, npm, pip, rpm, yum } from '../packages/others.ts';
import type { Tool } from '../tool.ts';
import { nc, scanner, socat, telnet } from './connect.ts';
import { curl } from './curl.ts';
import { ftp, ftpget, tftp } from './files-over-network.ts';
import { iptables, ufw } from './firewall.ts';
import { arp, ethtool, ifconfig, ip, route } from './interfaces.ts';
import { dig, host, nslookup, ping, traceroute } from './probe.ts';
import { fuser, lsof, netstat, ss } from './sockets.ts';
import { scp, ssh, sshAdd, sshCopyId, sshKeygen, sshKeyscan } from './ssh.ts';
import { wget } from './wget.ts';

export const network: Readonly<Record<string, Tool>> = {
  apk,
  apt,
  'apt-cache': apt,
  'apt-get': apt,
  arp,
  aws,
  bunzip2: otherPacker,
  bzcat: otherPacker,
  bzip2: otherPacker,
  curl,
  dig,
  dnf: yum,
  docker,
  dpkg,
  'dpkg-query': dpkg,
  ethtool,
  ftp,
  ftpget,
  ftpput: ftpget,
  fuser,
  gcc,
  'gcc-12': gcc,
  git,
  gunzip: gzip,
  gzip,
  host,
  ifconfig,
  ip,
  'ip6tables-nft': iptables,
  iptables,
  kubectl,
  lftp: ftp,
  lsof,
  lzma: otherPacker,
  make,
  masscan: scanner,
  mongosh: noServer,
  mysql: noServer,
  nc,
  'nc.openbsd': nc,
  'nc.traditional': nc,
  ncat: nc,
  netcat: nc,
  netstat,
  nmap: scanner,
  node: silent,
  npm,
  nslookup,
  openssl,
  perl,
  php: silent,
  ping,
  ping6: ping,
  pip3: pip,
  psql,
  'python2.7': python,
  'python3.11': python,
  'redis-cli': redisCli,
  route,
  rpm,
  rsync: scp,
  scp,
  sftp: scp,
  socat,
  ss,
  ssh,
  'ssh-add': sshAdd,
  'ssh-copy-id': sshCopyId,
  'ssh-keygen': sshKeygen,
  'ssh-keyscan': sshKeyscan,
  tar,
  telnet,
  tftp,
  traceroute,
  traceroute6: traceroute,
  ufw,
  unlzma: otherPacker,
  unxz: otherPacker,
  unzip,
  wget,
  'xtables-nft-multi': iptables,
  xz: otherPacker,
  xzcat: otherPacker,
  yum,
  zcat: gzip,
  zip,
  zmap: scanner,
  zstd: otherPacker,
};
