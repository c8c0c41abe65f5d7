/**
 * Programs that sell the host's bandwidth to strangers, as their installation pages start them (2026-11). Users may
 * want that; who pays for the host seldom does.
 */
import type { AttackTool, Started } from './attack-tool.ts';

export function proxywareOf(started: Started): AttackTool | undefined {
  const name = nameOf(started);
  return name === undefined ? undefined : { kind: 'proxyware', name, confidence: 0.5, unstarted: 0.4 };
}

function nameOf({ name, args, line }: Started): string | undefined {
  if (alone.has(name)) return name;
  if (withArguments.has(name) && line !== '') return name;
  const has = (...options: readonly string[]) =>
    options.every((option) => args.some((arg) => arg === option || arg.startsWith(`${option}=`)));
  // Options tell it also under another name.
  if (has('-tou-accept', '-email', '-pass')) return 'honeygain';
  if (has('-accept-tos', '-email', '-password')) return has('-device-name') ? 'pawns-cli' : 'packetshare';
  if (/(?:^| )start accept /.test(`${line} `) && has('--token')) return 'traffmonetizer';
  const isExchange = args.some((arg) => /^--mode=(?:exchange|bot|profile)$/.test(arg));
  return isExchange && has('--token') ? '9hits' : undefined;
}

const withArguments: ReadonlySet<string> = new Set(
  'p2pclient peer2profit pawns-cli psclient honeygain earnapp traffmonetizer tm_cli repocket bitping'.split(
    ' ',
  ),
);

/** Take their account from the environment or a file. */
const alone: ReadonlySet<string> = new Set(['bitpingd', 'earnfm', 'packetstream', 'proxyrack', 'proxylite']);

/**
 * Variables by which the images of the vendors take the account, and how their values look where the name alone
 * says little. Source: the vendors' images on Docker Hub and their pages, 2026-11.
 */
const accounts: readonly (readonly [name: string, tool: string, value: RegExp])[] = [
  ['EARNAPP_UUID', 'earnapp', /^sdk-(?:node|i?\w{1,12})-[0-9a-f]{16,64}$/],
  ['BITPING_EMAIL', 'bitping', /@/],
  ['P2P_EMAIL', 'peer2profit', /@/],
  ['RP_EMAIL', 'repocket', /@/],
  ['HONEYGAIN_EMAIL', 'honeygain', /@/],
  ['PAWNS_EMAIL', 'pawns-cli', /@/],
  ['IPROYALPAWNS_EMAIL', 'pawns-cli', /@/],
  ['EARNFM_TOKEN', 'earnfm', /^[\w-]{16,100}$/],
  ['TRAFFMONETIZER_TOKEN', 'traffmonetizer', /^[A-Za-z0-9+/]{40,}=$/],
  ['PROXYRACK_API_KEY', 'proxyrack', /^\w{16,100}$/],
];

/** @returns the program that an environment variable gives an account to */
export function proxywareAccount(name: string, value: string): string | undefined {
  const [, tool] = accounts.find(([key, , form]) => key === name && form.test(value.slice(0, 200))) ?? [];
  return tool;
}
