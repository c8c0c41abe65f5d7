/**
 * Known tools that name themselves: the Go linker writes the main module's path into the program, and neither
 * renaming the file nor stripping it takes that out.
 *
 * Paths: the projects' own `go.mod` files on GitHub, collected 2026-11. Tools that defenders also run are
 * medium and not strong; implants, miners and the flooders spread through Docker Hub in 2022 are.
 */
import { type GoBuild, goBuild } from '../../binary/go-build.ts';
import { printable } from '../../model/printable.ts';
import type { DetectedFinding, FindingKind } from '../detector.ts';
import type { ElfSubject } from './detector.ts';

export const goToolKinds = {
  miner: {
    rule: 'elf/go-miner',
    title: 'Miner written in Go',
    category: 'cryptomining',
    severity: 'high',
    attack: ['T1496.001'],
  },
  implant: {
    rule: 'elf/go-implant',
    title: 'Remote-control implant written in Go',
    category: 'backdoor',
    severity: 'high',
    attack: ['T1219'],
  },
  flooder: {
    rule: 'elf/go-flooder',
    title: 'Flooding tool written in Go',
    category: 'ddos',
    severity: 'high',
    attack: ['T1498', 'T1499'],
  },
  attack: {
    rule: 'elf/go-attack-tool',
    title: 'Attack tool written in Go',
    category: 'hacking',
    severity: 'medium',
    attack: ['T1595', 'T1046'],
  },
  tunnel: {
    rule: 'elf/go-tunnel',
    title: 'Tunnel or proxy that passes network controls',
    category: 'proxy-avoidance',
    severity: 'medium',
    attack: ['T1572', 'T1090'],
  },
} as const satisfies Record<string, FindingKind>;

const confidences: Readonly<Record<keyof typeof goToolKinds, number>> = {
  miner: 0.8,
  implant: 0.8,
  flooder: 0.75,
  attack: 0.55,
  tunnel: 0.5,
};

/** Lower case; a path stands for itself and everything below it. */
const tools: Readonly<Record<keyof typeof goToolKinds, readonly string[]>> = {
  miner: ['github.com/deroproject/derohe/cmd/dero-miner', 'github.com/decred/gominer'],
  implant: [
    'github.com/bishopfox/sliver',
    'github.com/ne0nd0g/merlin',
    'github.com/ne0nd0g/merlin-agent',
    'github.com/nhas/reverse_ssh',
    'github.com/tiagorlampert/chaos',
  ],
  flooder: ['github.com/arriven/db1000n', 'github.com/erkexzcx/stoppropaganda'],
  attack: [
    'github.com/shadow1ng/fscan',
    'github.com/projectdiscovery/nuclei',
    'github.com/projectdiscovery/naabu',
    'github.com/zmap/zgrab2',
    'github.com/kgretzky/evilginx2',
    'github.com/kgretzky/evilginx',
    'github.com/inguardians/peirates',
    'github.com/cdk-team/cdk',
    'github.com/chainreactors/gogo',
    'github.com/oj/gobuster',
    'github.com/ffuf/ffuf',
  ],
  tunnel: [
    'github.com/fatedier/frp',
    'github.com/jpillora/chisel',
    'ehang.io/nps',
    'github.com/nicocha30/ligolo-ng',
    'github.com/ginuerzh/gost',
    'github.com/go-gost/gost',
    'github.com/v2fly/v2ray-core',
    'github.com/xtls/xray-core',
    'github.com/sagernet/sing-box',
    'github.com/p4gefau1t/trojan-go',
  ],
};

export function goToolFindings(subject: ElfSubject): readonly DetectedFinding[] {
  const anchors = subject.hits('goBuild');
  if (anchors.length === 0) return [];
  const build = goBuild(subject.elf, anchors);
  const role = build === undefined ? undefined : roleOf(build);
  if (build === undefined || role === undefined) return [];
  return [
    {
      ...goToolKinds[role],
      confidence: confidences[role],
      subject: 'program',
      ...(role === 'miner' ? ({ proves: 'miner' } as const) : {}),
      offset: build.offset,
      length: 32,
      excerpt: printable(`${build.path} ${build.main?.version ?? ''}, built with ${build.version}`, 200),
    },
  ];
}

function roleOf(build: GoBuild): keyof typeof goToolKinds | undefined {
  const names = [build.path, build.main?.path ?? ''].map((name) => name.toLowerCase());
  for (const role of ['miner', 'implant', 'flooder', 'attack', 'tunnel'] as const) {
    const known = tools[role].some((tool) =>
      names.some((name) => name === tool || name.startsWith(tool + '/')),
    );
    if (known) return role;
  }
  return undefined;
}
