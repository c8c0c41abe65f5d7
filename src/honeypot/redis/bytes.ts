/** Events have texts, the server has bytes. */

export function utf8(bytes: string): string {
  return Buffer.from(bytes, 'latin1').toString('utf8');
}
