/**
 * The last defence before text leaves: producers make hostile strings printable, and here nothing relies on it.
 *
 * CI systems read commands from logs: GitHub takes lines that begin with `::` (behind any white space) and
 * `##[` anywhere, Azure Pipelines `##vso[` anywhere, TeamCity `##teamcity[` (read in their runners' sources,
 * 2026-11). Lines of the table therefore never begin with text from an artefact, and `##…[` is always broken.
 */
import { printable } from '../model/printable.ts';

/** `##` where a bracket follows behind at most one short word. */
const command = /##(?=[A-Za-z-]{0,16}\[)/g;

/** For one line of a terminal or log. @param limit longest result in characters */
export function safeLine(text: string, limit = 400): string {
  const safe = printable(text, limit).replace(command, '\\x23#');
  return safe.length > limit ? safe.slice(0, Math.max(0, limit - 1)) + '…' : safe;
}

/**
 * JSON whose strings hold the same values, with everything written as `\uNNNN` that a terminal or a CI log
 * would obey: C1 controls, format characters and commands.
 */
export function safeJson(value: unknown, indent?: number): string {
  return JSON.stringify(value, undefined, indent)
    .replace(/[\x7f-\x9f\p{Cf}\p{Zl}\p{Zp}]/gu, escapeUnits)
    .replace(command, '\\u0023#');
}

/** True for what may become a link: nothing but http and https, and nothing that a parser would repair. */
export function isWebAddress(text: string): boolean {
  return /^https?:\/\/[\x21-\x7e]{1,2000}$/.test(text) && URL.canParse(text);
}

function escapeUnits(character: string): string {
  let out = '';
  for (let at = 0; at < character.length; at++) {
    out += '\\u' + character.charCodeAt(at).toString(16).padStart(4, '0');
  }
  return out;
}
