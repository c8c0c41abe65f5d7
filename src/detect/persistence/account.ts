/** Accounts and logins that let in whoever planted them: passwd, shadow, sudoers, PAM, sshd, ld.so.preload. */
import { printable } from '../../model/printable.ts';
import { preloadedLibraries } from '../start/formats.ts';
import { type Found, kinds, strongest } from './kinds.ts';

type Reader = (text: string) => readonly Found[];

/** How the file at a path is read; `undefined` for a file that has no part in logins. */
export function accountReader(path: string): Reader | undefined {
  if (path.startsWith('/etc/pam.d/')) return (text) => perLine(text, ofPam);
  if (path.startsWith('/etc/sudoers.d/')) return (text) => perLine(text, ofSudoers);
  if (path.startsWith('/etc/ssh/sshd_config.d/')) return (text) => perLine(text, ofSshd);
  return readers.get(path);
}

const readers: ReadonlyMap<string, Reader> = new Map<string, Reader>([
  ['/etc/passwd', (text) => perLine(text, ofPasswd)],
  ['/etc/shadow', (text) => perLine(text, ofShadow)],
  ['/etc/sudoers', (text) => perLine(text, ofSudoers)],
  ['/etc/ssh/sshd_config', (text) => perLine(text, ofSshd)],
  ['/etc/ld.so.preload', (text) => perLine(text, ofPreload)],
]);

interface Sign {
  readonly kind: Found['kind'];
  readonly confidence: number;
  readonly excerpt: string;
}

/** As many are kept while a file is read; then the surest of them. */
const maxSigns = 1000;

function perLine(text: string, read: (line: string) => Sign | undefined): readonly Found[] {
  let found: Found[] = [];
  for (let offset = 0; offset < text.length; ) {
    if (found.length >= maxSigns) found = [...strongest(found)];
    const newline = text.indexOf('\n', offset);
    const line = text.slice(offset, newline < 0 ? text.length : newline);
    const sign = line.startsWith('#') ? undefined : read(line.slice(0, 4096));
    if (sign !== undefined) {
      found.push({
        ...sign,
        excerpt: () => printable(sign.excerpt.trim(), 200),
        subject: 'text',
        offset,
        length: line.length,
      });
    }
    offset += line.length + 1;
  }
  return found;
}

function ofPasswd(line: string): Sign | undefined {
  const [name = '', password = '', uid = '', gid = '', , home = '', shell = ''] = line.split(':');
  if (name === '' || uid === '') return undefined;
  const shown = `${name}:${password === 'x' || password === '*' || password === '' ? password : '…'}:${uid}:${gid}::${home}:${shell}`;
  if (/^0+$/.test(uid) && name !== 'root')
    return { kind: kinds.rootAccount, confidence: 0.7, excerpt: shown };
  if (isHash(password)) return { kind: kinds.password, confidence: uid === '0' ? 0.5 : 0.4, excerpt: shown };
  const opens = password === '' && !/(?:nologin|false|sync|halt|shutdown)$/.test(shell);
  return opens ? { kind: kinds.password, confidence: 0.5, excerpt: shown } : undefined;
}

function ofShadow(line: string): Sign | undefined {
  const [name = '', password = ''] = line.split(':');
  if (name === '' || !line.includes(':')) return undefined;
  if (isHash(password)) {
    const scheme = /^\$[\w-]{1,10}\$/.exec(password)?.[0] ?? '';
    return { kind: kinds.password, confidence: name === 'root' ? 0.45 : 0.3, excerpt: `${name}:${scheme}…` };
  }
  return password === '' ? { kind: kinds.password, confidence: 0.45, excerpt: `${name}:` } : undefined;
}

/** A crypt(5) hash; locked accounts have `!` or `*` in front or instead. */
function isHash(password: string): boolean {
  return /^\$[\w-]{1,10}\$/.test(password) || /^[./0-9A-Za-z]{13}$/.test(password);
}

function ofSudoers(line: string): Sign | undefined {
  const match =
    /^\s{0,20}([^\s#=]{1,100})\s[^=]{0,200}=.{0,200}?NOPASSWD:\s{0,5}(?:SETENV:\s{0,5})?ALL\b/.exec(line);
  if (match === null) return undefined;
  const service = /^(?:ALL|www-data|nobody|daemon|apache|nginx|mysql|postgres|redis)$/.test(match[1] ?? '');
  return { kind: kinds.sudo, confidence: service ? 0.55 : 0.4, excerpt: line };
}

function ofPam(line: string): Sign | undefined {
  const words = line.trim().split(/\s+/);
  if (!/^-?(?:auth|account)$/.test(words[0] ?? '')) return undefined;
  if (/^-?auth$/.test(words[0] ?? '') && words[1] === 'sufficient' && words[2]?.endsWith('pam_permit.so')) {
    return { kind: kinds.pam, confidence: 0.75, excerpt: line };
  }
  if (!words.some((word) => word.endsWith('pam_exec.so'))) return undefined;
  return { kind: kinds.pam, confidence: words.includes('expose_authtok') ? 0.75 : 0.35, excerpt: line };
}

function ofSshd(line: string): Sign | undefined {
  const [name = '', value = ''] = line
    .trim()
    .toLowerCase()
    .split(/[\s=]+/);
  if (value !== 'yes') return undefined;
  if (name === 'permitemptypasswords') return { kind: kinds.sshd, confidence: 0.45, excerpt: line };
  return name === 'permitrootlogin' ? { kind: kinds.sshd, confidence: 0.3, excerpt: line } : undefined;
}

/** Libraries that are preloaded for good reasons: allocators, test and build helpers. */
const knownLibraries =
  /\/lib(?:jemalloc|tcmalloc\w{0,10}|mimalloc|fakeroot\S{0,20}|eatmydata|faketime|faketimeMT|snoopy|asan|tsan|ubsan|armmem\S{0,20}|hugetlbfs|nss_wrapper|uid_wrapper|stdbuf|keepalive|gtk3-nocsd|SegFault|memusage)[\w.${}-]{0,40}$/;

function ofPreload(line: string): Sign | undefined {
  const libraries = preloadedLibraries(line);
  const unknown = libraries.find(
    (path) => !knownLibraries.test(path) || !/^\/(?:usr\/)?(?:local\/)?lib/.test(path),
  );
  if (libraries.length === 0) return undefined;
  if (unknown === undefined) return { kind: kinds.preload, confidence: 0.25, excerpt: line };
  const odd = /^\/(?:tmp|var\/tmp|dev|home|root)\/|\/\./.test(unknown);
  return { kind: kinds.preload, confidence: odd ? 0.85 : 0.75, excerpt: line };
}
