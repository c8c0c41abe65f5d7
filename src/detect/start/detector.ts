/**
 * What scripts, units, crontabs and profiles would start. Makes no findings: its facts are for the judge's
 * walk (`scan/reach.ts`), which tells whether what other detectors found would ever run.
 */
import { decodeLossless } from '../../model/printable.ts';
import type { Anchor, Detection, Detector, FileRecord, OpenFile, StartFact } from '../detector.ts';
import { nothing } from '../detector.ts';
import { looksLikePath } from './command.ts';
import { draftFact } from './fact.ts';
import { companionUnit, readFormat, splitFormat } from './formats.ts';
import { startPlace } from './locations.ts';
import { moduleFact, programFact } from './program-text.ts';
import { factOf, shellFact } from './shell-script.ts';

/** What a module of a language has that starts other programs. */
const starters: Readonly<Record<string, Anchor>> = Object.fromEntries(
  [
    ...[
      'subprocess',
      'system(',
      'popen',
      'exec(',
      'execv',
      'execl',
      'execfile',
      'execsync',
      'exec "',
      "exec '",
    ],
    ...['spawn', 'child_process', 'fork(', 'Command(', 'ctypes'],
  ].map((text) => [text, { text, nocase: true, kinds: ['script', 'text'] }]),
);

/** Larger programs are mostly data; larger texts that nothing calls a program always are. */
const maxSize = 4 * 1024 * 1024;
const maxPlain = 64 * 1024;

export const startDetector: Detector = {
  name: 'start',
  version: 3,
  needs: 'path',
  findings: [],
  anchors: starters,
  wants,
  leaves: (file) => isText(file) && !wants(file),
  inspect,
};

function wants(file: FileRecord): boolean {
  if (!isText(file) || file.size > maxSize) return false;
  if (isProgram(file)) return true;
  return file.size <= maxPlain && isPlain(file.path);
}

function isText({ kind, size }: FileRecord): boolean {
  return size > 0 && (kind === 'script' || kind === 'text');
}

/** A text that says it is a program, or starts one. */
function isProgram({ path, kind }: FileRecord): boolean {
  return kind === 'script' || startPlace(path) !== undefined || programSource.test(path);
}

const programSource = /\.(?:py|js|mjs|cjs|ts|rb|pl|php|lua|sh|bash)$|\/(?:package\.json|Makefile|\.env)$/;

const documentation =
  /^\/usr\/(?:local\/)?share\/(?:doc|man|info|locale|perl5?|vim|emacs|zsh|bash-completion)\//;

/**
 * What a shell sources or an interpreter is told to run may have any name, or that of a setting. Among libraries and
 * documentation are thousands of other texts, and what is sourced from there has a name for it.
 */
function isPlain(path: string): boolean {
  const name = path.slice(path.lastIndexOf('/') + 1);
  if (/functions$|^(?:os-release|confmodule)$/.test(name)) return true;
  return !libraries.test(path) && !documentation.test(path) && (!name.includes('.') || settings.test(name));
}

const settings = /\.(?:conf|cfg|cnf|ini|inc|env|profile|rc|defaults?|subr)$/;

/** Modules of languages come in thousands, and most can start nothing: those are not read. */
function isModule({ path, mode, kind }: FileRecord): boolean {
  if (!module.test(path) || (kind === 'script' && (mode & 0o111) !== 0)) return false;
  return libraries.test(path) || documentation.test(path);
}

const module = /\.(?:py|js|mjs|cjs|ts|rb|pl)$/;
const libraries = /^\/usr\/(?:lib|share)\/|\/(?:node_modules|site-packages|dist-packages|vendor\/bundle)\//;

function inspect(file: OpenFile): Detection {
  if (file.offset > 0) return nothing;
  const isPart = isModule(file);
  if (isPart && !canStart(file)) return nothing;
  const text = textOf(file.bytes);
  const fact = isPart ? moduleFact(text) : startFact(text, file.path);
  if (fact.refs.length + fact.commands.length === 0) return nothing;
  return { ...nothing, start: isProgram(file) ? fact : { ...fact, plain: true } };
}

function canStart(file: OpenFile): boolean {
  const isPerl = file.path.endsWith('.pl');
  return (
    Object.keys(starters).some((name) => file.hits(name).length > 0) ||
    (isPerl && ['`', 'qx', 'open'].some((one) => file.bytes.includes(one)))
  );
}

/** Longer text is read loosely where it is no UTF-8: names of such bytes are not found from there. */
const exactSize = 256 * 1024;

/** A shell does not come to what an archive behind its script holds. */
function textOf(bytes: Buffer): string {
  const end = bytes.indexOf(0);
  const text = end < 0 ? bytes : bytes.subarray(0, end);
  return text.length <= exactSize ? decodeLossless(text) : text.toString('utf8');
}

/** @param text as `decodeLossless` gives it, so that paths in it are those of the file system */
export function startFact(text: string, path: string): StartFact {
  const place = startPlace(path);
  if (place !== undefined && place.format !== 'shell') {
    const draft = draftFact();
    const companion = companionUnit(path);
    if (companion !== undefined) draft.ref(companion);
    for (const ref of readFormat(text, place.format, path).refs) if (looksLikePath(ref)) draft.ref(ref);
    draft.add(factOf(splitFormat(text, place.format, path), path));
    return draft.fact();
  }
  if (path.endsWith('/package.json')) return packageFact(text, path);
  const language = languageOf(text, path);
  if (language === 'shell') return shellFact(text, path);
  if (language === 'program') return programFact(text, path);
  const draft = draftFact();
  draft.add(shellFact(text, path));
  draft.add(programFact(text, path));
  return draft.fact();
}

function languageOf(text: string, path: string): 'shell' | 'program' | 'either' {
  const first = text.startsWith('#!') ? (text.slice(2, 200).split('\n', 1)[0] ?? '') : '';
  if (/python|perl|ruby|node|php|lua|deno|bun|tclsh|expect|pypy/.test(first)) return 'program';
  if (first !== '') return 'shell';
  if (/\.(?:py|js|mjs|cjs|ts|rb|pl|php|lua)$/.test(path)) return 'program';
  return isPlain(path) && startPlace(path) === undefined ? 'either' : 'shell';
}

/** `npm start` may run any of its scripts; `main` is what `node .` runs. */
function packageFact(text: string, path: string): StartFact {
  const parsed = parseObject(text);
  const scripts = isObject(parsed.scripts) ? Object.values(parsed.scripts) : [];
  const draft = draftFact();
  if (typeof parsed.main === 'string') draft.ref(`./${parsed.main}`);
  for (const script of scripts) {
    if (typeof script === 'string')
      for (const words of shellFact(script, path).commands) draft.command(words);
  }
  return draft.fact();
}

function parseObject(text: string): { readonly scripts?: unknown; readonly main?: unknown } {
  try {
    const parsed: unknown = JSON.parse(text);
    return isObject(parsed) ? parsed : {};
  } catch {
    return {};
  }
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
