/** All that the configuration of an image can be found guilty of. Severity here is the usual one. */

import type { Severity } from '../../model/finding.ts';
import type { FindingKind } from '../detector.ts';
import type { AttackTool } from './attack-tool.ts';
import type { Control } from './control.ts';

export const downloadAndRun: FindingKind = {
  rule: 'configuration/download-and-run',
  title: 'Downloads a program and runs it',
  category: 'backdoor',
  severity: 'high',
  attack: ['T1105', 'T1059.004'],
};

export const decodedPayload: FindingKind = {
  rule: 'configuration/decoded-payload',
  title: 'Decodes a hidden program and runs it',
  category: 'backdoor',
  severity: 'high',
  attack: ['T1027', 'T1140', 'T1059.004'],
};

export const reverseShell: FindingKind = {
  rule: 'configuration/reverse-shell',
  title: 'Hands a shell to a remote host',
  category: 'backdoor',
  severity: 'high',
  attack: ['T1059.004', 'T1095'],
};

export const flooder: FindingKind = {
  rule: 'configuration/flooder',
  title: 'Starts a tool that floods other hosts',
  category: 'ddos',
  severity: 'high',
  attack: ['T1498', 'T1499'],
};

export const scanner: FindingKind = {
  rule: 'configuration/scanner',
  title: 'Starts a mass scanner',
  category: 'hacking',
  severity: 'high',
  attack: ['T1595.001', 'T1046'],
};

export const remoteDocker: FindingKind = {
  rule: 'configuration/remote-docker',
  title: 'Starts containers on another host through its open Docker interface',
  category: 'hacking',
  severity: 'high',
  attack: ['T1610', 'T1133'],
};

export const preload: FindingKind = {
  rule: 'configuration/preload',
  title: 'Loads a library from a temporary or hidden place into every process',
  category: 'backdoor',
  severity: 'high',
  attack: ['T1574.006'],
};

export const tunnel: FindingKind = {
  rule: 'configuration/tunnel',
  title: 'Opens a tunnel from outside into the container',
  category: 'proxy-avoidance',
  severity: 'medium',
  attack: ['T1572', 'T1090'],
};

export const proxyware: FindingKind = {
  rule: 'configuration/proxyware',
  title: 'Sells the bandwidth of its host',
  category: 'other',
  severity: 'medium',
  attack: ['T1496.002'],
};

export const tools: Readonly<Record<AttackTool['kind'], FindingKind>> = {
  flooder,
  scanner,
  'remote-docker': remoteDocker,
  tunnel,
  proxyware,
};

export const remoteAdd: FindingKind = {
  rule: 'configuration/remote-add',
  title: 'Adds a file from a remote address at build time',
  category: 'other',
  severity: 'info',
  attack: ['T1105'],
};

export const runsAsRoot: FindingKind = {
  rule: 'configuration/runs-as-root',
  title: 'Runs as root',
  category: 'other',
  severity: 'info',
  attack: [],
};

export const insecureSetting: FindingKind = {
  rule: 'configuration/insecure-setting',
  title: 'Does not verify certificates',
  category: 'other',
  severity: 'medium',
  attack: ['T1557'],
};

export const controls: Readonly<Record<Control, FindingKind>> = {
  'agent-removed': control('agent-removed', 'Removes the security agent of a cloud provider', 'backdoor', [
    'T1562.001',
  ]),
  'protection-off': control('protection-off', 'Switches off a protection', 'other', [
    'T1562.001',
    'T1562.004',
  ]),
  'traces-hidden': control('traces-hidden', 'Hides the command history or logs', 'other', ['T1070.003']),
  'immutable-file': control('immutable-file', 'Changes the immutable flag of files', 'other', ['T1222.002']),
  'mining-preparation': control(
    'mining-preparation',
    'Tunes memory or processor for mining',
    'cryptomining',
    ['T1496.001'],
  ),
  'rivals-killed': control('rivals-killed', 'Kills the miners of others', 'cryptomining', [
    'T1496.001',
    'T1489',
  ]),
  escape: control('escape', 'Leaves the container for its host', 'hacking', ['T1611']),
  'insecure-install': control('insecure-install', 'Installs packages without verifying them', 'other', [
    'T1195.002',
  ]),
};

export const findingKinds: readonly FindingKind[] = [
  downloadAndRun,
  decodedPayload,
  reverseShell,
  ...Object.values(tools),
  preload,
  remoteAdd,
  runsAsRoot,
  insecureSetting,
  ...Object.values(controls),
];

function control(
  name: string,
  title: string,
  category: FindingKind['category'],
  attack: readonly string[],
): FindingKind {
  return { rule: `configuration/${name}`, title, category, severity: 'medium', attack };
}

/** The severity that fits a confidence: strong is high, doubtful medium, weak low. */
export function severityFor(confidence: number): Severity {
  if (confidence >= 0.6) return 'high';
  if (confidence >= 0.4) return 'medium';
  return confidence >= 0.2 ? 'low' : 'info';
}
