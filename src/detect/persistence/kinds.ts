/** All that the `persistence` detector finds. Severity here is the usual one; confidence sets the actual one. */
import { severityFor } from '../configuration/kinds.ts';
import type { DetectedFinding, FindingKind } from '../detector.ts';

/** Most findings of one rule in one file; the rest says nothing new. */
const maxPerRule = 5;

function kind(
  rule: string,
  title: string,
  category: FindingKind['category'],
  severity: FindingKind['severity'],
  attack: readonly string[],
): FindingKind {
  return { rule: `persistence/${rule}`, title, category, severity, attack };
}

export const kinds = {
  preload: kind('preload', 'Library loaded into every process', 'backdoor', 'high', ['T1574.006']),
  startLoader: kind(
    'start-loader',
    'Start file downloads or decodes a program and runs it',
    'backdoor',
    'high',
    ['T1053.003', 'T1105'],
  ),
  scriptLoader: kind(
    'script-loader',
    'Script downloads or decodes a program and runs it',
    'backdoor',
    'medium',
    ['T1059.004', 'T1105'],
  ),
  reverseShell: kind('reverse-shell', 'Script hands a shell to a remote host', 'backdoor', 'high', [
    'T1059.004',
    'T1095',
  ]),
  startsHidden: kind(
    'starts-hidden',
    'Start file runs a program from a temporary or hidden place',
    'backdoor',
    'high',
    ['T1053.003', 'T1564.001'],
  ),
  flooder: kind('flooder', 'Script starts a tool that floods other hosts', 'ddos', 'high', [
    'T1498',
    'T1499',
  ]),
  scanner: kind('scanner', 'Script starts a mass scanner', 'hacking', 'high', ['T1595.001', 'T1046']),
  'remote-docker': kind(
    'remote-docker',
    'Script starts containers on other hosts through their open Docker interface',
    'hacking',
    'high',
    ['T1610', 'T1133'],
  ),
  tunnel: kind('tunnel', 'Script opens a tunnel from outside', 'proxy-avoidance', 'medium', [
    'T1572',
    'T1090',
  ]),
  proxyware: kind('proxyware', 'Script sells the bandwidth of its host', 'other', 'medium', ['T1496.002']),
  'agent-removed': kind('agent-removed', 'Script removes a security agent', 'backdoor', 'high', [
    'T1562.001',
  ]),
  'rivals-killed': kind('rivals-killed', 'Script kills the miners of others', 'cryptomining', 'high', [
    'T1489',
    'T1496.001',
  ]),
  'protection-off': kind('protection-off', 'Script switches off a protection', 'other', 'low', [
    'T1562.001',
    'T1562.004',
  ]),
  'traces-hidden': kind('traces-hidden', 'Script hides the command history or logs', 'other', 'low', [
    'T1070.003',
  ]),
  'immutable-file': kind('immutable-file', 'Script changes the immutable flag of files', 'other', 'low', [
    'T1222.002',
  ]),
  'mining-preparation': kind(
    'mining-preparation',
    'Script tunes memory or processor for mining',
    'cryptomining',
    'low',
    ['T1496.001'],
  ),
  escape: kind('escape', 'Script leaves the container for its host', 'hacking', 'low', ['T1611']),
  'insecure-install': kind(
    'insecure-install',
    'Script installs packages without verifying them',
    'other',
    'low',
    ['T1195.002'],
  ),
  setuidShell: kind('setuid-shell', 'Shell or interpreter with setuid root', 'backdoor', 'high', [
    'T1548.001',
  ]),
  setuid: kind('setuid', 'Program with setuid or setgid outside the usual set', 'other', 'low', [
    'T1548.001',
  ]),
  hidden: kind('hidden-program', 'Program in a place made to be overlooked', 'backdoor', 'medium', [
    'T1564.001',
  ]),
  kernelName: kind('kernel-thread-name', 'Program named like a kernel thread', 'backdoor', 'high', [
    'T1036.004',
  ]),
  disguised: kind('disguised-program', 'Program with the name of a document or picture', 'backdoor', 'high', [
    'T1036.008',
  ]),
  rootAccount: kind('root-account', 'Second account with the rights of root', 'backdoor', 'high', [
    'T1136.001',
  ]),
  password: kind('account-password', 'Account with a password set or none needed', 'other', 'medium', [
    'T1078.003',
  ]),
  sudo: kind('sudo-without-password', 'Rights of root without a password', 'other', 'medium', ['T1548.003']),
  pam: kind('pam', 'Login accepts or hands on any password', 'backdoor', 'high', ['T1556.003']),
  sshd: kind('sshd', 'SSH server that lets root or empty passwords in', 'other', 'low', ['T1021.004']),
} as const;

export interface Found {
  readonly kind: FindingKind;
  readonly confidence: number;
  readonly whenStarted?: number;
  readonly subject: 'program' | 'text';
  /** Made only of what is told in the end: masking secrets takes longer than all else. */
  readonly excerpt: () => string;
  readonly offset?: number;
  readonly length?: number;
}

export function toFinding({
  kind: what,
  confidence,
  whenStarted,
  subject,
  excerpt,
  offset = 0,
  length = 0,
}: Found): DetectedFinding {
  return {
    ...what,
    severity: severityFor(confidence),
    confidence,
    ...(whenStarted !== undefined && { whenStarted }),
    subject,
    offset,
    length,
    excerpt: excerpt(),
  };
}

/** The surest findings of each rule, surest first. */
export function strongest(found: readonly Found[]): readonly Found[] {
  const counts = new Map<string, number>();
  return [...found]
    .sort((a, b) => b.confidence - a.confidence)
    .filter(({ kind: { rule } }) => {
      const count = (counts.get(rule) ?? 0) + 1;
      counts.set(rule, count);
      return count <= maxPerRule;
    });
}
