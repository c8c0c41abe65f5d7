/** Commands that hand a shell of this container to whoever listens at the other end. */

import type { Command } from '../../indicator/shell.ts';
import { programName } from '../../indicator/shell-unwrap.ts';

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
    default:
      return isScripted(name, words);
  }
}

/** `python -c 'import socket,pty; … pty.spawn("/bin/sh")'` and the same in other languages. */
function isScripted(name: string, words: readonly string[]): boolean {
  if (!/^(?:python|perl|ruby|php|node|lua)[\d.]*$/.test(name)) return false;
  const flag = words.findIndex((word) => /^-[a-zA-Z]{0,3}[cerE]$/.test(word));
  const code = flag < 1 ? '' : (words[flag + 1] ?? '').slice(0, 64 * 1024);
  const connects = /socket|TCPSocket|fsockopen|net\.connect|Socket::INET|createConnection/.test(code);
  return connects && /pty\.spawn|dup2|exec\s?[({"]|\/bin\/(?:ba)?sh|cmd\.exe/.test(code) && /sh\b/.test(code);
}
