/** Mining programs by the names of their files, as their releases have them (read 2026-11). */

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
  ['minergate-cli', 'minergate'],
  ['minergate-console', 'minergate'],
  ['qli-client', 'qubic'],
  ['qli-service', 'qubic'],
];
const exact: Readonly<Record<string, string>> = {
  't-rex': 't-rex',
  trex: 't-rex',
  rigel: 'rigel',
  miniz: 'miniz',
  xmrstak: 'xmr-stak',
  nsgpucnminer: 'claymore',
  p2pool: 'p2pool',
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
