/**
 * Columns of many rows, each as one array in PostgreSQL's binary format (array_recv, release 15): what the server
 * copies, where it would have to parse text. Rows in JSON take half as long again on PostgreSQL, and twice as long on
 * the embedded store (`json_to_recordset` beside `unnest`, 500 rows of 500 bytes). The driver sends a Buffer as binary,
 * whatever its type.
 */

/** Of types, as `pg_type` has them since ever. */
const oid = {
  bytea: 17,
  int8: 20,
  int2: 21,
  int4: 23,
  text: 25,
  timestamptz: 1184,
} as const;

export function int2s(values: readonly number[]): Buffer {
  return fixed(oid.int2, 2, values, (bytes, value, at) => bytes.writeInt16BE(value, at));
}

export function int4s(values: readonly number[]): Buffer {
  return fixed(oid.int4, 4, values, (bytes, value, at) => bytes.writeInt32BE(value, at));
}

export function int8s(values: readonly (number | undefined)[]): Buffer {
  return fixed(oid.int8, 8, values, writeInt8);
}

/** Midnight of the first of January 2000, UTC, from which PostgreSQL counts. */
const epoch = Date.UTC(2000, 0, 1);

/** @param values milliseconds since 1970 */
export function times(values: readonly (number | undefined)[]): Buffer {
  return fixed(oid.timestamptz, 8, values, (bytes, value, at) =>
    writeInt8(bytes, (value - epoch) * 1000, at),
  );
}

/** @param values without NUL, as `storable` has them */
export function texts(values: readonly (string | undefined)[]): Buffer {
  let length = 0;
  for (const one of values) length += one === undefined ? 0 : Buffer.byteLength(one);
  return variable(oid.text, values, length, (bytes, value, at) => bytes.write(value, at));
}

/** @param values bytes, also as characters */
export function byteas(values: readonly (string | Buffer | undefined)[]): Buffer {
  let length = 0;
  for (const one of values) length += one === undefined ? 0 : one.length;
  return variable(oid.bytea, values, length, (bytes, value, at) =>
    typeof value === 'string' ? bytes.write(value, at, 'latin1') : value.copy(bytes, at),
  );
}

function writeInt8(bytes: Buffer, value: number, at: number): void {
  bytes.writeInt32BE(Math.floor(value / 2 ** 32), at);
  bytes.writeUInt32BE(value >>> 0, at + 4);
}

const headLength = 20;

/** One dimension that begins with 1, or none where there are no elements. */
function begin(type: number, count: number, length: number): Buffer {
  const bytes = Buffer.allocUnsafe(count === 0 ? 12 : headLength + length);
  bytes.writeInt32BE(count === 0 ? 0 : 1, 0);
  bytes.writeInt32BE(1, 4);
  bytes.writeInt32BE(type, 8);
  if (count > 0) {
    bytes.writeInt32BE(count, 12);
    bytes.writeInt32BE(1, 16);
  }
  return bytes;
}

function fixed<Value>(
  type: number,
  size: number,
  values: readonly (Value | undefined)[],
  write: (bytes: Buffer, value: Value, at: number) => void,
): Buffer {
  return filled(begin(type, values.length, values.length * (4 + size)), values, (bytes, value, at) => {
    write(bytes, value, at);
    return size;
  });
}

function variable<Value>(
  type: number,
  values: readonly (Value | undefined)[],
  length: number,
  write: (bytes: Buffer, value: Value, at: number) => number,
): Buffer {
  return filled(begin(type, values.length, values.length * 4 + length), values, write);
}

/** Each element behind its length, which is -1 for null. */
function filled<Value>(
  bytes: Buffer,
  values: readonly (Value | undefined)[],
  write: (bytes: Buffer, value: Value, at: number) => number,
): Buffer {
  let at = headLength;
  // By index: an iterator makes an object for each value, and there are tens of thousands in a delivery.
  for (let place = 0; place < values.length; place += 1) {
    const value = values[place];
    const length = value === undefined ? -1 : write(bytes, value, at + 4);
    bytes.writeInt32BE(length, at);
    at += 4 + Math.max(length, 0);
  }
  return bytes.subarray(0, values.length === 0 ? bytes.length : at);
}
