/**
 * Loaders in shell text: commands that fetch something and run it, run something that they decode, or hand a
 * shell to someone else. Used for history lines and start commands here, and for crontabs, units and scripts
 * by the `persistence` detector.
 */
import { type Command, splitShell } from '../../indicator/shell.ts';
import { programName, unwrapCommands } from '../../indicator/shell-unwrap.ts';
import { readDownload } from './download.ts';
import { type Origin, worstOrigin } from './origin.ts';
import { decodePayload, decodesInput, payloadOfCode } from './payload.ts';
import { isReverseShell } from './reverse-shell.ts';

export interface Loader {
  readonly kind: 'download' | 'payload' | 'reverse-shell';
  /** For a download; for a payload that downloads in turn. */
  readonly origin: Origin;
  readonly urls: readonly string[];
  /** Certificates are not verified. */
  readonly insecure: boolean;
  /** What a payload decodes to, where it could be decoded. */
  readonly decoded?: string;
  /** In the text, in characters. */
  readonly offset: number;
  readonly length: number;
}

/** Payloads in payloads that are decoded. */
const maxLayers = 3;
/** URLs kept of one pipeline. */
const maxUrls = 20;

/** One for each pipeline, in order. @param end of the text, for lengths @param layer of payloads around it */
export function loadersOf(commands: readonly Command[], end: number, layer: number): readonly Loader[] {
  const found: Loader[] = [];
  const downloaded = new Map<string, { readonly urls: readonly string[]; readonly insecure: boolean }>();
  let flow = noFlow;
  const flat = unwrapCommands(commands);
  flat.forEach((command, index) => {
    if (command.joined !== '|') flow = noFlow;
    const length = Math.max(1, (flat[index + 1]?.offset ?? end) - command.offset);
    const start = command.joined === '|' ? flow.offset : command.offset;
    const place = { offset: start, length: Math.max(1, command.offset + length - start) };

    const loader =
      (readsProgram(command) ? ofFlow(flow, place, layer) : undefined) ??
      (flow.shell && connectors.has(programName(command.words[0])) ? reverseShell(place) : undefined) ??
      ofWords(command, place, layer) ??
      ofFile(command, downloaded, place);
    if (loader !== undefined) found.push(loader);

    const download = readDownload(command);
    if (download !== undefined && download.output !== '-') {
      if (downloaded.size < 1000) downloaded.set(baseName(download.output), download);
    }
    flow = nextFlow(flow, command, start);
  });
  return found;
}

/** What comes out of the pipeline so far. */
interface Flow {
  readonly offset: number;
  readonly urls: readonly string[];
  readonly insecure: boolean;
  readonly decoders: readonly Command[];
  /** Text that an `echo` or here-document put in. */
  readonly text: string;
  /** An interactive shell writes it, and reads from elsewhere: one half of a reverse shell. */
  readonly shell: boolean;
}

const noFlow: Flow = { offset: 0, urls: [], insecure: false, decoders: [], text: '', shell: false };

function nextFlow(flow: Flow, command: Command, offset: number): Flow {
  const name = programName(command.words[0]);
  const download = readDownload(command);
  const urls = download?.output === '-' || isStandardOutput(download?.output) ? (download?.urls ?? []) : [];
  const printed = name === 'echo' || name === 'printf' ? command.words.slice(1).filter(isText).join(' ') : '';
  const escaped = (name === 'echo' && command.words.some((word) => /^-n?e/.test(word))) || name === 'printf';
  const decodes = decodesInput(command) || (escaped && /\\x[0-9a-f]{2}|\\0?[0-7]{3}/i.test(printed));
  return {
    offset,
    urls: [...flow.urls, ...urls].slice(0, maxUrls),
    insecure: flow.insecure || (download?.insecure ?? false),
    decoders: decodes ? [...flow.decoders, command].slice(0, 8) : flow.decoders,
    text: printed || command.input || flow.text,
    shell: flow.shell || (shells.has(name) && command.words.includes('-i')),
  };
}

function isText(word: string): boolean {
  return !/^-[neE]{1,3}$/.test(word);
}

function isStandardOutput(path: string | undefined): boolean {
  return path === '/dev/stdout' || path === '/proc/self/fd/1' || path === '&1';
}

type Place = Pick<Loader, 'offset' | 'length'>;

function ofFlow(flow: Flow, place: Place, layer: number): Loader | undefined {
  if (flow.decoders.length > 0) return payload(decodePayload(flow.text, flow.decoders), flow, place, layer);
  if (flow.urls.length === 0) return undefined;
  return {
    kind: 'download',
    origin: worstOrigin(flow.urls),
    urls: flow.urls,
    insecure: flow.insecure,
    ...place,
  };
}

function payload(decoded: string | undefined, flow: Flow, place: Place, layer: number): Loader {
  const inner =
    decoded === undefined || layer >= maxLayers
      ? []
      : loadersOf(splitShell(decoded), decoded.length, layer + 1);
  const urls = [...flow.urls, ...inner.flatMap((one) => one.urls)];
  const deepest = inner.find((one) => one.decoded !== undefined)?.decoded;
  const shown = deepest === undefined ? decoded : `${decoded} → ${deepest}`;
  return {
    kind: 'payload',
    origin: worstOrigin(urls),
    urls,
    insecure: flow.insecure,
    ...(shown !== undefined && { decoded: shown }),
    ...place,
  };
}

