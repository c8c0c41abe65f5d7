/** As much of ASN.1's distinguished encoding (ITU-T X.690) as certificates, and requests for them, need. */

/** An element with any tag. */
export function raw(tag: number, content: Buffer): Buffer {
  const { length } = content;
  const size =
    length < 0x80 ? [length] : length < 0x100 ? [0x81, length] : [0x82, length >> 8, length & 0xff];
  if (length > 0xffff) throw new RangeError('no element of a certificate is that long');
  return Buffer.concat([Buffer.from([tag, ...size]), content]);
}

export function sequence(...members: readonly Buffer[]): Buffer {
  return raw(0x30, Buffer.concat(members));
}

export function set(...members: readonly Buffer[]): Buffer {
  return raw(0x31, Buffer.concat(members));
}

/** Explicitly. */
export function tagged(tag: number, element: Buffer): Buffer {
  return raw(0xa0 | tag, element);
}

/** @param bytes of a number that is not negative, the highest first */
export function integer(bytes: Buffer): Buffer {
  let from = 0;
  while (from < bytes.length - 1 && bytes[from] === 0) from += 1;
  const digits = bytes.subarray(from);
  return raw(2, (digits[0] ?? 0x80) >= 0x80 ? Buffer.concat([Buffer.alloc(1), digits]) : digits);
}

export function flag(value: boolean): Buffer {
  return raw(1, Buffer.from([value ? 0xff : 0]));
}

/** @param unused bits at the end */
export function bitString(bytes: Buffer, unused = 0): Buffer {
  return raw(3, Buffer.concat([Buffer.from([unused]), bytes]));
}

export function octets(bytes: Buffer): Buffer {
  return raw(4, bytes);
}

/** @param id as `2.5.29.15` */
export function objectId(id: string): Buffer {
  const [first = 0, second = 0, ...rest] = id.split('.').map(Number);
  const bytes = [first * 40 + second];
  for (const arc of rest) {
    const groups = [arc & 0x7f];
    for (let left = arc >>> 7; left > 0; left >>>= 7) groups.unshift((left & 0x7f) | 0x80);
    bytes.push(...groups);
  }
  return raw(6, Buffer.from(bytes));
}

/** A PrintableString where it can be one, as Go's encoding/asn1 decides, else UTF-8. */
export function text(value: string): Buffer {
  const isPrintable = /^[A-Za-z0-9 '()+,./:=?-]*$/.test(value);
  return raw(isPrintable ? 0x13 : 0x0c, Buffer.from(value, 'utf8'));
}

/** UTC, in seconds; with four digits for the year from 2050 on. @param at milliseconds since 1970 */
export function time(at: number): Buffer {
  const digits = `${new Date(at).toISOString().replace(/[-:T]|\..*/g, '')}Z`;
  const isLong = digits >= '2050';
  return raw(isLong ? 0x18 : 0x17, Buffer.from(isLong ? digits : digits.slice(2), 'latin1'));
}

export interface Element {
  readonly tag: number;
  readonly content: Buffer;
  readonly whole: Buffer;
}

/**
 * The elements that follow each other in some bytes, whoever wrote them.
 * @throws RangeError where one is cut off, or its tag or length is none that is written here
 */
export function elements(bytes: Buffer): Element[] {
  const found: Element[] = [];
  for (let at = 0; at < bytes.length; ) {
    const [first = 0xff, ...more] = bytes.subarray(at + 1, at + 4);
    const [high = 0, low = 0] = more;
    let start = at + 2;
    let length = first;
    if (first === 0x81 && high >= 0x80) {
      start = at + 3;
      length = high;
    } else if (first === 0x82 && high > 0) {
      start = at + 4;
      length = (high << 8) | low;
    } else if (first >= 0x80) throw new RangeError('a length is not as it is written');
    const end = start + length;
    // Tags above 30 take more than one byte.
    if (end > bytes.length || (bytes[at]! & 0x1f) === 0x1f) throw new RangeError('an element is cut off');
    found.push({ tag: bytes[at]!, content: bytes.subarray(start, end), whole: bytes.subarray(at, end) });
    at = end;
  }
  return found;
}
