/**
 * SSH keys that open a container to whoever planted them: public keys that may log in, scripts that add one, and
 * host keys that every container of an image would share. A lone `authorized_keys` may be an administrator's, so
 * it is a risk and not yet a threat; together with what attackers do around it, it is strong.
 */

import { findPublicKeys, type PublicKey } from '../../indicator/ssh-key.ts';
import type { Observable } from '../../model/indicator.ts';
import { printable } from '../../model/printable.ts';
import type { DetectedFinding, Detection, Detector, FindingKind, OpenFile } from '../detector.ts';
import { nothing } from '../detector.ts';
import { readPrivateKey } from '../secrets/private-key.ts';
import { type AddedKeys, addedKeys } from './added-keys.ts';

/** ATT&CK: SSH Authorized Keys, Private Keys. */
export const kinds = {
  authorized: {
    rule: 'ssh-keys/authorized-key',
    title: 'SSH public key that may log in',
    category: 'backdoor',
    severity: 'medium',
    attack: ['T1098.004'],
  },
  added: {
    rule: 'ssh-keys/added-by-script',
    title: 'Script adds an SSH public key that may log in',
    category: 'backdoor',
    severity: 'medium',
    attack: ['T1098.004'],
  },
  hostKey: {
    rule: 'ssh-keys/host-key',
    title: 'SSH host key that all containers of the image share',
    category: 'embedded-secret',
    severity: 'medium',
    attack: ['T1552.004'],
  },
} as const satisfies Record<string, FindingKind>;

/** By sshd_config(5) and usual practice: `.ssh/authorized_keys`, `.ssh/authorized_keys2`, `/etc/ssh/authorized_keys/NAME`. */
const authorizedPath =
  /\/\.ssh\/authorized_keys2?$|^\/etc\/ssh\/authorized_keys(?:2|\.d)?(?:[/.][^/]{1,64})?$/;
const hostKeyPath =
  /^\/etc\/ssh\/ssh_host_[a-z0-9]{2,16}_key$|^\/etc\/dropbear\/dropbear_[a-z0-9]{2,16}_host_key$/;

/** Longer texts are not scripts that somebody wrote. */
const longestScript = 256 * 1024;

export const sshKeys: Detector = {
  name: 'ssh-keys',
  version: 2,
  needs: 'path',
  findings: Object.values(kinds),
  anchors: { script: { text: 'authorized_keys', kinds: ['script', 'text'] } },
  wants: ({ path, kind, size }) =>
    authorizedPath.test(path) ||
    hostKeyPath.test(path) ||
    ((kind === 'script' || kind === 'text') && size <= longestScript),
  inspect(file) {
    if (authorizedPath.test(file.path)) return inspectAuthorizedKeys(file);
    if (hostKeyPath.test(file.path)) return inspectHostKey(file);
    if (file.hits('script').length === 0 || file.size > longestScript) return nothing;
    return inspectScript(file);
  },
};

function inspectAuthorizedKeys(file: OpenFile): Detection {
  const text = file.bytes.toString('latin1');
  const keys = findPublicKeys(uncommented(text));
  const [first] = keys;
  if (first === undefined) return nothing;
  const forced =
    file.path.startsWith('/root/') && /^[ \t]*[^#\r\n]{0,200}\b(?:command|environment)="/m.test(text);
  const finding: DetectedFinding = {
    ...kinds.authorized,
    severity: forced ? 'high' : kinds.authorized.severity,
    confidence: forced ? 0.65 : 0.55,
    subject: 'text',
    offset: file.offset + first.offset,
    length: first.length,
    excerpt: describe(keys),
    value: first.fingerprint,
  };
  return { findings: [finding], observables: observed(keys, file.offset) };
}

/** Commented lines blanked out, so that offsets stay. */
function uncommented(text: string): string {
  return text.replace(/^[ \t]{0,16}#[^\n]*/gm, (line) => ' '.repeat(line.length));
}

function inspectScript(file: OpenFile): Detection {
  const added = addedKeys(file.bytes.toString('latin1'));
  const finding = toFinding(added, file.offset);
  return finding === undefined
    ? nothing
    : { findings: [finding], observables: observed(added.keys, file.offset) };
}

/** @param offset of the text in its file */
export function toFinding({ keys, hardened }: AddedKeys, offset: number): DetectedFinding | undefined {
  const [first] = keys;
  if (first === undefined) return undefined;
  return {
    ...kinds.added,
    severity: hardened ? 'high' : kinds.added.severity,
    confidence: hardened ? 0.75 : 0.55,
    subject: 'text',
    offset: offset + first.offset,
    length: first.length,
    excerpt: describe(keys),
    value: first.fingerprint,
  };
}

function inspectHostKey(file: OpenFile): Detection {
  const text = file.bytes.toString('latin1', 0, 16 * 1024);
  const dropbear = file.path.startsWith('/etc/dropbear/') && file.size > 32;
  if (!dropbear && readPrivateKey(text) === undefined) return nothing;
  const finding: DetectedFinding = {
    ...kinds.hostKey,
    confidence: 0.8,
    subject: 'secret',
    offset: file.offset,
    length: file.bytes.length,
    excerpt: `host key… (${file.size} bytes)`,
  };
  return { findings: [finding], observables: [] };
}

export function observed(keys: readonly PublicKey[], offset: number): readonly Observable[] {
  return keys.map((key) => ({
    type: 'ssh-key',
    value: key.normal,
    offset: offset + key.offset,
    note: 'authorized',
  }));
}

function describe(keys: readonly PublicKey[]): string {
  const [first] = keys;
  const more = keys.length > 1 ? `, and ${keys.length - 1} more` : '';
  return printable(`${first?.type} ${first?.fingerprint} ${first?.comment}`.trim() + more, 200);
}
