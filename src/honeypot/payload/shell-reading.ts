/**
 * Walks the commands of shell text in the order in which they would run: each is told as a line, whom it contacts, and
 * what it hands on to be run elsewhere.
 */
import { type Command, splitShell } from '../../indicator/shell.ts';
import { type Printed, printedBy, withoutBox } from '../../indicator/shell-output.ts';
import { programName, unwrapCommands } from '../../indicator/shell-unwrap.ts';
import { type CodeReading, inlineCode, languageOf, readCode } from './code.ts';
import { contactsOf, endpointOf, isDownloader, mentionedIn, mentionsOnly, writtenBy } from './contact.ts';
import { commandLine } from './line.ts';
import type { Piece } from './piece.ts';
import { type Place, placesIn } from './place.ts';
import { stagesOf } from './stage.ts';

/** What takes what is read, in order. */
export interface ShellSink {
  /** @returns how many of so many commands may be read */
  room(commands: number): number;
  command(line: string): void;
  contact(place: Place): void;
  /** Text in which wallets may stand. */
  words(text: string): void;
  /** Text whose hosts and wallets are those of others: patterns, rules. */
  mentioned(text: string): void;
  /** Text that a decoder printed and the commands at hand come from. */
  ran(text: string): void;
  stage(piece: Piece): void;
}

/** Told beside what they run, because they leave the container or run it later. */
const kept: ReadonlySet<string> = new Set(['chroot', 'nsenter', 'at', 'batch']);

/**
 * @param isSure whether the text is known to be shell text; else it counts only if its commands say so
 * @returns whether its commands say so
 */
export function readShell(text: string, isSure: boolean, sink: ShellSink): boolean {
  const commands = unwrapCommands(splitShell(asShell(text)).map(withoutSchedule), kept);
  const isShell = commands.some(isTelling);
  if (!isSure && !isShell) {
    for (const place of placesWritten(text.trim())) sink.contact(place);
    return false;
  }
  const known: Known = { values: new Map(), turns: mostTurns, downloaders: new Set() };
  let before: Printed | undefined;
  for (const command of commands.slice(0, sink.room(commands.length))) {
    if (command.joined !== '|') before = undefined;
    before = readCommand(command, before, known, sink);
  }
  return isShell;
}

