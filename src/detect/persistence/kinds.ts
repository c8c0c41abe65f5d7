/** All that the `persistence` detector finds. Severity here is the usual one; confidence sets the actual one. */
import { severityFor } from '../configuration/kinds.ts';
import type { DetectedFinding, FindingKind } from '../detector.ts';

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
  agentRemoved: kind('agent-removed', 'Script removes a security agent', 'backdoor', 'high', ['T1562.001']),
  rivalsKilled: kind('rivals-killed', 'Script kills the miners of others', 'cryptomining', 'high', [
    'T1489',
    'T1496.001',
  ]),
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
  readonly excerpt: string;
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
    excerpt,
  };
}
