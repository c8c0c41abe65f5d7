/**
 * Where a text is in another, in linear time whatever both are: what JavaScript's own search takes for long texts that
 * are nearly everywhere is the product of their lengths.
 */

/** Shorter texts are searched for fast enough. */
const long = 100;

/** @returns where it is from a place on, -1 where it is not */
export function placeIn(text: string, part: string, from = 0): number {
  if (part.length <= long) return text.indexOf(part, from);
  return placesIn(text, part, from, 1)[0] ?? -1;
}

/** Parts of a text between others, as `String.split` makes them. @param between not empty */
export function splitBy(text: string, between: string): string[] {
  if (between.length <= long) return text.split(between);
  const parts: string[] = [];
  let at = 0;
  for (const place of placesIn(text, between, 0, Number.POSITIVE_INFINITY)) {
    parts.push(text.slice(at, place));
    at = place + between.length;
  }
  return [...parts, text.slice(at)];
}

/** After Knuth, Morris and Pratt (1977); places do not overlap. */
function placesIn(text: string, part: string, from: number, most: number): number[] {
  // How much of its own beginning each beginning of the part ends with.
  const ends = new Int32Array(part.length);
  for (let [at, known] = [1, 0]; at < part.length; at += 1) {
    while (known > 0 && part[at] !== part[known]) known = ends[known - 1]!;
    if (part[at] === part[known]) known += 1;
    ends[at] = known;
  }
  const places: number[] = [];
  for (let [at, known] = [from, 0]; at < text.length && places.length < most; at += 1) {
    while (known > 0 && text[at] !== part[known]) known = ends[known - 1]!;
    if (text[at] === part[known]) known += 1;
    if (known < part.length) continue;
    places.push(at + 1 - part.length);
    known = 0;
  }
  return places;
}
