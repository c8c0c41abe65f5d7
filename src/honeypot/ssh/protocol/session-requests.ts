/** Requests on a session channel (RFC 4254, 6), answered as sshd does: what a decoy decides, and what it is only told. */
import { decoded, type Reader } from './bytes.ts';
import { disconnect } from './fault.ts';
import type { Listen } from './forwarding.ts';
import type { SessionChannel } from './session-channel.ts';

/** What a decoy makes of a session. */
export interface SshSession {
  /** Comes before the start, at most once. */
  pty?(pty: Pty): void;
  /** Only those that Debian's sshd accepts: `LANG` and `LC_*`. */
  env?(name: string, value: string): void;
  /** What is to run. False refuses: an unknown subsystem. Comes at most once with true. */
  start(program: Program): boolean | Promise<boolean>;
  resize?(size: TerminalSize): void;
  /** Name of a signal without SIG, one of those that sshd delivers. */
  signal?(name: string): void;
}

export interface TerminalSize {
  readonly columns: number;
  readonly rows: number;
}

export interface Pty extends TerminalSize {
  /** Value of `TERM`, perhaps empty. */
  readonly term: string;
}

export type Program =
  | { readonly kind: 'shell' }
  | { readonly kind: 'exec'; readonly command: Buffer }
  | { readonly kind: 'subsystem'; readonly name: string };

/** Answers a request: its name, and what follows in the message. */
export type SessionRequests = (name: string, reader: Reader) => boolean | Promise<boolean>;

/** sshd's bound of variables. */
const mostVariables = 128;
const acceptedVariable = /^(?:LANG$|LC_)/;
const signals = new Set(['HUP', 'INT', 'KILL', 'QUIT', 'TERM', 'USR1', 'USR2']);

export function createSessionRequests(
  channel: SessionChannel,
  session: SshSession,
  listen: (request: Listen) => boolean,
): SessionRequests {
  let hasPty = false;
  let hasX11 = false;
  let hasAgent = false;
  let variables = 0;
  let program: Program | undefined;

  const start = async (wanted: Program): Promise<boolean> => {
    if (!(await session.start(wanted))) return false;
    program = wanted;
    channel.open();
    return true;
  };

  const pty = (reader: Reader): boolean => {
    if (hasPty) throw disconnect('Protocol error: you already have a pty.');
    const term = decoded(reader.text());
    const size = readSize(reader);
    reader.string();
    reader.end();
    hasPty = true;
    session.pty?.({ term, ...size });
    return true;
  };

  const env = (reader: Reader): boolean => {
    const [name, value] = [reader.text(), reader.text()];
    reader.end();
    if (variables > mostVariables || !acceptedVariable.test(name)) return false;
    variables++;
    session.env?.(decoded(name), decoded(value));
    return true;
  };

  const x11 = (reader: Reader): boolean => {
    if (hasX11) return false;
    reader.u8();
    const [protocol, cookie, screen] = [decoded(reader.text()), decoded(reader.text()), reader.u32()];
    reader.end();
    hasX11 = listen({ kind: 'x11', protocol, cookie, screen });
    return hasX11;
  };

  const agent = (): boolean => {
    if (hasAgent) return false;
    hasAgent = true;
    return listen({ kind: 'agent' });
  };

  /** Before a program runs. */
  const prepare = (name: string, reader: Reader): boolean | Promise<boolean> => {
    switch (name) {
      case 'shell':
        reader.end();
        return start({ kind: 'shell' });
      case 'exec':
        return start({ kind: 'exec', command: Buffer.from(lastText(reader), 'latin1') });
      case 'subsystem':
        return start({ kind: 'subsystem', name: decoded(lastText(reader)) });
      case 'pty-req':
        return pty(reader);
      case 'env':
        return env(reader);
      case 'x11-req':
        return x11(reader);
      case 'auth-agent-req@openssh.com':
        reader.end();
        return agent();
      default:
        return false;
    }
  };

  return (name, reader) => {
    switch (name) {
      case 'window-change': {
        const size = readSize(reader);
        reader.end();
        session.resize?.(size);
        return true;
      }
      case 'break':
        reader.u32();
        reader.end();
        return hasPty && program !== undefined;
      case 'signal': {
        const signal = lastText(reader);
        if (!signals.has(signal) || program === undefined || program.kind === 'subsystem') return false;
        session.signal?.(signal);
        return true;
      }
      default:
        return program === undefined && prepare(name, reader);
    }
  };
}

function lastText(reader: Reader): string {
  const text = reader.text();
  reader.end();
  return text;
}

/** Characters, then pixels, which nobody needs. */
function readSize(reader: Reader): TerminalSize {
  const size = { columns: reader.u32(), rows: reader.u32() };
  reader.u32();
  reader.u32();
  return size;
}
