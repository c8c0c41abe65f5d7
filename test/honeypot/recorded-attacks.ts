/**
 * Recorded visits of the shared data, made whole again (`hxxp`, `[.]`, cut wallets), and what a reader finds in each:
 * worked out by hand from the texts, not by the code that is tested.
 */
import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const folder = `${process.env.WATERGUARD_TEST_DATA ?? fileURLToPath(new URL('../../../shared/data', import.meta.url))}/honeypots`;

/** For a test's `skip`. */
export function withoutRecorded(...names: readonly string[]): string | false {
  const absent = names.filter((name) => !existsSync(`${folder}/${name}`));
  return absent.length > 0 ? `${absent.join(', ')} absent` : false;
}

const read = (name: string): string => readFileSync(`${folder}/${name}`, 'utf8');

/** The donation address of the Monero project stands where a wallet of 95 characters was cut out. */
const wallet =
  '44AFFq5kSiGBoZ4NMDwYtN18obc8AemS33DBLWs3H7otXft3XjrpDtQGv7SqSsaBYBb98uNbr2VBBEt7f2wfn3RVGQBEP3A';

function whole(text: string): string {
  return text
    .replaceAll('hxxp', 'http')
    .replaceAll('[.]', '.')
    .replace(/<BLOB len=95 [^>]*>/g, wallet);
}

/** A body that creates a container, as it was sent. */
export interface Creation {
  readonly url: string;
  readonly agent: string;
  readonly body: Readonly<Record<string, unknown>> & { readonly Image: string; readonly OpenStdin?: boolean };
}

interface CreationRecord {
  readonly url: string;
  readonly ua: string;
  readonly body: Creation['body'];
}

export function recordedCreations(): Creation[] {
  const records = JSON.parse(whole(read('docker-create-sanitized-sample.json'))) as CreationRecord[];
  const { url, data } = JSON.parse(read('teamtnt-dockgeddon-create.json')) as { url: string; data: string };
  const body = JSON.parse(Buffer.from(data, 'base64').toString('utf8')) as Creation['body'];
  const { pathname, search } = new URL(url);
  return [
    ...records.map(({ url, ua, body }) => ({ url, agent: ua, body })),
    { url: `${pathname}${search}`, agent: 'Go-http-client/1.1', body },
  ];
}

/** What a reader finds, in the order of `recordedCreations`. */
export interface Expected {
  readonly hosts: readonly string[];
  readonly urls?: readonly string[];
  readonly wallets?: readonly string[];
  readonly techniques: readonly string[];
  /** Files of the host by which the visitor stays. */
  readonly left?: readonly string[];
}

const tied = ['T1610', 'T1611'];

export const expectedOfCreations: readonly Expected[] = [
  // An image that brings everything itself, the host's root under /host, privileged.
  { hosts: [], techniques: tied },
  // Installs curl, then two crontabs that fetch cronb.sh; all of it behind chroot into the host.
  {
    hosts: ['199.19.226.117'],
    urls: ['http://199.19.226.117/b2f628/cronb.sh'],
    techniques: [...tied, 'T1053.003', 'T1059.004', 'T1105'],
    left: ['/etc/crontab', '/etc/cron.d/zzh'],
  },
  // Fetches zzh by wget or curl, makes it runnable, mines at f2pool.
  {
    hosts: ['194.87.139.103', 'xmr.f2pool.com'],
    urls: ['http://194.87.139.103/cleanfda/zzh'],
    wallets: [wallet],
    techniques: [...tied, 'T1059.004', 'T1105', 'T1222.002', 'T1496.001'],
  },
  { hosts: ['34.66.229.152'], techniques: [...tied, 'T1059.004', 'T1105'] },
  // As the third, from another server and under another name.
  {
    hosts: ['47.114.157.117', 'xmr.f2pool.com'],
    urls: ['http://47.114.157.117/cleanfda/trace'],
    wallets: [wallet],
    techniques: [...tied, 'T1059.004', 'T1105', 'T1222.002', 'T1496.001'],
  },
  {
    hosts: ['45.9.150.36'],
    urls: ['http://45.9.150.36/pwn/TDGGinit'],
    techniques: [...tied, 'T1059.004', 'T1105'],
  },
  // A script of the image's own; the host's root lies under /test.
  { hosts: [], techniques: [...tied, 'T1059.004'] },
  // A shell on the host, to be typed at.
  { hosts: [], techniques: [...tied, 'T1059.004'] },
  { hosts: [], techniques: tied },
];

