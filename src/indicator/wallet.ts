/**
 * Wallet addresses, verified by their checksum: the most telling indicator there is, because it is where the money
 * goes. A text with a wrong checksum is never a wallet. `coins.ts` has the prefixes of each coin.
 */
import { blake2b } from '@noble/hashes/blake2.js';
import { keccak_256 } from '@noble/hashes/sha3.js';
import { decodeBase58, decodeBase58Check, decodeCryptonote, encodeCryptonote } from './base58.ts';
import { decodeBech32Bytes, decodeCashAddress, decodeWitness } from './bech32.ts';
import { cryptonotePrefixes, segwitCoins, versions } from './coins.ts';

export interface Wallet {
  /** Lower-case name of the coin: `monero`. `cryptonote` for a valid address of a fork that we do not know. */
  readonly coin: string;
  /** `standard`, `integrated`, `subaddress`, `p2pkh`, `p2sh`, `segwit`, `taproot`, `account`, `shielded`. */
  readonly kind: string;
  /** In its normal form: case as the checksum wants it, prefix (`kaspa:`) included. */
  readonly address: string;
  /** For an integrated Monero address the standard one with the same keys, which recognises the owner. */
  readonly standardAddress?: string;
  /** False for an Ethereum address in one case, which carries no checksum: weak by itself. */
  readonly verified: boolean;
}

/** A wallet as miners write it in their user field. */
export interface MinerUser {
  readonly wallet: Wallet;
  readonly worker?: string;
  readonly difficulty?: number;
  readonly email?: string;
}

/** An address alone, nothing before or behind it. Test networks are not reported. */
export function parseWallet(address: string): Wallet | undefined {
  if (address.length < 26 || address.length > 220) return undefined;
  return (
    parseEthereum(address) ??
    parseSegwit(address) ??
    parseCash(address) ??
    parseBase58Check(address) ??
    parseErgo(address) ??
    parseCryptonote(address)
  );
}

/**
 * A miner's user field: `ADDRESS.worker`, `ADDRESS+difficulty`, `ADDRESS/email`, `COIN:ADDRESS.worker#code`.
 * @param text at most 512 characters are looked at
 */
export function parseMinerUser(text: string): MinerUser | undefined {
  const bounded = text.trim().slice(0, 512);
  const parts =
    /^(?:(?!kaspa:|bitcoincash:)[A-Za-z]{2,6}:)?((?:kaspa:|bitcoincash:)?[A-Za-z0-9]{26,200})(.*)$/.exec(
      bounded,
    );
  const wallet = parts === null ? undefined : parseWallet(parts[1] ?? '');
  if (wallet === undefined) return undefined;
  const rest = parts?.[2] ?? '';
  const difficulty = /^[+.](\d{3,15})(?:$|[^\w-])/.exec(rest)?.[1];
  const email = /[A-Za-z0-9._%+-]{1,64}@[A-Za-z0-9.-]{1,253}\.[A-Za-z]{2,24}$/.exec(rest.slice(-330))?.[0];
  const worker = /^[.]([\w-]{1,64})/.exec(
    difficulty === undefined ? rest : rest.slice(1 + difficulty.length),
  )?.[1];
  return {
    wallet,
    ...(worker === undefined ? {} : { worker }),
    ...(difficulty === undefined ? {} : { difficulty: Number(difficulty) }),
    ...(email === undefined ? {} : { email }),
  };
}

const shortest = 26;
const longest = 200;
const schemes = ['kaspa:', 'bitcoincash:'];

/** All wallets in a text with their place, at most 1,000. A longer run of letters and digits is never one. */
export function findWallets(text: string): { readonly wallet: Wallet; readonly offset: number }[] {
  const found: { wallet: Wallet; offset: number }[] = [];
  for (const [start, end] of wordRuns(text)) {
    const scheme = schemes.find((one) => text.startsWith(one, start - one.length)) ?? '';
    const offset = start - scheme.length;
    if (scheme !== '' && isWordCharacter(text.charCodeAt(offset - 1))) continue;
    const address = text.slice(offset, end);
    const wallet = mayBeAddress(address) ? parseWallet(address) : undefined;
    if (wallet !== undefined) found.push({ wallet, offset });
    if (found.length >= 1000) break;
  }
  return found;
}

/** Runs of letters and digits as long as an address. Looks at every 26th character where there is none. */
function* wordRuns(text: string): Generator<readonly [start: number, end: number]> {
  let at = shortest - 1;
  while (at < text.length) {
    if (!isWordCharacter(text.charCodeAt(at))) {
      at += shortest;
      continue;
    }
    let start = at;
    while (start > 0 && isWordCharacter(text.charCodeAt(start - 1))) start--;
    let end = at + 1;
    while (end < text.length && isWordCharacter(text.charCodeAt(end))) end++;
    if (end - start >= shortest && end - start <= longest) yield [start, end];
    at = end + shortest;
  }
}

function isWordCharacter(code: number): boolean {
  return (code >= 48 && code <= 57) || (code >= 65 && code <= 90) || (code >= 97 && code <= 122);
}

/** Keeps hashes and identifiers from the costly checks: hexadecimal without `0x`, and plain words. */
function mayBeAddress(text: string): boolean {
  return /\d/.test(text) && /[g-zG-Z]/.test(text);
}

