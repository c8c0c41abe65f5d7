/** What kind of program a file holds. */
import { contentOf, type File } from '../../files/node.ts';
import type { View } from '../../files/view.ts';
import type { Program } from '../../program.ts';
import { programIn } from '../../systems/program-file.ts';
import type { World } from '../../world.ts';
import { textOf } from '../bytes.ts';
import { ash, bash, type Dialect, dash } from '../dialect.ts';
import { codeAt } from './find.ts';
import type { ProgramLookup } from './kernel.ts';

/** Of System V's e_machine. */
const x86 = 3;
const x86_64 = 62;

export type Image =
  | { readonly kind: 'shell'; readonly dialect: Dialect; readonly args: readonly string[] }
  | { readonly kind: 'program'; readonly program: Program }
  | { readonly kind: 'script'; readonly interpreter: string; readonly argument?: string }
  | { readonly kind: 'text' }
  /** Machine code: one of the system's programs that does nothing here, or what a visitor brought. */
  | { readonly kind: 'machine code'; readonly isOwn: boolean };

export function imageAt(
  programs: ProgramLookup,
  path: string,
  { world, files, args }: { readonly world: World; readonly files: View; readonly args: readonly string[] },
): Image {
  const file = files.stat(path) as File;
  const name = programIn(file.content);
  const dialect = shellOf(world, name, args);
  if (dialect !== undefined) {
    const rest = name === 'busybox' && baseOf(args[0]!) === 'busybox' ? args.slice(1) : args;
    return { kind: 'shell', dialect, args: rest };
  }
  const program = programs(world, files.outsidePath(path));
  if (program !== undefined) return { kind: 'program', program };
  const head = headOf(file);
  if (isElf(head)) return { kind: 'machine code', isOwn: name !== undefined };
  const { interpreter, argument } = interpreterIn(head);
  if (interpreter === undefined) return { kind: 'text' };
  return { kind: 'script', interpreter, ...(argument !== undefined && { argument }) };
}

function headOf(file: File): Uint8Array {
  return contentOf(file).subarray(0, 256);
}

function interpreterIn(head: Uint8Array): {
  interpreter?: string | undefined;
  argument?: string | undefined;
} {
  const [, interpreter, argument] = /^#![ \t]*(\S+)(?:[ \t]+(\S.*?))?[ \t]*(?:\n|$)/.exec(textOf(head)) ?? [];
  return { interpreter, argument };
}

/** Why the kernel would not run a file that is there and executable, as a shell says it, with its exit code. */
export function imageProblem(
  files: View,
  path: string,
  { name }: Dialect,
): { readonly text: string; readonly exitCode: number } | undefined {
  const node = files.stat(path);
  if (node.kind !== 'file' || programIn(node.content) !== undefined) return undefined;
  const head = headOf(node);
  const { interpreter } = interpreterIn(head);
  if (interpreter !== undefined && codeAt(files, interpreter) !== undefined)
    return {
      text: `${path}: ${name === 'bash' ? 'cannot execute: required file not found' : 'not found'}`,
      exitCode: 127,
    };
  if (name === 'ash' || !(isForeign(head) || isBinary(head))) return undefined;
  const what = name === 'bash' ? 'cannot execute binary file: Exec format error' : 'Exec format error';
  return { text: `${path}: ${what}`, exitCode: 126 };
}

/** A NUL on the first line, and no machine code of this processor. */
export function isBinary(head: Uint8Array): boolean {
  const end = head.indexOf(0x0a);
  return !isElf(head) && head.subarray(0, end < 0 ? 80 : Math.min(end, 80)).includes(0);
}

function shellOf(world: World, program: string | undefined, args: readonly string[]): Dialect | undefined {
  switch (program) {
    case 'bash':
      return bash;
    case 'dash':
      return dash;
    case 'sh':
      return systemShell(world);
    case 'busybox': {
      const [first = '', second] = args;
      const applet = baseOf(first) === 'busybox' ? second : baseOf(first);
      return applet !== undefined && /^-?(?:a?sh|bash)$/.test(applet) ? ash : undefined;
    }
    default:
      return undefined;
  }
}

/** What /bin/sh is. */
export function systemShell(world: World): Dialect {
  if (world.system === 'alpine' || world.system === 'busybox') return ash;
  return world.system === 'redhat' ? bash : dash;
}

export function baseOf(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}

export function isElf(head: Uint8Array): boolean {
  return head[0] === 0x7f && head[1] === 0x45 && head[2] === 0x4c && head[3] === 0x46;
}

/** Whether a file is machine code of another processor: System V gABI, e_machine. */
function isForeign(head: Uint8Array): boolean {
  const machine = (head[18] ?? 0) | ((head[19] ?? 0) << 8);
  return isElf(head) && machine !== x86 && machine !== x86_64;
}
