/** The console: files of the build, and its first page for every address that is a view of it. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import fastifyStatic from '@fastify/static';
import type { App } from './context.ts';
import { sendProblem } from './problem.ts';

export async function serveConsole(app: App, folder: string | undefined): Promise<void> {
  if (folder === undefined || !existsSync(join(folder, 'index.html'))) return;
  await app.register(fastifyStatic, {
    root: folder,
    serve: false,
    cacheControl: false,
    dotfiles: 'ignore',
    // The build has them, see `web/compressed.ts`.
    preCompressed: true,
  });
  // Names in there carry a hash of their content.
  app.get('/assets/*', { config: { scope: 'open' }, schema: { hide: true } }, (request, reply) => {
    const { '*': name } = request.params as { '*': string };
    reply.header('cache-control', 'public, max-age=31536000, immutable');
    return reply.sendFile(join('assets', name));
  });
  app.get('/*', { config: { scope: 'open' }, schema: { hide: true } }, (request, reply) => {
    const { '*': name } = request.params as { '*': string };
    if (/^(?:v1|metrics|assets)(?:\/|$)/.test(name)) {
      sendProblem(reply, 404, 'not-found', { detail: 'There is no such page.' });
      return reply;
    }
    reply.header('cache-control', 'no-cache');
    return reply.sendFile(/^[\w-]+\.(?:js|svg|ico|png|txt|webmanifest)$/.test(name) ? name : 'index.html');
  });
}
