/** Hosts that were seen before: parsing a name against the public suffix list costs more than everything else. */
import { parseBareDomain, parseDomain } from '../../indicator/domain.ts';
import { parseIp } from '../../indicator/ip.ts';
import { remembered } from '../../indicator/remembered.ts';

export interface KnownHost {
  readonly type: 'domain' | 'ip';
  /** Normal form; IPv6 without brackets. */
  readonly host: string;
}

/** Of names; longer ones are none. */
const kept = { most: 50_000, longest: 300 } as const;

/** A host as it stands in a URL; null where it is neither a registered name nor a public address. */
export const urlHost = remembered((text): KnownHost | null => {
  const ip = parseIp(text);
  if (ip !== undefined) return ip.scope === 'public' ? { type: 'ip', host: ip.address } : null;
  const domain = parseDomain(text);
  return domain === undefined ? null : { type: 'domain', host: domain.host };
}, kept);

/** A name that stands bare in text. */
export function bareHost(text: string, hasPort: boolean): KnownHost | null {
  return hasPort ? hostBeforePort(text) : hostAlone(text);
}

const hostAlone = remembered((text) => bare(text, false), kept);
const hostBeforePort = remembered((text) => bare(text, true), kept);

function bare(text: string, hasPort: boolean): KnownHost | null {
  const domain = parseBareDomain(text, hasPort);
  return domain === undefined ? null : { type: 'domain', host: domain.host };
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
