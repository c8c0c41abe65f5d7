/**
 * Commands by which intruders prepare a host: protections removed, traces hidden, memory tuned for mining,
 * rivals killed, the container left. Source: the shell stagers described in public reports on TeamTNT,
 * Kinsing, WatchDog, 8220 and Rocke, and ATT&CK for Containers, 2026-11.
 */

import type { Command } from '../../indicator/shell.ts';
import { programName } from '../../indicator/shell-unwrap.ts';

export type Control =
  | 'agent-removed'
  | 'protection-off'
  | 'traces-hidden'
  | 'immutable-file'
  | 'mining-preparation'
  | 'rivals-killed'
  | 'escape'
  | 'insecure-install';

/** @param command already unwrapped */
export function controlOf(
  command: Pick<Command, 'words' | 'redirects' | 'assignments'>,
): Control | undefined {
  const { words, redirects, assignments } = command;
  const name = programName(words[0]);
  const args = words.slice(1, 200).map((word) => word.slice(0, 1000));
  const line = args.join(' ').slice(0, 8000);
  const written = redirects.find((one) => one.operator.startsWith('>'))?.target ?? '';
  const target = name === 'tee' ? line : written;

  if (isEscape(name, args, line, target)) return 'escape';
  if (stops.has(name) && cloudAgents.test(line)) return 'agent-removed';
  if (kills.has(name) && rivals.test(line)) return 'rivals-killed';
  if (isMiningPreparation(name, line, target)) return 'mining-preparation';
  if (isProtectionOff(name, args, line, target)) return 'protection-off';
  if (name === 'chattr') return /(?:^|\s)[-+]\w{0,6}i/.test(line) ? 'immutable-file' : undefined;
  if (hidesTraces(name, line, assignments, target)) return 'traces-hidden';
  return isInsecureInstall(name, args, assignments) ? 'insecure-install' : undefined;
}

const stops = new Set(
  'rm pkill killall kill systemctl service chkconfig sh bash curl wget dpkg apt-get yum rpm unlink chmod'.split(
    ' ',
  ),
);

/** Agents of Alibaba Cloud (Security Center, CloudMonitor), Tencent Cloud and other providers' host guards. */
const cloudAgents =
  /\b(?:uninstall|stop|disable|remove|purge|off|-9|-f|-rf|-e)\b.{0,200}(?:aegis|aliyun|alidun|cloudmonitor|qcloud|barad_agent|YDService|YDLive|sgagent|bcm-agent|hostguard|cloudmonit)|(?:aegis|aliyun|aliyundun|cloudmonitor|qcloud\/(?:stargate|monitor|YunJing))[\w/.-]{0,200}(?:uninstall|stop|uninst)|\b(?:AliYunDun|AliSecGuard|YDService|barad_agent)\b/i;

const kills = new Set(['pkill', 'killall', 'pgrep']);
const rivals =
  /xmr(?:ig|-stak)|minerd|cpuminer|kinsing|kdevtmpfsi|kthreaddi|cnrig|sysrv|ddgs|watchdogs|kerberods|cryptonight|minergate|nicehash|xmr|monero|nanominer|t-rex|teamtnt/i;

function isMiningPreparation(name: string, line: string, target: string): boolean {
  if (name === 'sysctl' && /nr_hugepages\s?=\s?[1-9]/.test(line)) return true;
  if (name === 'modprobe' && /\bmsr\b/.test(line)) return true;
  return name === 'wrmsr' || /nr_hugepages$/.test(target);
}

const guards =
  /\b(?:apparmor|auditd|firewalld|ufw|iptables|nftables|selinux|falco|clamav\S*|fail2ban|crowdstrike|falcon-sensor|wazuh-agent|ossec)\b/;

function isProtectionOff(name: string, args: readonly string[], line: string, target: string): boolean {
  switch (name) {
    case 'setenforce':
      return args[0] === '0' || /permissive/i.test(line);
    case 'ufw':
      return args.includes('disable');
    case 'iptables':
    case 'ip6tables':
      return args.includes('-F') || /-P (?:INPUT|FORWARD) ACCEPT/.test(line);
    case 'aa-teardown':
    case 'aa-disable':
      return true;
    case 'apparmor_parser':
      return args.includes('-R');
    case 'systemctl':
    case 'service':
    case 'chkconfig':
      return /\b(?:stop|disable|mask|off)\b/.test(line) && guards.test(line);
    case 'sysctl':
      return /randomize_va_space\s?=\s?0/.test(line);
    default:
      return /\/selinux\/(?:config|enforce)/.test(`${target} ${line}`) && /disabled|^0\b/.test(line);
  }
}

function hidesTraces(
  name: string,
  line: string,
  assignments: Readonly<Record<string, string>>,
  target: string,
): boolean {
  if (assignments.HISTFILE === '/dev/null' || assignments.HISTSIZE === '0') return true;
  if (name === 'unset' || name === 'export') return /\bHISTFILE(?:$|\s|=\/dev\/null)|\bHISTSIZE=0/.test(line);
  if (name === 'history') return /(?:^|\s)-c/.test(line);
  if (name === 'ln') return /\/dev\/null .{0,200}_history/.test(line);
  return (
    /\/var\/log\/(?:wtmp|lastlog|btmp|secure|auth\.log)$/.test(target) && (name === 'echo' || name === 'cat')
  );
}

function isEscape(name: string, args: readonly string[], line: string, target: string): boolean {
  if (name === 'nsenter') return /(?:-t|--target)[ =]?1\b/.test(line);
  if (/\/(?:release_agent|core_pattern)$|\/proc\/sysrq-trigger$/.test(target)) return !args.includes('core');
  if (name === 'mount') return /\/dev\/(?:sd[a-z]\d?|vd[a-z]\d?|xvd[a-z]\d?|nvme\d\S{0,6})\s/.test(line);
  if (name === 'docker') return /\brun\b/.test(line) && /--privileged|--pid[ =]host|-v \/:\//.test(line);
  if (name === 'curl')
    return /docker\.sock/.test(line) && /containers\/(?:create|[^ ]{1,80}\/start)/.test(line);
  return false;
}

function isInsecureInstall(
  name: string,
  args: readonly string[],
  assignments: Readonly<Record<string, string>>,
): boolean {
  if (insecureSettings.some(([key, value]) => assignments[key] === value)) return true;
  const has = (...options: readonly string[]) =>
    options.some((option) => args.some((arg) => arg === option || arg.startsWith(`${option}=`)));
  if (/^(?:apt|apt-get|aptitude)$/.test(name)) return has('--allow-unauthenticated', '--force-yes');
  if (/^(?:pip\d?(?:\.\d+)?)$/.test(name)) return has('--trusted-host');
  if (/^(?:yum|dnf|microdnf|zypper)$/.test(name)) return has('--nogpgcheck', '--no-gpg-checks');
  if (name === 'apk') return has('--allow-untrusted');
  if (/^(?:npm|yarn|pnpm)$/.test(name)) return args.includes('strict-ssl') && args.includes('false');
  return name === 'git' && /http\.sslverify[ =]["']?(?:false|0)/i.test(args.join(' '));
}

/** Variables that switch off the verification of certificates for every later connection. */
export const insecureSettings: readonly (readonly [name: string, value: string])[] = [
  ['NODE_TLS_REJECT_UNAUTHORIZED', '0'],
  ['GIT_SSL_NO_VERIFY', 'true'],
  ['GIT_SSL_NO_VERIFY', '1'],
  ['PYTHONHTTPSVERIFY', '0'],
];
