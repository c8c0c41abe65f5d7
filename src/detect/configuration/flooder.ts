/** Programs that flood other hosts, and load generators where they are used as such. */
import type { AttackTool, Started } from './attack-tool.ts';
import { isLocalHost } from './origin.ts';

export function flooderOf({ name, args, line, interpreted, isListed }: Started): AttackTool | undefined {
  const found = (confidence: number, tool = name): AttackTool => ({
    kind: 'flooder',
    name: tool,
    confidence,
  });
  if (/^(?:launcher-)?disbalancer(?:[-_]|$)/.test(name)) return found(0.8);
  if (certain.has(name)) return isAimedInside(args) ? undefined : found(0.8);
  if (name === 'start' && interpreted && isMhddos(args)) return found(0.85, 'mhddos');
  if (name === 'runner' && interpreted && /--(?:itarmy|vpn|http-methods|copies)\b|-t \d/.test(line))
    return found(0.7, 'mhddos_proxy');
  if (/^(?:hping3?|t50)$/.test(name) && args.some((arg) => arg === '--flood' || arg === '--faster'))
    return isAimedInside(args) ? undefined : found(0.8);
  if (name !== 'bombardier' && !loadGenerators.has(name)) return undefined;
  if (!args.some(isUrl) && args.some(isListed)) return found(0.7);
  if (!aimsOutside(args)) return undefined;
  if (name === 'bombardier') return found(isHeavy(args) ? 0.7 : 0.45);
  return found(0.3);
}

/** Programs that do nothing else. */
const certain: ReadonlySet<string> = new Set(
  (
    'db1000n mhddos mhddos_proxy slowloris goloris goldeneye hulk torshammer xerxes pyloris slowhttptest ' +
    'ddos-ripper dripper uashield distress ufonet loic hoic rudy saphyra ddosify-attack stacheldraht thc-ssl-dos ' +
    'ddosia'
  ).split(' '),
);

/** Attack methods of MHDDoS, its second argument (MatrixTM/MHDDoS `start.py`, 2026-11). */
const methods: ReadonlySet<string> = new Set(
  (
    'CFB BYPASS GET POST OVH STRESS DYN SLOW HEAD NULL COOKIE PPS EVEN GSB DGB AVB BOT APACHE XMLRPC CFBUAM ' +
    'DOWNLOADER KILLER TOR RHEX STOMP TCP UDP SYN VSE MINECRAFT MCBOT CONNECTION CPS FIVEM TS3 MCPE ICMP OVH-UDP ' +
    'MEM NTP DNS ARD CLDAP CHAR RDP'
  ).split(' '),
);

/** `start.py METHOD TARGET …`; a target is a URL, an address with its port, or a variable. */
function isMhddos([method = '', target = '']: readonly string[]): boolean {
  return methods.has(method) && /^(?:https?:\/\/|["']?\$|[\w.-]{1,253}(?::\d{1,5})?$)/.test(target);
}

/** Made for measuring one's own servers, and used otherwise. */
const loadGenerators: ReadonlySet<string> = new Set([
  'wrk',
  'wrk2',
  'siege',
  'hey',
  'ab',
  'vegeta',
  'h2load',
]);

function isUrl(arg: string): boolean {
  return /^https?:\/\/[^$`]/.test(arg);
}

/** Names a host that is not local. */
function aimsOutside(args: readonly string[]): boolean {
  return args.some((arg) => {
    const host = /^https?:\/\/([^/:?#\s]{1,253})/.exec(arg)?.[1];
    return host?.includes('.') === true && !host.includes('$') && !isLocalHost(host);
  });
}

/** It names hosts, and all of them are local: a test of one's own. */
function isAimedInside(args: readonly string[]): boolean {
  const hosts = args.flatMap((arg) => {
    const host =
      /^(?:https?:\/\/)?([a-z\d][\w-]{0,100}(?:\.[\w-]{1,63}){0,10})(?::\d{1,5})?(?:\/.{0,500})?$/i.exec(
        arg,
      )?.[1];
    return host !== undefined && (/^https?:/.test(arg) || host === 'localhost' || host.includes('.'))
      ? [host]
      : [];
  });
  return hosts.length > 0 && hosts.every(isLocalHost);
}

/** More than a measurement takes: at least ten minutes, 500 connections or a million requests. */
function isHeavy(args: readonly string[]): boolean {
  return args.some((arg, index) => {
    const [, option = '', joined = ''] =
      /^(-[cdn]|--(?:connections|duration|requests))=?(.{0,20})$/.exec(arg) ?? [];
    const value = joined || (args[index + 1] ?? '');
    const amount = Number.parseInt(value, 10);
    if (/^-?-d/.test(option)) return amount * (unitSeconds[value.at(-1) ?? ''] ?? 1) >= 600;
    return option !== '' && amount >= (/^-?-c/.test(option) ? 500 : 1_000_000);
  });
}

const unitSeconds: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3600 };
