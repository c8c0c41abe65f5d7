/**
 * Second stages: texts that a command hands on to be run elsewhere or later. What it writes into crontabs, units and
 * scripts, what it runs in containers and on other hosts, what it gives to databases.
 */
import type { Command } from '../../indicator/shell.ts';
import { type Printed, withoutBox } from '../../indicator/shell-output.ts';
import { programName } from '../../indicator/shell-unwrap.ts';
import { languageOf } from './code.ts';
import { mentionedIn } from './contact.ts';
import { containerUse } from './container.ts';
import { readOptions } from './options.ts';
import type { Piece } from './piece.ts';

/**
 * @param before what the command reads, @param output what it prints, where that is known
 */
export function stagesOf(
  command: Command,
  before: Printed | undefined,
  output: Printed | undefined,
): readonly Piece[] {
  const words = withoutBox(command.words);
  const name = programName(words[0]);
  const pieces: Piece[] = [];
  if (output !== undefined) pieces.push(...written(command, words, output));
  const input = command.input ?? before?.text;
  if (input !== undefined) pieces.push(...handedOn(name, words, input));
  if (name === 'ssh') pieces.push(...remote(words));
  if (/^(?:ssh|scp|sftp|autossh)$/.test(name)) pieces.push(...localCommands(words));
  const container = containerUse(words);
  for (const image of container?.images ?? []) pieces.push({ kind: 'image', name: image });
  if (container !== undefined && container.runs.length > 0)
    pieces.push({ kind: 'arguments', words: container.runs });
  if (container?.specification !== undefined) pieces.push({ kind: 'value', text: container.specification });
  if (name === 'find') pieces.push(...foundFiles(words));
  if (name === 'sed') pieces.push(...added(words));
  const program = words.findIndex((word) => /^program$/i.test(word));
  if (program > 0 && words[program + 1] !== undefined)
    pieces.push({ kind: 'shell', text: words[program + 1] ?? '' });
  if (!printing.has(name) && languageOf(name) === undefined)
    pieces.push(...texts(words, mentionedIn(command)));
  return pieces;
}

/** Arguments that may be texts of their own; what stands in substitutions has been read already. */
function texts(words: readonly string[], mentioned: readonly string[]): readonly Piece[] {
  return words
    .slice(1, mostArguments)
    .filter((word) => /\s/.test(word) && !/\$\(|`/.test(word) && !mentioned.includes(word))
    .map((text) => ({ kind: 'value', text }));
}

const mostArguments = 100;

/** Their arguments are what they print. */
const printing: ReadonlySet<string> = new Set(['echo', 'printf', 'export', 'alias', 'trap']);

/** Known text that goes into files; a crontab's lines show themselves wherever they go. */
function written(command: Command, words: readonly string[], { text }: Printed): readonly Piece[] {
  const paths = command.redirects
    .filter(
      ({ operator, target }) =>
        /^(?:&?>{1,2}|>\|)$/.test(operator) && !/^(?:\d|&|\/dev\/(?:null|std|tcp|udp|fd))/.test(target),
    )
    .map(({ target }) => target);
  const name = programName(words[0]);
  if (name === 'tee' || name === 'sponge')
    paths.push(...words.slice(1).filter((word) => !word.startsWith('-')));
  if (name === 'dd')
    paths.push(...words.filter((word) => word.startsWith('of=')).map((word) => word.slice(3)));
  if (paths.length === 0) return hasSchedule(text) ? [{ kind: 'shell', text }] : [];
  return paths.slice(0, 1).flatMap((path) => ofFile(path, text));
}

/** A line that begins with the five times of a crontab, or `@reboot`. */
function hasSchedule(text: string): boolean {
  return /(?:^|\n)[ \t]{0,20}(?:@(?:reboot|hourly|daily|weekly|monthly|midnight)|(?:[\d*][\d*,/-]{0,40}[ \t]+){4}[\d*a-z][\d*,/a-z-]{0,40})[ \t]+\S/i.test(
    text,
  );
}

function ofFile(path: string, text: string): readonly Piece[] {
  if (data.test(path)) return [];
  const language = languageOf(extensions[/\.(\w{2,3})$/.exec(path)?.[1] ?? '']);
  if (language !== undefined) return [{ kind: 'code', language, text }];
  const isScript = started.test(path) || /^\s{0,20}#!/.test(text) || hasSchedule(text);
  return [{ kind: isScript ? 'text' : 'value', text }];
}

/** `sed -i '$a LINE' FILE`. */
function added(words: readonly string[]): readonly Piece[] {
  const line = words
    .map((word) => /^(?:\$|\d{1,5})?[ \t]?[ai][ \t]?\\?[ \t\n]{0,4}(\S.*)$/s.exec(word)?.[1])
    .find(Boolean);
  const path = words.at(-1);
  return line === undefined || path === undefined || words.length < 4 ? [] : ofFile(path, line);
}

/** Files that are read and not run. */
const data =
  /authorized_keys|known_hosts|\.pub$|^\/etc\/(?:hosts|resolv\.conf|ld\.so\.preload|passwd|shadow|group|sudoers|selinux|ssh)|^\/(?:proc|sys)\//;
/** Files that start by themselves, or are there to be started. */
const started =
  /\.(?:sh|service|timer)$|^\/etc\/(?:cron|init\.d|rc|profile|update-motd)|\/cron|\/systemd\/|\.(?:bashrc|profile|bash_profile|zshrc|bash_logout)$/;
const extensions: Readonly<Record<string, string>> = {
  py: 'python',
  pl: 'perl',
  rb: 'ruby',
  php: 'php',
  js: 'node',
  lua: 'lua',
};

/** Known text that a program reads and runs; shells and interpreters are read where they are unwrapped. */
function handedOn(name: string, words: readonly string[], input: string): readonly Piece[] {
  if (name === 'crontab') return [{ kind: 'shell', text: input }];
  const isShell = /^(?:ba|da|a|k|z)?sh$/.test(name) && words.slice(1).every((word) => word.startsWith('-'));
  if (isShell) return [{ kind: 'text', text: input }];
  return readers.has(name) ? [{ kind: 'value', text: input }] : [];
}

const readers: ReadonlySet<string> = new Set(
  'ssh docker podman kubectl redis-cli psql mysql mongo nc ncat netcat socat ftp at batch'.split(' '),
);

/** `ssh -p 22 root@host 'curl … | sh'`: the words are joined by blanks there. */
function remote(words: readonly string[]): readonly Piece[] {
  const { rest } = readOptions(words.slice(1), { short: 'bBcDEeFIiJLlmOopQRSWw', own: 1, late: true });
  return rest.length === 0 ? [] : [{ kind: 'shell', text: rest.join(' ') }];
}

/** `ssh -o ProxyCommand='nc …' HOST` runs it here. */
function localCommands(words: readonly string[]): readonly Piece[] {
  return words
    .slice(1, mostArguments)
    .map((word) => /^(?:-o)?(?:Proxy|Local)Command[= ](.+)$/is.exec(word)?.[1])
    .filter((text) => text !== undefined)
    .map((text) => ({ kind: 'shell', text }));
}

/** `find / -name x -exec sh -c '…' {} \;`. */
function foundFiles(words: readonly string[]): readonly Piece[] {
  const start = words.findIndex((word) => /^-(?:exec|execdir|ok)$/.test(word));
  if (start < 0) return [];
  const length = words.slice(start + 1).findIndex((word) => word === ';' || word === '+');
  const run = words.slice(start + 1, length < 0 ? words.length : start + 1 + length);
  return run.length === 0 ? [] : [{ kind: 'arguments', words: run }];
}
