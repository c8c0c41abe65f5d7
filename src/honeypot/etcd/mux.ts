/** What kind of conversation begins: etcd looks at the first bytes (cmux 0.1.4), and hangs up where it knows neither. */

export type Kind = 'http2' | 'http1' | 'unknown';

/** What a client of HTTP/2 says first (RFC 9113, section 3.4). */
const preface = Buffer.from('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n');
/** A request line may not be longer, in bytes. */
const maxLine = 4096;

/** @returns undefined where more has to come */
export function kindOf(bytes: Buffer): Kind | undefined {
  const length = Math.min(bytes.length, preface.length);
  if (bytes.subarray(0, length).equals(preface.subarray(0, length)))
    return length === preface.length ? 'http2' : undefined;
  const feed = bytes.indexOf(10);
  if (feed < 0 && bytes.length < maxLine) return undefined;
  if (feed < 0 || feed >= maxLine) return 'unknown';
  return /^[^ ]* [^ ]* HTTP\/1\.\d\r?$/.test(bytes.toString('latin1', 0, feed)) ? 'http1' : 'unknown';
}
