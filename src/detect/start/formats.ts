/**
 * Commands in the files that start things without being scripts: crontabs, units, inittab and so on. Each
 * format is read line by line, loosely: a line that it cannot make sense of is left out.
 */
import { type Command, splitShell } from '../../indicator/shell.ts';
import type { StartFormat } from './locations.ts';

/** Longest line that is read; a longer one is cut. As long as the longest text that is read in one piece. */
const maxLine = 256 * 1024;

/** A command in a file; `offset` in characters from the file's beginning. */
export interface StartedCommand {
  readonly text: string;
  readonly offset: number;
}

export interface FormatContent {
  readonly commands: readonly StartedCommand[];
  /** Files named in other ways: libraries to preload, units that a unit pulls in, included configurations. */
  readonly refs: readonly string[];
}

/** @param path decides what relative names mean (a unit's companions) */
export function readFormat(text: string, format: StartFormat, path: string): FormatContent {
  if (format === 'shell') return { commands: [{ text, offset: 0 }], refs: [] };
  const commands: StartedCommand[] = [];
  const refs: string[] = [];
  const read = readers[format];
  for (const line of lines(text)) {
    const found = read(line.text, path);
    for (const command of found.commands ?? []) {
      commands.push({ text: command, offset: line.offset + Math.max(0, line.text.indexOf(command)) });
    }
    if (found.refs) refs.push(...found.refs);
  }
  return { commands, refs };
}

/** Every command of the file, split; offsets are those in the file. */
export function splitFormat(text: string, format: StartFormat, path: string): readonly Command[] {
  const { commands } = readFormat(text, format, path);
  if (format === 'shell') return splitShell(text);
  return commands.flatMap((command) =>
    splitShell(command.text).map((one) => ({ ...one, offset: one.offset + command.offset })),
  );
}

interface Line {
  readonly commands?: readonly string[];
  readonly refs?: readonly string[];
}

const none: Line = {};

