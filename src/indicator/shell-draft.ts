/** A command while it is being read: as `Command` has it, and open. */
import type { Joint, Redirect } from './shell.ts';
import type { Reader } from './shell-reader.ts';

export interface Draft {
  words: string[];
  assignments: Record<string, string>;
  offset: number;
  joined: Joint;
  redirects: Redirect[];
  input?: string;
  depth: number;
  decoded?: string[];
  within?: string;
}

export function draft(reader: Reader, joined: Joint): Draft {
  return {
    words: [],
    assignments: Object.create(null) as Record<string, string>,
    offset: reader.at,
    joined,
    redirects: [],
    depth: reader.depth,
  };
}

/** Nothing was read yet, so that what comes now is where the command begins. */
export function isBare(command: Draft): boolean {
  return (
    command.words.length === 0 &&
    command.redirects.length === 0 &&
    Object.keys(command.assignments).length === 0
  );
}
