/** What sshd and its PAM modules set for a session, as a Debian 12 with systemd has it: scripts read who they came from. */
import type { Connection } from '../decoy.ts';
import type { Account } from '../world/systems/account-database.ts';
import type { Pty } from './protocol/session-requests.ts';

interface Session {
  readonly pty: Pty | undefined;
  /** Variables that the client asked for, those that sshd accepts. */
  readonly sent: ReadonlyMap<string, string>;
}

/** Numbers of log-ins since the start of a machine that few log in to. */
const someSessions = 400;

export function environmentOf(
  { src, id, host }: Connection,
  { name, uid, home, shell }: Account,
  { pty, sent }: Session,
): Map<string, string> {
  const number = host.persona.random(`ssh/session/${id}`).int(3, someSessions);
  return new Map([
    ['SHELL', shell],
    ['PWD', home],
    ['LOGNAME', name],
    ['XDG_SESSION_TYPE', 'tty'],
    ['MOTD_SHOWN', 'pam'],
    ['HOME', home],
    ['LANG', 'C.UTF-8'],
    ['SSH_CONNECTION', `${src.ip} ${src.port} ${host.persona.network.address} 22`],
    ['XDG_SESSION_CLASS', 'user'],
    ...(pty === undefined ? [] : [['TERM', pty.term] as const]),
    ['USER', name],
    ['SHLVL', '0'],
    ['XDG_SESSION_ID', `${number}`],
    ['XDG_RUNTIME_DIR', `/run/user/${uid}`],
    ['SSH_CLIENT', `${src.ip} ${src.port} 22`],
    ...(pty === undefined ? [] : [['SSH_TTY', '/dev/pts/0'] as const]),
    ...sent,
  ]);
}