const readers: Readonly<Record<Exclude<StartFormat, 'shell'>, (line: string, path: string) => Line>> = {
  crontab: (line) => readCron(line, true),
  'user-crontab': (line) => readCron(line, false),
  anacrontab: (line) => one(afterFields(line, 3)),
  unit: readUnit,
  ini: readIni,
  desktop: (line) => one(settingOf(line, /^Exec$/)),
  procfile: (line) =>
    one(/^[\w-]{1,64}:(?!\/\/)/.test(line) ? line.slice(line.indexOf(':') + 1).trim() : undefined),
  inittab: (line) => one(line.startsWith('#') ? undefined : line.split(':').slice(3).join(':')),
  preload: (line) => ({ refs: preloadedLibraries(line) }),
  pam: readPam,
  udev: readUdev,
  hook: readHook,
  environment: (line) => {
    const value = settingOf(line, /^(?:LD_PRELOAD|BASH_ENV|ENV)$/);
    return value === undefined ? none : { refs: value.replace(/^["']|["']$/g, '').split(/[\s:]/) };
  },
};

/** What a line of /etc/ld.so.preload names: paths separated by blanks or colons. */
export function preloadedLibraries(line: string): readonly string[] {
  const [before = ''] = line.split('#', 1);
  return before.split(/[\s:]+/).filter((word) => word !== '');
}

function readCron(line: string, withUser: boolean): Line {
  const trimmed = line.trimStart();
  if (trimmed === '' || trimmed.startsWith('#') || /^\w+[ \t]{0,8}=/.test(trimmed)) return none;
  const times = trimmed.startsWith('@') ? 1 : 5;
  const command = afterFields(trimmed, times + (withUser ? 1 : 0));
  // An unescaped percent sign ends the command: the rest is its input.
  return one(command?.replace(/\\%/g, '%'));
}

/** A line's rest behind `count` fields separated by blanks. */
function afterFields(line: string, count: number): string | undefined {
  const trimmed = line.trimStart();
  if (trimmed.startsWith('#')) return undefined;
  let at = 0;
  for (let field = 0; field < count; field++) {
    while (at < trimmed.length && !/\s/.test(trimmed[at] ?? '')) at++;
    while (at < trimmed.length && /\s/.test(trimmed[at] ?? '')) at++;
  }
  return trimmed.slice(at);
}

function readUnit(line: string, path: string): Line {
  const exec = settingOf(line, /^Exec[A-Z][A-Za-z]{0,20}$|^Exec$/);
  // `-`, `@`, `:`, `+`, `!` before the path change how it runs, not what.
  if (exec !== undefined) return one(exec.replace(/^[-@:+!]{0,4}/, ''));
  const environment = settingOf(line, /^EnvironmentFile$/);
  if (environment !== undefined) return { refs: [environment.replace(/^-/, '')] };
  const preload = /^Environment=.{0,4}LD_PRELOAD=([^\s"']{1,1000})/.exec(line)?.[1];
  if (preload !== undefined) return { refs: preload.split(':') };
  const names = settingOf(line, /^(?:Unit|Requires|Wants|Also|BindsTo)$/);
  const folder = path.slice(0, path.lastIndexOf('/') + 1);
  return names === undefined ? none : { refs: names.split(/\s+/).map((name) => folder + name) };
}

/** Of a timer, socket or path unit: the service of the same name, which it starts unless it says otherwise. */
export function companionUnit(path: string): string | undefined {
  const match = /^(.*)\.(?:timer|socket|path)$/s.exec(path);
  return match === null ? undefined : `${match[1]}.service`;
}

function readIni(line: string): Line {
  const command = settingOf(line, /^command$/);
  if (command !== undefined) return one(command);
  const files = settingOf(line, /^files$/);
  return files === undefined ? none : { refs: files.split(/\s+/) };
}

function readPam(line: string): Line {
  const words = line.split(/\s+/);
  const module = words.findIndex((word) => word.endsWith('pam_exec.so'));
  if (module < 0 || line.trimStart().startsWith('#')) return none;
  const command = words.slice(module + 1).findIndex((word) => word.startsWith('/'));
  return command < 0 ? none : one(words.slice(module + 1 + command).join(' '));
}

function readUdev(line: string): Line {
  if (line.trimStart().startsWith('#')) return none;
  const commands: string[] = [];
  const runs = /(?:RUN|PROGRAM)(?:\{program\})?[+:]?=+[ \t]{0,4}"([^"]{1,1000})"/g;
  for (let match = runs.exec(line); match !== null; match = runs.exec(line)) commands.push(match[1] ?? '');
  return { commands };
}

/** Quoted text of apt (`Post-Invoke {"cmd";}`) and monit (`start program = "cmd"`), plain lines of logrotate. */
function readHook(line: string): Line {
  const trimmed = line.trim();
  if (trimmed.startsWith('#') || trimmed.startsWith('//')) return none;
  const quoted =
    /(?:Invoke|Invoke-Success|Pre-Install-Pkgs|program|exec|run)[^"]{0,40}"([^"]{1,4000})"/i.exec(
      trimmed,
    )?.[1];
  if (quoted !== undefined) return one(quoted);
  return /^(?:\/|\.\/|if |test |\[ |invoke-rc|service |systemctl |sh |bash |curl |wget )/.test(trimmed) &&
    !trimmed.endsWith('{')
    ? one(trimmed)
    : none;
}

function one(command: string | undefined): Line {
  return command === undefined || command.trim() === '' ? none : { commands: [command] };
}

/** The value of `key = value`. */
function settingOf(line: string, key: RegExp): string | undefined {
  const equals = line.indexOf('=');
  if (equals < 0 || !key.test(line.slice(0, equals).trim())) return undefined;
  return line.slice(equals + 1).trim();
}

/** Lines with continuations (`\` at the end) joined by a blank. */
function* lines(text: string): Iterable<{ readonly text: string; readonly offset: number }> {
  let at = 0;
  while (at < text.length) {
    const offset = at;
    let line = '';
    for (;;) {
      const end = text.indexOf('\n', at);
      const piece = text.slice(at, end < 0 ? text.length : end);
      at = end < 0 ? text.length : end + 1;
      const continues = piece.endsWith('\\') && at < text.length;
      if (line.length < maxLine) line += continues ? `${piece.slice(0, -1)} ` : piece;
      if (!continues) break;
    }
    yield { text: line.slice(0, maxLine), offset };
  }
}