/** Lines that were typed in a shell over SSH, and what each is, beside that it runs in a shell. */
export interface TypedLine {
  readonly line: string;
  readonly techniques: readonly string[];
}

const typedTechniques: Readonly<Record<string, readonly string[]>> = {
  'uname -a': ['T1082'],
  'cat /proc/cpuinfo': ['T1082'],
  'free -m': ['T1082'],
  'dmidecode|grep Vendor|head -n 1': ['T1082'],
  'ps -x': ['T1057'],
  'dmesg | grep irtual': ['T1082'],
  'cd ~; chattr -ia .ssh; lockr -ia .ssh': ['T1222.002'],
  'cat /proc/cpuinfo | grep name | wc -l': ['T1082'],
  "cat /proc/cpuinfo | grep name | head -n 1 | awk '{print $4,$5,$6,$7,$8,$9;}'": ['T1082'],
  "free -m | grep Mem | awk '{print $2 ,$3, $4, $5, $6, $7}'": ['T1082'],
  w: ['T1033'],
  'crontab -l': [],
  'ls -lh $(which ls)': ['T1083'],
  'uname -m': ['T1082'],
  'which ls': [],
  'cat /proc/cpuinfo | grep model | grep name | wc -l': ['T1082'],
  top: ['T1057'],
};

/** @throws Error for a line that nobody has labelled */
function labelled(line: string): TypedLine {
  const techniques = typedTechniques[line];
  if (techniques === undefined) throw new Error(`no label for ${line}`);
  return { line, techniques: ['T1059.004', ...techniques] };
}

/** A whole session of 2023, and the most frequent lines of 2025. */
export function recordedLines(): TypedLine[] {
  const session = jsonLines('cowrie-session-13da7b98b8d4.jsonl').flatMap(({ eventid, input }) =>
    eventid === 'cowrie.command.input' ? [String(input)] : [],
  );
  const frequent = read('ssh-top-commands-2025.txt').split('\n').filter(Boolean);
  return [...session, ...frequent].map(labelled);
}

/** One command line that a client of OpenSSH sent, after it logged in with a password. */
export function recordedExec(): {
  readonly user: string;
  readonly password: string;
  readonly command: string;
} {
  const records = jsonLines('openssh-9.2-transcript.jsonl');
  const login = records.find(({ m }) => m === 'password')!;
  const exec = records.find(({ e }) => e === 'exec')!;
  return { user: String(login.u), password: String(login.p), command: String(exec.cmd) };
}

/** uname, id, a file of the system, base64, fetching twice, a crontab, a loop, credentials, memory, who is there. */
export const expectedOfExec: Expected = {
  hosts: ['example.invalid'],
  urls: ['http://example.invalid/x.sh', 'http://example.invalid/x'],
  techniques: ['T1033', 'T1053.003', 'T1059.004', 'T1082', 'T1105', 'T1140', 'T1552.001'],
  left: ['/var/spool/cron/crontabs/root'],
};

/** Commands of redis-cli, each with its arguments. */
export function recordedRedis(): string[][] {
  return jsonLines('redis-cli-7.0-transcript.jsonl').flatMap(({ cmd }) => (cmd ? [cmd as string[]] : []));
}

export function recordedQueries(): string[] {
  return jsonLines('psql-15-transcript.jsonl').flatMap(({ q }) => (q ? [String(q)] : []));
}

/** A call of the docker client or of kubectl, in order. */
export interface RecordedCall {
  readonly method: string;
  readonly url: string;
  readonly agent: string;
  readonly body?: string;
  readonly type?: string;
  /** `tcp` or `websocket`. */
  readonly upgrade?: string;
}

export function recordedCalls(name: string): RecordedCall[] {
  return jsonLines(name).flatMap(({ m, url, ua, body, ct, up, upgrade }) =>
    m === undefined
      ? []
      : [
          {
            method: String(m),
            url: String(url),
            agent: String(ua ?? ''),
            ...(body !== undefined && { body: String(body) }),
            ...(ct !== undefined && { type: String(ct) }),
            ...((up ?? upgrade) !== undefined && { upgrade: String(up ?? upgrade) }),
          },
        ],
  );
}

function jsonLines(name: string): Record<string, unknown>[] {
  return read(name)
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line) as Record<string, unknown>);
}
