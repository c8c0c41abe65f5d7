/**
 * What scripts, units, crontabs and profiles would start. Makes no findings: its facts are for the judge's
 * walk (`scan/reach.ts`), which tells whether what other detectors found would ever run.
 */
import type { Detection, Detector, FileRecord, OpenFile, StartFact } from '../detector.ts';
import { nothing } from '../detector.ts';
import { looksLikePath } from './command.ts';
import { companionUnit, readFormat, splitFormat } from './formats.ts';
import { startPlace } from './locations.ts';
import { programFact } from './program-text.ts';
import { factOf, maxCommands, maxRefs, shellFact } from './shell-script.ts';

/** Larger files are data or generated (CONTRACT: start-path facts of scripts of at most 256 KiB). */
const maxSize = 256 * 1024;

export const startDetector: Detector = {
  name: 'start',
  version: 1,
  needs: 'path',
  findings: [],
  wants,
  inspect,
};

function wants(file: FileRecord): boolean {
  if (file.size === 0 || file.size > maxSize || (file.kind !== 'script' && file.kind !== 'text'))
    return false;
  if (startPlace(file.path) !== undefined) return true;
  if (documentation.test(file.path)) return false;
  const library = libraries.test(file.path);
  if (file.kind === 'script') return (file.mode & 0o111) !== 0 || !library;
  return !library && programSource.test(file.path);
}

/** Nothing below these is started by itself. */
const documentation =
  /^\/usr\/(?:local\/)?share\/(?:doc|man|info|locale|perl5?|vim|emacs|zsh|bash-completion)\//;
/** Packages of interpreters: what they start, the program that loads them starts. */
const libraries = /^\/usr\/(?:lib|share)\/|\/(?:node_modules|site-packages|dist-packages|vendor\/bundle)\//;
/** Text that is a program (or starts one) although it has no `#!`. */
const programSource = /\.(?:py|js|mjs|cjs|ts|rb|pl|php|lua|sh|bash)$|\/(?:package\.json|Makefile|\.env)$/;

function inspect(file: OpenFile): Detection {
  if (file.offset > 0) return nothing;
  const fact = startFact(file.bytes.toString('latin1'), file.path);
  return fact.refs.length + fact.commands.length === 0 ? nothing : { ...nothing, start: fact };
}

/** @param text decoded as latin1, so that offsets are bytes and nothing is lost */
export function startFact(text: string, path: string): StartFact {
  const place = startPlace(path);
  if (place !== undefined && place.format !== 'shell') {
    const { refs } = readFormat(text, place.format, path);
    const fact = factOf(splitFormat(text, place.format, path), path);
    const companion = companionUnit(path);
    const all = [
      ...(companion === undefined ? [] : [companion]),
      ...refs.filter(looksLikePath),
      ...fact.refs,
    ];
    return { refs: all.slice(0, maxRefs), commands: fact.commands };
  }
  if (path.endsWith('/package.json')) return packageFact(text, path);
  const language = languageOf(text, path);
  return language === 'shell' ? shellFact(text, path) : programFact(text, path);
}

function languageOf(text: string, path: string): 'shell' | 'program' {
  const first = text.startsWith('#!') ? (text.slice(2, 200).split('\n', 1)[0] ?? '') : '';
  if (/python|perl|ruby|node|php|lua|deno|bun|tclsh|expect|pypy/.test(first)) return 'program';
  if (first !== '') return 'shell';
  return /\.(?:py|js|mjs|cjs|ts|rb|pl|php|lua)$/.test(path) ? 'program' : 'shell';
}

/** `npm start` may run any of its scripts; `main` is what `node .` runs. */
function packageFact(text: string, path: string): StartFact {
  const parsed = parseObject(text);
  const scripts = isObject(parsed.scripts) ? Object.values(parsed.scripts) : [];
  const commands = scripts
    .filter((script) => typeof script === 'string')
    .slice(0, maxCommands)
    .flatMap((script) => shellFact(script, path).commands);
  const main = parsed.main;
  const refs = typeof main === 'string' ? [`./${main}`] : [];
  return { refs, commands: commands.slice(0, maxCommands) };
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
