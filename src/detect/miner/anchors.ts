/**
 * What makes a file worth reading for mining: words of the protocol, of miners' settings, of algorithms, names of the
 * largest pools, and the beginning of a wallet behind the option or setting that takes it.
 */
import type { Anchor } from '../detector.ts';

/**
 * Also searched for in programs. Few and short, since each is asked for in every file: `stratum` stands for all of
 * `stratum+tcp://`, `stratum2+ssl://`, `stratums://`.
 */
const words = ['ethproxy', 'donate-level'];
const wordsInAnyCase = ['stratum', 'cryptonight', 'randomx', 'xmrig'];

/** Only searched for in texts, where they stand beside the rest; Monero wallets begin with 4 or 8. */
const textWords = [
  '"pools"',
  'pool_address',
  'rx/0',
  ' -u 4',
  ' -u 8',
  'user=4',
  'user=8',
  'user: 4',
  'user: 8',
  '"user": "4',
  '"user":"4',
];
const textWordsInAnyCase = [
  'wallet',
  'kawpow',
  'ethash',
  'nanopool',
  '2miners',
  'herominers',
  'f2pool',
  'nicehash',
  'unmineable',
];

/** What is decoded may be a configuration; by itself it says nothing of mining. */
export const encodingAnchor = 'base64';

export const anchors: Readonly<Record<string, Anchor>> = Object.fromEntries([
  ...words.map((text) => [text, { text }] as const),
  ...wordsInAnyCase.map((text) => [text, { text, nocase: true }] as const),
  ...textWords.map((text) => [text, { text, kinds: ['text', 'script'] }] as const),
  ...[...textWordsInAnyCase, encodingAnchor].map(
    (text) => [text, { text, nocase: true, kinds: ['text', 'script'] }] as const,
  ),
]);

/** By kind of content. */
export const programAnchors: readonly string[] = [...words, ...wordsInAnyCase];
export const textAnchors: readonly string[] = [...programAnchors, ...textWords, ...textWordsInAnyCase];
