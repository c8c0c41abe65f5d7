/**
 * What the addresses of each coin begin with: numbers of CryptoNote coins, version bytes of base58check, prefixes
 * of segwit. From each coin's reference client (`cryptonote_config.h`, `chainparams.cpp`), read 2026-11. Only coins
 * that are mined or that pools pay out in, and only address forms with a checksum.
 */

export interface CryptonoteCoin {
  readonly coin: string;
  readonly kind: string;
  /** A test network: recognised, so that it is not taken for an unknown fork, and never reported. */
  readonly test?: true;
}

/** By the number that the address begins with. Monero is first because most stolen computing goes there. */
export const cryptonotePrefixes: Readonly<Record<number, CryptonoteCoin>> = {
  18: { coin: 'monero', kind: 'standard' },
  19: { coin: 'monero', kind: 'integrated' },
  42: { coin: 'monero', kind: 'subaddress' },
  24: { coin: 'monero', kind: 'standard', test: true },
  25: { coin: 'monero', kind: 'integrated', test: true },
  36: { coin: 'monero', kind: 'subaddress', test: true },
  53: { coin: 'monero', kind: 'standard', test: true },
  54: { coin: 'monero', kind: 'integrated', test: true },
  63: { coin: 'monero', kind: 'subaddress', test: true },
  6: { coin: 'bytecoin', kind: 'standard' },
  114: { coin: 'oxen', kind: 'standard' },
  115: { coin: 'oxen', kind: 'integrated' },
  116: { coin: 'oxen', kind: 'subaddress' },
  178: { coin: 'aeon', kind: 'standard' },
  4146: { coin: 'wownero', kind: 'standard' },
  6810: { coin: 'wownero', kind: 'integrated' },
  12208: { coin: 'wownero', kind: 'subaddress' },
  23284: { coin: 'haven', kind: 'standard' },
  31444: { coin: 'conceal', kind: 'standard' },
  2864026: { coin: 'sumokoin', kind: 'standard' },
  2700186: { coin: 'sumokoin', kind: 'integrated' },
  536986: { coin: 'sumokoin', kind: 'subaddress' },
  4125464: { coin: 'salvium', kind: 'standard' },
  3914525: { coin: 'turtlecoin', kind: 'standard' },
};

export interface VersionedCoin {
  readonly coin: string;
  readonly kind: string;
}

/**
 * By version byte or bytes, in hexadecimal, of base58check with a hash of 20 bytes. Some are shared: 3c is also
 * Komodo and Verus, 05 also old Litecoin scripts, 1e also DigiByte; the coin that is mined most is named.
 */
export const versions: Readonly<Record<string, VersionedCoin>> = {
  '00': { coin: 'bitcoin', kind: 'p2pkh' },
  '05': { coin: 'bitcoin', kind: 'p2sh' },
  '30': { coin: 'litecoin', kind: 'p2pkh' },
  '32': { coin: 'litecoin', kind: 'p2sh' },
  '1e': { coin: 'dogecoin', kind: 'p2pkh' },
  '16': { coin: 'dogecoin', kind: 'p2sh' },
  '4c': { coin: 'dash', kind: 'p2pkh' },
  '10': { coin: 'dash', kind: 'p2sh' },
  '3c': { coin: 'ravencoin', kind: 'p2pkh' },
  '7a': { coin: 'ravencoin', kind: 'p2sh' },
  '26': { coin: 'bitcoin-gold', kind: 'p2pkh' },
  '17': { coin: 'bitcoin-gold', kind: 'p2sh' },
  '47': { coin: 'vertcoin', kind: 'p2pkh' },
  '52': { coin: 'firo', kind: 'p2pkh' },
  '1cb8': { coin: 'zcash', kind: 'p2pkh' },
  '1cbd': { coin: 'zcash', kind: 'p2sh' },
  '2089': { coin: 'horizen', kind: 'p2pkh' },
  '2096': { coin: 'horizen', kind: 'p2sh' },
};

/** By human-readable part. */
export const segwitCoins: Readonly<Record<string, string>> = {
  bc: 'bitcoin',
  ltc: 'litecoin',
  vtc: 'vertcoin',
  btg: 'bitcoin-gold',
};
