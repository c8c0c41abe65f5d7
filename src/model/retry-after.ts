/** The `Retry-After` field of HTTP. */

/** September 2001; as a wait it is 31 years. */
const leastUnixTime = 1e9;

/**
 * Milliseconds to wait by RFC 9110, 10.2.3: seconds or an HTTP date; or, as Docker Hub writes it, the Unix time at
 * which to come again. No number of seconds that anybody waits is as large as one of those.
 * @param now milliseconds since the epoch
 * @returns undefined where the field is absent or neither
 */
export function retryAfter(field: string | undefined, now: number): number | undefined {
  if (field === undefined) return undefined;
  if (/^\d{1,10}$/.test(field)) {
    const seconds = Number(field);
    return seconds < leastUnixTime ? seconds * 1000 : Math.max(0, seconds * 1000 - now);
  }
  const date = /^[A-Z][a-z]{2,8},? /.test(field) ? Date.parse(field) : Number.NaN;
  return Number.isNaN(date) ? undefined : Math.max(0, date - now);
}
