/** What `printf` makes of a format and its arguments (POSIX, and what bash adds), apart from any shell. */

import { formatTime } from '../../commands/time.ts';
import type { Dialect } from '../dialect.ts';
import { backslashed } from '../quoting.ts';
import { escapeAt } from '../syntax/ansi.ts';
import { echoText } from './echo.ts';

export interface Formatted {
  readonly text: string;
  /** What was wrong with arguments: they count as far as they could be read. */
  readonly problems: readonly Problem[];
}

export type Problem =
  | { readonly kind: 'number'; readonly text: string; readonly isCut: boolean }
  /** Ends it. */
  | {
      readonly kind: 'directive';
      readonly text: string;
      /** Nothing follows it that would be a conversion. */
      readonly isMissing: boolean;
      /** All of the format from there on. */
      readonly rest: string;
    };

export interface FormatOptions {
  /** Only bash has `%q`, `%(…)T`, `\e`; busybox takes numbers as a whole or not at all. */
  readonly dialect: Dialect['name'];
  /** Milliseconds since 1970, for `%(…)T`. */
  readonly now: number;
}

const directive =
  /%([-+ #0']*)(\*|\d{1,10})?(?:\.(\*|-?\d{1,10})?)?[hlLjzt]{0,2}(\(([^)]*)\)T|(?![hlLjzt])[a-zA-Z%])/y;
/** Characters that width and precision may ask for. */
const widest = 65_536;
/** Of the whole result. */
const longest = 1 << 20;

export function formatted(format: string, args: readonly string[], options: FormatOptions): Formatted {
  return new Formatting(format, args, options).result();
}

/** Ends the output: `\c`, or a directive that is none. */
class Stop extends Error {}

class Formatting {
  private readonly format: string;
  private readonly args: readonly string[];
  private readonly options: FormatOptions;
  private readonly problems: Problem[] = [];
  private readonly parts: string[] = [];
  private taken = 0;
  private length = 0;

  constructor(format: string, args: readonly string[], options: FormatOptions) {
    this.format = format;
    this.args = args;
    this.options = options;
  }

  /** The format is used again until all arguments are. */
  result(): Formatted {
    try {
      do {
        const before = this.taken;
        this.once();
        if (this.taken === before) break;
      } while (this.taken < this.args.length && this.length < longest);
    } catch (error) {
      if (!(error instanceof Stop)) throw error;
    }
    return { text: this.parts.join(''), problems: this.problems };
  }

  private once(): void {
    const { format } = this;
    for (let at = 0; at < format.length; ) {
      const next = format.charAt(at);
      if (next === '\\') {
        if (format.charAt(at + 1) === 'c') throw new Stop();
        const { text, length } = formatEscape(format, at, this.options.dialect === 'bash');
        this.put(text);
        at += length;
      } else if (next === '%') at = this.convert(at);
      else {
        const end = format.slice(at).search(/[\\%]/);
        const stop = end < 0 ? format.length : at + end;
        this.put(format.slice(at, stop));
        at = stop;
      }
    }
  }

  private put(text: string): void {
    this.length += text.length;
    this.parts.push(text);
  }

  private next(): string | undefined {
    this.taken += 1;
    return this.args[this.taken - 1];
  }

  /** @returns the place behind the directive */
  private convert(at: number): number {
    directive.lastIndex = at;
    const found = directive.exec(this.format);
    if (found === null) return this.stop(this.format.slice(at), true, at);
    const [whole, flags = '', width, precision, kind = '', time] = found;
    if (kind === '%') {
      this.put('%');
      return at + whole.length;
    }
    const hasPrecision = whole.includes('.');
    const wide = width === '*' ? Number(this.integer(this.next())) : Number(width ?? 0);
    const sharp = precision === '*' ? Number(this.integer(this.next())) : Number(precision ?? 0);
    const shape: Shape = {
      flags: wide < 0 ? `${flags}-` : flags,
      width: Math.min(Math.abs(wide), widest),
      precision: hasPrecision && sharp >= 0 ? Math.min(sharp, widest) : undefined,
    };
    this.put(this.converted(at, whole, kind, time, shape));
    return at + whole.length;
  }

  private converted(at: number, whole: string, kind: string, time: string | undefined, shape: Shape): string {
    const isBash = this.options.dialect === 'bash';
    if (time !== undefined && isBash) return padded(this.time(time), shape);
    switch (kind) {
      case 's':
        return padded(cut(this.next() ?? '', shape), shape);
      case 'c':
        return padded([...(this.next() ?? '')][0] ?? '', shape);
      case 'b': {
        const { text, isCut } = echoText(this.next() ?? '', !isBash);
        const result = padded(cut(text, shape), shape);
        if (!isCut) return result;
        this.put(result);
        throw new Stop();
      }
      case 'q':
      case 'Q':
        if (isBash) return padded(backslashed(this.next() ?? ''), shape);
        break;
      case 'd':
      case 'i':
        return integerText(this.integer(this.next()), shape);
      case 'u':
      case 'o':
      case 'x':
      case 'X':
        return unsignedText(BigInt.asUintN(64, this.integer(this.next())), kind, shape);
      case 'e':
      case 'E':
      case 'f':
      case 'F':
      case 'g':
      case 'G':
      case 'a':
      case 'A':
        return floatText(this.float(this.next()), kind, shape);
      default:
    }
    return this.stop(whole, false, at);
  }

  private stop(text: string, isMissing: boolean, at: number): never {
    this.problems.push({ kind: 'directive', text, isMissing, rest: this.format.slice(at) });
    throw new Stop();
  }

  private time(format: string): string {
    const argument = this.next();
    const isNow = argument === undefined || argument === '-1' || argument === '-2';
    const seconds = isNow ? this.options.now / 1000 : Number(this.integer(argument));
    return formatTime(format === '' ? '%X' : format, Math.min(Math.abs(seconds), 8e12) * 1000);
  }

  /** As strtoimax: a character behind a quote counts as its code. */
  private integer(text: string | undefined): bigint {
    const isBusybox = this.options.dialect === 'ash';
    if (text === undefined && isBusybox) this.problems.push({ kind: 'number', text: '', isCut: false });
    if (text === undefined || text === '') return 0n;
    const quote = /^['"]([\s\S]?)/u.exec(text);
    if (quote !== null) return BigInt(quote[1]!.codePointAt(0) ?? 0);
    const found = /^\s*([+-]?)(0[xX][0-9A-Fa-f]+|0[0-7]*|[1-9]\d*)/.exec(text.slice(0, 100));
    if (found === null || found[0].length < text.length)
      this.problems.push({ kind: 'number', text, isCut: found !== null });
    if (found === null || (isBusybox && found[0].length < text.length)) return 0n;
    const digits = found[2]!;
    const value = /^0[0-7]/.test(digits) ? BigInt(`0o${digits.slice(1)}`) : BigInt(digits);
    const signed = found[1] === '-' ? -value : value;
    const [least, most] = [-(2n ** 63n), 2n ** 63n - 1n];
    return signed < least ? least : signed > most ? most : signed;
  }

  private float(text: string | undefined): number {
    if (text === undefined || text === '') return 0;
    const quote = /^['"]([\s\S]?)/u.exec(text);
    if (quote !== null) return quote[1]!.codePointAt(0) ?? 0;
    const found =
      /^\s*[+-]?(?:0[xX][0-9A-Fa-f]+|(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?|inf(?:inity)?|nan)/i.exec(
        text.slice(0, 400),
      );
    if (found === null || found[0].length < text.length)
      this.problems.push({ kind: 'number', text, isCut: found !== null });
    return found === null ? 0 : Number(found[0].replace(/inf(?:inity)?/i, 'Infinity'));
  }
}

interface Shape {
  readonly flags: string;
  readonly width: number;
  readonly precision: number | undefined;
}

function formatEscape(format: string, at: number, isBash: boolean): { text: string; length: number } {
  const kind = format.charAt(at + 1);
  const isKnown = isBash ? kind !== '' : /[abfnrtv\\0-7"]/.test(kind) && kind !== '';
  return isKnown ? escapeAt(format, at) : { text: `\\${kind}`, length: 1 + kind.length };
}

function cut(text: string, { precision }: Shape): string {
  return precision === undefined ? text : text.slice(0, precision);
}

function padded(text: string, { flags, width }: Shape): string {
  return flags.includes('-') ? text.padEnd(width) : text.padStart(width);
}

function integerText(value: bigint, shape: Shape): string {
  const { flags } = shape;
  const sign = value < 0n ? '-' : flags.includes('+') ? '+' : flags.includes(' ') ? ' ' : '';
  return numberText(sign, String(value < 0n ? -value : value), shape);
}

function unsignedText(value: bigint, kind: 'u' | 'o' | 'x' | 'X', shape: Shape): string {
  const base = { u: 10, o: 8, x: 16, X: 16 }[kind];
  const digits = kind === 'X' ? value.toString(16).toUpperCase() : value.toString(base);
  const isMarked = shape.flags.includes('#') && value !== 0n;
  const mark = !isMarked || kind === 'u' ? '' : kind === 'o' ? '0' : `0${kind}`;
  return numberText(mark, digits, shape);
}

function numberText(sign: string, digits: string, shape: Shape): string {
  const { flags, width, precision } = shape;
  const exact = digits.padStart(precision ?? 0, '0');
  const hasZeros = flags.includes('0') && !flags.includes('-') && precision === undefined;
  const filled = hasZeros ? exact.padStart(width - sign.length, '0') : exact;
  return padded(sign + filled, shape);
}

function floatText(value: number, kind: string, shape: Shape): string {
  const { flags, precision = 6 } = shape;
  const sign =
    value < 0 || Object.is(value, -0) ? '-' : flags.includes('+') ? '+' : flags.includes(' ') ? ' ' : '';
  const size = Math.abs(value);
  const isUpper = kind === kind.toUpperCase();
  const text = Number.isFinite(size)
    ? digitsOf(size, kind.toLowerCase(), Math.min(precision, 100))
    : inWords(size);
  const hasZeros = flags.includes('0') && !flags.includes('-') && Number.isFinite(size);
  const filled = hasZeros ? text.padStart(shape.width - sign.length, '0') : text;
  return padded(sign + (isUpper ? filled.toUpperCase() : filled), shape);
}

function inWords(size: number): string {
  return Number.isNaN(size) ? 'nan' : 'inf';
}

function digitsOf(size: number, kind: string, precision: number): string {
  if (kind === 'f' || kind === 'a') return fixed(size, precision);
  if (kind === 'e') return exponential(size.toExponential(precision));
  const significant = precision === 0 ? 1 : precision;
  const exponent = size === 0 ? 0 : Number(size.toExponential(significant - 1).split('e')[1]);
  const isWide = exponent < -4 || exponent >= significant;
  const text = isWide
    ? size.toExponential(significant - 1)
    : size.toFixed(Math.max(0, significant - 1 - exponent));
  const [mantissa = '', power] = text.split('e');
  const short = mantissa.includes('.') ? mantissa.replace(/0+$/, '').replace(/\.$/, '') : mantissa;
  return power === undefined ? short : exponential(`${short}e${power}`);
}

/** C rounds what lies in the middle to the even digit. */
function fixed(size: number, precision: number): string {
  const scaled = size * 10 ** precision;
  const isMiddle = scaled < 2 ** 52 && scaled % 1 === 0.5 && scaled / 10 ** precision === size;
  return isMiddle && Math.floor(scaled) % 2 === 0
    ? (Math.floor(scaled) / 10 ** precision).toFixed(precision)
    : size.toFixed(precision);
}

/** C writes at least two digits of an exponent. */
function exponential(text: string): string {
  return text.replace(/e([+-])(\d)$/, 'e$10$2');
}