/** `mkfifo f; cat f | sh -i | nc HOST PORT > f`: they carry a shell to where it is not. */
const connectors = new Set('nc ncat netcat nc.traditional nc.openbsd telnet socat openssl'.split(' '));

function reverseShell(place: Place): Loader {
  return { kind: 'reverse-shell', origin: 'variable', urls: [], insecure: false, ...place };
}

const shells = new Set('sh bash dash ash ksh zsh mksh'.split(' '));
const interpreter = /^(?:python|pypy|perl|ruby|node|nodejs|php|lua)[\d.]*$/;

/** Runs what it reads: `sh`, `bash -s -- x`, `python3 -`. */
function readsProgram(command: Command): boolean {
  const words = programName(command.words[0]) === 'busybox' ? command.words.slice(1) : command.words;
  const name = programName(words[0]);
  if (!shells.has(name) && !interpreter.test(name))
    return name === 'source' || name === '.' ? isInput(words[1]) : false;
  const args = words.slice(1);
  if (
    args.some(
      (arg) => /^-[a-z]*[ecm]$/.test(arg) && (arg !== '-e' || !shells.has(name)) && !/^-[a-z]*s/.test(arg),
    )
  )
    return false;
  const first = args.find((arg) => !/^[-+]./.test(arg) && arg !== 'pipefail');
  return first === undefined || isInput(first) || args.some((arg) => /^-[a-z]*s$/.test(arg));
}

function isInput(path: string | undefined): boolean {
  return path === '-' || path === '/dev/stdin' || path === '/dev/fd/0' || path === '/proc/self/fd/0';
}

/** `sh -c "$(curl …)"`, `bash <(curl …)`, `eval`, code that fetches or decodes, and reverse shells. */
function ofWords(command: Command, place: Place, layer: number): Loader | undefined {
  if (isReverseShell(command)) return reverseShell(place);
  const name = programName(command.words[0]);
  const runs = shells.has(name) || interpreter.test(name) || ['eval', 'source', '.', 'exec'].includes(name);
  const words = runs ? command.words.slice(1) : command.words.slice(0, 1);
  for (const word of words) {
    if (!/^\s*(?:\$\(|<\(|`)/.test(word)) continue;
    const inner = splitShell(word).filter((one) => one.depth > 0);
    const flow = unwrapCommands(inner).reduce((sum, one) => nextFlow(sum, one, place.offset), noFlow);
    const found = ofFlow(flow, place, layer);
    if (found !== undefined) return found;
  }
  return interpreter.test(name) ? ofCode(command, place, layer) : undefined;
}

/** `python -c "exec(urlopen('…').read())"`, `perl -e 'eval decode_base64("…")'`. */
function ofCode(command: Command, place: Place, layer: number): Loader | undefined {
  const flag = command.words.findIndex((word) => /^-[a-zA-Z]{0,3}[cerE]$/.test(word));
  const code = flag < 1 ? '' : (command.words[flag + 1] ?? '').slice(0, 64 * 1024);
  if (!/\b(?:exec|eval|system|popen|Popen|subprocess|spawn|passthru|shell_exec|compile)\b/.test(code))
    return undefined;
  const hidden = payloadOfCode(code);
  if (hidden !== undefined) return payload(hidden, noFlow, place, layer);
  if (
    !/urlopen|urlretrieve|requests\.get|LWP|HTTP::Tiny|Net::HTTP|open-uri|https?\.get|file_get_contents|fetch\(/.test(
      code,
    )
  ) {
    return undefined;
  }
  const urls = [...code.matchAll(/\b(?:https?|ftp):\/\/[^\s'"\\)]{1,2000}/g)]
    .map((match) => match[0])
    .slice(0, 20);
  return urls.length === 0
    ? undefined
    : { kind: 'download', origin: worstOrigin(urls), urls, insecure: false, ...place };
}

/** A file that the same text downloaded before: `./x`, `/tmp/x`, `sh x`. */
function ofFile(
  command: Command,
  downloaded: ReadonlyMap<string, { readonly urls: readonly string[]; readonly insecure: boolean }>,
  place: Place,
): Loader | undefined {
  if (downloaded.size === 0) return undefined;
  const [program = ''] = command.words;
  const name = programName(program);
  const runs = shells.has(name) || interpreter.test(name) || name === '.' || name === 'source';
  const file = runs
    ? command.words.slice(1).find((word) => !word.startsWith('-'))
    : program.includes('/')
      ? program
      : undefined;
  const source = file === undefined || file === '' ? undefined : downloaded.get(baseName(file));
  if (source === undefined) return undefined;
  return {
    kind: 'download',
    origin: worstOrigin(source.urls),
    urls: source.urls,
    insecure: source.insecure,
    ...place,
  };
}

function baseName(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}
