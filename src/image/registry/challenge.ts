/** The WWW-Authenticate field of a 401 (RFC 9110, 11.6.1), as far as registries use it. */

export interface Challenge {
  /** Lower case: `bearer`, `basic`. */
  readonly scheme: string;
  /** Names in lower case. */
  readonly parameters: ReadonlyMap<string, string>;
}

/** What cannot be read is left out. @param field at most the header limit long; several challenges are fine */
export function parseChallenges(field: string): Challenge[] {
  const challenges: { scheme: string; parameters: Map<string, string> }[] = [];
  let at = 0;
  while (at < field.length) {
    const word = matchAt(token, field, at);
    if (word === undefined) {
      at++;
      continue;
    }
    at += word.length;
    const value = matchAt(assignment, field, at);
    if (value === undefined) {
      challenges.push({ scheme: word.toLowerCase(), parameters: new Map() });
      continue;
    }
    at += value.length;
    challenges
      .at(-1)
      ?.parameters.set(word.toLowerCase(), unquote(value.slice(value.indexOf('=') + 1).trim()));
  }
  return challenges;
}

const token = /[A-Za-z0-9!#$%&'*+.^_`|~-]+/y;
const assignment = /[ \t]*=[ \t]*(?:"(?:[^"\\]|\\.)*"|[^",\s]+)/y;

function matchAt(pattern: RegExp, text: string, at: number): string | undefined {
  pattern.lastIndex = at;
  return pattern.exec(text)?.[0];
}

function unquote(value: string): string {
  return value.startsWith('"') ? value.slice(1, -1).replace(/\\(.)/g, '$1') : value;
}
