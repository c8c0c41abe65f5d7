/** Where cp, mv, ln and install put things: the last operand, or the directory of `-t`. */
import { join } from '../../files/tree.ts';
import type { Run } from '../../program.ts';
import { misuse, type Options } from '../options.ts';
import { quoteAlways } from '../quote.ts';
import { type Flavour, fault } from '../tool.ts';

export interface Destination {
  readonly sources: readonly string[];
  pathFor(source: string): string;
}

/** @throws Fault */
export function destinationOf(run: Run, flavour: Flavour, options: Options): Destination {
  const { operands } = options;
  const folder = options.value('t');
  const missing = (said: string): Error => misuse(run, flavour, {}, flavour === 'gnu' ? said : '');
  if (operands.length === 0) throw missing('missing file operand');
  if (folder !== undefined) return inside(folder, operands);
  if (operands.length === 1)
    throw missing(`missing destination file operand after ${quoteAlways(operands[0]!)}`);
  const target = operands.at(-1)!;
  const sources = operands.slice(0, -1);
  const isFolder = run.files.exists(target) && run.files.stat(target).kind === 'directory';
  if (sources.length > 1 && !isFolder) {
    const reason = run.files.exists(target) ? 'Not a directory' : 'No such file or directory';
    throw fault(
      run,
      flavour === 'gnu'
        ? `target ${quoteAlways(target)}: ${reason}`
        : `target '${target}' is not a directory`,
    );
  }
  return isFolder && !options.has('T') ? inside(target, sources) : { sources, pathFor: () => target };
}

function inside(folder: string, sources: readonly string[]): Destination {
  return {
    sources,
    pathFor(source) {
      const trimmed = source.replace(/(?<=.)\/+$/, '');
      const name = trimmed.slice(trimmed.lastIndexOf('/') + 1);
      return name === '.' || name === '..' ? folder : join(folder.replace(/(?<=.)\/+$/, ''), name);
    },
  };
}
