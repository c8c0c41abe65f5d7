/**
 * Which names a request may come under. A page on the web may name this server by a host of its own that leads to
 * 127.0.0.1 (DNS rebinding); then the browser takes our answers for that page's. So a server on loopback answers to
 * names of loopback alone, and to the public name that its operator gave it.
 */
import type { FastifyRequest } from 'fastify';
import type { App } from './context.ts';
import { Refusal } from './problem.ts';

const loopback = /^(?:localhost|127(?:\.\d{1,3}){3}|\[::1\])(?::\d{1,5})?$/i;

export function guardHost(app: App, publicUrl: string | undefined): void {
  const publicHost = publicUrl === undefined ? undefined : URL.parse(publicUrl)?.host;
  app.addHook('onRequest', async (request) => {
    const { localAddress } = request.socket;
    if (!isLoopback(localAddress) || loopback.test(request.host) || request.host === publicHost) return;
    throw new Refusal(421, 'wrong-host', 'This server is not known by that name: set --public-url.');
  });
}

function isLoopback(address: string | undefined): boolean {
  return address !== undefined && /^(?:::ffff:)?127\.|^::1$/.test(address);
}

/** Asked from this machine itself, and not by a proxy on it that speaks for others. */
export function isFromHere({ socket, host, headers }: FastifyRequest): boolean {
  const isForwarded = ['forwarded', 'x-forwarded-for', 'via'].some((name) => headers[name] !== undefined);
  return (
    isLoopback(socket.remoteAddress) && isLoopback(socket.localAddress) && loopback.test(host) && !isForwarded
  );
}

/** Asked by a page under the public name, also where a proxy in front puts another one into `Host`. */
export function isPublicPage({ headers }: FastifyRequest, publicUrl: string | undefined): boolean {
  return publicUrl !== undefined && headers.origin === URL.parse(publicUrl)?.origin;
}

/** Whether the browser speaks TLS, with us or with a proxy in front. */
export function isSecure(request: FastifyRequest, publicUrl: string | undefined): boolean {
  if (request.protocol === 'https') return true;
  const url = publicUrl === undefined ? null : URL.parse(publicUrl);
  return url?.protocol === 'https:' && (request.host === url.host || isPublicPage(request, publicUrl));
}
