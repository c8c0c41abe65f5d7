/**
 * Libraries made for `ld.so.preload` that hide: they stand before readdir and its kind, look the real function
 * up by dlsym, and leave out what an attacker wants unseen.
 *
 * Names are no excuse, as a rootkit can take any; the shape decides. Kept apart by it: sanitizers (libasan,
 * libtsan) by over 1,500 exports; gprofng's I/O tracer, whose hooks neither read /proc nor touch logins or
 * sockets that come in; fakeroot, fakechroot, eatmydata and tsocks, which do not replace readdir at all (Debian
 * 12 packages, looked at 2026-11).
 */
import { readSymbols } from '../../binary/elf-dynamic.ts';
import type { DetectedFinding, FindingKind } from '../detector.ts';
import type { ElfSubject } from './detector.ts';

export const hookKinds = {
  hook: {
    rule: 'elf/preload-hook-exports',
    title: 'Library that stands before directory listing to hide files or processes',
    category: 'backdoor',
    severity: 'high',
    attack: ['T1014', 'T1574.006'],
  },
} as const satisfies Record<string, FindingKind>;

const mostExports = 200;

const listing = ['readdir', 'readdir64', 'readdir_r', 'readdir64_r', 'getdents', 'getdents64'];

/** Who is on the machine, who may come in, what is written down of it, and what leaves it. */
const beyondFiles = [
  'accept',
  'accept4',
  'pcap_loop',
  'pam_authenticate',
  'pam_open_session',
  'pam_acct_mgmt',
  'pam_sm_authenticate',
  'getpwnam',
  'getpwnam_r',
  'getspnam',
  'getutent',
  'getutxent',
  'pututxline',
  'audit_log_acct_message',
  'ptrace',
  'kill',
  'execve',
];

export function hookFindings(subject: ElfSubject): readonly DetectedFinding[] {
  const { elf, facts } = subject;
  const [at] = subject.hits('readdir');
  if (at === undefined || facts.dynamic === undefined || facts.linkage !== 'library') return [];
  const { imports, exports } = readSymbols(elf, facts.dynamic);
  if (exports.size > mostExports || !(imports.has('dlsym') || imports.has('dlvsym'))) return [];
  const hidden = listing.filter((name) => exports.has(name));
  if (hidden.length === 0) return [];

  const others = beyondFiles.filter((name) => exports.has(name));
  const readsProcesses = hidden.length >= 2 && elf.bytes.includes('/proc/');
  if (!readsProcesses && others.length < 2) return [];
  return [
    {
      ...hookKinds.hook,
      confidence: readsProcesses && others.length > 0 ? 0.85 : 0.75,
      subject: 'program',
      offset: at,
      length: 'readdir'.length,
      excerpt:
        `exports ${[...hidden, ...others].join(', ')}; imports dlsym${readsProcesses ? '; names /proc/' : ''}`.slice(
          0,
          200,
        ),
    },
  ];
}
