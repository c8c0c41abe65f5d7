/** What is told of a loader. */
import type { Command } from '../../indicator/shell.ts';
import { type Origin, worstOrigin } from './origin.ts';

export interface Loader {
  readonly kind: 'download' | 'payload' | 'reverse-shell';
  /** For a download; for a payload that downloads in turn. */
  readonly origin: Origin;
  readonly urls: readonly string[];
  /** Certificates are not verified. */
  readonly insecure: boolean;
  /**
   * Of a download: run by its bare name, out of an archive, or left where it will be started, which is also how
   * software is installed.
   */
  readonly installed: boolean;
  /** Of a payload: what it turns out to be. `unknown` where that is decided when it runs. */
  readonly content: 'hostile' | 'harmless' | 'unknown';
  /** What a payload decodes to, where it could be decoded. */
  readonly decoded?: string;
  /** In the text, in characters. */
  readonly offset: number;
  readonly length: number;
}

export type Place = Pick<Loader, 'offset' | 'length'>;

export function download(urls: readonly string[], place: Place): Loader {
  const origin = urls.length === 0 ? 'variable' : worstOrigin(urls);
  return { kind: 'download', origin, urls, insecure: false, installed: false, content: 'unknown', ...place };
}

export function payload(content: Loader['content'], decoded: string | undefined, place: Place): Loader {
  return { ...download([], place), kind: 'payload', content, ...(decoded !== undefined && { decoded }) };
}

/** What a decoded text does, told as a payload. */
export function hiddenIn(text: string, inner: Loader): Loader {
  if (inner.kind === 'payload' && inner.content !== 'hostile' && inner.decoded === undefined) return inner;
  const decoded = inner.decoded === undefined || inner.decoded === text ? text : `${text} → ${inner.decoded}`;
  return {
    ...inner,
    kind: 'payload',
    content: inner.content === 'harmless' ? 'harmless' : 'hostile',
    decoded,
  };
}

/** Most loaders that are told of one text. */
const maxLoaders = 200;

/** The same thing told once: a function's body stands in the text and is read again for each call. */
export function withoutRepeats(found: readonly Loader[]): readonly Loader[] {
  const seen = new Map<string, Loader>();
  for (const one of found) {
    const key = [one.kind, one.offset, one.origin, one.content, one.installed].join(' ');
    if (!seen.has(key) && seen.size < maxLoaders) seen.set(key, one);
  }
  return [...seen.values()];
}

/** Where the text of each command ends: where the next one in the text begins. */
export function endsOf(commands: readonly Command[], end: number): readonly number[] {
  const ends: number[] = [];
  let next = end;
  let after = end;
  for (let at = commands.length - 1; at >= 0; at--) {
    const { offset } = commands[at]!;
    if (offset < next) after = next;
    next = offset;
    ends[at] = after > offset ? after : end;
  }
  return ends;
}
