/**
 * Which parts of a text are read, and where each stands in the file. Most scripts are small and are read as they
 * are. In a large one the work must not hide behind comments, blank lines or data: lines that do nothing are left
 * out, and where too much remains, what stands around the anchors is read.
 */

/** A piece of text to read; lines of the file, not always adjacent ones. */
export interface Part {
  readonly text: string;
  /** Of a character of `text`, its place in the file. */
  at(offset: number): number;
}

/** Texts up to this size are one part; parts of larger ones are about as long. In bytes. */
export const partSize = 256 * 1024;
/** Of a large text this much is read as it stands, comments not counted; behind it what stands around anchors. */
const maxWhole = { start: 1024 * 1024, script: 512 * 1024, text: 0 } as const;
/** Around anchors no more is read than this, in bytes. */
const maxAround = 1024 * 1024;
/** What belongs to an anchor: so many bytes before and behind it, and the rest of these lines. */
const before = 2 * 1024;
const behind = 4 * 1024;
/** A line is cut here; a payload in one line is as long. */
const maxLine = 128 * 1024;

export interface Reading {
  /** `start`: starts by itself. `script`: a shell script by its first line. `text`: any other. */
  readonly as: 'start' | 'script' | 'text';
  /** Places of the anchors in the text, ascending. */
  readonly hits: readonly number[];
  /** Of the text, in the file. */
  readonly offset: number;
}

/**
 * @param text decoded as latin1, so that offsets are bytes
 * @returns the number of bytes behind which only the surroundings of anchors were read; the text's length for none
 */
export function* partsOf(text: string, { as, hits, offset }: Reading): Generator<Part, number> {
  if (text.length <= partSize) {
    yield { text, at: (place) => offset + place };
    return text.length;
  }
  const whole = { end: 0 };
  for (const spans of grouped(spansOf(text, maxWhole[as], hits, whole))) yield partOf(text, spans, offset);
  return whole.end;
}

interface Span {
  readonly from: number;
  readonly to: number;
}

/** @param whole told how far the text was read as it stands */
function* spansOf(
  text: string,
  most: number,
  hits: readonly number[],
  whole: { end: number },
): Iterable<Span> {
  let read = 0;
  if (most > 0) {
    for (const span of withoutComments(text)) {
      if (read >= most) break;
      yield span;
      read += span.to - span.from;
      whole.end = span.to;
    }
    if (read < most) whole.end = text.length;
  }
  let around = 0;
  for (const span of aroundHits(text, hits, whole.end)) {
    if (around >= maxAround) return;
    yield span;
    around += span.to - span.from;
  }
}

/** Runs of lines that are neither blank nor a comment, none longer than a part. */
function* withoutComments(text: string): Iterable<Span> {
  let from = -1;
  let at = 0;
  while (at < text.length) {
    const newline = text.indexOf('\n', at);
    const next = newline < 0 ? text.length : newline + 1;
    const isIdle = isBlankOrComment(text, at, next);
    if (from >= 0 && (isIdle || next - from > partSize)) {
      yield { from, to: at };
      from = -1;
    }
    if (!isIdle && next - at > partSize) yield* slices(at, next);
    else if (!isIdle && from < 0) from = at;
    at = next;
  }
  if (from >= 0) yield { from, to: text.length };
}

function isBlankOrComment(text: string, from: number, to: number): boolean {
  let at = from;
  while (at < to && (text[at] === ' ' || text[at] === '\t' || text[at] === '\r' || text[at] === '\n')) at++;
  return at === to || text[at] === '#';
}

/** One line that is longer than a part. */
function* slices(from: number, to: number): Iterable<Span> {
  for (let at = from; at < to; at += partSize) yield { from: at, to: Math.min(to, at + partSize) };
}

/** Whole lines around each anchor behind `start`, overlapping ones as one. */
function* aroundHits(text: string, hits: readonly number[], start: number): Iterable<Span> {
  let open: Span | undefined;
  for (const hit of hits) {
    if (hit < start) continue;
    if (open !== undefined && hit + behind <= open.to) continue;
    const from = Math.max(start, lineStart(text, Math.max(start, hit - before)));
    const to = lineEnd(text, Math.min(text.length, hit + behind));
    if (open !== undefined && from <= open.to && to - open.from <= partSize) {
      open = { from: open.from, to };
      continue;
    }
    if (open !== undefined) yield open;
    open = open === undefined ? { from, to } : { from: Math.max(from, open.to), to };
  }
  if (open !== undefined) yield open;
}

function lineStart(text: string, at: number): number {
  const from = Math.max(0, at - maxLine);
  return from + text.slice(from, at).lastIndexOf('\n') + 1;
}

function lineEnd(text: string, at: number): number {
  const newline = text.slice(at, at + maxLine).indexOf('\n');
  return Math.min(text.length, newline < 0 ? at + maxLine : at + newline + 1);
}

/** Spans put together until a part is full. */
function* grouped(spans: Iterable<Span>): Iterable<readonly Span[]> {
  let group: Span[] = [];
  let size = 0;
  for (const span of spans) {
    if (size > 0 && size + span.to - span.from > partSize) {
      yield group;
      group = [];
      size = 0;
    }
    group.push(span);
    size += span.to - span.from;
  }
  if (group.length > 0) yield group;
}

function partOf(text: string, spans: readonly Span[], offset: number): Part {
  const starts: number[] = [];
  const pieces: string[] = [];
  let length = 0;
  for (const { from, to } of spans) {
    starts.push(length);
    const piece = text.slice(from, to);
    // A line that was cut does not run on into the next span.
    const whole = spans.length === 1 || piece.endsWith('\n') ? piece : `${piece}\n`;
    pieces.push(whole);
    length += whole.length;
  }
  return {
    text: pieces.join(''),
    at(place) {
      const index = lastNotAbove(starts, place);
      return offset + (spans[index]?.from ?? 0) + place - (starts[index] ?? 0);
    },
  };
}

/** Binary search. */
function lastNotAbove(sorted: readonly number[], value: number): number {
  let low = 0;
  let high = sorted.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if ((sorted[middle] ?? 0) <= value) low = middle;
    else high = middle - 1;
  }
  return low;
}
