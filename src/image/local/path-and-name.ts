/**
 * `PATH[:NAME]` and `PATH[@DIGEST]`, where both paths and names may hold colons (`dir:a:registry/app:1`): the
 * longest beginning that exists is the path.
 */
import { kindOfPath } from './members.ts';

export interface PathAndName {
  readonly path: string;
  /** Without the colon; a digest or position keeps its `@`. */
  readonly name?: string;
}

/** Separators that are tried, from the right. */
const separatorLimit = 32;

/** Where nothing exists, all of the text counts as path, for the message. */
export async function splitPath(text: string): Promise<PathAndName> {
  if ((await kindOfPath(text)) !== undefined) return { path: text };
  let at = text.length;
  for (let tried = 0; tried < separatorLimit; tried += 1) {
    at = Math.max(text.lastIndexOf(':', at - 1), text.lastIndexOf('@', at - 1));
    if (at <= 0) break;
    const path = text.slice(0, at);
    const name = text.slice(text[at] === '@' ? at : at + 1);
    if (name !== '' && (await kindOfPath(path)) !== undefined) return { path, name };
  }
  return { path: text };
}
