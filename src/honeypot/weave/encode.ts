/** JSON as Scope writes it (ugorji/go/codec of 2017): floats always with a point or an exponent. */

/** A number that is a float in Go. */
export class Float {
  readonly value: number;

  constructor(value: number) {
    this.value = value;
  }
}

export function encode(value: unknown): string {
  if (value instanceof Float) return floatText(value.value);
  if (Array.isArray(value)) return `[${value.map(encode).join(',')}]`;
  if (typeof value === 'object' && value !== null) {
    const pairs = Object.entries(value).flatMap(([name, one]) =>
      one === undefined ? [] : [`${JSON.stringify(name)}:${encode(one)}`],
    );
    return `{${pairs.join(',')}}`;
  }
  return JSON.stringify(value) ?? 'null';
}

/** Go's `strconv.FormatFloat(value, 'G', -1, 64)`, and a point where there would be none. */
export function floatText(value: number): string {
  if (value === 0) return '0.0';
  const [digits = '', exponent = '0'] = value.toExponential().split('e');
  const power = Number(exponent);
  if (power < -4 || power >= 6) {
    const sign = power < 0 ? '-' : '+';
    return `${digits}E${sign}${String(Math.abs(power)).padStart(2, '0')}`;
  }
  const text = String(value);
  return text.includes('.') ? text : `${text}.0`;
}
