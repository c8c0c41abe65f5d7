/** What a client does once it is in: a command, a shell, or files. */
import { type Beginning, createBeginning } from '../beginning.ts';
import type { Connection } from '../decoy.ts';
import { createFed, type Fed, isText, textOf } from '../fed.ts';
import type { Persona } from '../persona/persona.ts';
import { leftBy } from '../run-line.ts';
import { View } from '../world/files/view.ts';
import type { Output } from '../world/program.ts';
import { run } from '../world/run.ts';
import type { Account } from '../world/systems/account-database.ts';
import { interactive, type LineResult } from '../world/terminal.ts';
import { accountFor } from './door.ts';
import { environmentOf } from './environment.ts';
import type { SshChannel } from './protocol/session-channel.ts';
import type { Program, Pty, SshSession } from './protocol/session-requests.ts';
import { serveSftp } from './sftp/server.ts';

/** Of what a command printed, in bytes, and of a line at a terminal, in characters: what an event carries. */
const maxOutput = 8192;

export function openSession(connection: Connection, channel: SshChannel, user: string): SshSession {
  const account = accountFor(connection.host, user);
  const ending = new AbortController();
  const environment = new Map<string, string>();
  let pty: Pty | undefined;
  /** Of the terminal: the emulation follows when it changes. */
  let size: { rows: number; columns: number } | undefined;
  channel.stdio.once('close', () => ending.abort());

  function start(program: Program): boolean {
    if (account === undefined) return false;
    switch (program.kind) {
      case 'exec':
        void execute(program.command.toString('utf8'), account);
        return true;
      case 'shell':
        void shell(account);
        return true;
      case 'subsystem':
        if (program.name !== 'sftp') return false;
        void files(account);
        return true;
    }
  }

  async function execute(command: string, account: Account): Promise<void> {
    await connection.record('exec', {
      raw: command,
      data: { command: command.slice(0, 8192), user },
    });
    const seen = createBeginning(maxOutput);
    const fed = createFed();
    const { exitCode, notes } = await run(connection.host, {
      argv: [account.shell.slice(account.shell.lastIndexOf('/') + 1), '-c', command],
      program: account.shell,
      user: account,
      env: environmentOf(connection, account, { pty, sent: environment }),
      stdin: { isTerminal: pty !== undefined, read: readerOf(channel, fed) },
      stdout: outputTo(channel.stdio, pty !== undefined, seen),
      stderr: outputTo(pty === undefined ? channel.stderr : channel.stdio, pty !== undefined, seen),
      ...(size !== undefined && { terminal: size }),
      pace: 'real',
      signal: ending.signal,
    });
    const artefacts = leftBy(connection.host, [{ notes }]);
    const stdin = fed.shown();
    await connection.record('exec.result', {
      raw: fed.bytes(),
      texts: fed.texts(artefacts),
      notes,
      artefacts,
      data: {
        command: command.slice(0, 1024),
        exitCode,
        output: seen.text(),
        ...(stdin !== undefined && { stdin }),
      },
    });
    channel.exit(exitCode);
  }

  async function shell(account: Account): Promise<void> {
    await connection.record('shell', {
      texts: [],
      data: { user, ...(pty !== undefined && { term: pty.term, columns: pty.columns, rows: pty.rows }) },
    });
    greet();
    const exitCode = await interactive(connection.host, {
      user: account,
      ...(size !== undefined && { terminal: size }),
      input: channel.stdio,
      output: outputTo(channel.stdio, false),
      env: environmentOf(connection, account, { pty, sent: environment }),
      onLine: recordLine,
      signal: ending.signal,
    });
    channel.exit(exitCode);
  }

  /** The message of the day and the last visit, which sshd and PAM tell on a terminal. */
  function greet(): void {
    const { host } = connection;
    const view = new View(host.files);
    if (pty === undefined || view.exists(`${account?.home}/.hushlogin`)) return;
    const { release, version } = host.persona.kernel;
    const text = `Linux ${host.hostname} ${release} ${version} x86_64\n${motdOf(view)}${lastLogin(host.persona, Date.now())}`;
    channel.stdio.write(text.replaceAll('\n', '\r\n'));
  }

  function recordLine(line: string, { output, exitCode, notes }: LineResult): void {
    void connection.record('shell.input', {
      raw: line,
      notes,
      artefacts: leftBy(connection.host, [{ notes }]),
      data: { line: line.slice(0, 8192), exitCode, output: output.slice(0, maxOutput), user },
    });
  }

  async function files(account: Account): Promise<void> {
    const { uid, gid } = account;
    await serveSftp(channel.stdio, {
      files: new View(connection.host.files, { user: { uid, gid } }),
      account,
      diskGiB: connection.host.persona.machine.diskGiB,
      stored: (path, content) =>
        connection.record('file.put', {
          raw: content,
          texts: isText(content) ? [textOf(content)] : [],
          artefacts: [{ name: path, content }],
          data: { path, size: content.length },
        }),
      changed: (what) =>
        void connection.record('file.change', { texts: [], data: { change: what.slice(0, 2000) } }),
    });
    channel.exit(0);
  }

  return {
    pty(wanted) {
      pty = wanted;
      size = { rows: wanted.rows, columns: wanted.columns };
    },
    env: (name, value) => void environment.set(name, value),
    start,
    resize(wanted) {
      if (size !== undefined) Object.assign(size, wanted);
    },
    signal: () => ending.abort(),
  };
}

/** Reads to the end, which is there also where the client was cut off in the midst. */
function readerOf(channel: SshChannel, fed: Fed): () => Promise<Uint8Array | undefined> {
  const chunks = channel.stdio[Symbol.asyncIterator]();
  return async () => {
    try {
      const { value, done } = await chunks.next();
      if (done === true) return undefined;
      fed.add(value as Buffer);
      return value as Buffer;
    } catch (error) {
      if (!channel.stdio.destroyed) throw error;
      return undefined;
    }
  };
}

/**
 * @param isTerminal line feeds become what a terminal needs; a shell with a terminal of its own writes them itself
 * @param seen what is written, for an event, before that
 */
function outputTo(to: NodeJS.WritableStream, isTerminal: boolean, seen?: Beginning): Output {
  return {
    isTerminal,
    async write(data) {
      const bytes = typeof data === 'string' ? Buffer.from(data) : Buffer.from(data);
      seen?.add(bytes);
      if (!to.write(isTerminal ? withCarriageReturns(bytes) : bytes))
        await new Promise((resolve) => to.once('drain', resolve).once('close', resolve));
    },
  };
}

function withCarriageReturns(bytes: Buffer): Buffer {
  return Buffer.from(bytes.toString('latin1').replaceAll('\n', '\r\n'), 'latin1');
}

function motdOf(view: View): string {
  try {
    return Buffer.from(view.read('/etc/motd')).toString();
  } catch {
    return '';
  }
}

/** Of the machine's people, some hours ago, from their own network; it changes once a day. */
function lastLogin(persona: Persona, now: number): string {
  const today = Math.floor(now / 86_400_000);
  const random = persona.random(`ssh/last-login/${today}`);
  const at = new Date(today * 86_400_000 - random.int(1, 16 * 3600) * 1000).toUTCString();
  const [, day, date, month, year, time] = /^(\w{3}), (\d+) (\w{3}) (\d{4}) (\S+)/.exec(at) ?? [];
  const network = persona.network.address.split('.').slice(0, 2).join('.');
  return `Last login: ${day} ${month} ${date?.replace(/^0/, ' ')} ${time} ${year} from ${network}.${random.int(0, 15)}.${random.int(2, 250)}\n`;
}
