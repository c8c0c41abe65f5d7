/**
 * Miners by their command line, also when the program has been given another name: the options `-o pool -u wallet`
 * are the same in most families, and pool, wallet and algorithm say themselves what they are.
 */
import { addSetting, finishUse, type Meaning, type MinerDraft, type MinerUse } from './miner.ts';

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
    const meaning = Object.hasOwn(options, name) ? options[name] : undefined;
    if (meaning !== undefined) {
      const value = equals < 0 ? (argv[at + 1] ?? '') : word.slice(equals + 1);
      if (addSetting(draft, meaning, value) && equals < 0) at++;
    } else if (word[1] !== '-' && word.length > 8) {
      // `-opool:3333`, `-u4…`: attached to a short option.
      const short = Object.hasOwn(options, word.slice(0, 2)) ? options[word.slice(0, 2)] : undefined;
      if (short === 'pool' || short === 'user') addSetting(draft, short, word.slice(2));
    }
  }
  return finishUse(draft, family !== undefined);
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
};

/** Beginnings of program names that no other program has. */
const distinctive: readonly (readonly [string, string])[] = [
  ['xmrig-proxy', 'xmrig-proxy'],
  ['xmrig-cc', 'xmrigcc'],
  ['xmrigcc', 'xmrigcc'],
  ['xmrigdaemon', 'xmrigcc'],
  ['xmrig', 'xmrig'],
  ['xmr-stak', 'xmr-stak'],
  ['cpuminer', 'cpuminer'],
  ['minerd', 'cpuminer'],
  ['ccminer', 'ccminer'],
  ['cgminer', 'cgminer'],
  ['bfgminer', 'bfgminer'],
  ['sgminer', 'sgminer'],
  ['lolminer', 'lolminer'],
  ['nbminer', 'nbminer'],
  ['teamredminer', 'teamredminer'],
  ['phoenixminer', 'phoenixminer'],
  ['ethminer', 'ethminer'],
  ['gminer', 'gminer'],
  ['srbminer', 'srbminer'],
  ['nanominer', 'nanominer'],
  ['wildrig', 'wildrig'],
  ['bzminer', 'bzminer'],
  ['nheqminer', 'nheqminer'],
  ['hellminer', 'hellminer'],
  ['ethdcrminer', 'claymore'],
  ['kawpowminer', 'kawpowminer'],
  ['onezerominer', 'onezero'],
  ['cryptodredge', 'cryptodredge'],
  ['z-enemy', 'z-enemy'],
  ['danila-miner', 'danila-miner'],
  ['astrominer', 'astrominer'],
  ['verusminer', 'verus'],
  ['peakminer', 'peakminer'],
  ['multiminer', 'multiminer'],
  ['cpuminer-opt', 'cpuminer'],
  ['cpuminer-multi', 'cpuminer'],
];
const exact: Readonly<Record<string, string>> = {
  't-rex': 't-rex',
  trex: 't-rex',
  rigel: 'rigel',
  miniz: 'miniz',
  xmrstak: 'xmr-stak',
  nsgpucnminer: 'claymore',
};

/** The family of a program by its file name, `.exe` and version taken off. */
export function minerFamily(program: string): string | undefined {
  const name = program.slice(Math.max(program.lastIndexOf('/'), program.lastIndexOf('\\')) + 1).toLowerCase();
  if (name.length > 64) return undefined;
  const bare = name.replace(/\.exe$/, '');
  // A configuration or archive is no program: `xmrig.json`, `xmrig.tar.gz`.
  if (/\.(?:json|conf|cfg|txt|md|gz|xz|zip|tar|deb|rpm|log|service|ya?ml|[ch]|cpp)$/.test(bare))
    return undefined;
  for (const [start, family] of distinctive) if (bare.startsWith(start)) return family;
  const known = bare.replace(/[-_.v\d]{1,16}$/, '');
  return Object.hasOwn(exact, bare) ? exact[bare] : Object.hasOwn(exact, known) ? exact[known] : undefined;
}