/** A number, two public keys of 32 bytes, for integrated addresses a payment id of 8. */
function parseCryptonote(address: string): Wallet | undefined {
  if (address.length < 95 || address.length > 112) return undefined;
  const body = decodeCryptonote(address);
  if (body === undefined) return undefined;
  const prefix = readVarint(body);
  const rest = body.length - prefix.size;
  if (rest !== 64 && rest !== 72) return undefined;
  const known = cryptonotePrefixes[prefix.value] ?? {
    coin: 'cryptonote',
    kind: rest === 72 ? 'integrated' : 'standard',
  };
  if (known.test || (known.kind === 'integrated') !== (rest === 72)) return undefined;
  const wallet = { coin: known.coin, kind: known.kind, address, verified: true };
  if (prefix.value !== 19) return wallet;
  const standard = encodeCryptonote(Uint8Array.of(18, ...body.subarray(1, 65)));
  return { ...wallet, standardAddress: standard };
}

function readVarint(bytes: Uint8Array): { value: number; size: number } {
  let value = 0;
  for (let size = 0; size < 5; size++) {
    const byte = bytes[size] ?? 0;
    value += (byte & 0x7f) * 2 ** (7 * size);
    if (byte < 0x80) return { value, size: size + 1 };
  }
  return { value: -1, size: 5 };
}

function parseBase58Check(address: string): Wallet | undefined {
  if (address.length > 36) return undefined;
  const body = decodeBase58Check(address);
  if (body === undefined || body.length < 21 || body.length > 22) return undefined;
  const version = Buffer.from(body.subarray(0, body.length - 20)).toString('hex');
  const known = Object.hasOwn(versions, version) ? versions[version] : undefined;
  return known && { ...known, address, verified: true };
}

function parseSegwit(address: string): Wallet | undefined {
  const lower = address.toLowerCase();
  if (lower.startsWith('zs1')) {
    const bytes = decodeBech32Bytes(address, 'zs');
    return bytes?.length === 43
      ? { coin: 'zcash', kind: 'shielded', address: lower, verified: true }
      : undefined;
  }
  const prefix = lower.slice(0, Math.max(0, lower.indexOf('1')));
  const coin = Object.hasOwn(segwitCoins, prefix) ? segwitCoins[prefix] : undefined;
  const witness = coin === undefined ? undefined : decodeWitness(address, prefix);
  if (coin === undefined || witness === undefined) return undefined;
  return { coin, kind: witness.version === 1 ? 'taproot' : 'segwit', address: lower, verified: true };
}

/** Version byte: type in the upper bits. Kaspa: 0 and 1 public keys (Schnorr, ECDSA), 8 script hash. */
function parseCash(address: string): Wallet | undefined {
  const colon = address.indexOf(':');
  const prefix = colon < 0 ? 'bitcoincash' : address.slice(0, colon);
  const text = address.slice(colon + 1);
  if (colon < 0 && !/^[qp][02-9ac-hj-np-z]{41}$/.test(text)) return undefined;
  if (prefix !== 'bitcoincash' && prefix !== 'kaspa') return undefined;
  const bytes = decodeCashAddress(text, prefix);
  if (bytes === undefined) return undefined;
  const [version = 255] = bytes;
  const size = bytes.length - 1;
  const full = prefix + ':' + text;
  if (prefix === 'kaspa') {
    if (!((version === 0 && size === 32) || (version === 1 && size === 33) || (version === 8 && size === 32)))
      return undefined;
    return { coin: 'kaspa', kind: version === 8 ? 'p2sh' : 'standard', address: full, verified: true };
  }
  if ((version !== 0 && version !== 8) || size !== 20) return undefined;
  return { coin: 'bitcoin-cash', kind: version === 0 ? 'p2pkh' : 'p2sh', address: full, verified: true };
}

/** Network 0 and type 1 (public key) in the first byte, 33 bytes of key, 4 of Blake2b-256. */
function parseErgo(address: string): Wallet | undefined {
  if (address.length !== 51 || address[0] !== '9') return undefined;
  const bytes = decodeBase58(address);
  if (bytes === undefined || bytes.length !== 38 || bytes[0] !== 1) return undefined;
  const sum = blake2b(bytes.subarray(0, 34), { dkLen: 32 });
  for (let at = 0; at < 4; at++) if (sum[at] !== bytes[34 + at]) return undefined;
  return { coin: 'ergo', kind: 'p2pk', address, verified: true };
}

/** EIP-55: a letter is upper-case where the Keccak-256 of the lower-case text has a digit of 8 or more. */
function parseEthereum(address: string): Wallet | undefined {
  if (address.length !== 42 || !/^0x[0-9a-fA-F]{40}$/.test(address)) return undefined;
  const digits = address.slice(2);
  const lower = digits.toLowerCase();
  // The zero address and other fillers are nobody's.
  if (new Set(lower).size < 6) return undefined;
  if (digits === lower || digits === digits.toUpperCase()) {
    return { coin: 'ethereum', kind: 'account', address: '0x' + lower, verified: false };
  }
  const sum = keccak_256(Buffer.from(lower, 'latin1'));
  for (let at = 0; at < 40; at++) {
    const nibble = (sum[at >> 1]! >> (at % 2 === 0 ? 4 : 0)) & 15;
    const letter = lower[at]!;
    if (digits[at] !== (nibble >= 8 ? letter.toUpperCase() : letter)) return undefined;
  }
  return { coin: 'ethereum', kind: 'account', address, verified: true };
}
