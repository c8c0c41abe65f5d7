/** Regular expressions of the applications' files: RE2's, so that no request makes one slow. Compiled when one is first used. */
import { RE2JS } from 're2js';

const compiled = new Map<string, RE2JS>();

export function isPattern(text: string): boolean {
  try {
    RE2JS.compile(text, RE2JS.DOTALL);
    return true;
  } catch {
    return false;
  }
}

/** @param text of the files alone: each is kept */
export function patternOf(text: string): RE2JS {
  const known = compiled.get(text) ?? RE2JS.compile(text, RE2JS.DOTALL);
  compiled.set(text, known);
  return known;
}
