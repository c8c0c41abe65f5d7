/** How GNU wget shows what it has: dots in a log, a bar on a terminal (progress.c of 1.21.3). */

/** Bytes of a dot, dots of a group, dots of a line. */
const dotBytes = 1024;
const groupDots = 10;
const lineDots = 50;

/** @param columns of the terminal; undefined where there is none */
export function dots(size: number, rate: number, columns: number | undefined, name: string): string {
  if (columns !== undefined) return bar(size, rate, columns, name);
  const lineBytes = dotBytes * lineDots;
  const lines = Math.max(1, Math.ceil(size / lineBytes));
  let text = '';
  for (let line = 0; line < lines; line++) {
    const start = line * lineBytes;
    const count = Math.min(lineDots, Math.ceil((size - start) / dotBytes));
    text += `${`${start / 1024}`.padStart(6)}K`;
    for (let dot = 0; dot < lineDots; dot++) {
      if (dot % groupDots === 0) text += ' ';
      text += dot < count ? '.' : ' ';
    }
    const done = Math.min(size, start + lineBytes);
    const percent = size === 0 ? 100 : Math.floor((done / size) * 100);
    const isLast = line === lines - 1;
    const left = isLast ? `=${duration(size / rate)}` : ` ${remaining((size - done) / rate)}`;
    text += `${`${percent}`.padStart(4 - 1)}%${speed(rate)}${left}\n`;
  }
  return text;
}

/** ` 1.05M`. */
function speed(rate: number): string {
  let value = rate;
  let power = 0;
  while (value >= 1024 && power < 3) {
    value /= 1024;
    power += 1;
  }
  const places = value >= 99.95 ? 0 : value >= 9.995 ? 1 : 2;
  return ` ${value.toFixed(places).padStart(4)}${' KMG'[power]}`;
}

/** `0.02s`, `1.3s`, `2m 3s`: two places that count. */
function duration(seconds: number): string {
  if (seconds < 0.001) return '0s';
  if (seconds < 1) return `${Number(seconds.toPrecision(1))}s`;
  if (seconds < 10) return `${seconds.toFixed(1)}s`;
  return remaining(seconds);
}

function remaining(seconds: number): string {
  const whole = Math.round(seconds);
  if (whole < 60) return `${whole}s`;
  return whole < 3600
    ? `${Math.floor(whole / 60)}m${whole % 60}s`
    : `${Math.floor(whole / 3600)}h${Math.floor((whole % 3600) / 60)}m`;
}

/** `x.sh                100%[===================>]   1.21K  --.-KB/s    in 0s      `. */
function bar(size: number, rate: number, columns: number, name: string): string {
  const nameWidth = Math.max(1, Math.floor(columns / 4) - 1);
  const length = Math.max(1, columns - 1 - nameWidth - 1 - 4 - 2 - 8 - 11 - 14);
  const seconds = size / rate;
  const value =
    size < 1024
      ? `${size}`
      : size < 1_048_576
        ? `${(size / 1024).toFixed(2)}K`
        : `${(size / 1_048_576).toFixed(2)}M`;
  const shownRate =
    seconds < 0.01
      ? '--.-KB/s'
      : rate < 1_048_576
        ? `${(rate / 1024).toFixed(1)}KB/s`
        : `${(rate / 1_048_576).toFixed(2)}MB/s`;
  const line = `${name.slice(0, nameWidth).padEnd(nameWidth)} 100%[${'='.repeat(Math.max(0, length - 1))}>]${value.padStart(8)}  ${shownRate.padEnd(8)} `;
  return `\r${`${line}   in ${duration(seconds)}`.padEnd(columns - 1)}\n`;
}
