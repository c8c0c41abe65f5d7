/**
 * All indicators of a text, defanged and encoded ones included: what a decoy was told, a history line, a report. For
 * files of an image the detectors are faster and know more of the context; this is for texts of a visitor's size.
 */
import type { IndicatorType, Observable } from '../model/indicator.ts';
import { decodeText } from './decode.ts';
import { parseBareDomain } from './domain.ts';
import { findEmails } from './email.ts';
import { looksLikeVersion, parseIp } from './ip.ts';
import { refang } from './refang.ts';
import { findPublicKeys } from './ssh-key.ts';
import { findUrls } from './url.ts';
import { findWallets } from './wallet.ts';

/** Longest text that is read, in characters. */
const maxText = 1 << 20;
/** Most values of one text. */
const maxFound = 2000;

/**
 * Values in order of the text, each once. `note` says how a host was written (`url`, `bare`, `decoded`), for a wallet
 * its coin. Offsets are those of the original text, for a decoded value those of its encoding; in a text that was
 * defanged they are near, not exact.
 */
export function extractIndicators(text: string): Observable[] {
  const bounded = text.slice(0, maxText);
  const found = new Map<string, Observable>();
  collect(found, refang(bounded), undefined);
  for (const decoded of decodeText(bounded)) collect(found, refang(decoded.text), decoded.offset);
  return [...found.values()].sort((a, b) => a.offset - b.offset).slice(0, maxFound);
}

/** @param origin where the text was decoded from; undefined for the text itself */
function collect(found: Map<string, Observable>, text: string, origin: number | undefined): void {
  const add = (type: IndicatorType, value: string, offset: number, note: string): void => {
    const key = type + ' ' + value;
    if (found.has(key) || found.size >= 4 * maxFound) return;
    found.set(key, { type, value, offset: origin ?? offset, note });
  };
  const how = (written: string): string => (origin === undefined ? written : 'decoded');

  for (const url of findUrls(text)) {
    if (url.ip !== undefined && url.ip.scope !== 'public') continue;
    add('url', url.url, url.offset, how(url.scheme));
    add(url.ip === undefined ? 'domain' : 'ip', url.host, url.offset, how('url'));
  }
  for (const { wallet, offset } of findWallets(text))
    if (wallet.verified) add('wallet', wallet.address, offset, wallet.coin);
  for (const key of findPublicKeys(text)) add('ssh-key', key.normal, key.offset, key.fingerprint);
  for (const { email, offset } of findEmails(text)) add('email', email, offset, how('bare'));
  for (const match of text.matchAll(name)) {
    const host = parseBareDomain(match[1]!, match[2] !== undefined);
    if (host !== undefined) add('domain', host.host, match.index, how('bare'));
  }
  for (const match of text.matchAll(quad)) {
    const ip = parseIp(match[0]);
    if (ip?.scope !== 'public' || looksLikeVersion(text, match.index, match.index + match[0].length))
      continue;
    add('ip', ip.address, match.index, how('bare'));
  }
  for (const match of text.matchAll(digest)) add('sha256', match[0].toLowerCase(), match.index, how('bare'));
}

const name = /(?<![\w@.%$/-])((?:[A-Za-z0-9-]{1,63}\.){1,6}[A-Za-z]{2,24})(:\d{1,5})?(?![\w(.@-])/g;
const quad = /(?<![\w.-])\d{1,3}\.\d{1,3}\.\d{1,3}\.\d{1,3}(?![\w-])/g;
const digest = /(?<![0-9A-Za-z])[0-9a-fA-F]{64}(?![0-9A-Za-z])/g;
