/**
 * What a one-liner or small program in Python, Perl, Ruby, PHP, JavaScript, Lua or awk runs, fetches and connects to:
 * `python -c "exec(base64.b64decode('…'))"`, `perl -e 'system(pack("H*", "…"))'`, a socket and a shell.
 */
import { programName } from '../../indicator/shell-unwrap.ts';
import type { Value } from './code-function.ts';
import { type Node, parseCode } from './code-syntax.ts';
import { type Language, type Token, tokensOf } from './code-token.ts';
import { type Call, evaluateCode } from './code-value.ts';
import { devicesIn } from './contact.ts';
import type { Piece } from './piece.ts';
import { type Place, placeOf, placesIn } from './place.ts';

export interface CodeReading {
  /** What it hands to a shell, or runs as code again. */
  readonly pieces: readonly Piece[];
  readonly places: readonly Place[];
  /** What it prints, where that is known: the next program in the pipeline may run it. */
  readonly printed?: string;
}

const languages: readonly (readonly [RegExp, Language])[] = [
  [/^(?:python|pypy)[\d.]*$/, 'python'],
  [/^perl[\d.]*$/, 'perl'],
  [/^j?ruby[\d.]*$/, 'ruby'],
  [/^php[\d.]*$/, 'php'],
  [/^(?:node|nodejs|bun|deno)$/, 'node'],
  [/^lua(?:jit)?[\d.]*$/, 'lua'],
  [/^[gmn]?awk$/, 'awk'],
];

/** @param program with or without its path */
export function languageOf(program: string | undefined): Language | undefined {
  const name = programName(program);
  return languages.find(([pattern]) => pattern.test(name))?.[1];
}

