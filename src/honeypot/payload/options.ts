/** Options and operands of a command line as getopt reads them: `-fsSLo x`, `-ox`, `--output=x`, `--`. */

/** Which options take a value; all others are flags. */
export interface OptionGrammar {
  /** Letters, as `oAe`. */
  readonly short: string;
  /** With their dashes; one of the form `--name=value` is read without being here. */
  readonly long?: readonly string[];
  /** Operands behind which a command line of its own begins: `ssh HOST`, `docker run IMAGE`. */
  readonly own?: number;
  /** The program's own options may follow its operands, up to the first word that is none: `ssh HOST -p 22 id`. */
  readonly late?: true;
}

export interface ReadOptions {
  readonly operands: readonly string[];
  /** In order; a flag has the empty string. */
  readonly options: readonly (readonly [name: string, value: string])[];
  /** Behind `own` operands. */
  readonly rest: readonly string[];
}

/** Most words of one command that are read. */
const most = 500;

/** @param args without the program */
export function readOptions(
  args: readonly string[],
  { short, long = [], own, late }: OptionGrammar,
): ReadOptions {
  const operands: string[] = [];
  const options: (readonly [string, string])[] = [];
  const end = Math.min(args.length, most);
  let at = 0;
  for (; at < end; at++) {
    const word = args[at]!;
    const isOption = word.startsWith('-') && word.length > 1;
    if (operands.length === own && !(late && isOption)) break;
    if (!isOption) operands.push(word);
    else if (word === '--') {
      at++;
      break;
    } else if (word.startsWith('--')) {
      const equals = word.indexOf('=');
      if (equals > 0) options.push([word.slice(0, equals), word.slice(equals + 1)]);
      else if (long.includes(word)) options.push([word, args[++at] ?? '']);
      else options.push([word, '']);
    } else {
      const valued = indexOfValued(word, short);
      for (const letter of word.slice(1, valued)) options.push([`-${letter}`, '']);
      if (valued < word.length) {
        const joined = word.slice(valued + 1);
        options.push([`-${word[valued]}`, joined === '' ? (args[++at] ?? '') : joined]);
      }
    }
  }
  if (own === undefined) return { operands: [...operands, ...args.slice(at, end)], options, rest: [] };
  const missing = Math.max(0, own - operands.length);
  return {
    operands: [...operands, ...args.slice(at, at + missing)],
    options,
    rest: args.slice(at + missing, end),
  };
}

/** The value of an option that was given. */
export function optionOf(options: ReadOptions['options'], name: string): string | undefined {
  return options.find(([option]) => option === name)?.[1];
}

/** Where the first letter stands that takes a value; the length of the word where there is none. */
function indexOfValued(word: string, short: string): number {
  for (let at = 1; at < word.length; at++) if (short.includes(word[at]!)) return at;
  return word.length;
}
