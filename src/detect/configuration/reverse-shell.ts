/** Commands that hand a shell of this container to whoever listens at the other end. */

import { parseIp } from '../../indicator/ip.ts';
import type { Command } from '../../indicator/shell.ts';
import { programName } from '../../indicator/shell-unwrap.ts';
import { codeOf } from './inline-code.ts';

const shellPath = /^(?:\/(?:usr\/)?bin\/)?(?:ba|da|a|z|k)?sh$/;

/** @param command already unwrapped */
export function isReverseShell(command: Pick<Command, 'words' | 'redirects'>): boolean {
  const { words, redirects } = command;
  const name = programName(words[0]);
  switch (name) {
    case 'sh':
    case 'bash':
    case 'dash':
    case 'ash':
    case 'zsh': {
      // A lone `</dev/tcp/db/5432` only waits for a service.
      const remote = redirects.some((one) => /^\/dev\/(?:tcp|udp)\//.test(one.target));
      return remote && (words.includes('-i') || redirects.length > 1);
    }
    case 'nc':
    case 'ncat':
    case 'netcat':
    case 'nc.traditional': {
      const flag = words.findIndex((word) => /^-[a-z]{0,6}[ec]$|^--(?:exec|sh-exec)$/.test(word));
      return flag > 0 && shellPath.test((words[flag + 1] ?? '').split(' ', 1)[0] ?? '');
    }
    case 'socat':
      return (
        words.some((word) => /^(?:exec|system):/i.test(word)) &&
        words.some((word) => /^(?:tcp|openssl|udp)/i.test(word))
      );
    default: {
      const inline = codeOf(words);
      return inline !== undefined && isScripted(inline.code);
    }
  }
}

/**
 * `python -c 'import socket,pty; … pty.spawn("/bin/sh")'` and the same in other languages: a connection, a shell,
 * and the wiring between them. Code that waits for its database and starts a shell script has no wiring.
 */
function isScripted(code: string): boolean {
  return connects.test(code) && starts.test(code) && wires.test(code) && goesOut(code);
}

const connects =
  /socket|TCPSocket|fsockopen|net\.connect|net\.Socket|Socket::INET|createConnection|\/inet\/(?:tcp|udp)\/|TcpClient/i;
const starts = /\/(?:ba|da|a|z|k)?sh\b|["'`](?:ba|da|z)?sh["'`]|cmd\.exe|shell>|powershell|iex\b/i;
const wires =
  /dup2|pty\.spawn|\.pipe\(|<&|>&|\|&|fileno|fdopen|proc_open|std(?:in|out|io)\s?[=:]|std(?:in|out)\s?\.write|GetStream/i;

/** Names of one label and loopback are neighbours of the container; a host that cannot be seen may be anywhere. */
function goesOut(code: string): boolean {
  const hosts = [
    ...code.matchAll(/["'`/(]([\w-]{1,63}(?:\.[\w-]{1,63}){0,8})["'`/]\s?[,)/]\s?["']?\d{2,5}\b/g),
  ].map((match) => match[1] ?? '');
  if (hosts.length === 0) return !/["'`](?:localhost|127\.0\.0\.1|::1)["'`]/.test(code);
  return hosts.some((host) => {
    const ip = parseIp(host);
    return ip === undefined ? host.includes('.') : ip.scope !== 'loopback';
  });
}
