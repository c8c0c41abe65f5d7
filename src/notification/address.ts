/**
 * The guard against being sent to a cloud's metadata service. Whoever may set up channels names hosts, and on a
 * machine of a cloud the addresses below give away its credentials, or obey orders, without a password.
 *
 * Loopback and private networks are allowed on purpose: chat servers, mail relays and log collectors of a company
 * stand there, often beside Waterguard itself. What could be reached there by naming it here, an administrator
 * reaches anyway, and no answer's content is ever shown. Credentials of the machine are another matter: they are
 * not the administrator's.
 *
 * Literal addresses are judged before the connection, names when they resolve: the addresses that were judged are
 * those that are connected to, so a name that changes its address between check and use does not pass.
 */
import { BlockList, isIP, isIPv6, type LookupFunction } from 'node:net';
import { WaterguardError } from '../model/error.ts';

/** The part of `dns.lookup` that is used; tests pass their own. */
export type Resolve = (
  name: string,
  options: { readonly all: true; readonly family?: number },
  done: (error: Error | null, addresses: { readonly address: string; readonly family: number }[]) => void,
) => void;

/** @throws WaterguardError `refused` for a literal address that must not be asked; a name passes, see `guarded` */
export function admit(host: string): void {
  const bare = host.replace(/^\[|\]$/g, '');
  if (isIP(bare) && isForbidden(bare)) throw refusal(bare);
}

/** A `lookup` for sockets and requests; answers only with admitted addresses, else fails with `refused`. */
export function guarded(resolve: Resolve): LookupFunction {
  return (hostname, options, done) => {
    const family = typeof options.family === 'number' ? options.family : 0;
    resolve(hostname, { all: true, family }, (error, found) => {
      if (error) return done(error, []);
      const usable = found.filter((one) => !isForbidden(one.address));
      const first = usable[0];
      if (!first) return done(refusal(hostname), []);
      return options.all ? done(null, usable) : done(null, first.address, first.family);
    });
  };
}

/** @param address IPv4 or IPv6, with or without a zone */
export function isForbidden(address: string): boolean {
  const bare = address.split('%')[0] ?? '';
  const family = isIP(bare);
  return family === 0 || forbidden.check(bare, family === 6 ? 'ipv6' : 'ipv4');
}

export function isLoopback(address: string): boolean {
  const family = isIP(address);
  return family !== 0 && loopback.check(address, family === 6 ? 'ipv6' : 'ipv4');
}

function refusal(host: string): WaterguardError {
  return new WaterguardError(
    'refused',
    `${host} is a link-local, metadata or multicast address; nothing is sent there`,
  );
}

/**
 * Where metadata services answer (vendors' documentation, read 2026-11): 169.254.0.0/16 for AWS, Azure, Google,
 * Oracle and most others, ECS and EKS agents among them; 168.63.129.16 Azure's wire server; 100.100.100.200
 * Alibaba; 192.0.0.192 Oracle's older one; fd00:ec2::/32 AWS over IPv6, fd20:ce::/32 Google. The other ranges of
 * the IANA special-purpose registries (read 2026-11) listed here cannot be one receiver: this network,
 * link-local, multicast, broadcast.
 */
const forbidden = blocks([
  ...alsoInIPv6('169.254.0.0', 16),
  ...alsoInIPv6('168.63.129.16', 32),
  ...alsoInIPv6('100.100.100.200', 32),
  ...alsoInIPv6('192.0.0.192', 32),
  ['0.0.0.0', 8],
  ['224.0.0.0', 3],
  ['::', 128],
  ['fd00:ec2::', 32],
  ['fd20:ce::', 32],
  ['fe80::', 10],
  ['ff00::', 8],
]);
const loopback = blocks([
  ['127.0.0.0', 8],
  ['::1', 128],
]);

/**
 * The range itself, and the IPv6 addresses that reach it: compatible (RFC 4291), by NAT64 (RFC 6052) and by 6to4
 * (RFC 3056). Mapped ones (`::ffff:a.b.c.d`) Node's BlockList holds against the IPv4 rules by itself.
 */
function alsoInIPv6(address: string, bits: number): [string, number][] {
  const [a = 0, b = 0, c = 0, d = 0] = address.split('.').map(Number);
  const words = `${(a * 256 + b).toString(16)}:${(c * 256 + d).toString(16)}`;
  return [
    [address, bits],
    [`::${words}`, 96 + bits],
    [`64:ff9b::${words}`, 96 + bits],
    [`2002:${words}::`, 16 + bits],
  ];
}

function blocks(ranges: readonly (readonly [string, number])[]): BlockList {
  const list = new BlockList();
  for (const [address, bits] of ranges) list.addSubnet(address, bits, isIPv6(address) ? 'ipv6' : 'ipv4');
  return list;
}
