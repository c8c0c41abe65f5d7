/**
 * The guard against being sent into the operator's own network. A registry names token realms, redirects and
 * next pages; none of them may lead to loopback, link-local, private or otherwise special addresses unless
 * the target itself is there. Literal addresses are judged before the connection, names when they resolve:
 * the addresses that were judged are those that are connected to, so a name that changes its address between
 * check and use (DNS rebinding) does not pass.
 */
import { lookup as resolveName } from 'node:dns';
import { BlockList, isIP, isIPv6, type LookupFunction } from 'node:net';
import { WaterguardError } from '../../model/error.ts';

export interface AddressGuard {
  /** @throws WaterguardError `refused` for a URL with a literal address that must not be asked */
  admit(url: URL): void;
  /** For node:http; answers only with admitted addresses, else fails with `refused`. */
  readonly lookup: LookupFunction;
}

/** The part of `dns.lookup` that is used; tests pass their own. */
export type Resolve = (
  name: string,
  options: { readonly all: true; readonly family?: number },
  done: (error: Error | null, addresses: { readonly address: string; readonly family: number }[]) => void,
) => void;

/**
 * @param target host name of the registry that the operator named, as `URL.hostname` gives it. It may be
 *   anywhere, but has to stay in the kind of network where it was first seen.
 */
export function guardAddresses(target: string, resolve: Resolve = resolveName): AddressGuard {
  const targetHost = bareHost(target);
  let home = isIP(targetHost) ? [targetHost] : undefined;

  function admitted(host: string, address: string): boolean {
    const network = networkOf(address);
    if (host === targetHost && home?.some((own) => networkOf(own) === network)) return true;
    if (network === 'public') return host !== targetHost;
    if (home?.includes(address)) return true;
    return isShared(network) && (home ?? []).some((own) => networkOf(own) === network);
  }

  function refuse(host: string, address: string): WaterguardError {
    const shown = host === address ? address : `${host} (${address})`;
    return new WaterguardError(
      'refused',
      `the registry ${target} leads to ${shown}, a ${networkOf(address)} address where ${target} itself is not; ` +
        'if it is meant to be asked, scan from that registry by its own address',
    );
  }

  return {
    admit(url) {
      const host = bareHost(url.hostname);
      if (isIP(host) && !admitted(host, host)) throw refuse(host, host);
    },
    lookup(hostname, options, done) {
      const family = typeof options.family === 'number' ? options.family : 0;
      resolve(hostname, { all: true, family }, (error, found) => {
        if (error) return done(error, []);
        const host = bareHost(hostname);
        if (host === targetHost) home ??= homeOf(found.map((one) => one.address));
        const usable = found.filter((one) => admitted(host, one.address));
        const first = usable[0];
        if (!first) return done(refuse(host, found[0]?.address ?? 'nothing'), []);
        return options.all ? done(null, usable) : done(null, first.address, first.family);
      });
    },
  };
}

/** Loopback by name or literal address: the only hosts that may be asked without verified TLS. */
export function isLoopbackHost(hostname: string): boolean {
  const host = bareHost(hostname);
  return host === 'localhost' || (isIP(host) > 0 && networkOf(host) === 'loopback');
}

export type Network =
  | 'public'
  | 'loopback'
  | 'link-local'
  | 'private'
  | 'carrier-shared'
  | 'unique-local'
  | 'metadata'
  | 'multicast'
  | 'unspecified'
  | 'reserved';

/** @param address IPv4 or IPv6 without brackets; anything else is `reserved` */
export function networkOf(address: string): Network {
  const embedded = embeddedIPv4(address);
  if (embedded !== undefined) return networkOf(embedded);
  const family = isIP(address);
  if (family === 0) return 'reserved';
  const kind = family === 6 ? 'ipv6' : 'ipv4';
  for (const [network, list] of networks) {
    if (list.check(address, kind)) return network;
  }
  return kind === 'ipv4' || globalUnicast.check(address, 'ipv6') ? 'public' : 'reserved';
}

