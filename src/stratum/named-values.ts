/**
 * Names that a program or script gives to a pool or wallet: `POOL = "host:3333"`, `const w = '4…'`, `$user = …`. Only
 * values that are one or the other are kept, so that the name means it wherever it stands in the same text.
 */
import { parseMinerUser } from '../indicator/wallet.ts';
import { parsePoolUrl } from './pool-url.ts';

/** Every quantifier is bounded, so that the cost is linear in the text. */
const assignment =
  /([A-Za-z_]\w{0,40})["']?[ \t]{0,8}(?::=|[:=])[ \t]{0,8}["'`]?([^\s"'`,;(){}<>[\]|&]{8,300})/g;

/** How many values are looked at. */
const maxTries = 2000;

export function namedValues(text: string): ReadonlyMap<string, string> {
  const named = new Map<string, string>();
  let tries = maxTries;
  for (const [, name = '', value = ''] of text.matchAll(assignment)) {
    const mayBePool = /:\d{1,5}(?:$|\/)/.test(value);
    if (!mayBePool && value.length < 26) continue;
    if (tries-- <= 0) break;
    const isPool = mayBePool && parsePoolUrl(value)?.public === true;
    if (isPool || parseMinerUser(value)?.wallet.verified === true) named.set(name, value);
  }
  return named;
}

/** The value of `$NAME`, `${NAME}`, `NAME`, `self.NAME`, `.$name.`; the word itself where it is no such name. */
export function valueNamed(word: string, named: ReadonlyMap<string, string>): string {
  if (named.size === 0 || word.length > 64) return word;
  const name = /^\.?[$@%]?\{?(?:[A-Za-z_]\w{0,40}\.)?([A-Za-z_]\w{0,40})\}?\.?$/.exec(word)?.[1];
  return (name === undefined ? undefined : named.get(name)) ?? word;
}
