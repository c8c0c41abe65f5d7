/** A request as it came, for the event: its head as far as it was kept, and the beginning of its body. */
import type { Head } from './request.ts';

export function rawOf(
  { method, target, minor, headers }: Pick<Head, 'method' | 'target' | 'minor' | 'headers'>,
  body: Uint8Array = Buffer.alloc(0),
): Buffer {
  const lines = headers.map(([name, value]) => `${name}: ${value}\r\n`).join('');
  return Buffer.concat([Buffer.from(`${method} ${target} HTTP/1.${minor}\r\n${lines}\r\n`, 'latin1'), body]);
}
