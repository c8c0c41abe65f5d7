/**
 * Cowrie's events by their id, and what ours are called. Source: `docs/OUTPUT.rst` and `core/eventids.py` of Cowrie, the
 * state of September 2026; names of members that older versions had are read as well.
 */
import { isIP } from 'node:net';
import type { Fingerprint } from '../../model/event.ts';
import type { Severity } from '../../model/terms.ts';
import type { Note } from '../world/world.ts';

/** One line of its JSON log. */
export type CowrieLine = Readonly<Record<string, string | number | boolean>>;

export interface CowrieEvent {
  /** Behind the service: `shell.input` becomes `ssh.shell.input`, or `telnet.shell.input`. */
  readonly type: string;
  readonly severity: Severity;
  /** Techniques of ATT&CK that it is by itself. */
  readonly attack?: readonly string[];
  /** What the line says. */
  read?(line: CowrieLine): What;
}

export interface What {
  /** What the visitor sent, as far as it is in the line. */
  readonly raw?: string;
  /** What is decoded for addresses and commands; `raw` where it is not told. */
  readonly texts?: readonly string[];
  readonly notes?: readonly Note[];
  readonly fp?: Fingerprint;
  /** Members without a value are left out. */
  readonly data?: Readonly<Record<string, unknown>>;
}

const client = { type: 'client', severity: 'info' } as const;
const login = { type: 'auth', attack: ['T1110'], read: readLogin } as const;
const input = { type: 'shell.input', severity: 'high', attack: ['T1059.004'], read: readInput } as const;
const put = { type: 'file.put', severity: 'high', attack: ['T1105'], read: readFile } as const;
const forward = { type: 'forward', severity: 'medium', attack: ['T1090'], read: readForward } as const;
const sent = { ...forward, type: 'forward.data', read: readForwardData } as const;
const exploit = { type: 'exploit', severity: 'high', attack: ['T1190'] } as const;

/** By the id without `cowrie.`. */
export const cowrieEvents: Readonly<Record<string, CowrieEvent>> = {
  'session.connect': { type: 'connect', severity: 'info' },
  'session.closed': { type: 'close', severity: 'info', read: (line) => ({ data: durationOf(line) }) },
  'session.params': { ...client, read: ({ arch }) => ({ data: { arch } }) },
  'client.version': { ...client, read: readVersion },
  'client.kex': { ...client, read: readKeyExchange },
  'client.size': { ...client, read: ({ width, height }) => ({ data: { columns: width, rows: height } }) },
  'client.var': { ...client, read: ({ name, value }) => ({ data: { name, value } }) },
  'client.malformed_packet': { ...client, read: ({ messagenum, data }) => ({ data: { messagenum, data } }) },
  'client.fingerprint': { ...login, severity: 'low' },
  'login.failed': { ...login, severity: 'low', read: (line) => readLogin(line, false) },
  'login.success': { ...login, severity: 'high', read: (line) => readLogin(line, true) },
  'command.input': input,
  'session.input': input,
  'command.failed': { type: 'shell.result', severity: 'low', read: (line) => readResult(line, false) },
  'command.success': { type: 'shell.result', severity: 'low', read: (line) => readResult(line, true) },
  'command.chpasswd': {
    type: 'account.change',
    severity: 'medium',
    attack: ['T1098'],
    read: ({ username }) => ({ data: { user: username } }),
  },
  'session.file_download': put,
  'session.file_upload': put,
  'session.file_download.failed': { ...put, severity: 'medium' },
  'direct-tcpip.request': forward,
  'direct-tcpip.redirect': forward,
  'direct-tcpip.tunnel': forward,
  'direct-tcpip.data': sent,
  'tunnelproxy-tcpip.data': sent,
  'direct-tcpip.ja4': { ...sent, read: readForwardClient },
  'direct-tcpip.ja4h': { ...sent, read: readForwardClient },
  'log.open': { type: 'shell', severity: 'info', read: ({ ttylog }) => ({ data: { recording: ttylog } }) },
  'log.closed': { type: 'shell.close', severity: 'info', read: readRecording },
  'telnet.option': {
    ...client,
    read: ({ command, option_name }) => ({ data: { negotiation: command, option: option_name } }),
  },
  'telnet.error': { ...client, read: ({ error }) => ({ data: { problem: error } }) },
  'telnet.exploit_attempt': { ...exploit, read: ({ cve, name, value }) => ({ data: { cve, name, value } }) },
  'telnet.exploit_success': { ...exploit, read: readExploit },
};

/** Ids that no version knew which this was written for. */
export const otherCowrieEvent: CowrieEvent = { type: 'other', severity: 'info', read: readOther };

/** What Cowrie did by itself, and no visitor: look-ups, reports, its connection to a machine behind it. */
export const isOwnDoing = /^(?:abuseipdb|greynoise|proxy|reversedns|urlhaus|virustotal)\./;

export function textOf(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}

