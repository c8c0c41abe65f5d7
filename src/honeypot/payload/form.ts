/**
 * Which form a text has, by its first signs: JSON, an HTTP request, a form, commands of Redis, code, a Dockerfile, a
 * description of pods. What is none of these is read as shell text.
 */
import { languageOf } from './code.ts';
import type { Language } from './code-token.ts';
import { piecesOfJson } from './json.ts';
import type { Piece } from './piece.ts';

/** The parts of a text in a form of its own; `undefined` for shell text. */
export function piecesOf(text: string): readonly Piece[] | undefined {
  return (
    piecesOfJson(text) ??
    piecesOfRequest(text) ??
    piecesOfForm(text) ??
    piecesOfRedis(text) ??
    piecesOfCode(text) ??
    piecesOfDockerfile(text) ??
    piecesOfPods(text)
  );
}

/** Target, body, and those headers that hold more than they should. */
function piecesOfRequest(text: string): readonly Piece[] | undefined {
  const line = /^[A-Z]{3,10} (\S{1,16384}) HTTP\/1\.[01]\r?\n/.exec(text);
  if (line === null) return undefined;
  const end = /\r?\n\r?\n/.exec(text);
  const head = text.slice(line[0].length, end?.index ?? text.length);
  const headers = head
    .split('\n')
    .slice(0, 200)
    .map((header) => header.slice(header.indexOf(':') + 1).trim())
    .filter((value) => injected.test(value));
  const body = end === null ? '' : text.slice(end.index + end[0].length);
  const target = line[1] ?? '';
  return [
    ...(piecesOfForm(target) ?? [{ kind: 'value', text: target } as const]),
    ...headers.map((value) => ({ kind: 'value', text: withoutLookups(value) }) as const),
    ...(body === '' ? [] : [{ kind: 'value', text: body } as const]),
  ];
}

