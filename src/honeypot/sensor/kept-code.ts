/**
 * Code that is loaded when the process may read no file any more (`later.ts`). A process that finds none kept watches
 * what it loads, loads everything, and writes it to a file beside the compiled code, without types, which another
 * process opens before it gives up its rights and reads when a visitor needs it. The file is valid for as long as
 * nothing that the writer loaded has changed.
 */
import { hash } from 'node:crypto';
import {
  closeSync,
  fstatSync,
  openSync,
  readFileSync,
  readSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import {
  getCompileCacheDir,
  type LoadFnOutput,
  type ModuleFormat,
  registerHooks,
  stripTypeScriptTypes,
} from 'node:module';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { loadAll, loadThrough, type Through } from '../later.ts';

export interface Code {
  /** Whether there was a file of it. */
  readonly isKept: boolean;
  /**
   * Before the process gives up its rights. What is loaded later is read from the file; where there was none, everything
   * is loaded now and written for the next process.
   */
  keep(): Promise<void>;
}

/** URL, bytes, milliseconds of the last change. */
type Stamp = readonly [string, number, number];

interface Module {
  readonly format: ModuleFormat;
  readonly source: string;
}

interface Kept {
  /** By URL. */
  readonly modules: Readonly<Record<string, Module>>;
  /** Where they lead, by importing module and specifier: to another of them, or to what was loaded at once. */
  readonly imports: Readonly<Record<string, Readonly<Record<string, string>>>>;
}

/** @returns undefined where none is kept, or of other code */
export function openKeptCode(decoy: string): Code | undefined {
  const path = pathOf(decoy);
  if (path === undefined) return undefined;
  try {
    const file = openSync(path, 'r');
    const { stamps, size, from } = readHead(file);
    if (fstatSync(file).size === from + size && stamps.every(isAsItWas))
      return { isKept: true, keep: async () => loadThrough(throughFile(file, from)) };
    closeSync(file);
  } catch {
    // Not there, or cut off.
  }
  return undefined;
}

function throughFile(file: number, from: number): Through {
  return async (load) => {
    const { modules, imports } = readBody(file, from);
    const hooks = registerHooks({
      resolve(specifier, context, next) {
        const url = imports[context.parentURL ?? '']?.[specifier];
        return url === undefined
          ? next(specifier, context)
          : { url, format: modules[url]?.format, shortCircuit: true };
      },
      load(url, context, next) {
        const module = modules[url];
        return module === undefined ? next(url, context) : { ...module, shortCircuit: true };
      },
    });
    try {
      return await load();
    } finally {
      hooks.deregister();
    }
  };
}

/** Before anything is loaded that matters. */
export function watchCode(decoy: string): Code {
  const imports: Record<string, Record<string, string>> = {};
  /** What the next process loads anyway, as it is the same code. */
  const atOnce: string[] = [];
  const modules: Record<string, Module> = {};
  let isLater = false;
  const hooks = registerHooks({
    resolve(specifier, context, next) {
      const resolved = next(specifier, context);
      if (isLater && context.parentURL !== undefined && isFile(resolved.url)) {
        imports[context.parentURL] ??= {};
        imports[context.parentURL]![specifier] = resolved.url;
      }
      return resolved;
    },
    load(url, context, next) {
      const output = next(url, context);
      if (!isFile(url)) return output;
      if (!isLater) {
        atOnce.push(url);
        return output;
      }
      const module = moduleOf(url, output);
      modules[url] = module;
      return { ...module, shortCircuit: true };
    },
  });
  return {
    isKept: false,
    async keep() {
      isLater = true;
      await loadAll();
      hooks.deregister();
      const path = pathOf(decoy);
      if (path === undefined) return;
      const stamps = [...atOnce, ...Object.keys(modules)].map(stampOf);
      write(path, stamps, { modules, imports });
    },
  };
}

function moduleOf(url: string, { format, source }: LoadFnOutput): Module {
  // Of a module for `require` there is no source.
  const text =
    source instanceof Uint8Array ? Buffer.from(source).toString() : readFileSync(fileURLToPath(url), 'utf8');
  if (format === 'module-typescript') return { format: 'module', source: stripTypeScriptTypes(text) };
  if (format === 'module' || format === 'commonjs' || format === 'json') return { format, source: text };
  throw new Error(`${url} cannot be loaded later: it is ${format}`);
}

/** Bytes that are read at once. */
const piece = 64 * 1024;

/** A line of JSON; the body is all that follows. */
interface Head {
  readonly stamps: readonly Stamp[];
  /** Bytes of the body. */
  readonly size: number;
}

function readHead(file: number): Head & { readonly from: number } {
  const pieces: Buffer[] = [];
  for (let at = 0; ; at += piece) {
    const bytes = Buffer.alloc(piece);
    const count = readSync(file, bytes, 0, piece, at);
    const end = bytes.subarray(0, count).indexOf(0x0a);
    pieces.push(bytes.subarray(0, end < 0 ? count : end));
    if (end >= 0) return { ...(JSON.parse(Buffer.concat(pieces).toString()) as Head), from: at + end + 1 };
    if (count < piece) throw new Error('it has no head');
  }
}

function readBody(file: number, from: number): Kept {
  const bytes = Buffer.alloc(fstatSync(file).size - from);
  for (let at = 0; at < bytes.length; ) {
    const count = readSync(file, bytes, at, bytes.length - at, from + at);
    if (count === 0) throw new Error('the kept code was cut off');
    at += count;
  }
  return JSON.parse(bytes.toString()) as Kept;
}

/** A disk that is full, or not to be written, costs the memory of all code and nothing else. */
function write(path: string, stamps: readonly Stamp[], kept: Kept): void {
  const draft = `${path}.${process.pid}`;
  try {
    const body = JSON.stringify(kept);
    const head: Head = { stamps, size: Buffer.byteLength(body) };
    writeFileSync(draft, `${JSON.stringify(head)}\n${body}`, { mode: 0o600 });
    renameSync(draft, path);
  } catch {
    rmSync(draft, { force: true });
  }
}

/** Of this version of Node and this installation; beside the code that Node compiled, where nobody else may write. */
function pathOf(decoy: string): string | undefined {
  const folder = getCompileCacheDir();
  const installation = hash('sha256', import.meta.url).slice(0, 8);
  return folder === undefined ? undefined : join(folder, `later-${decoy}-${installation}.json`);
}

function isFile(url: string): boolean {
  return url.startsWith('file:');
}

function stampOf(url: string): Stamp {
  const { size, mtimeMs } = statSync(fileURLToPath(url));
  return [url, size, mtimeMs];
}

function isAsItWas([url, size, mtimeMs]: Stamp): boolean {
  const now = statSync(fileURLToPath(url));
  return now.size === size && now.mtimeMs === mtimeMs;
}