/** A number, or a text that is one; a port is not larger than 65,535. */
export function portOf(value: unknown): number | undefined {
  const port = typeof value === 'string' && /^\d{1,5}$/.test(value) ? Number(value) : value;
  return Number.isInteger(port) && Number(port) >= 0 && Number(port) <= 65_535 ? Number(port) : undefined;
}

/** Older versions tell seconds. */
function durationOf({ duration_ms, duration }: CowrieLine): { durationMs: number | undefined } {
  const milliseconds = duration_ms === undefined ? Number(duration) * 1000 : Number(duration_ms);
  return { durationMs: Number.isFinite(milliseconds) ? Math.round(milliseconds) : undefined };
}

/** Versions of Python 2 and early ones of Python 3 wrote `b'SSH-2.0-…'`. */
function readVersion({ version }: CowrieLine): What {
  const ua = textOf(version)?.replace(/^b?(['"])(.*)\1$/, '$2');
  return { ...(ua !== undefined && { fp: { ua: ua.slice(0, 256) } }), data: { version: ua } };
}

function readKeyExchange({ hassh, hasshAlgorithms, keyAlgs }: CowrieLine): What {
  const fingerprint = textOf(hassh);
  return {
    ...(fingerprint !== undefined && { fp: { hassh: fingerprint.slice(0, 64) } }),
    data: { algorithms: hasshAlgorithms, keyAlgorithms: keyAlgs },
  };
}

function readLogin({ username, password, fingerprint, type }: CowrieLine, accepted?: boolean): What {
  const hasKey = fingerprint !== undefined;
  return {
    data: {
      user: username,
      method: hasKey ? 'publickey' : 'password',
      accepted,
      password,
      key: hasKey ? { type, fingerprint } : undefined,
    },
  };
}

/** With a realm it is what a program read that waits for input: text, and no command. */
function readInput({ input: line, realm }: CowrieLine): What {
  const raw = textOf(line) ?? '';
  return { raw, data: { line: raw, realm } };
}

/** The command itself was told before. */
function readResult({ input: line }: CowrieLine, isKnown: boolean): What {
  return { texts: [], data: { line, isKnown } };
}

function readFile({ url, destfile, filename, outfile, shasum, error, duplicate }: CowrieLine): What {
  const digest = textOf(shasum)?.toLowerCase();
  const name = textOf(destfile) ?? textOf(filename) ?? textOf(url) ?? textOf(outfile);
  return {
    texts: [textOf(url) ?? ''],
    data: {
      url,
      path: textOf(destfile) ?? filename,
      problem: error,
      isKnown: duplicate,
      artefacts:
        digest !== undefined && /^[0-9a-f]{64}$/.test(digest)
          ? [{ name: name?.slice(0, 1000) ?? '', sha256: digest, kept: false }]
          : undefined,
    },
  };
}

function readForward(line: CowrieLine): What {
  const { new_ip, new_port, orig_ip, orig_port } = line;
  const wanted = destinationOf(line);
  return {
    notes: notesOf(wanted),
    data: { ...wanted, originHost: orig_ip, originPort: orig_port, sentToHost: new_ip, sentToPort: new_port },
  };
}

function readForwardData(line: CowrieLine): What {
  const wanted = destinationOf(line);
  return { raw: textOf(line.data) ?? '', notes: notesOf(wanted), data: { ...wanted } };
}

function readForwardClient(line: CowrieLine): What {
  const { ja4, ja4h } = line;
  return { data: { ...destinationOf(line), ja4, ja4h } };
}

/** Of a forwarded connection, the visitor's own words. */
function destinationOf({ dst_ip, dst_port }: CowrieLine): { host?: string; port?: number } {
  const host = textOf(dst_ip)?.slice(0, 255);
  const port = portOf(dst_port);
  return { ...(host !== undefined && { host }), ...(port !== undefined && { port }) };
}

function notesOf({ host, port }: { readonly host?: string; readonly port?: number }): readonly Note[] {
  if (host === undefined || (isIP(host) === 0 && !/^[\w.-]+$/.test(host))) return [];
  return [{ kind: 'connect', tool: 'ssh', host, ...(port !== undefined && { port }) }];
}

function readRecording(line: CowrieLine): What {
  const { ttylog, size, shasum } = line;
  return { data: { recording: ttylog, size, sha256: shasum, ...durationOf(line) } };
}

function readExploit({ cve, username, original_username, attempted_command }: CowrieLine): What {
  return {
    texts: [textOf(attempted_command) ?? ''],
    data: { cve, user: username, askedAs: original_username, command: attempted_command },
  };
}

/** What every event has. */
const shared: ReadonlySet<string> = new Set(
  'message sensor timestamp time session src_ip src_port dst_ip dst_port protocol uuid system isError'.split(
    ' ',
  ),
);

function readOther(line: CowrieLine): What {
  return { data: Object.fromEntries(Object.entries(line).filter(([name]) => !shared.has(name))) };
}
