/**
 * What makes a file worth reading for mining: words of the protocol, of miners' settings, of algorithms, and the hosts
 * of pools. Weaker than those are options whose values are variables, and words of decoders. Wallets need no anchor:
 * `runs.ts` finds them.
 */
import { bundledLists, isName } from '../../indicator/lists.ts';
import type { Anchor, OpenFile } from '../detector.ts';

/**
 * Also searched for in programs. Few and short, since each is asked for in every file: `stratum` stands for all of
 * `stratum+tcp://`, `stratum2+ssl://`, `stratums://`.
 */
const words = ['ethproxy', 'donate-level'];
const wordsInAnyCase = ['stratum', 'cryptonight', 'randomx', 'xmrig'];

/** Only searched for in texts, where they stand beside the rest. */
const textWords = ['"pools"', 'pool_address', 'rx/0', 'plots create', 'start farmer'];
const textWordsInAnyCase = [
  ...['wallet', 'kawpow', 'ethash', 'nanopool', '2miners', 'herominers', 'f2pool', 'nicehash', 'unmineable'],
  ...['cpuminer', 'minergate', 'p2pool', 'qubic', 'jetskipool'],
];
const poolHosts = bundledLists().entries('mining-pool').filter(isName);

/** Options whose value is a variable: what they mean is known when the text is read as a script. */
const poolOptions = [
  ' -o $',
  ' -o "$',
  '--url $',
  '--url "$',
  '--url=$',
  '--url="$',
  '--pool $',
  '--pool "$',
];
const userOptions = [' -u $', ' -u "$', '--user $', '--user "$', '--user=$', '--user="$'];

/** What decodes in shells, Python, JavaScript, Perl, PHP and Ruby: what it decodes may be a configuration. */
const decoders = [
  ...['base64', 'decode64', 'fromhex', 'unhexlify', 'hex2bin', 'atob(', 'fromCharCode', 'xxd -'],
  ...["'hex'", '"hex"', 'pack("H', "pack('H", "printf '\\", 'printf "\\', "echo -e '\\", 'echo -e "\\'],
];
/** What turns a text round. */
const reversers = ['| rev', '|rev', '[::-1]', '.reverse(', 'strrev(', 'scalar reverse'];

const kinds = ['text', 'script'] as const;

function group([text = '', ...also]: readonly string[], more: Partial<Anchor> = {}): Anchor {
  return { text, also, ...more };
}

export const anchors: Readonly<Record<string, Anchor>> = {
  words: group(words),
  wordsInAnyCase: group(wordsInAnyCase, { nocase: true }),
  textWords: group(textWords, { kinds }),
  textWordsInAnyCase: group([...textWordsInAnyCase, ...poolHosts], { nocase: true, kinds }),
  poolOptions: group(poolOptions, { kinds }),
  userOptions: group(userOptions, { kinds }),
  decoders: group(decoders, { kinds }),
  reversers: group(reversers, { kinds }),
};

/** Where something speaks of mining. */
export function placesOfMining(file: OpenFile): number[] {
  return ['words', 'wordsInAnyCase', 'textWords', 'textWordsInAnyCase'].flatMap((name) => [
    ...file.hits(name),
  ]);
}

/** Where a pool is given in a variable, if a user is as well. */
export function placesOfOptions(file: OpenFile): readonly number[] {
  const pools = file.hits('poolOptions');
  return pools.length === 0 || file.hits('userOptions').length === 0 ? [] : pools;
}
