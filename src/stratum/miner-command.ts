/**
 * Miners by their command line, also when the program has been given another name: the options `-o pool -u wallet`
 * are the same in most families, and pool, wallet and algorithm say themselves what they are.
 */
import { addSetting, finishUse, type Meaning, type MinerDraft, type MinerUse } from './miner.ts';
import { minerDownload } from './miner-download.ts';
import { minerFamily } from './miner-family.ts';
import { parsePoolUrl } from './pool-url.ts';

/**
 * What an argument list would mine, or undefined where it is no miner.
 * @param argv program first, wrappers taken off (`unwrapCommands`); at most 200 arguments are read
 */
export function minerCommand(argv: readonly string[]): MinerUse | undefined {
  const family = minerFamily(argv[0] ?? '');
  const draft: MinerDraft = family === undefined ? {} : { family };
  for (let at = 1; at < Math.min(argv.length, 200); at++) {
    const word = argv[at]!;
    if (word[0] !== '-' || word.length < 2) continue;
    const equals = word.indexOf('=');
    const name = equals < 0 ? word : word.slice(0, equals);
    const meaning = meaningOf(name, family);
    if (meaning !== undefined) {
      const value = equals < 0 ? (argv[at + 1] ?? '') : word.slice(equals + 1);
      if (meaning === 'pool' && isComputed(value)) draft.isPoolComputed = true;
      if (addSetting(draft, meaning, value) && equals < 0) at++;
    } else if (word[1] !== '-' && word.length > 8) {
      // `-opool:3333`, `-u4…`: attached to a short option.
      const short = Object.hasOwn(options, word.slice(0, 2)) ? options[word.slice(0, 2)] : undefined;
      if (short === 'pool' || short === 'user') addSetting(draft, short, word.slice(2));
    }
  }
  if (draft.pool === undefined && draft.user === undefined) addBareWords(draft, argv);
  return finishUse(draft, family !== undefined) ?? minerDownload(argv) ?? plotter(argv);
}

function meaningOf(option: string, family: string | undefined): Meaning | undefined {
  // Elsewhere the password.
  if (family === 'bzminer' && option === '-p') return 'pool';
  return Object.hasOwn(options, option) ? options[option] : undefined;
}

/** A variable or substitution whose value nobody knew. */
function isComputed(value: string): boolean {
  return value.length <= 300 && /[$`]/.test(value);
}

/** A pool and a Monero wallet as plain arguments, for a script that hands them on; the value of an option is none. */
function addBareWords(draft: MinerDraft, argv: readonly string[]): void {
  const bare = argv.slice(1, 200).filter((word, at) => word[0] !== '-' && (at === 0 || argv[at]![0] !== '-'));
  const found: MinerDraft = {};
  for (const word of bare) if (word.length >= 95) addSetting(found, 'user', word);
  if (found.user?.wallet.coin !== 'monero') return;
  const pool = bare.find((word) => word.includes(':') && parsePoolUrl(word)?.public);
  if (pool === undefined) return;
  addSetting(found, 'pool', pool);
  Object.assign(draft, found);
}

/** Chia farms plots that were computed before: whoever plots has begun to farm. */
function plotter(argv: readonly string[]): MinerUse | undefined {
  const program = (argv[0] ?? '').slice((argv[0] ?? '').lastIndexOf('/') + 1);
  const verb = argv.slice(1, 3).join(' ');
  const isPlotting = program === 'chia' && (verb === 'plots create' || verb === 'start farmer');
  return isPlotting ? { family: 'chia', why: ['program chia', verb] } : undefined;
}

/**
 * Options of xmrig, xmr-stak, cpuminer, cgminer, ccminer (first lines), then ethminer, PhoenixMiner and Claymore,
 * then lolMiner, gminer, t-rex, nbminer, TeamRedMiner, SRBMiner, wildrig, bzminer, rigel, nheqminer, hellminer.
 */
const options: Readonly<Record<string, Meaning>> = {
  '-o': 'pool',
  '--url': 'pool',
  '--pool': 'pool',
  '-u': 'user',
  '--user': 'user',
  '-p': 'password',
  '--pass': 'password',
  '-a': 'algorithm',
  '--algo': 'algorithm',
  '--coin': 'coin',
  '--donate-level': 'donate',
  '--rig-id': 'worker',
  '-O': 'user',
  '--userpass': 'user',
  '--currency': 'coin',
  '--scrypt-url': 'pool',
  '-P': 'pool',
  '-pool': 'pool',
  '-pool2': 'pool',
  '-wal': 'user',
  '-ewal': 'user',
  '-epool': 'pool',
  '-eworker': 'worker',
  '-worker': 'worker',
  '-epsw': 'password',
  '-zpool': 'pool',
  '-zwal': 'user',
  '-xpool': 'pool',
  '-xwal': 'user',
  '-coin': 'coin',
  '--server': 'pool',
  '-s': 'pool',
  '--wallet': 'user',
  '--worker': 'worker',
  '--algorithm': 'algorithm',
  '-algo': 'algorithm',
  '-l': 'pool',
  '--pool1': 'pool',
  '--p1': 'pool',
  '--url1': 'pool',
  '--wal': 'user',
  '-w': 'user',
  '--username': 'user',
  '--address': 'user',
  '--stratum': 'pool',
  '-c': 'pool',
  '--par': 'algorithm',
  '--nicehash-user': 'user',
  '-user': 'user',
};
