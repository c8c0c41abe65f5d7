/**
 * Shell variables that a script leaves to its surroundings: `$APP_HOME/run`, `${CONFIG:-/etc/x.json}`, `$1`,
 * `"$@"`. The script itself cannot tell their values; the image's environment and the caller's arguments can.
 */

/** Longest expanded word, and most words of a command: what goes beyond is cut. */
const maxExpanded = 4096;
const maxWords = 2000;

/**
 * The words of a command as the shell would pass them on. A word that is one reference alone is split at
 * blanks (`$CMD`), and `$@` or `$*` becomes the arguments.
 * @param value what a name stands for; `undefined` where it is not set
 */
export function expandWords(
  words: readonly string[],
  value: (name: string) => string | undefined,
  args: readonly string[],
): readonly string[] {
  if (!words.some((word) => word.includes('$'))) return words;
  const out: string[] = [];
  for (const word of words) {
    if (out.length >= maxWords) break;
    out.push(...expansionOf(word, value, args));
  }
  return out.slice(0, maxWords);
}

function expansionOf(
  word: string,
  value: (name: string) => string | undefined,
  args: readonly string[],
): readonly string[] {
  if (!word.includes('$')) return [word];
  if (/^\$\{?[@*]\}?$/.test(word)) return args;
  const expanded = expandWord(word, (name) => (isPosition(name) ? positional(name, args) : value(name)));
  const whole = /^\$(?:\w+|\{\w+\})$/.test(word);
  return whole ? expanded.split(/\s+/).filter((part) => part !== '') : [expanded];
}

/** Every reference replaced, one level deep; what is not set becomes its default or nothing. */
export function expandWord(word: string, value: (name: string) => string | undefined): string {
  let out = '';
  let at = 0;
  while (at < word.length && out.length < maxExpanded) {
    const dollar = word.indexOf('$', at);
    if (dollar < 0) break;
    const reference = referenceAt(word, dollar);
    out +=
      word.slice(at, dollar) +
      (reference === undefined ? '$' : replacement(reference, value(reference.name)));
    at = reference?.end ?? dollar + 1;
  }
  return (out + word.slice(at)).slice(0, maxExpanded);
}

interface Reference {
  readonly name: string;
  /** `:-`, `-`, `:=`, `=`: the operand counts when unset; `:+`, `+`: when set; or empty. */
  readonly operator: string;
  readonly operand: string;
  readonly end: number;
}

function replacement({ operator, operand }: Reference, known: string | undefined): string {
  const set = known !== undefined && !(known === '' && operator.startsWith(':'));
  if (operator.endsWith('+')) return set ? operand : '';
  return set ? known : operand;
}

/** `undefined` for a dollar that begins no plain reference, such as `$(`. */
function referenceAt(word: string, dollar: number): Reference | undefined {
  const braced = word[dollar + 1] === '{';
  const start = dollar + (braced ? 2 : 1);
  let after = start;
  if (/[@*]/.test(word[start] ?? '')) after = start + 1;
  else while (after < word.length && /\w/.test(word[after] ?? '')) after++;
  const name = word.slice(start, after);
  if (name === '') return undefined;
  if (!braced) return { name, operator: '', operand: '', end: after };
  const close = word.indexOf('}', after);
  if (close < 0) return undefined;
  const rest = word.slice(after, close);
  const operator = /^:?[-=+]/.exec(rest)?.[0] ?? '';
  return { name, operator, operand: operator === '' ? '' : rest.slice(operator.length), end: close + 1 };
}

function isPosition(name: string): boolean {
  return /^[@*]$|^\d+$/.test(name);
}

function positional(name: string, args: readonly string[]): string | undefined {
  return /[@*]/.test(name) ? args.join(' ') : args[Number(name) - 1];
}
