/** Hosts that were seen before: parsing a name against the public suffix list costs more than everything else. */
import { parseBareDomain, parseDomain } from '../../indicator/domain.ts';
import { parseIp } from '../../indicator/ip.ts';

export interface KnownHost {
  readonly type: 'domain' | 'ip';
  /** Normal form; IPv6 without brackets. */
  readonly host: string;
}

/** Bounded, so that a file of random names costs time and no memory. */
const capacity = 50_000;
const urlHosts = new Map<string, KnownHost | null>();
const bareHosts = new Map<string, KnownHost | null>();

/** A host as it stands in a URL; null where it is neither a registered name nor a public address. */
export function urlHost(text: string): KnownHost | null {
  return remembered(urlHosts, text, () => {
    const ip = parseIp(text);
    if (ip !== undefined) return ip.scope === 'public' ? { type: 'ip', host: ip.address } : null;
    const domain = parseDomain(text);
    return domain === undefined ? null : { type: 'domain', host: domain.host };
  });
}

/** A name that stands bare in text. */
export function bareHost(text: string, hasPort: boolean): KnownHost | null {
  return remembered(bareHosts, hasPort ? text + ':' : text, () => {
    const domain = parseBareDomain(text, hasPort);
    return domain === undefined ? null : { type: 'domain', host: domain.host };
  });
}

/** Letters, digits, dot, hyphen, underscore: what a host without brackets consists of. */
export function isHostByte(byte: number | undefined): boolean {
  if (byte === undefined) return false;
  const lower = byte | 0x20;
  return (
    (lower >= 0x61 && lower <= 0x7a) ||
    (byte >= 0x30 && byte <= 0x39) ||
    byte === 0x2e ||
    byte === 0x2d ||
    byte === 0x5f
  );
}

function remembered(
  known: Map<string, KnownHost | null>,
  key: string,
  parse: () => KnownHost | null,
): KnownHost | null {
  const found = known.get(key);
  if (found !== undefined) return found;
  const host = parse();
  if (known.size >= capacity) known.clear();
  known.set(key, host);
  return host;
}
