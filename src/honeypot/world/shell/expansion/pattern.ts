/**
 * Patterns of the shell (POSIX, 2.13) with bash's extglob. A pattern is followed through all places of a text at once,
 * so that none takes more than its length times the text's; a backslash quotes, as expansion leaves it.
 */
import { Ended } from '../../program.ts';

type Piece =
  | { readonly kind: 'one'; readonly fits: (char: string) => boolean }
  | { readonly kind: 'star' }
  | { readonly kind: 'group'; readonly operator: string; readonly choices: readonly Pattern[] };

export type Pattern = readonly Piece[];

/** Steps that one match may take; beyond, the process is over. */
const mostSteps = 500_000;
const deepest = 20;

/** @param extglob whether `?(…)`, `*(…)`, `+(…)`, `@(…)` and `!(…)` are groups */
export function compile(source: string, extglob = false): Pattern {
  return new Compiler(source, extglob).pattern('', 0);
}

export function matches(pattern: Pattern, text: string): boolean {
  return ends(pattern, text).includes(text.length);
}

/**
 * Lengths of what the pattern matches from a place on, growing.
 * @param counter of the steps of all matches that belong together
 */
export function ends(
  pattern: Pattern,
  text: string,
  from = 0,
  counter: Counter = { steps: 0 },
): readonly number[] {
  return follow(pattern, text, [from], counter).map((end) => end - from);
}

/** For matches that end where the text does: both are turned round. */
export function reversed(pattern: Pattern): Pattern {
  return pattern
    .map((piece) => (piece.kind === 'group' ? { ...piece, choices: piece.choices.map(reversed) } : piece))
    .reverse();
}

/** Makes text match only itself. */
export function escaped(text: string): string {
  return text.replace(/[\\*?[\]()|!+@^-]/g, '\\$&');
}

/** Without the backslashes that quote. */
export function unescaped(pattern: string): string {
  return pattern.replace(/\\(.)/gs, '$1');
}

