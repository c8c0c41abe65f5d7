/**
 * Where hosts stand. Anchors need four bytes, so `://` is searched for with the end of the scheme before it, and
 * bare hosts by the endings that most of them have. Other endings are too short or stand in every program (`.eu`,
 * `.pro`), so that hosts on the lists are searched for as they are.
 */
import { bundledLists, isName } from '../../indicator/lists.ts';
import type { Anchor } from '../detector.ts';

/** `http`, `ftp`, `sftp`; `https`, `ftps`, `tcps`; `tcp`; `ssl`; `tls`; `ssh`; `ws`, `wss`; in any case. */
export const urlAnchors = ['tp://', 'ps://', 'cp://', 'sl://', 'ls://', 'sh://', 'ws://', 'ss://'];
export const bareAnchors = ['.com', '.net', '.org', '.xyz', '.top', '.info', '.biz', '.onion'];
/**
 * Names under dynamic DNS are left out: there are too many, and a command that connects to one is found by its own
 * anchors.
 */
const searchedLists = ['mining-pool', 'malicious', 'proxy-avoidance', 'hacking'] as const;
export const listedHosts: ReadonlySet<string> = new Set(
  searchedLists
    .flatMap((list) => bundledLists().entries(list))
    .filter((host) => isName(host) && !bareAnchors.some((ending) => host.endsWith(ending))),
);
const [firstHost = '', ...moreHosts] = listedHosts;
/** Commands and paths that open connections. */
export const connectAnchors = [
  'curl ',
  'wget ',
  '/dev/tcp/',
  '/dev/udp/',
  'nc -',
  'ncat ',
  'socat ',
  'ping ',
  'nslookup ',
  'telnet ',
];

export const anchors: Readonly<Record<string, Anchor>> = Object.fromEntries([
  ...urlAnchors.map((text) => [text, { text, nocase: true }] as const),
  ...bareAnchors.map((text) => [text, { text, kinds: ['text', 'script'] }] as const),
  ['listed', { text: firstHost, also: moreHosts, kinds: ['text', 'script'] }],
  ...connectAnchors.map((text) => [text, { text, kinds: ['script'] }] as const),
]);