/** Code in the arguments of an interpreter: behind `-c`, `-e`, `-r`, for awk the first operand. */
export function inlineCode(language: Language, args: readonly string[]): string | undefined {
  if (language === 'awk') {
    if (args.includes('-f')) return undefined;
    return args.find((arg, at) => !arg.startsWith('-') && !/^-[vF]$/.test(args[at - 1] ?? ''));
  }
  const parts = args.flatMap((arg, at) => {
    if (/^-[a-zA-Z]{0,3}[cerE]$|^--(?:eval|print|run)$/.test(arg)) return [args[at + 1] ?? ''];
    const joined = /^-[a-zA-Z]{0,3}[ceE](.*[\s(;"'].*)$/s.exec(arg)?.[1];
    return joined === undefined ? [] : [joined];
  });
  return parts.length === 0 ? undefined : parts.join('\n');
}

/** Calls that hand their text to a shell, or their list to the system. */
const shells =
  /(?:^|\.)(?:system|popen[234]?|Popen|getoutput|getstatusoutput|check_output|check_call|shell_exec|passthru|proc_open|pcntl_exec|execSync|spawnSync|execFile|execFileSync|spawn|spawn[lv]p?e?|exec[lv]p?e?|create_subprocess_(?:exec|shell)|ProcessBuilder|capture2e?|capture3|os\.execute|execute)$|(?:^|\.)subprocess\.(?:run|call)$/;
/** Runs code in Python, a command elsewhere. */
const exec = /(?:^|\.)exec$/;
const evaluates =
  /(?:^|\.)(?:eval|assert|create_function|Function|instance_eval|class_eval|loadstring|load|runInThisContext|runInNewContext)$/;
const prints = /(?:^|\.)(?:print|puts|echo|say|printf|write|writeln|log)$/;
const opens = /(?:^|\.)open$/;
const connects =
  /(?:^|\.)(?:connect|connect_ex|create_connection|open_connection|fsockopen|pfsockopen|stream_socket_client|createConnection|inet_aton|gethostbyname|inet_pton|sockaddr_in|pack_sockaddr_in|HTTPConnection|HTTPSConnection|Telnet|FTP|socket_connect|getaddrinfo)$|Socket(?:\.(?:INET6?|IP|SSL))?\.(?:new|open|tcp)$/;

export function readCode(language: Language, code: string): CodeReading {
  const tokens = tokensOf(code, language);
  const program: readonly Node[] = parseCode(tokens, language);
  const { calls, texts, shell } = evaluateCode(program);
  const pieces: Piece[] = shell.map((text) => ({ kind: 'shell', text }));
  const places: Place[] = [];
  const printed: string[] = [];
  for (const text of shell) places.push(...placesIn(text));
  for (const call of calls) {
    const given = textsIn(call.args);
    for (const text of given) places.push(...placesIn(text), ...devicesIn(text));
    const [first] = given;
    if (connects.test(call.path)) places.push(...peersOf(given));
    if (first === undefined) continue;
    if (opens.test(call.path)) pieces.push(...pipedOpen(given));
    // `popen(command, "r")`: what runs is not known.
    if (call.args[0] === undefined && given.length < 3) continue;
    const isCode = evaluates.test(call.path) || (exec.test(call.path) && language === 'python');
    if (isCode) pieces.push({ kind: 'code', language, text: first });
    else if (shells.test(call.path) || exec.test(call.path)) pieces.push(commandOf(call, given));
    else if (prints.test(call.path)) printed.push(given.join(''));
  }
  for (const text of texts) places.push(...placesIn(text), ...devicesIn(text));
  if (language === 'awk') pieces.push(...pipes(tokens));
  if (dials.test(code)) places.push(...named(tokens));
  return { pieces, places, ...(printed.length > 0 && { printed: printed.join('\n') }) };
}

/** Texts among arguments, in order, those inside lists as well. */
function textsIn(values: readonly Value[]): readonly string[] {
  return values.flatMap((value) =>
    typeof value === 'string' ? [value] : Array.isArray(value) ? textsIn(value as readonly Value[]) : [],
  );
}

/** One text is a command line, several are an argument list; `execl` names the program twice. */
function commandOf({ path, args }: Call, given: readonly string[]): Piece {
  const [first = ''] = given;
  const isList = given.length > 1 && (Array.isArray(args[0]) || !/\s/.test(first));
  if (!isList) return { kind: 'shell', text: first };
  const again = /exec[lv]p?e?$|spawn[lv]p?e?$/.test(path) && given.length > 2;
  return { kind: 'arguments', words: again ? [first, ...given.slice(2)] : given };
}

/** `open(F, "curl … |")`, `open(F, "-|", "curl …")` of Perl. */
function pipedOpen(given: readonly string[]): readonly Piece[] {
  const [way = '', command = ''] = given.slice(-2).map((text) => text.trim());
  if (way === '-|' || way === '|-') return [{ kind: 'shell', text: command }];
  const piped = given.map((text) => text.trim()).find((text) => text.startsWith('|') || text.endsWith('|'));
  return piped === undefined ? [] : [{ kind: 'shell', text: piped.replace(/^\||\|$/g, '').trim() }];
}

/** `"curl …" | getline`, `print x | "sh"` of awk. */
function pipes(tokens: readonly Token[]): readonly Piece[] {
  const found: Piece[] = [];
  for (const [at, token] of tokens.entries()) {
    if (token.kind !== 'sign' || !/^[|&]/.test(token.value)) continue;
    const next = tokens[at + 1];
    const before = tokens[at - 1];
    const command =
      next?.kind === 'string' ? next : next?.kind === 'name' && next.value === 'getline' ? before : undefined;
    if (command?.kind === 'string' && found.length < 50) found.push({ kind: 'shell', text: command.value });
  }
  return found;
}

/** Hosts that a call is given: `('192.0.2.1', 4444)`, `"192.0.2.1:4444"`, `PeerAddr => "192.0.2.1"`. */
function peersOf(given: readonly string[]): readonly Place[] {
  return given.flatMap((text) => placeOf(text.replace(/^[a-z0-9]{2,8}:\/\//, ''), 'host') ?? []);
}

/** Code that opens connections in one way or another. */
const dials = /socket|connect|fsockopen|PeerAddr|PeerHost|inet_aton|telnetlib|ftplib|\bhost(?:name)?\b/i;

/** In such code an address, or a name with a public suffix, that stands alone in a string. */
function named(tokens: readonly Token[]): readonly Place[] {
  const found: Place[] = [];
  for (const [at, token] of tokens.entries()) {
    if (token.kind !== 'string' || token.value.length > 253 || found.length >= 50) continue;
    const caller = tokens[at - 2];
    if (caller?.kind === 'name' && /^(?:require|import|use|from|open)$/.test(caller.value)) continue;
    const place = /^[\w-]{1,63}(?:\.[\w-]{1,63}){1,10}(?::\d{1,5})?$/.test(token.value)
      ? placeOf(token.value, 'name')
      : undefined;
    if (place !== undefined) found.push(place);
  }
  return found;
}
