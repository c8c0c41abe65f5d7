/** Options of every command that prints a result: as what, where to, and how much is said beside it. */
import { type Command, InvalidArgumentError, Option } from 'commander';

export interface PrintFlags {
  readonly format: 'table' | 'json';
  readonly output?: string;
  readonly quiet: boolean;
}

export function addPrintOptions(command: Command): Command {
  return command
    .addOption(new Option('--format <format>', 'how to print').choices(['table', 'json']).default('table'))
    .addOption(outputOption())
    .addOption(quietOption());
}

export function outputOption(): Option {
  return new Option('--output <file>', 'write the result there instead of standard output').argParser(
    (file: string) => {
      if (file === '') throw new InvalidArgumentError('Give the name of a file.');
      return file;
    },
  );
}

export function quietOption(): Option {
  return new Option('--quiet', 'nothing but the result and errors').default(false);
}