/** An attacker's name with a public and an inner address must not make the inner network its home. */
function homeOf(addresses: readonly string[]): string[] {
  const open = addresses.filter((address) => networkOf(address) === 'public');
  return open.length > 0 ? open : [...addresses];
}

/** Networks in which a registry's token server or storage commonly stands beside it. */
function isShared(network: Network): boolean {
  return (
    network === 'loopback' ||
    network === 'private' ||
    network === 'carrier-shared' ||
    network === 'unique-local'
  );
}

function bareHost(hostname: string): string {
  return hostname.toLowerCase().replace(/^\[|\]$|\.$/g, '');
}

/**
 * IANA special-purpose address registries (read 2026-11), the first match counts. The metadata services of
 * AWS, Azure, Google and others (169.254.169.254), AWS over IPv6 and Alibaba come first: they give away
 * credentials, so not even a registry in the same network may lead there.
 */
const networks = new Map<Network, BlockList>([
  ['metadata', blocks('169.254.169.254/32', '100.100.100.200/32', 'fd00:ec2::254/128')],
  ['loopback', blocks('127.0.0.0/8', '::1/128')],
  ['unspecified', blocks('0.0.0.0/8', '::/128')],
  ['link-local', blocks('169.254.0.0/16', 'fe80::/10')],
  ['private', blocks('10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16', 'fec0::/10')],
  ['carrier-shared', blocks('100.64.0.0/10')],
  ['unique-local', blocks('fc00::/7')],
  ['multicast', blocks('224.0.0.0/4', 'ff00::/8')],
  [
    'reserved',
    blocks(
      '192.0.0.0/24',
      '192.0.2.0/24',
      '198.18.0.0/15',
      '198.51.100.0/24',
      '203.0.113.0/24',
      '240.0.0.0/4',
      '2001::/23',
      '2001:db8::/32',
      '3fff::/20',
    ),
  ],
]);
const globalUnicast = blocks('2000::/3');

function blocks(...ranges: readonly string[]): BlockList {
  const list = new BlockList();
  for (const range of ranges) {
    const [address = '', bits = ''] = range.split('/');
    list.addSubnet(address, Number(bits), isIPv6(address) ? 'ipv6' : 'ipv4');
  }
  return list;
}

/** The IPv4 address that an IPv6 one reaches: mapped and compatible, NAT64 (RFC 6052) and 6to4 (RFC 3056). */
function embeddedIPv4(address: string): string | undefined {
  if (!isIPv6(address)) return undefined;
  const words = wordsOf(address);
  const head = words
    .slice(0, 6)
    .map((word) => word.toString(16))
    .join(':');
  const low = words[6] === 0 && (words[7] ?? 0) < 2;
  if (head === '0:0:0:0:0:ffff' || head === '64:ff9b:0:0:0:0') return dotted(words[6], words[7]);
  if (head === '0:0:0:0:0:0' && !low) return dotted(words[6], words[7]);
  if (words[0] === 0x2002) return dotted(words[1], words[2]);
  return undefined;
}

/** The eight 16-bit words of a valid IPv6 address; the URL parser brings it to its canonical form. */
function wordsOf(address: string): number[] {
  const zoneless = address.split('%')[0] ?? '';
  const canonical = new URL(`http://[${zoneless}]`).hostname.slice(1, -1);
  const [left = '', right] = canonical.split('::');
  const head = left === '' ? [] : left.split(':');
  const tail = right === undefined || right === '' ? [] : right.split(':');
  const gap = right === undefined ? 0 : 8 - head.length - tail.length;
  return [...head, ...Array<string>(gap).fill('0'), ...tail].map((word) => Number.parseInt(word, 16));
}

function dotted(high = 0, low = 0): string {
  return `${high >> 8}.${high & 255}.${low >> 8}.${low & 255}`;
}
