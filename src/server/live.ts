/**
 * What happens, as it happens: server-sent events. One reader follows the store for all who listen, by the numbers of
 * what happened, so it does not matter which process did it; with nobody listening it rests.
 */
import type { FastifyReply } from 'fastify';
import type { Hunt } from '../api/hunts.ts';
import type { Activity } from '../api/overview.ts';
import { messageOf } from '../model/error.ts';
import { huntById, runningHunts } from '../store/hunt-list.ts';
import { activityAfter, recentActivity } from '../store/overview.ts';
import type { App, ServerContext } from './context.ts';
import { Refusal } from './problem.ts';

/** Milliseconds between looks, and between comments that keep proxies from closing the line. */
const pace = { look: 700, alive: 15_000 } as const;

const mostListeners = 200;
/** Who comes back after a break gets so much of what was missed. */
const mostMissed = 200;

export interface Live {
  close(): void;
}

export function openLive(app: App, { db }: ServerContext): Live {
  const listeners = new Set<FastifyReply>();
  let timer: NodeJS.Timeout | undefined;
  let last: number | undefined;
  /** As they were told; those that end are told once more. */
  let told = new Map<number, string>();
  let quietSince = Date.now();

  async function look(): Promise<void> {
    try {
      last ??= (await recentActivity(db, 1))[0]?.id ?? 0;
      for (const one of await activityAfter(db, last, mostMissed)) {
        last = one.id;
        send('activity', one, one.id);
      }
      await tellHunts();
    } catch (error) {
      app.log.warn({ reason: messageOf(error) }, 'the live stream waits for the store');
    }
    if (Date.now() - quietSince > pace.alive) write(': still here\n\n');
    timer = listeners.size > 0 ? setTimeout(look, pace.look) : undefined;
  }

  async function tellHunts(): Promise<void> {
    const running = new Map((await runningHunts(db)).map((one) => [one.id, one]));
    for (const id of told.keys()) {
      const ended = running.has(id) ? undefined : await huntById(db, id);
      if (ended !== undefined) send('hunt', ended);
    }
    const now = new Map<number, string>();
    for (const [id, one] of running) {
      const text = JSON.stringify(one.progress);
      if (told.get(id) !== text) send('hunt', one);
      now.set(id, text);
    }
    told = now;
  }

  function send(event: string, data: Activity | Hunt, id?: number): void {
    write(`${id === undefined ? '' : `id: ${id}\n`}event: ${event}\ndata: ${JSON.stringify(data)}\n\n`);
  }

  function write(text: string): void {
    quietSince = Date.now();
    for (const one of listeners) {
      // Who does not read is let go, and comes back with the number of the last event.
      if (one.raw.writableLength > 1024 * 1024) one.raw.destroy();
      else one.raw.write(text);
    }
  }

  app.get('/v1/live', { config: { scope: 'read' }, schema: { hide: true } }, async (request, reply) => {
    if (listeners.size >= mostListeners)
      throw new Refusal(503, 'too-many-listeners', 'Too many listen already.', { 'retry-after': '30' });
    const seen = Number(request.headers['last-event-id'] ?? Number.NaN);
    const missed = Number.isSafeInteger(seen) ? await activityAfter(db, seen, mostMissed) : [];
    reply.hijack();
    for (const [name, value] of Object.entries(reply.getHeaders()))
      if (value !== undefined) reply.raw.setHeader(name, value);
    reply.raw.writeHead(200, {
      'content-type': 'text/event-stream; charset=utf-8',
      'cache-control': 'no-store',
      'x-accel-buffering': 'no',
    });
    reply.raw.write('retry: 2000\n\n');
    for (const one of missed)
      reply.raw.write(`id: ${one.id}\nevent: activity\ndata: ${JSON.stringify(one)}\n\n`);
    listeners.add(reply);
    reply.raw.once('close', () => listeners.delete(reply));
    if (timer === undefined) {
      last = undefined;
      timer = setTimeout(look, 0);
    }
  });

  return {
    close() {
      clearTimeout(timer);
      for (const one of listeners) one.raw.destroy();
      listeners.clear();
    },
  };
}
