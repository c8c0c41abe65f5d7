/**
 * What a Python, JavaScript, Perl, Ruby or PHP program starts. No grammar: quoted strings that look like
 * paths, local modules, and the strings in calls that run programs. One pass, linear.
 */
import { type Command, splitShell } from '../../indicator/shell.ts';
import type { StartFact } from '../detector.ts';
import { isKeyMaterial, withoutSecrets } from '../secrets/without-secrets.ts';
import { looksLikePath } from './command.ts';
import { draftFact, type FactDraft } from './fact.ts';

/** Longest string that can be a path or command here; a longer one is data. */
const maxString = 1024;
/** How far behind a call its strings are looked for, in characters. */
const callWindow = 2048;

/** @param path of the program; modules it imports are looked for beside it */
export function programFact(text: string, path: string): StartFact {
  const draft = draftFact();
  const folder = path.slice(0, path.lastIndexOf('/'));
  for (const ref of quotedPaths(text)) draft.ref(ref);
  for (const ref of localModules(text, folder)) draft.ref(ref);
  addCalls(draft, text);
  return draft.fact();
}

/** Of a module in a library: what it runs. Its strings and what it imports would lead through the whole library. */
export function moduleFact(text: string): StartFact {
  const draft = draftFact();
  addCalls(draft, text);
  return draft.fact();
}

function addCalls(draft: FactDraft, text: string): void {
  for (const { words } of calledCommands(text)) if (words.length > 0) draft.command(words);
}

/** Strings in one line that name a file, by directory or by an extension that is read or run. */
function* quotedPaths(text: string): Iterable<string> {
  for (const { value, from } of strings(text, 0, text.length)) {
    if (!looksLikePath(value) || (!value.includes('/') && !runnable.test(value))) continue;
    if (!isSecret(text, from, value)) yield value;
  }
}

/** Base64 has slashes, and some tokens have dots: those are told by their form, or by the name they are given to. */
function isSecret(text: string, from: number, value: string): boolean {
  if (isKeyMaterial(value)) return true;
  if (value.length < shortestSecret || value.startsWith('/') || value.startsWith('.')) return false;
  const named = text.slice(Math.max(0, from - nameWindow), from) + value;
  return !withoutSecrets(named).endsWith(value);
}

/** Of those that can be taken for a path, in characters. */
const shortestSecret = 20;
/** Where the name of a variable stands, in characters before its value. */
const nameWindow = 60;

const runnable =
  /\.(?:json|ya?ml|toml|ini|conf|cfg|sh|py|pyc|js|mjs|cjs|rb|pl|php|so|bin|exe|elf|jar|dat|txt)$/;

/** `import x`, `from x import y` of Python; `require('./x')` is a quoted path already. */
function* localModules(text: string, folder: string): Iterable<string> {
  const statement = /^[ \t]{0,16}(?:import|from)[ \t]{1,4}(\.{0,2}[\w.]{1,100})/gm;
  for (let match = statement.exec(text); match !== null; match = statement.exec(text)) {
    const name = (match[1] ?? '').replace(/^\.+/, '').replaceAll('.', '/');
    if (name !== '') yield `${folder}/${name}.py`;
  }
}

const runner =
  /\b(?:system|popen|Popen|exec[lv]?[pe]{0,2}|spawn[lv]?[pe]{0,2}|execSync|spawnSync|execFile|execFileSync|fork|check_output|check_call|getoutput|getstatusoutput|subprocess\.(?:run|call)|shell_exec|passthru|proc_open|create_subprocess_(?:exec|shell)|execute)[ \t]{0,4}[(\s]/g;

/**
 * What calls that run programs are given: one string, or one with blanks, is shell text; several are an argument list.
 * Offsets are those of the call's end.
 */
export function* calledCommands(text: string): Iterable<Command> {
  runner.lastIndex = 0;
  for (let match = runner.exec(text); match !== null; match = runner.exec(text)) {
    const found = callStrings(text, runner.lastIndex);
    if (found.length === 0) continue;
    const first = found[0] ?? '';
    const offset = runner.lastIndex;
    if (found.length > 1 && !/\s/.test(first))
      yield { words: found, assignments: {}, offset, joined: '', redirects: [], depth: 0 };
    else for (const command of splitShell(first)) yield { ...command, offset };
  }
}

/** The strings of a call's arguments: up to the end of the statement, at most 50. */
function callStrings(text: string, start: number): readonly string[] {
  const found: string[] = [];
  let end = start;
  for (const { value, from, to } of strings(text, start, Math.min(text.length, start + callWindow))) {
    const between = text.slice(end, from);
    if (/[;)]/.test(between) || (between.includes('\n') && !/[,([{]/.test(between)) || found.length >= 50)
      break;
    found.push(value);
    end = to;
  }
  return found;
}

interface Quoted {
  readonly value: string;
  readonly from: number;
  readonly to: number;
}

/** Strings in single, double or back quotes, without line breaks. */
function* strings(text: string, start: number, end: number): Iterable<Quoted> {
  const quote = /["'`]/g;
  quote.lastIndex = start;
  for (let match = quote.exec(text); match !== null && match.index < end; match = quote.exec(text)) {
    const from = match.index;
    let to = from + 1;
    while (to < text.length && to - from <= maxString && text[to] !== match[0] && text[to] !== '\n') {
      to += text[to] === '\\' ? 2 : 1;
    }
    if (text[to] !== match[0]) {
      quote.lastIndex = from + 1;
      continue;
    }
    yield { value: text.slice(from + 1, to).replace(/\\(.)/g, '$1'), from, to: to + 1 };
    quote.lastIndex = to + 1;
  }
}
