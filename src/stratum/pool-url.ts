/**
 * Mining endpoints as miners accept them: `stratum+tcp://wallet.worker:x@host:port`, `stratum2+ssl://…`, and bare
 * `host:port`. Only an explicit mining scheme says by itself that a pool is meant; the rest needs company.
 */

import { parseDomain } from '../indicator/domain.ts';
import { parseIp } from '../indicator/ip.ts';
import { isPoolHost } from '../indicator/lists.ts';
import { remembered } from '../indicator/remembered.ts';

export interface PoolUrl {
  /** Normal form without user: `stratum+tcp://host:port`, `host:port` where no scheme was written. */
  readonly url: string;
  /** Lower-case, empty for a bare endpoint. */
  readonly scheme: string;
  readonly host: string;
  readonly port: number;
  readonly tls: boolean;
  /** The scheme belongs to mining alone. */
  readonly explicit: boolean;
  /** The host is a registered domain or a public address: not a proxy next door, nor an example. */
  readonly public: boolean;
  /** The host is on the list of pools, and the scheme is not that of its pages. */
  readonly listed: boolean;
  /** As written before `@`: usually wallet and worker. */
  readonly user?: string;
}

/** Schemes of xmrig 6, ethminer 0.19, t-rex 0.26, lolMiner 1.8, PhoenixMiner 6, cgminer 4 (their manuals, 2026-11). */
const miningScheme =
  /^(?:stratum[12]?s{0,2}(?:\+(?:tcp|tcps|tls|tls12|ssl|http|https|ws|wss))?|stratum2|(?:ethproxy|ethstratum|ethstratum2|nicehash|zec|equihash|self-select|daemon)(?:[+-](?:tcp|tcps|tls|tls12|ssl|http|https))?)$/;
const plainScheme = /^(?:tcp|tcps|tls|ssl|http|https)$/;

/**
 * One endpoint and nothing else. A port is required, except behind a mining scheme.
 * @param text at most 600 characters are looked at
 */
export const parsePoolUrl = remembered(readPoolUrl, { most: 1000, longest: 600 });

function readPoolUrl(text: string): PoolUrl | undefined {
  const parts =
    /^(?:([A-Za-z][A-Za-z0-9+-]{1,24}):\/\/)?(?:([^/?#\s]{1,300})@)?(\[[0-9A-Fa-f:.]{2,45}\]|[^/?#:@\s[\]]{1,254})(?::(\d{1,5}))?(?:[/?#]\S*)?$/.exec(
      text.trim().slice(0, 600),
    );
  if (parts === null) return undefined;
  const [, rawScheme, user, rawHost = '', rawPort] = parts;
  const scheme = rawScheme?.toLowerCase() ?? '';
  const explicit = miningScheme.test(scheme);
  const port = rawPort === undefined ? 0 : Number(rawPort);
  if (scheme !== '' && !explicit && !plainScheme.test(scheme)) return undefined;
  if (port > 65_535 || (port === 0 && !explicit)) return undefined;
  const ip = parseIp(rawHost);
  const domain = ip === undefined ? parseDomain(rawHost) : undefined;
  const host = ip?.address ?? domain?.host ?? localName(rawHost, explicit);
  if (host === undefined) return undefined;
  const shown = (ip?.version === 6 ? '[' + host + ']' : host) + (port === 0 ? '' : ':' + port);
  return {
    url: scheme === '' ? shown : scheme + '://' + shown,
    scheme,
    host,
    port,
    tls: /(?:^stratum[12]?s{1,2}|tls|tls12|ssl|tcps|https|wss)$/.test(scheme),
    explicit,
    public: ip === undefined ? domain !== undefined : ip.scope === 'public',
    listed: domain !== undefined && !/^https?$/.test(scheme) && isPoolHost(host),
    ...(user === undefined ? {} : { user }),
  };
}

/** All endpoints with an explicit mining scheme in a text, at most `most`. */
export function findPoolUrls(
  text: string,
  most = 200,
): { readonly pool: PoolUrl; readonly offset: number }[] {
  const found: { pool: PoolUrl; offset: number }[] = [];
  let tries = 4 * most;
  for (
    let at = text.indexOf('://');
    at >= 0 && tries > 0 && found.length < most;
    at = text.indexOf('://', at + 3)
  ) {
    const scheme = /[A-Za-z][A-Za-z0-9+-]{1,24}$/.exec(text.slice(Math.max(0, at - 25), at))?.[0];
    if (scheme === undefined || !miningScheme.test(scheme.toLowerCase())) continue;
    tries--;
    const rest = /^[^\s"'`<>\\,;|{}()]{1,560}/.exec(text.slice(at + 3, at + 563))?.[0];
    const pool = rest === undefined ? undefined : parsePoolUrl(scheme + '://' + rest.replace(/[.:!*]+$/, ''));
    if (pool !== undefined) found.push({ pool, offset: at - scheme.length });
  }
  return found;
}

/** A single label or private name behind a mining scheme: a proxy inside the victim's network. */
function localName(text: string, explicit: boolean): string | undefined {
  return explicit && /^[A-Za-z0-9](?:[A-Za-z0-9.-]{0,250}[A-Za-z0-9])?$/.test(text)
    ? text.toLowerCase()
    : undefined;
}