/** A look-up of Log4j, a function of bash (CVE-2014-6271), a command behind a separator. */
const injected =
  /\$[{(]|\(\)\s?\{|[;|&`]\s{0,4}(?:curl|wget|sh|bash|cd|rm|echo|nc|ping|chmod|python3?|perl|tftp|\/\w{1,8}\/)\b/;

/** `${${lower:j}ndi:${::-l}dap://host/x}`: what each inner look-up of Log4j comes to. */
function withoutLookups(text: string): string {
  let plain = text;
  for (let round = 0; round < 5 && plain.includes('${'); round++)
    plain = plain.replace(/\$\{(?:lower|upper|[\w:.-]{0,60}:-)[:]?([^${}:]{1,100})\}/g, '$1');
  return plain;
}

/** `cmd=curl%20http%3A%2F%2F192.0.2.1&x=y`, a path with a query: each value. */
function piecesOfForm(text: string): readonly Piece[] | undefined {
  if (
    text.length > 65_536 ||
    !/^\S+\s?$/.test(text) ||
    (!/%[\da-fA-F]{2}/.test(text) && !plusForBlank.test(text))
  )
    return undefined;
  const values = text
    .split(/[?&]/, 200)
    .map((pair) => percentDecoded(pair.replace(/^[\w.[\]-]{1,100}=/, '')));
  return [...new Set(values)]
    .filter((value) => value !== text)
    .map((value) => ({ kind: 'value', text: withoutLookups(value) }));
}

/** A command whose blanks are written as in a form; elsewhere the sign means itself. */
const plusForBlank = /(?:^|[=?;|&`(])(?:wget|curl|cd|sh|bash|rm|chmod|echo|cat|busybox|tftp|nc|ls|uname)\+/;

function percentDecoded(text: string): string {
  const bytes = text
    .replaceAll('+', ' ')
    .replace(/(?:%[\da-fA-F]{2})+/g, (run) => Buffer.from(run.replaceAll('%', ''), 'hex').toString('utf8'));
  return bytes.trim();
}

/** `*3\r\n$3\r\nSET\r\n…`: commands as clients of Redis send them. */
function piecesOfRedis(text: string): readonly Piece[] | undefined {
  if (!/^\*\d{1,4}\r\n\$\d{1,7}\r\n/.test(text)) return undefined;
  const pieces: Piece[] = [];
  const head = /\*(\d{1,4})\r\n/y;
  const size = /\$(\d{1,7})\r\n/y;
  for (let at = 0; at < text.length && pieces.length < 200; ) {
    head.lastIndex = at;
    const count = Number(head.exec(text)?.[1] ?? 0);
    if (count === 0) break;
    at = head.lastIndex;
    const words: string[] = [];
    while (words.length < count) {
      size.lastIndex = at;
      const length = size.exec(text)?.[1];
      if (length === undefined) break;
      at = size.lastIndex + Number(length) + 2;
      words.push(text.slice(size.lastIndex, at - 2));
    }
    if (words.length === 0) break;
    pieces.push({ kind: 'arguments', words });
  }
  return pieces;
}

/** A call that runs a command, in a text of any language: `io.popen("…")`, `Runtime.getRuntime().exec("…")`. */
export function calledIn(text: string): Piece | undefined {
  if (!/(?:exec|system|popen|passthru|ProcessBuilder|execute|spawn)\s{0,4}\(/.test(text)) return undefined;
  const language = /<\?php|\$_[A-Z]|passthru|shell_exec/.test(text) ? 'php' : 'node';
  return { kind: 'code', language, text };
}

const signs: readonly (readonly [RegExp, Language])[] = [
  [/^\s{0,100}<\?(?:php\b|=)/, 'php'],
  [/^\s{0,100}use (?:strict|warnings|Socket|IO::Socket)\b/, 'perl'],
  [/^(?:from [\w.]{1,60} import |import \w[\w., ]{0,80}[;\r\n])/m, 'python'],
];

/** By the interpreter that its first line names, or by what its language begins with. */
function piecesOfCode(text: string): readonly Piece[] | undefined {
  const [first = '', program = '', argument = ''] =
    /^\s{0,20}#!\s?(\S{1,100})(?:[ \t]{1,4}(?:-S[ \t]{1,4})?(\w[\w.]{0,30}))?/.exec(text) ?? [];
  const named = languageOf(program) ?? (program.endsWith('/env') ? languageOf(argument) : undefined);
  if (named === undefined && first !== '') return undefined;
  const beginning = text.slice(0, 8192);
  const language =
    named ?? signs.find(([pattern]) => pattern.test(beginning))?.[1] ?? languageOfCall(beginning);
  return language === undefined ? undefined : [{ kind: 'code', language, text }];
}

/** `requests.put("…", headers=…)`, as cells have it: a shell would join what is behind the quotes to the URL. */
function languageOfCall(text: string): Language | undefined {
  const begins =
    /^\s{0,100}(?:[A-Za-z_]\w{0,60}\s{0,4}=\s{0,4})?[A-Za-z_]\w{0,60}(?:\.[A-Za-z_]\w{0,60}){1,5}\(/;
  return begins.test(text) && calledIn(text) === undefined ? 'python' : undefined;
}

function piecesOfDockerfile(text: string): readonly Piece[] | undefined {
  if (!/^\s{0,100}(?:(?:#|ARG )[^\n]{0,500}\n\s{0,100}){0,50}FROM[ \t]+\S/.test(text)) return undefined;
  const pieces: Piece[] = [];
  for (const line of withoutBreaks(text).slice(0, 2000)) {
    const [, instruction = '', rest = ''] = /^\s{0,8}([A-Za-z]{3,11})[ \t]+(.*)$/.exec(line) ?? [];
    if (/^FROM$/i.test(instruction))
      pieces.push({ kind: 'image', name: /^(?:--\S+\s+)?(\S+)/.exec(rest)?.[1] ?? '' });
    else if (/^(?:RUN|CMD|ENTRYPOINT)$/i.test(instruction))
      pieces.push(listed(rest) ?? { kind: 'shell', text: rest });
    else if (rest !== '') pieces.push({ kind: 'value', text: rest });
  }
  return pieces;
}

/** Lines, those that end in a backslash with what follows. */
function withoutBreaks(text: string): readonly string[] {
  return text.replace(/\\\r?\n/g, ' ').split('\n');
}

/** YAML of Kubernetes and Compose, line by line: images, lists of arguments, and values that are commands. */
function piecesOfPods(text: string): readonly Piece[] | undefined {
  if (!/^(?:apiVersion|kind|services):[ \t\r\n]/m.test(text)) return undefined;
  const pieces: Piece[] = [];
  for (const line of text.split('\n').slice(0, 5000)) {
    const [, key = '', value = ''] =
      /^[ \t-]{0,200}(?:["']?([\w.-]{1,60})["']?:(?:[ \t]+|$))?(.*)$/.exec(line) ?? [];
    const plain = value.trim().replace(/^(["'])(.*)\1$/, '$2');
    if (key === 'image') pieces.push({ kind: 'image', name: plain });
    else if (plain.length > 4) pieces.push(listed(plain) ?? { kind: 'value', text: plain });
  }
  return pieces;
}

/** `["sh", "-c", "…"]`. */
function listed(text: string): Piece | undefined {
  if (!/^\s{0,8}\[\s{0,8}"/.test(text)) return undefined;
  try {
    const words: unknown = JSON.parse(text);
    return Array.isArray(words) && words.every((word) => typeof word === 'string')
      ? { kind: 'arguments', words }
      : undefined;
  } catch {
    return undefined;
  }
}