/** @returns what the command prints, where that is known */
function readCommand(
  command: Command,
  before: Printed | undefined,
  known: Known,
  sink: ShellSink,
): Printed | undefined {
  const words = withoutBox(command.words);
  const name = programName(words[0]);
  if (command.payload !== undefined) sink.ran(command.payload);
  if (isListed(command)) sink.command(commandLine(shown(command)));
  if (name === 'for' && words[2] === 'in') known.values.set(words[1] ?? '', words.slice(3, 3 + mostValues));
  addRenamed(words, known.downloaders);
  for (const mentioned of mentionedIn(command)) sink.mentioned(mentioned);
  for (const written of writtenBy(command)) {
    sink.words(written);
    for (const word of written.split(/[\s"',]+/))
      for (const place of placesWritten(word)) sink.contact(place);
  }
  if (!mentionsOnly(command)) {
    sink.words(words.join(' '));
    const asked = known.downloaders.has(name) ? { ...command, words: ['curl', ...words.slice(1)] } : command;
    for (const one of turnsOf(asked, known)) for (const place of contactsOf(one)) sink.contact(place);
    for (const place of piped(name, before)) sink.contact(place);
  }
  const code = codeBehind(words, command, before);
  for (const place of code?.places ?? []) sink.contact(place);
  const output =
    code?.printed === undefined ? printedBy(command, before) : { text: code.printed, decoded: true };
  for (const piece of [...(code?.pieces ?? []), ...stagesOf(command, before, output)]) sink.stage(piece);
  return output;
}

function placesWritten(word: string): readonly Place[] {
  const endpoint = endpointOf(word);
  return endpoint === undefined ? placesIn(word) : [endpoint];
}

/**
 * Quoting of others, as a shell has it: `bash -c {echo,BASE64}|{base64,-d}|{bash,-i}` and `sh -c $@|sh . echo COMMAND`
 * are written for Java, which splits a command at its blanks and hands the pieces to one shell; `PROGRAM $$COMMAND$$` is
 * a string of PostgreSQL.
 */
function asShell(text: string): string {
  const plain = text.includes('$$')
    ? text.replace(/(\bprogram\s{1,20})\$\$([^$']{1,4096})\$\$/gi, "$1'$2'")
    : text;
  if (!plain.includes('sh -c ')) return plain;
  return plain
    .replace(/(sh -c )(\{[^\s'"]{1,65536})/g, "$1'$2'")
    .replace(/\w{0,3}sh -c \$[@*]\|\w{0,3}sh \S{1,8} echo /g, '');
}

const times = /^(?:[\d*][\d*,/-]{0,40}|[a-z]{3}(?:-[a-z]{3})?)$/i;
const shortcut = /^@(?:reboot|hourly|daily|weekly|monthly|annually|yearly|midnight)$/;
/** Users that crontabs of the system name before the command. */
const users = /^(?:root|nobody|www-data|daemon|redis|postgres|mysql|ubuntu|admin|ec2-user|user|git)$/;

/** The command of a crontab's line, of `ExecStart=`, of `RUN`. */
function withoutSchedule(command: Command): Command {
  const { words, assignments } = command;
  const started = Object.keys(assignments).find((name) => /^Exec[A-Z][A-Za-z]{2,20}$/.test(name));
  if (started !== undefined) {
    const { [started]: program = '', ...others } = assignments;
    return { ...command, assignments: others, words: [program.replace(/^[-@:+!]{1,4}/, ''), ...words] };
  }
  const fields = shortcut.test(words[0] ?? '') ? 1 : isTimes(words) ? 5 : 0;
  if (fields === 0) return command;
  const own = users.test(words[fields] ?? '') && words.length > fields + 1 ? 1 : 0;
  return { ...command, words: words.slice(fields + own) };
}

function isTimes(words: readonly string[]): boolean {
  return (
    words.length >= 5 && /^[\d*]/.test(words[0] ?? '') && words.slice(0, 5).every((word) => times.test(word))
  );
}

/** Words of the shell's own grammar, and keys that stand alone on a line. */
const silent: ReadonlySet<string> = new Set('for case select in break continue return esac'.split(' '));
const notPrograms = /^(?:ssh-(?:rsa|dss|ed25519)|ecdsa-sha2-\S+|sk-(?:ssh|ecdsa)\S+|\d+|-.*)$/;
/** Names and paths, patterns and variables in them. */
const program = /^(?:[\w./~@+%*?[\]-]|\$[\w{@*]|\}){1,255}$/;
/** Settings that a shell or the loader heeds, so that to set them is to do something. */
const heeded = /^(?:HIST[A-Z]{3,12}|LD_PRELOAD|LD_LIBRARY_PATH|PROMPT_COMMAND|PATH)$/;

function isListed({ words, redirects, assignments }: Command): boolean {
  const [first] = words;
  if (first === undefined)
    return (
      redirects.some(({ operator }) => operator.startsWith('>')) ||
      Object.keys(assignments).some((name) => heeded.test(name))
    );
  return program.test(first) && !silent.has(first) && !notPrograms.test(first);
}

/** Without settings of the script's own that only keep words apart. */
function shown(command: Command): Command {
  if (command.words.length > 0) return command;
  const settings = Object.entries(command.assignments).filter(([name]) => heeded.test(name));
  return { ...command, assignments: Object.fromEntries(settings) };
}

/** Whether a text with such a command is shell text, whatever it was found in. */
function isTelling({ words: all, redirects }: Command): boolean {
  const words = withoutBox(all);
  const name = programName(words[0]);
  if (redirects.some(({ target }) => target.startsWith('/dev/tcp/'))) return true;
  if (words.length < 2) return /^\.\/\w/.test(words[0] ?? '');
  return telling.has(name) || isDownloader(name) || languageOf(name) !== undefined;
}

const telling: ReadonlySet<string> = new Set(
  (
    'sh bash dash ash zsh ksh base64 chmod chattr chroot nsenter crontab nohup setsid rm mkdir cp mv tar unzip apt apt-get ' +
    'yum apk pip pip3 systemctl docker kubectl ssh scp nc ncat netcat telnet socat uname pkill killall ' +
    'EVAL useradd usermod chpasswd echo printf export unset iptables ufw insmod modprobe ps grep sed nproc wrmsr sysctl'
  ).split(' '),
);

/** What the text has said so far. */
interface Known {
  /** Of `for` loops. */
  readonly values: Map<string, readonly string[]>;
  /** How many turns of commands may still be followed. */
  turns: number;
  /** What it called curl and wget. */
  readonly downloaders: Set<string>;
}

/** `mv /usr/bin/wget /usr/bin/wd`, `ln -s $(which curl) c`. */
function addRenamed([program, ...args]: readonly string[], downloaders: Set<string>): void {
  if (!/^(?:mv|cp|ln|install)$/.test(programName(program)) || downloaders.size >= mostValues) return;
  const [from = '', to = ''] = args.filter((arg) => !arg.startsWith('-')).slice(-2);
  if (isDownloader(/([\w.-]{1,64})\)?$/.exec(from)?.[1] ?? '')) downloaders.add(programName(to));
}

/** Values of one loop, turns of all commands. */
const mostValues = 20;
const mostTurns = 400;

/** The command in each turn of the loops that it stands in: `for h in a b; do curl $h/x; done`. */
function turnsOf(command: Command, known: Known): readonly Command[] {
  let turns: readonly Command[] = [command];
  for (const [name, values] of known.values) {
    const isUsed = command.words.some((word) => word.includes(`$${name}`) || word.includes(`\${${name}}`));
    if (!isUsed || values.length === 0 || turns.length * values.length > known.turns) continue;
    turns = turns.flatMap((turn) =>
      values.map((value) => ({ ...turn, words: turn.words.map((word) => filled(word, name, value)) })),
    );
  }
  if (turns.length > 1) known.turns -= turns.length;
  return turns;
}

function filled(word: string, name: string, value: string): string {
  if (!word.includes('$')) return word;
  return word
    .replaceAll(`\${${name}}`, () => value)
    .replaceAll(`$${name}`, () => value)
    .slice(0, 4096);
}

/** `echo URL | xargs curl`, `wget -i -`: the address comes through the pipe. */
function piped(name: string, before: Printed | undefined): readonly Place[] {
  // A shell that read a command through the pipe has been unwrapped to the command itself.
  if (
    before === undefined ||
    !isDownloader(name) ||
    /[|;&<>]/.test(before.text) ||
    before.text.startsWith(name)
  )
    return [];
  return contactsOf({ words: [name, ...before.text.split(/\s+/, 20)], redirects: [], assignments: {} });
}

/** Code in the command's arguments, or read by an interpreter that was given no file. */
function codeBehind(
  words: readonly string[],
  command: Command,
  before: Printed | undefined,
): CodeReading | undefined {
  const language = languageOf(words[0]);
  if (language === undefined) return undefined;
  const args = words.slice(1);
  const inline = inlineCode(language, args);
  const input = command.input ?? before?.text;
  const reads = language !== 'awk' && args.every((arg) => arg === '-' || /^-[a-zA-Z]{1,3}$/.test(arg));
  const code = inline ?? (reads ? input : undefined);
  return code === undefined ? undefined : readCode(language, code);
}
