/** Credentials for registries that clients send along: `X-Registry-Auth`, base64url of JSON. */
import type { Exchange } from '../http/serve.ts';

export interface RegistryAuth {
  readonly username?: string;
  readonly password?: string;
  readonly serveraddress?: string;
  readonly identitytoken?: string;
  readonly registrytoken?: string;
  readonly auth?: string;
  readonly email?: string;
}

const names = [
  'username',
  'password',
  'serveraddress',
  'identitytoken',
  'registrytoken',
  'auth',
  'email',
] as const;
const mostText = 4000;

/** @returns what is in it; undefined where nothing is, or nothing that is meant */
export function registryAuthOf(exchange: Exchange): RegistryAuth | undefined {
  const header = exchange.header('x-registry-auth');
  if (header === undefined || header === '') return undefined;
  try {
    return pick(JSON.parse(Buffer.from(header, 'base64').toString('utf8')));
  } catch {
    return undefined;
  }
}

export function pick(value: unknown): RegistryAuth | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  const told = Object.fromEntries(
    names.flatMap((name) => {
      const one = (value as Record<string, unknown>)[name];
      return typeof one === 'string' && one !== '' ? [[name, one.slice(0, mostText)]] : [];
    }),
  );
  return Object.keys(told).length === 0 ? undefined : told;
}
