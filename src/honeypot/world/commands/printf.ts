/** Conversions of printf, for the program and for awk. */

export interface Conversion {
  readonly flags: string;
  readonly width: number;
  /** Undefined where none is told. */
  readonly precision: number | undefined;
  readonly letter: string;
}

/** Widest field, in characters. */
export const mostWidth = 10_000;

const pattern = /%([-+ #0']*)(\*|\d{0,9})(?:\.(\*|-?\d{0,9}))?(?:[hlLqjzt]*)([a-zA-Z%])/y;

/**
 * The conversion at a place in a format, undefined where there is none.
 * @param star gives the next argument for `*`
 */
export function conversionAt(
  format: string,
  at: number,
  star: () => number,
): { readonly conversion: Conversion; readonly end: number } | undefined {
  pattern.lastIndex = at;
  const match = pattern.exec(format);
  if (match === null) return undefined;
  let [, flags = '', widthText = '', precisionText, letter = ''] = match;
  let width = widthText === '*' ? star() : Number(widthText || 0);
  if (width < 0) {
    flags += '-';
    width = -width;
  }
  const precision =
    precisionText === undefined ? undefined : precisionText === '*' ? star() : Number(precisionText || 0);
  return {
    conversion: {
      flags,
      width: Math.min(width, mostWidth),
      precision: precision === undefined || precision < 0 ? undefined : Math.min(precision, mostWidth),
      letter,
    },
    end: pattern.lastIndex,
  };
}

export function formatText({ flags, width, precision }: Conversion, text: string): string {
  const cut = precision === undefined ? text : text.slice(0, precision);
  return flags.includes('-') ? cut.padEnd(width) : cut.padStart(width);
}

/** For d, i, o, u, x, X. */
export function formatInteger({ flags, width, precision, letter }: Conversion, value: bigint): string {
  const isSigned = letter === 'd' || letter === 'i';
  const unsigned = isSigned || value >= 0n ? value : BigInt.asUintN(64, value);
  const absolute = unsigned < 0n ? -unsigned : unsigned;
  let digits = absolute.toString(letter === 'o' ? 8 : /[xX]/.test(letter) ? 16 : 10);
  if (letter === 'X') digits = digits.toUpperCase();
  if (precision !== undefined) digits = digits.padStart(precision, '0');
  let sign = '';
  if (isSigned) sign = unsigned < 0n ? '-' : flags.includes('+') ? '+' : flags.includes(' ') ? ' ' : '';
  if (flags.includes('#') && absolute !== 0n)
    sign += letter === 'x' ? '0x' : letter === 'X' ? '0X' : letter === 'o' ? '0' : '';
  return filled(sign, digits, flags, width, precision === undefined);
}

/** For e, f, g and their capitals. */
export function formatReal({ flags, width, precision = 6, letter }: Conversion, value: number): string {
  const absolute = Math.abs(value);
  const sign =
    value < 0 || Object.is(value, -0) ? '-' : flags.includes('+') ? '+' : flags.includes(' ') ? ' ' : '';
  if (!Number.isFinite(value)) {
    const name = Number.isNaN(value) ? 'nan' : 'inf';
    return filled(sign, /[A-Z]/.test(letter) ? name.toUpperCase() : name, flags, width, false);
  }
  const places = Math.min(precision, 100);
  let digits: string;
  switch (letter.toLowerCase()) {
    case 'e':
      digits = exponential(absolute, places);
      break;
    case 'g':
      digits = shortest(absolute, places, flags.includes('#'));
      break;
    default:
      digits = fixed(absolute, places);
  }
  if (/[A-Z]/.test(letter)) digits = digits.toUpperCase();
  return filled(sign, digits, flags, width, true);
}

function fixed(value: number, places: number): string {
  if (value >= 1e21) return BigInt(value).toString() + (places > 0 ? `.${'0'.repeat(places)}` : '');
  // C rounds halves to even digits, JavaScript away from zero.
  const scaled = value * 10 ** places;
  if (places < 16 && scaled % 1 === 0.5 && scaled / 10 ** places === value && Math.floor(scaled) % 2 === 0)
    return (Math.floor(scaled) / 10 ** places).toFixed(places);
  return value.toFixed(places);
}

function exponential(value: number, places: number): string {
  return value.toExponential(places).replace(/e([+-])(\d)$/, 'e$10$2');
}

function shortest(value: number, precision: number, keepsZeros: boolean): string {
  const significant = precision === 0 ? 1 : precision;
  if (value === 0) return keepsZeros ? `0.${'0'.repeat(significant - 1)}` : '0';
  const exponent = Number(value.toExponential(significant - 1).split('e')[1]);
  const trimmed = (text: string): string =>
    keepsZeros || !text.includes('.') ? text : text.replace(/\.?0+(?=e|$)/, '');
  if (exponent < -4 || exponent >= significant) return trimmed(exponential(value, significant - 1));
  return trimmed(value.toFixed(Math.min(100, significant - 1 - exponent)));
}

function filled(sign: string, digits: string, flags: string, width: number, mayZero: boolean): string {
  if (flags.includes('-')) return (sign + digits).padEnd(width);
  if (flags.includes('0') && mayZero) return sign + digits.padStart(width - sign.length, '0');
  return (sign + digits).padStart(width);
}
