/** An address, or a network by its prefix. */
import { isIP } from 'node:net';
import { z } from 'zod';

export const cidr = z
  .string()
  .trim()
  .max(50)
  .refine(isNetwork, 'an address, or a network such as 198.51.100.0/24');

function isNetwork(text: string): boolean {
  const [address = '', prefix, ...rest] = text.split('/');
  const version = isIP(address);
  if (version === 0 || address.includes('%') || rest.length > 0) return false;
  if (prefix === undefined) return true;
  return /^\d{1,3}$/.test(prefix) && Number(prefix) <= (version === 4 ? 32 : 128);
}
