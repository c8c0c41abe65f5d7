/** Prompts: the escapes of bash and busybox, and what is expanded in them. */
import { formatTime } from '../commands/time.ts';
import { now } from '../world.ts';
import { withTilde } from './builtins/directories.ts';
import type { Shell } from './shell.ts';
import { expandPrompt } from './trace.ts';

/** What a login shell of the system sets, or the shell's own. */
export function defaultPrompt(shell: Shell, name: 'PS1' | 'PS2'): string {
  if (name === 'PS2') return '> ';
  switch (shell.dialect.name) {
    case 'bash':
      // What /etc/bash.bashrc of Debian sets, and /etc/bashrc of Red Hat.
      return shell.world.system === 'redhat'
        ? '[\\u@\\h \\W]\\$ '
        : '${debian_chroot:+($debian_chroot)}\\u@\\h:\\w\\$ ';
    case 'dash':
      return shell.user.uid === 0 ? '# ' : '$ ';
    case 'ash':
      return '\\w \\$ ';
  }
}

export async function promptOf(shell: Shell, name: 'PS1' | 'PS2'): Promise<string> {
  const prompt = shell.variables.get(name) ?? defaultPrompt(shell, name);
  const decoded = shell.dialect.name === 'dash' ? prompt : decode(shell, prompt);
  const { status } = shell;
  const text = await expandPrompt(shell, decoded);
  shell.status = status;
  return text;
}

function decode(shell: Shell, prompt: string): string {
  return prompt.replace(/\\(?:([0-7]{3})|([\s\S]))/g, (_, octal: string | undefined, letter = '') => {
    if (octal !== undefined) return String.fromCharCode(Number.parseInt(octal, 8) & 0xff);
    return escapeOf(shell, letter);
  });
}

function escapeOf(shell: Shell, letter: string): string {
  const { user, world, variables } = shell;
  const time = (format: string): string => formatTime(format, now(world));
  switch (letter) {
    case 'u':
      return user.name;
    case 'h':
      return world.hostname.split('.')[0]!;
    case 'H':
      return world.hostname;
    case 'w':
      return withTilde(shell.cwd, variables.get('HOME'));
    case 'W': {
      const path = withTilde(shell.cwd, variables.get('HOME'));
      return path === '/' || path === '~' ? path : path.slice(path.lastIndexOf('/') + 1);
    }
    case '$':
      return user.uid === 0 ? '#' : '\\$';
    case 's':
      return shell.applet;
    case 'v':
      return '5.2';
    case 'V':
      return '5.2.15';
    case 't':
      return time('%H:%M:%S');
    case 'T':
      return time('%I:%M:%S');
    case 'A':
      return time('%H:%M');
    case 'd':
      return time('%a %b %d');
    case 'j':
      return String(shell.jobs.length);
    case '!':
    case '#':
      return String(shell.history.lines(shell).length + 1);
    case 'n':
      return '\n';
    case 'r':
      return '\r';
    case 'e':
      return '\x1b';
    case 'a':
      return '\x07';
    case '[':
    case ']':
      return '';
    case '\\':
      return '\\\\';
    default:
      return `\\${letter}`;
  }
}
