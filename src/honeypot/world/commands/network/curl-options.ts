/** Options of curl, which need not be known to be read: what matters is which of them have a value. */
import { Fault } from '../tool.ts';

/** Letters with a value, and long names with one; all other options have none. */
const valued = 'AbCcDdEeFHhKmoPQrTtUuwXxyYz';
const valuedLong = new Set(
  'user-agent cookie cookie-jar continue-at dump-header data data-raw data-binary data-ascii data-urlencode json cert key cacert capath referer form form-string header config max-time output output-dir ftp-port quote range upload-file telnet-option proxy-user user write-out request proxy socks5 socks5-hostname socks4 preproxy speed-limit speed-time time-cond connect-timeout retry retry-delay retry-max-time max-redirs resolve interface limit-rate url stderr unix-socket abstract-unix-socket dns-servers ciphers tls-max noproxy proxy-header max-filesize oauth2-bearer aws-sigv4 engine local-port keepalive-time proto proto-default trace trace-ascii connect-to doh-url hostpubmd5 pass'.split(
    ' ',
  ),
);
const longNames: Readonly<Record<string, string>> = {
  A: 'user-agent',
  b: 'cookie',
  d: 'data',
  e: 'referer',
  f: 'fail',
  F: 'form',
  G: 'get',
  g: 'globoff',
  H: 'header',
  i: 'include',
  I: 'head',
  J: 'remote-header-name',
  k: 'insecure',
  L: 'location',
  m: 'max-time',
  N: 'no-buffer',
  o: 'output',
  O: 'remote-name',
  q: 'disable',
  R: 'remote-time',
  s: 'silent',
  S: 'show-error',
  T: 'upload-file',
  u: 'user',
  v: 'verbose',
  V: 'version',
  w: 'write-out',
  X: 'request',
  x: 'proxy',
  '#': 'progress-bar',
  a: 'append',
  c: 'cookie-jar',
  D: 'dump-header',
  K: 'config',
  h: 'help',
  C: 'continue-at',
  r: 'range',
  E: 'cert',
  z: 'time-cond',
  Z: 'parallel',
  '4': 'ipv4',
  '6': 'ipv6',
  '0': 'http1.0',
  l: 'list-only',
  n: 'netrc',
  p: 'proxytunnel',
  B: 'use-ascii',
  j: 'junk-session-cookies',
  M: 'manual',
  P: 'ftp-port',
  Q: 'quote',
  t: 'telnet-option',
  U: 'proxy-user',
  y: 'speed-time',
  Y: 'speed-limit',
};

export interface Given {
  readonly flags: ReadonlySet<string>;
  readonly values: ReadonlyMap<string, readonly string[]>;
  readonly urls: readonly string[];
  /** For each address: a path, '' for the remote name, undefined for standard output. */
  readonly outputs: readonly string[];
}

export function optionsFrom(args: readonly string[]): Given {
  const flags = new Set<string>();
  const values = new Map<string, string[]>();
  const urls: string[] = [];
  const outputs: string[] = [];
  const rest = [...args];
  const put = (name: string, value: string): void => {
    values.set(name, [...(values.get(name) ?? []), value]);
    if (name === 'output') outputs.push(value);
    if (name === 'url') urls.push(value);
  };
  const following = (name: string): string => {
    const value = rest.shift();
    if (value === undefined)
      throw new Fault(
        `curl: option ${name}: requires parameter\ncurl: try 'curl --help' or 'curl --manual' for more information\n`,
        2,
      );
    return value;
  };
  while (rest.length > 0) {
    const arg = rest.shift()!;
    if (arg.startsWith('--')) {
      const name = arg.slice(2);
      if (valuedLong.has(name)) put(name, following(arg));
      else if (/^[a-z0-9.-]+$/.test(name)) {
        flags.add(name);
        if (name === 'remote-name') outputs.push('');
      } else
        throw new Fault(
          `curl: option ${arg}: is unknown\ncurl: try 'curl --help' or 'curl --manual' for more information\n`,
          2,
        );
    } else if (arg.startsWith('-') && arg !== '-') {
      for (let at = 1; at < arg.length; at++) {
        const letter = arg[at]!;
        const name = longNames[letter];
        if (name === undefined)
          throw new Fault(
            `curl: option ${arg}: is unknown\ncurl: try 'curl --help' or 'curl --manual' for more information\n`,
            2,
          );
        if (valued.includes(letter)) {
          put(name, arg.slice(at + 1) || following(`-${letter}`));
          break;
        }
        flags.add(name);
        if (letter === 'O') outputs.push('');
      }
    } else urls.push(arg);
  }
  return { flags, values, urls, outputs };
}
