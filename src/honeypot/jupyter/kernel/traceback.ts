/** A traceback as IPython 8.5 colours it, the line itself left plain. */

const red = '\x1b[0;31m';
const green = '\x1b[0;32m';
const plain = '\x1b[0m';
/** Lines shown before and behind the one that failed. */
const around = 2;
/** Columns of its head. */
const width = 75;

export function tracebackOf(
  { type, message, line }: { readonly type: string; readonly message: string; readonly line: number },
  code: string,
  count: number,
): readonly string[] {
  const lines = code.split('\n');
  if (type === 'SyntaxError') {
    const text = lines[line - 1] ?? '';
    return [
      `\x1b[0;36m  Cell ${green}In [${count}], line ${line}\x1b[0;36m${plain}\n${red}    ${text}${plain}\n${plain}    ${' '.repeat(text.length)}^${plain}\n${red}SyntaxError${plain}${red}:${plain} ${message}\n`,
    ];
  }
  const title = 'Traceback (most recent call last)';
  const shown = lines
    .map((text, at) => ({ text, number: at + 1 }))
    .slice(Math.max(0, line - 1 - around), line + around)
    .map(({ text, number }) =>
      number === line
        ? `${green}----> ${number}${plain} ${text}\n`
        : `\x1b[1;32m${String(number).padStart(7)}${plain} ${text}\n`,
    );
  return [
    `${red}${'-'.repeat(width)}${plain}`,
    `${red}${type}${plain}${title.padStart(width - type.length)}`,
    `Cell ${green}In [${count}], line ${line}${plain}\n${shown.join('')}`,
    `${red}${type}${plain}: ${message}`,
  ];
}
