/**
 * What every program of this folder is: a function of its run and of the family that it belongs to. Texts that are
 * content are handled as bytes, one character each (Latin-1), so that nothing that is no text is lost; names and
 * arguments are text.
 */
import { FileError } from '../files/node.ts';
import type { Program, Run } from '../program.ts';
import { bytesOf, textOf } from '../shell/bytes.ts';

/** Debian's programs, or busybox, which says and prints much in its own way. */
export type Flavour = 'gnu' | 'busybox';

export type Tool = (run: Run, flavour: Flavour) => Promise<number> | number;

/** Ends a program with what it says on standard error. */
export class Fault extends Error {
  readonly exitCode: number;

  /** @param said whole lines */
  constructor(said: string, exitCode: number) {
    super(said);
    this.exitCode = exitCode;
  }
}

/** @param message without the name of the program */
export function fault(run: Run, message: string, exitCode = 1): Fault {
  return new Fault(`${nameOf(run)}: ${message}\n`, exitCode);
}

/** How it calls itself: as it was called. */
export function nameOf(run: Run): string {
  return run.args[0] ?? '';
}

/** The name without folders. */
export function shortNameOf(run: Run): string {
  const name = nameOf(run);
  return name.slice(name.lastIndexOf('/') + 1);
}

/** A line on standard error that begins with its name. */
export async function complain(run: Run, message: string): Promise<void> {
  await run.stderr.write(`${nameOf(run)}: ${message}\n`);
}

/** A program as the shell runs it. */
export function programOf(tool: Tool, flavour: Flavour): Program {
  return async (called) => {
    // An applet calls itself by its name, wherever it was found.
    const run =
      flavour === 'gnu' ? called : { ...called, args: [shortNameOf(called), ...called.args.slice(1)] };
    try {
      return await tool(run, flavour);
    } catch (error) {
      if (error instanceof Fault) {
        await run.stderr.write(error.message);
        return error.exitCode;
      }
      if (error instanceof FileError) {
        await complain(run, error.message);
        return 1;
      }
      throw error;
    }
  };
}

/** What went wrong with a file, in words. @throws what is no such error */
export function reasonOf(error: unknown): string {
  if (error instanceof FileError) return error.message;
  throw error;
}

/** Text as content. */
export function contentOfText(text: string): string {
  return latin(bytesOf(text));
}

/** Content as text. */
export function textOfContent(content: string): string {
  return textOf(bytes(content));
}

export function latin(data: Uint8Array): string {
  return Buffer.from(data.buffer, data.byteOffset, data.byteLength).toString('latin1');
}

export function bytes(content: string): Buffer {
  return Buffer.from(content, 'latin1');
}
