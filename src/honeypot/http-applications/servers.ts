/** The web servers that applications are behind. */
import { aiohttp } from './servers/aiohttp.ts';
import { apache } from './servers/apache.ts';
import { go } from './servers/go.ts';
import { jetty } from './servers/jetty.ts';
import { nginx } from './servers/nginx.ts';
import { tomcat } from './servers/tomcat.ts';

export const servers = { nginx, apache, tomcat, jetty, aiohttp, go } as const;

export type ServerName = keyof typeof servers;

export function isServerName(name: string): boolean {
  return Object.hasOwn(servers, name);
}
