/**
 * Who may connect: so many connections at once from one source, from its neighbourhood and from all together, and a
 * source only so often. Loopback is the operator's own, and meets the global bound alone.
 */
import { isIPv6 } from 'node:net';

export interface Limits {
  /** Connections at once. */
  readonly all: number;
  readonly perSource: number;
  readonly perNeighbourhood: number;
  /** New connections of one source: so many at once, and so many more each second. */
  readonly burst: number;
  readonly perSecond: number;
}

export const defaultLimits: Omit<Limits, 'all'> = {
  perSource: 20,
  perNeighbourhood: 200,
  burst: 60,
  perSecond: 10,
};

/** Sources that are remembered for their rate. */
const maxSources = 50_000;

export interface Gate {
  /** Whether it may; then `leave` has to be called once. */
  enter(ip: string): boolean;
  leave(ip: string): void;
  readonly open: number;
}

export function createGate(limits: Limits, now: () => number = Date.now): Gate {
  const sources = new Map<string, number>();
  const neighbourhoods = new Map<string, number>();
  const buckets = new Map<string, { tokens: number; at: number }>();
  let open = 0;

  function withinRate(ip: string): boolean {
    const at = now();
    const bucket = buckets.get(ip) ?? { tokens: limits.burst, at };
    const tokens = Math.min(limits.burst, bucket.tokens + ((at - bucket.at) / 1000) * limits.perSecond);
    // The one that was longest away goes first.
    buckets.delete(ip);
    if (buckets.size >= maxSources) buckets.delete(buckets.keys().next().value!);
    buckets.set(ip, { tokens: Math.max(0, tokens - 1), at });
    return tokens >= 1;
  }

  return {
    enter(ip) {
      if (open >= limits.all) return false;
      if (!isLoopback(ip)) {
        if ((sources.get(ip) ?? 0) >= limits.perSource) return false;
        if ((neighbourhoods.get(neighbourhoodOf(ip)) ?? 0) >= limits.perNeighbourhood) return false;
        if (!withinRate(ip)) return false;
      }
      open += 1;
      add(sources, ip, 1);
      add(neighbourhoods, neighbourhoodOf(ip), 1);
      return true;
    },
    leave(ip) {
      open -= 1;
      add(sources, ip, -1);
      add(neighbourhoods, neighbourhoodOf(ip), -1);
    },
    get open() {
      return open;
    },
  };
}

function add(counts: Map<string, number>, key: string, change: number): void {
  const count = (counts.get(key) ?? 0) + change;
  if (count > 0) counts.set(key, count);
  else counts.delete(key);
}

export function isLoopback(ip: string): boolean {
  return ip.startsWith('127.') || ip === '::1';
}

/** /24 of IPv4; /48 of IPv6, which is what one customer gets. */
export function neighbourhoodOf(ip: string): string {
  if (!isIPv6(ip)) return ip.slice(0, ip.lastIndexOf('.'));
  const [before = '', after] = ip.split('::', 2);
  const groups = before === '' ? [] : before.split(':');
  if (after !== undefined) while (groups.length < 3) groups.push('0');
  return groups.slice(0, 3).join(':');
}
