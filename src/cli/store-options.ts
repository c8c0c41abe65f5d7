/** Options of the commands that use the store. */
import { InvalidArgumentError, Option } from 'commander';

export function dataOption(): Option {
  return new Option(
    '--data <dir>',
    'folder of the embedded store (default: by XDG; DATABASE_URL moves to PostgreSQL)',
  ).argParser(parseFolder);
}

/** A variable that nobody set would be the working directory. */
export function parseFolder(text: string): string {
  if (text === '') throw new InvalidArgumentError('give a folder, or leave it out.');
  return text;
}
