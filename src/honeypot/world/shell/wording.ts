/** How the shells say what went wrong, word by word: bash 5.2.15, dash 0.5.12 and busybox 1.35 of Debian 12. */
import { type FileErrorCode, strerror } from '../files/node.ts';
import type { Dialect } from './dialect.ts';
import type { Fault } from './syntax/fault.ts';

export interface Wording {
  notFound(name: string): string;
  cannotRun(path: string, code: FileErrorCode): string;
  cannotOpen(path: string, code: FileErrorCode): string;
  cannotCreate(path: string, code: FileErrorCode): string;
  /** `set -u`. */
  unset(name: string): string;
  /** `${x?}`, and with a colon `${x:?}`. */
  missing(hasColon: boolean): string;
  readOnly(name: string): string;
  badSubstitution(source: string): string;
  badName(name: string, argument: string): string;
  noFork: string;
  /** The line behind it, which bash repeats, is the caller's. */
  syntax(fault: Fault): string;
}

const bash: Wording = {
  notFound: (name) => (name.includes('/') ? `${name}: ${strerror.ENOENT}` : `${name}: command not found`),
  cannotRun: (path, code) => `${path}: ${strerror[code]}`,
  cannotOpen: (path, code) => `${path}: ${strerror[code]}`,
  cannotCreate: (path, code) =>
    `${path}: ${code === 'EEXIST' ? 'cannot overwrite existing file' : strerror[code]}`,
  unset: (name) => `${/^\d/.test(name) ? '$' : ''}${name}: unbound variable`,
  missing: (hasColon) => (hasColon ? 'parameter null or not set' : 'parameter not set'),
  readOnly: (name) => `${name}: readonly variable`,
  badSubstitution: (source) => `${source}: bad substitution`,
  badName: (_, argument) => `\`${argument}': not a valid identifier`,
  noFork: 'fork: retry: Resource temporarily unavailable',
  syntax(fault) {
    switch (fault.kind) {
      case 'unexpected':
        return `syntax error near unexpected token \`${fault.token}'`;
      case 'unterminated':
        return `unexpected EOF while looking for matching \`${fault.closing.charAt(0)}'`;
      case 'condition':
        return 'conditional binary operator expected';
      case 'depth':
        return 'memory exhausted';
      default:
        return 'syntax error: unexpected end of file';
    }
  },
};

const dash: Wording = {
  notFound: (name) => `${name}: not found`,
  cannotRun: (path) => `${path}: ${strerror.EACCES}`,
  cannotOpen: (path, code) => `cannot open ${path}: ${code === 'ENOENT' ? 'No such file' : strerror[code]}`,
  cannotCreate: (path, code) =>
    `cannot create ${path}: ${code === 'ENOENT' ? 'Directory nonexistent' : strerror[code]}`,
  unset: (name) => `${name}: parameter not set`,
  missing: (hasColon) => (hasColon ? 'parameter not set or null' : 'parameter not set'),
  readOnly: (name) => `${name}: is read only`,
  badSubstitution: () => 'Bad substitution',
  badName: (name) => `${name}: bad variable name`,
  noFork: 'Cannot fork',
  syntax: (fault) => `Syntax error: ${posixSyntax(fault, dashWords)}`,
};

const ash: Wording = {
  notFound: (name) => `${name}: not found`,
  cannotRun: (path) => `${path}: ${strerror.EACCES}`,
  cannotOpen: (path, code) => `can't open ${path}: ${code === 'ENOENT' ? 'no such file' : strerror[code]}`,
  cannotCreate: (path, code) =>
    `can't create ${path}: ${code === 'ENOENT' ? 'nonexistent directory' : strerror[code]}`,
  unset: (name) => `${name}: parameter not set`,
  missing: (hasColon) => (hasColon ? 'parameter not set or null' : 'parameter not set'),
  readOnly: (name) => `${name}: is read only`,
  badSubstitution: () => 'bad substitution',
  badName: (name) => `${name}: bad variable name`,
  noFork: "can't fork: Resource temporarily unavailable",
  syntax: (fault) => `syntax error: ${posixSyntax(fault, ashWords)}`,
};

export const wordings: Readonly<Record<Dialect['name'], Wording>> = { bash, dash, ash };

interface PosixWords {
  unexpected(what: string): string;
  readonly quotes: string;
  readonly missing: (closing: string) => string;
  readonly variable: string;
  readonly name: string;
  readonly substitution: string;
}

const dashWords: PosixWords = {
  unexpected: (what) => `${what} unexpected`,
  quotes: 'Unterminated quoted string',
  missing: (closing) => `Missing '${closing}'`,
  variable: 'Bad for loop variable',
  name: 'Bad function name',
  substitution: 'Bad substitution',
};

const ashWords: PosixWords = {
  unexpected: (what) => `unexpected ${what}`,
  quotes: 'unterminated quoted string',
  missing: (closing) => `missing '${closing}'`,
  variable: 'bad for loop variable',
  name: 'bad function name',
  substitution: 'bad substitution',
};

function posixSyntax(fault: Fault, words: PosixWords): string {
  const expecting = (token: string | undefined): string =>
    token === undefined ? '' : ` (expecting "${token}")`;
  switch (fault.kind) {
    case 'unexpected':
      return (
        words.unexpected(fault.is === 'sign' ? `"${fault.token}"` : fault.is) + expecting(fault.expected)
      );
    case 'unterminated':
      if (fault.closing === ')') return words.unexpected('end of file') + expecting(')');
      if (fault.closing === '`') return 'EOF in backquote substitution';
      return fault.closing === '}' || fault.closing === '))' ? words.missing(fault.closing) : words.quotes;
    case 'end':
      return words.unexpected('end of file') + expecting(fault.expected);
    case 'depth':
      return words.unexpected('end of file');
    case 'loop variable':
      return words.variable;
    case 'function name':
      return words.name;
    case 'substitution':
    case 'condition':
      return words.substitution;
  }
}
