/**
 * Where hosts stand. Anchors need four bytes, so `://` is searched for with the end of the scheme before it, and
 * bare hosts by the endings that most of them have.
 */
import type { Anchor } from '../detector.ts';

/** `http`, `ftp`, `sftp`; `https`, `ftps`, `tcps`; `tcp`; `ssl`; `tls`; `ssh`; `ws`, `wss`; in any case. */
export const urlAnchors = ['tp://', 'ps://', 'cp://', 'sl://', 'ls://', 'sh://', 'ws://', 'ss://'];
export const bareAnchors = ['.com', '.net', '.org', '.xyz', '.top', '.info', '.biz', '.onion'];
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
  ...connectAnchors.map((text) => [text, { text, kinds: ['script'] }] as const),
]);
