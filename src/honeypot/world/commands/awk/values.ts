/** Values of awk: numbers, strings, and input that looks like a number and is compared as one. */
import { conversionAt, formatInteger, formatReal, formatText } from '../printf.ts';

/** Input: a string, and the number that it looks like. */
export interface Numeric {
  readonly text: string;
  readonly number: number;
}

/** Undefined for what was never set: 0 and "" at once. */
export type Value = number | string | Numeric | undefined;

const looks = /^[ \t\n\r\f\v]*[-+]?(?:0[xX][0-9a-fA-F]+|\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?[ \t\n\r\f\v]*$/;
const leading =
  /^[ \t\n\r\f\v]*([-+]?(?:0[xX][0-9a-fA-F]+|\d+\.?\d*(?:[eE][-+]?\d+)?|\.\d+(?:[eE][-+]?\d+)?))/;

/** What came from outside. */
export function inputValue(text: string): Value {
  return looks.test(text) ? { text, number: Number(text) } : text;
}

export function numberOf(value: Value): number {
  if (typeof value === 'number') return value;
  if (value === undefined) return 0;
  if (typeof value !== 'string') return value.number;
  const match = leading.exec(value);
  return match === null ? 0 : Number(match[1]);
}

/** mawk keeps larger ones as real numbers. */
const mostInteger = 2_147_483_647;

/** @param format of CONVFMT or OFMT */
export function textOf(value: Value, format = '%.6g'): string {
  if (typeof value === 'string') return value;
  if (value === undefined) return '';
  if (typeof value !== 'number') return value.text;
  if (Number.isInteger(value) && Math.abs(value) <= mostInteger) return `${value}`;
  return sprintf(format, [value]);
}

export function isTrue(value: Value): boolean {
  if (typeof value === 'string') return value !== '';
  return numberOf(value) !== 0;
}

/** Numbers as numbers, as long as neither side is a string by itself. */
export function compare(left: Value, right: Value): number {
  if (typeof left === 'string' || typeof right === 'string') {
    const [a, b] = [textOf(left), textOf(right)];
    return a < b ? -1 : a > b ? 1 : 0;
  }
  return numberOf(left) - numberOf(right);
}

/** Too few values for a format. */
export class TooFew extends Error {}

/** Longest text that is made. */
const mostCharacters = 1 << 20;

/** @throws TooFew where a conversion has nothing to convert */
export function sprintf(format: string, args: readonly Value[]): string {
  const rest = [...args];
  const next = (): Value => {
    if (rest.length === 0) throw new TooFew(format);
    return rest.shift();
  };
  let text = '';
  for (let at = 0; at < format.length; ) {
    const percent = format.indexOf('%', at);
    if (percent < 0) {
      text += format.slice(at);
      break;
    }
    text += format.slice(at, percent);
    const found = conversionAt(format, percent, () => Math.trunc(numberOf(next())));
    if (found === undefined) {
      text += '%';
      at = percent + 1;
      continue;
    }
    at = found.end;
    const { conversion } = found;
    const { letter } = conversion;
    if (letter === '%') text += '%';
    else if (letter === 'c') {
      const value = next();
      const char =
        typeof value === 'string'
          ? value.slice(0, 1)
          : typeof value === 'number'
            ? String.fromCharCode(value & 255)
            : textOf(value).slice(0, 1);
      text += formatText({ ...conversion, precision: undefined }, char);
    } else if (letter === 's') text += formatText(conversion, textOf(next()));
    else if (/[diouxX]/.test(letter)) text += integer(conversion, numberOf(next()));
    else if (/[eEfFgG]/.test(letter)) text += formatReal(conversion, numberOf(next()));
    else text += format.slice(percent, at);
    if (text.length > mostCharacters) break;
  }
  return text.slice(0, mostCharacters);
}

function integer(conversion: Parameters<typeof formatInteger>[0], value: number): string {
  if (!Number.isFinite(value)) return formatReal({ ...conversion, letter: 'f' }, value);
  const most = 2 ** 63;
  return formatInteger(conversion, BigInt(Math.trunc(Math.max(-most, Math.min(most - 1024, value)))));
}
