/** What ps is asked for: `-ef` and `aux` are two languages. */
import type { Run } from '../../program.ts';
import { Fault } from '../tool.ts';

export interface PsRequest {
  readonly everybody: boolean;
  /** Those of all terminals, but with one. */
  readonly withTerminal: boolean;
  /** Own ones, with or without a terminal. */
  readonly own: boolean;
  readonly format: readonly (readonly [name: string, head: string | undefined])[] | undefined;
  readonly style: 'short' | 'full' | 'user' | 'long' | 'bsd';
  readonly isForest: boolean;
  readonly isWide: boolean;
  readonly hasHead: boolean;
  readonly sort: readonly string[];
  readonly pids: readonly number[] | undefined;
  readonly parents: readonly number[] | undefined;
  readonly names: readonly string[] | undefined;
  readonly users: readonly string[] | undefined;
  readonly isNegated: boolean;
}

/** @throws Fault */
export function requestOf(run: Run): PsRequest {
  let [everybody, withTerminal, own, isForest, isWide, hasHead, isNegated] = [
    false,
    false,
    false,
    false,
    false,
    true,
    false,
  ];
  let style: PsRequest['style'] = 'short';
  const format: [string, string | undefined][] = [];
  const lists: Record<string, string[]> = {};
  const sort: string[] = [];
  const rest = run.args.slice(1);
  const value = (inline: string): string => {
    const text = inline !== '' ? inline : rest.shift();
    if (text === undefined) throw new Fault(`error: list of process IDs must follow -p\n${helpHint}`, 1);
    return text;
  };
  const add = (name: string, text: string): void => {
    lists[name] = [...(lists[name] ?? []), ...text.split(/[,\s]+/).filter((part) => part !== '')];
  };
  while (rest.length > 0) {
    const arg = rest.shift()!;
    if (/^\d+(,\d+)*$/.test(arg)) add('p', arg);
    else if (arg.startsWith('--')) {
      const [name = '', inline = ''] = arg.slice(2).split(/=(.*)/s);
      if (/^(no-?head(er|ers|ing|ings)?)$/.test(name)) hasHead = false;
      else if (name === 'sort') sort.push(...value(inline).split(','));
      else if (name === 'forest') isForest = true;
      else if (name === 'pid') add('p', value(inline));
      else if (name === 'ppid') add('ppid', value(inline));
      else if (name === 'format') format.push(...formatOf(value(inline)));
      else if (/^(user|User)$/.test(name)) add('u', value(inline));
      else if (name === 'deselect') isNegated = true;
      else if (/^(cols|columns|width|rows|lines|headers?|cumulative)$/.test(name)) {
        if (inline === '' && /^(cols|columns|width|rows|lines)$/.test(name)) rest.shift();
      } else if (name === 'version') throw new Fault('ps from procps-ng 4.0.2\n', 0);
      else throw new Fault(`error: unknown gnu long option\n${helpHint}`, 1);
    } else if (arg.startsWith('-') && !/^-aux?\w*$/.test(arg)) {
      for (let at = 1; at < arg.length; at++) {
        const inline = arg.slice(at + 1);
        const letter = arg[at]!;
        if (letter === 'e' || letter === 'A') everybody = true;
        else if (letter === 'a' || letter === 'd') withTerminal = true;
        else if (letter === 'x') own = true;
        else if (letter === 'f' || letter === 'F') style = 'full';
        else if (letter === 'l' || letter === 'y') style = 'long';
        else if (letter === 'w') isWide = true;
        else if (letter === 'H') isForest = true;
        else if (letter === 'N') isNegated = true;
        else if ('LTmMZcjP'.includes(letter)) continue;
        else if ('oOpCuUgGtsqk'.includes(letter)) {
          const text = value(inline);
          if (letter === 'o' || letter === 'O') format.push(...formatOf(text));
          else if (letter === 'k') sort.push(...text.split(','));
          else add(letter === 'q' ? 'p' : letter === 'U' ? 'u' : letter, text);
          break;
        } else throw new Fault(`error: unsupported SysV option\n${helpHint}`, 1);
      }
    } else {
      // BSD's letters, which also stand behind a dash in `ps -aux`.
      const letters = arg.replace(/^-/, '');
      for (let at = 0; at < letters.length; at++) {
        const letter = letters[at]!;
        if (letter === 'a') [everybody, withTerminal] = [own || everybody, true];
        else if (letter === 'x') own = true;
        else if (letter === 'u') style = 'user';
        else if (letter === 'l') style = 'long';
        else if (letter === 'w') isWide = true;
        else if (letter === 'f') isForest = true;
        else if (letter === 'h') hasHead = false;
        else if ('ejcmvHnrsStTX'.includes(letter)) {
          if (letter === 'e' && letters.length === 1) style = 'bsd';
        } else if ('opkU'.includes(letter)) {
          const text = value(letters.slice(at + 1));
          if (letter === 'o') format.push(...formatOf(text));
          else if (letter === 'k') sort.push(...text.split(','));
          else add(letter === 'U' ? 'u' : 'p', text);
          break;
        } else throw new Fault(`error: unsupported option (BSD syntax)\n${helpHint}`, 1);
      }
      if (style === 'short') style = 'bsd';
    }
  }
  const numbers = (name: string): number[] | undefined => lists[name]?.map(Number);
  return {
    everybody: everybody || (withTerminal && own),
    withTerminal,
    own,
    format: format.length > 0 ? format : undefined,
    style,
    isForest,
    isWide,
    hasHead,
    sort,
    pids: numbers('p'),
    parents: numbers('ppid'),
    names: lists.C,
    users: lists.u,
    isNegated,
  };
}

export const helpHint = `
Usage:
 ps [options]

 Try 'ps --help <simple|list|output|threads|misc|all>'
  or 'ps --help <s|l|o|t|m|a>'
 for additional help text.

For more details see ps(1).
`;

function formatOf(text: string): [string, string | undefined][] {
  const equals = text.indexOf('=');
  if (equals >= 0 && !text.slice(0, equals).includes(',') && text.slice(equals + 1) !== '')
    return [[text.slice(0, equals), text.slice(equals + 1)]];
  return text
    .split(/[,\s]+/)
    .filter((part) => part !== '')
    .map((part) => {
      const [name = '', head] = part.split('=');
      return [name, head];
    });
}