/** Whether something in it stands for something else. */
export function isMagic(pattern: string, extglob: boolean): boolean {
  const bare = pattern.replace(/\\./gs, '');
  const bracket = bare.indexOf('[');
  const hasBracket = bracket >= 0 && bare.includes(']', bracket);
  return hasBracket || /[*?]/.test(bare) || (extglob && /[+@!]\(/.test(bare));
}

export interface Counter {
  steps: number;
}

function follow(pattern: Pattern, text: string, starts: readonly number[], counter: Counter): number[] {
  let places = [...starts];
  for (const piece of pattern) {
    if (places.length === 0) return places;
    places = step(piece, text, places, counter);
    counter.steps += places.length + 1;
    if (counter.steps > mostSteps) throw new Ended(137);
  }
  return places;
}

function step(piece: Piece, text: string, places: number[], counter: Counter): number[] {
  switch (piece.kind) {
    case 'one': {
      const next: number[] = [];
      for (const place of places)
        if (place < text.length && piece.fits(text.charAt(place))) next.push(place + 1);
      return next;
    }
    case 'star':
      return range(places[0]!, text.length);
    case 'group':
      return stepGroup(piece.operator, piece.choices, text, places, counter);
  }
}

function stepGroup(
  operator: string,
  choices: readonly Pattern[],
  text: string,
  places: number[],
  counter: Counter,
): number[] {
  const once = (from: readonly number[]): number[] =>
    union(...choices.map((choice) => follow(choice, text, from, counter)));
  switch (operator) {
    case '@':
      return once(places);
    case '?':
      return union(places, once(places));
    case '!':
      return union(
        ...places.map((place) => {
          const not = new Set(once([place]));
          return range(place, text.length).filter((end) => !not.has(end));
        }),
      );
    default: {
      const all = new Set(operator === '*' ? places : []);
      let fresh = places;
      while (fresh.length > 0) {
        fresh = once(fresh).filter((place) => !all.has(place));
        for (const place of fresh) all.add(place);
      }
      return union([...all]);
    }
  }
}

function range(first: number, last: number): number[] {
  const places = new Array<number>(last - first + 1);
  for (let place = first; place <= last; place++) places[place - first] = place;
  return places;
}

function union(...lists: readonly (readonly number[])[]): number[] {
  return [...new Set(lists.flat())].sort((a, b) => a - b);
}

const classes: Readonly<Record<string, RegExp>> = {
  alnum: /[A-Za-z0-9]/,
  alpha: /[A-Za-z]/,
  ascii: /[\0-\x7f]/,
  blank: /[ \t]/,
  cntrl: /[\0-\x1f\x7f]/,
  digit: /[0-9]/,
  graph: /[!-~]/,
  lower: /[a-z]/,
  print: /[ -~]/,
  punct: /[!-/:-@[-`{-~]/,
  space: /[ \t\n\v\f\r]/,
  upper: /[A-Z]/,
  word: /\w/,
  xdigit: /[0-9A-Fa-f]/,
};

class Compiler {
  private readonly source: string;
  private readonly extglob: boolean;
  private at = 0;

  constructor(source: string, extglob: boolean) {
    this.source = source;
    this.extglob = extglob;
  }

  /** Up to one of `stops`. */
  pattern(stops: string, depth: number): Pattern {
    const pieces: Piece[] = [];
    while (this.at < this.source.length && !stops.includes(this.source.charAt(this.at))) {
      const piece = this.piece(depth);
      // A row of stars is one.
      if (piece.kind !== 'star' || pieces.at(-1)?.kind !== 'star') pieces.push(piece);
    }
    return pieces;
  }

  private piece(depth: number): Piece {
    const char = this.source.charAt(this.at);
    const isGroup = this.extglob && '?*+@!'.includes(char) && this.source.charAt(this.at + 1) === '(';
    if (isGroup && depth < deepest) return this.group(char, depth);
    this.at += 1;
    if (char === '*') return { kind: 'star' };
    if (char === '?') return { kind: 'one', fits: () => true };
    if (char === '[') return this.bracket() ?? one('[');
    if (char !== '\\' || this.at >= this.source.length) return one(char);
    this.at += 1;
    return one(this.source.charAt(this.at - 1));
  }

  private group(operator: string, depth: number): Piece {
    this.at += 1;
    const choices: Pattern[] = [];
    do {
      this.at += 1;
      choices.push(this.pattern('|)', depth + 1));
    } while (this.source.charAt(this.at) === '|');
    this.at += 1;
    return { kind: 'group', operator, choices };
  }

  /** Behind `[`; undefined, and nothing taken, where no `]` follows. */
  private bracket(): Piece | undefined {
    const { source } = this;
    let at = this.at;
    const isNegated = source.charAt(at) === '!' || source.charAt(at) === '^';
    if (isNegated) at += 1;
    const tests: ((char: string) => boolean)[] = [];
    for (let isFirst = true; ; isFirst = false) {
      const char = source.charAt(at);
      if (char === '') return undefined;
      if (char === ']' && !isFirst) break;
      const named = char === '[' ? /^\[:([a-z]+):\]/.exec(source.slice(at, at + 12))?.[1] : undefined;
      const known = named === undefined ? undefined : classes[named];
      if (named !== undefined && known !== undefined) {
        tests.push((each) => known.test(each));
        at += named.length + 4;
        continue;
      }
      const [first, behind] = this.member(at);
      at = behind;
      if (source.charAt(at) !== '-' || source.charAt(at + 1) === ']' || source.charAt(at + 1) === '') {
        tests.push((each) => each === first);
        continue;
      }
      const [last, end] = this.member(at + 1);
      at = end;
      tests.push((each) => each >= first && each <= last);
    }
    this.at = at + 1;
    return { kind: 'one', fits: (char) => tests.some((test) => test(char)) !== isNegated };
  }

  private member(at: number): readonly [string, number] {
    const isQuoted = this.source.charAt(at) === '\\' && at + 1 < this.source.length;
    return isQuoted ? [this.source.charAt(at + 1), at + 2] : [this.source.charAt(at), at + 1];
  }
}

function one(wanted: string): Piece {
  return { kind: 'one', fits: (char) => char === wanted };
}
