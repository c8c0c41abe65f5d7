/** Literals by which texts are chosen that are no shell script by their first line, and places in large ones. */
import type { Anchor } from '../detector.ts';

/** What loaders and the scripts of intruders are made of. */
const loaderWords = [
  ...['curl', 'wget', 'fetch -', 'lwp-download', 'aria2c', 'tftp', '/dev/tcp', '/dev/udp'],
  ...['nc -', 'ncat ', 'socat', 'telnet', 'openssl', 'base64', 'base32', 'xxd -', 'uudecode'],
  ...['N-ZA-M', 'n-za-m', '| rev', '|rev', '| sh', '| bash', '|bash'],
  ...['python -c', 'python3 -c', 'perl -e', 'perl -M', 'ruby -r', 'php -r'],
  ...[
    'pkill',
    'killall',
    'pgrep',
    'chattr',
    'nsenter',
    'docker -H',
    '--privileged',
    'nr_hugepages',
    'modprobe msr',
    'wrmsr',
  ],
  ...['setenforce', 'ufw disable', 'iptables -', 'HISTFILE', 'ssh -'],
];

/** Agents on the hosts of cloud providers, written in several ways. */
const agentWords = ['aliyun', 'aegis', 'qcloud'];

/** Tools that flood, scan or tunnel; programs in any language are read for them. */
const toolWords = [
  ...['bombardier', 'slowloris', 'goldeneye', 'torshammer', 'slowhttptest', 'hping3', 'db1000n', 'mhddos'],
  ...['xerxes', 'pyloris', 'ufonet', 'saphyra', 'disbalancer', 'uashield', 'start.py'],
  ...['masscan', 'zmap', 'pnscan', 'docker --host'],
  ...['bitpingd', 'EARNAPP_UUID', 'start accept', '-accept-tos', '-tou-accept', '--mode=exchange'],
  ...['ngrok', 'cloudflared', 'chisel', 'frpc', 'tmate', 'bore local', 'gost -', 'localtunnel', 'autossh'],
];

const tools = named('tool', toolWords);

export const anchors: Readonly<Record<string, Anchor>> = {
  ...named('loader', loaderWords),
  ...named('agent', agentWords, true),
  ...tools,
};

export const toolAnchors: readonly string[] = Object.keys(tools);
export const allAnchors: readonly string[] = Object.keys(anchors);

function named(group: string, words: readonly string[], nocase = false): Readonly<Record<string, Anchor>> {
  const anchor = (text: string): Anchor => ({ text, ...(nocase && { nocase }), kinds: ['script', 'text'] });
  return Object.fromEntries(words.map((text) => [`${group} ${text}`, anchor(text)]));
}
