/**
 * What commands answer, and how it goes over the wire: in RESP2, or in RESP3 once a client asked for it. Here as in
 * keys and values, a text holds bytes, one in each character (latin1).
 */

export type Reply =
  /** Bulk string. */
  | string
  | number
  | bigint
  | null
  | readonly Reply[]
  | { readonly kind: 'status' | 'error' | 'verbatim'; readonly text: string }
  | { readonly kind: 'map'; readonly entries: readonly (readonly [Reply, Reply])[] }
  | { readonly kind: 'set' | 'push'; readonly items: readonly Reply[] }
  /** Printed with seventeen digits where no text is given. */
  | { readonly kind: 'double'; readonly value: number; readonly text?: string }
  | { readonly kind: 'noArray' }
  /** What is no reply of the protocol, as a snapshot is. */
  | { readonly kind: 'bytes'; readonly text: string }
  /** Replies behind each other, as SUBSCRIBE gives one for each channel; or nothing at all. */
  | { readonly kind: 'several'; readonly replies: readonly Reply[] };

export type Protocol = 2 | 3;

export const status = (text: string): Reply => ({ kind: 'status', text });
export const ok = status('OK');
export const map = (entries: readonly (readonly [Reply, Reply])[]): Reply => ({ kind: 'map', entries });
export const set = (items: readonly Reply[]): Reply => ({ kind: 'set', items });
export const push = (...items: Reply[]): Reply => ({ kind: 'push', items });
export const double = (value: number): Reply => ({ kind: 'double', value });
export const noArray: Reply = { kind: 'noArray' };
export const silence: Reply = { kind: 'several', replies: [] };

/** Thrown by a command; its message is the whole error reply. */
export class RedisError extends Error {}

export const syntaxError = (): RedisError => new RedisError('ERR syntax error');

export function encode(reply: Reply, protocol: Protocol): string {
  if (typeof reply === 'string') return `$${reply.length}\r\n${reply}\r\n`;
  if (typeof reply === 'number' || typeof reply === 'bigint') return `:${reply}\r\n`;
  if (reply === null) return protocol === 3 ? '_\r\n' : '$-1\r\n';
  if (isArray(reply)) return aggregate('*', reply, protocol);
  switch (reply.kind) {
    case 'status':
      return `+${reply.text}\r\n`;
    case 'error':
      return `-${reply.text.replace(/[\r\n]/g, ' ')}\r\n`;
    case 'verbatim':
      if (protocol === 2) return encode(reply.text, 2);
      return `=${reply.text.length + 4}\r\ntxt:${reply.text}\r\n`;
    case 'map':
      if (protocol === 2) return aggregate('*', reply.entries.flat(), 2);
      return `%${reply.entries.length}\r\n${reply.entries.map(([key, value]) => encode(key, 3) + encode(value, 3)).join('')}`;
    case 'set':
      return aggregate(protocol === 3 ? '~' : '*', reply.items, protocol);
    case 'push':
      return aggregate(protocol === 3 ? '>' : '*', reply.items, protocol);
    case 'double':
      return protocol === 3 ? `,${textOfDouble(reply)}\r\n` : encode(textOfDouble(reply), 2);
    case 'noArray':
      return protocol === 3 ? '_\r\n' : '*-1\r\n';
    case 'bytes':
      return reply.text;
    case 'several':
      return reply.replies.map((one) => encode(one, protocol)).join('');
  }
}

function aggregate(mark: string, items: readonly Reply[], protocol: Protocol): string {
  return `${mark}${items.length}\r\n${items.map((item) => encode(item, protocol)).join('')}`;
}

/** Bytes that it will take, nearly. */
export function sizeOf(reply: Reply): number {
  if (typeof reply === 'string') return reply.length + 12;
  if (typeof reply !== 'object' || reply === null) return 8;
  const sum = (items: readonly Reply[]): number =>
    items.reduce<number>((all, item) => all + sizeOf(item), 12);
  if (isArray(reply)) return sum(reply);
  switch (reply.kind) {
    case 'map':
      return sum(reply.entries.flat());
    case 'set':
    case 'push':
      return sum(reply.items);
    case 'several':
      return sum(reply.replies);
    case 'double':
    case 'noArray':
      return 24;
    default:
      return reply.text.length;
  }
}

/** `Array.isArray` that also narrows readonly arrays. */
export function isArray(reply: Reply): reply is readonly Reply[] {
  return Array.isArray(reply);
}

export function textOfDouble({ value, text }: Extract<Reply, { readonly kind: 'double' }>): string {
  return text ?? doubleText(value);
}

/** As C prints `%.17g`. */
export function doubleText(value: number): string {
  if (Number.isNaN(value)) return 'nan';
  if (!Number.isFinite(value)) return value > 0 ? 'inf' : '-inf';
  if (value === 0) return Object.is(value, -0) ? '-0' : '0';
  const [digits = '', exponent = ''] = value.toExponential(16).split('e');
  const power = Number(exponent);
  if (power >= -5 && power < 17) return withoutZeros(value.toFixed(Math.max(0, 16 - power)));
  const sign = power < 0 ? '-' : '+';
  return `${withoutZeros(digits)}e${sign}${String(Math.abs(power)).padStart(2, '0')}`;
}

export function withoutZeros(decimal: string): string {
  return decimal.includes('.') ? decimal.replace(/0+$/, '').replace(/\.$/, '') : decimal;
}
