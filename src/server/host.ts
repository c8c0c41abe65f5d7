/**
 * Which names a request may come under. A page on the web may name this server by a host of its own that leads to
 * 127.0.0.1 (DNS rebinding); then the browser takes our answers for that page's. So a server on loopback answers to
 * names of loopback alone, and to the public name that its operator gave it.
 */
import type { App } from './context.ts';
import { Refusal } from './problem.ts';

const loopback = /^(?:localhost|127(?:\.\d{1,3}){3}|\[::1\])(?::\d{1,5})?$/i;

export function guardHost(app: App, publicUrl: string | undefined): void {
  const publicHost = publicUrl === undefined ? undefined : URL.parse(publicUrl)?.host;
  app.addHook('onRequest', async (request) => {
    const { localAddress = '' } = request.socket;
    const isLocal = /^(?:::ffff:)?127\.|^::1$/.test(localAddress);
    if (!isLocal || loopback.test(request.host) || request.host === publicHost) return;
    throw new Refusal(421, 'wrong-host', 'This server is not known by that name: set --public-url.');
  });
}
