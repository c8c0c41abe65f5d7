/** A value as somebody writes it, in the form in which it stands in the index. */
import { WaterguardError } from '../model/error.ts';
import { printable } from '../model/printable.ts';
import type { IndicatorType } from '../model/terms.ts';
import { parseDomain } from './domain.ts';
import { findEmails } from './email.ts';
import { parseIp } from './ip.ts';
import { refang } from './refang.ts';
import { findPublicKeys } from './ssh-key.ts';
import { parseUrl } from './url.ts';
import { parseWallet } from './wallet.ts';

/**
 * @param text also with its dots in brackets, as reports write what nobody is to click on
 * @throws WaterguardError `usage` for what is no value of that type
 */
export function normalise(type: IndicatorType, text: string): string {
  const value = normalForm(type, text.trim());
  if (value !== undefined && value !== '') return value;
  throw new WaterguardError('usage', `'${printable(text, 100)}' is no ${names[type]}`);
}

function normalForm(type: IndicatorType, text: string): string | undefined {
  switch (type) {
    case 'domain':
      return parseDomain(refang(text))?.host;
    case 'ip':
      return publicAddress(refang(text));
    case 'url':
      return parseUrl(refang(text)) === undefined ? undefined : refang(text);
    case 'wallet':
      return parseWallet(text)?.address;
    case 'ssh-key':
      return findPublicKeys(text)[0]?.normal;
    case 'sha256':
      return /^[0-9a-f]{64}$/i.test(text) ? text.toLowerCase() : undefined;
    case 'email':
      return findEmails(refang(text))[0]?.email;
    case 'pool':
      return refang(text).toLowerCase();
    case 'image':
      return text;
  }
}

/** Others are in every network and nobody's mark. */
function publicAddress(text: string): string | undefined {
  const ip = parseIp(text);
  return ip?.scope === 'public' ? ip.address : undefined;
}

const names: Readonly<Record<IndicatorType, string>> = {
  domain: 'domain name under a public suffix',
  ip: 'public IP address',
  url: 'URL with a public host',
  wallet: 'wallet address with a right checksum',
  'ssh-key': 'SSH public key',
  sha256: 'SHA-256 of 64 hex digits',
  email: 'e-mail address',
  pool: 'mining pool',
  image: 'image',
};
