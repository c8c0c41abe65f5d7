/**
 * What happens, as it happens: server-sent events. One reader follows the store for all who listen, by the numbers of
 * what happened, so it does not matter which process did it; with nobody listening it rests.
 */
import type { FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import type { Hunt } from '../api/hunts.ts';
import type { Activity } from '../api/overview.ts';
import { messageOf } from '../model/error.ts';
import { huntById, runningHunts } from '../store/hunt-list.ts';
import { activityAfter, recentActivity } from '../store/overview.ts';
import { mayGoOn } from './access.ts';
import type { App, ServerContext } from './context.ts';
import { Refusal } from './problem.ts';

/**
 * Milliseconds between looks, also when the store is away; between checks whether listeners are still signed in; and
 * between comments that keep proxies from closing the line.
 */
const pace = { look: 700, troubled: 2000, check: 3000, alive: 15_000 } as const;

const mostListeners = 200;
/** Bytes that a listener may not have read since the look before. */
const mostUnread = 1024 * 1024;

/** Who comes back after a break gets the last so many of what was missed. */
const mostMissed = 200;

const scope = 'read';

export interface Live {
  close(): void;
}

interface Listener {
  readonly request: FastifyRequest;
  readonly reply: FastifyReply;
  /** Number of the last activity that it was sent, or that was there before it came. */
  seen: number;
}

export function openLive(app: App, { db }: ServerContext): Live {
  const listeners = new Set<Listener>();
  let timer: NodeJS.Timeout | undefined;
  /** As they were told; those that end are told once more. */
  let told = new Map<number, string>();
  let quietSince = Date.now();
  let checkedAt = Date.now();

  async function look(): Promise<void> {
    let pause: number = pace.look;
    // Who does not read is let go, and comes back with the number of the last event.
    for (const { reply } of listeners) if (reply.raw.writableLength > mostUnread) reply.raw.destroy();
    try {
      await dismiss();
      await tellActivity();
      await tellHunts();
    } catch (error) {
      app.log.warn({ reason: messageOf(error) }, 'the live stream waits for the store');
      pause = pace.troubled;
    }
    if (Date.now() - quietSince > pace.alive) tell(': still here\n\n');
    timer = listeners.size > 0 ? setTimeout(look, pause) : undefined;
  }

  /** A session that has ended, a token that was taken back, a user without access: the stream ends as well. */
  async function dismiss(): Promise<void> {
    if (Date.now() - checkedAt < pace.check) return;
    checkedAt = Date.now();
    for (const one of [...listeners]) {
      if (await mayGoOn(one.request, scope, db)) continue;
      listeners.delete(one);
      one.reply.raw.end();
    }
  }

  async function tellActivity(): Promise<void> {
    if (listeners.size === 0) return;
    const first = Math.min(...Array.from(listeners, (one) => one.seen));
    for (const one of await activityAfter(db, first, mostMissed)) {
      const text = eventOf('activity', one, one.id);
      for (const listener of listeners) {
        // Who came meanwhile has some of them already.
        if (listener.seen >= one.id) continue;
        listener.seen = one.id;
        listener.reply.raw.write(text);
      }
    }
  }

  async function tellHunts(): Promise<void> {
    const running = new Map((await runningHunts(db)).map((one) => [one.id, one]));
    for (const id of told.keys()) {
      const ended = running.has(id) ? undefined : await huntById(db, id);
      if (ended !== undefined) tell(eventOf('hunt', ended));
    }
    const now = new Map<number, string>();
    for (const [id, one] of running) {
      const text = JSON.stringify(one.progress);
      if (told.get(id) !== text) tell(eventOf('hunt', one));
      now.set(id, text);
    }
    told = now;
  }

  function tell(text: string): void {
    quietSince = Date.now();
    for (const { reply } of listeners) reply.raw.write(text);
  }

  app.get(
    '/v1/live',
    {
      config: { scope },
      // One that asks for the head alone would wait for an end.
      exposeHeadRoute: false,
      schema: {
        summary: 'Server-sent events: `activity` and `hunt`, each with one of them as its data',
        response: {
          200: { description: 'Events', content: { 'text/event-stream': { schema: z.string() } } },
        },
      },
    },
    async (request, reply) => {
      const last = Number(request.headers['last-event-id'] ?? Number.NaN);
      const isBack = Number.isSafeInteger(last);
      const recent = await recentActivity(db, isBack ? mostMissed : 1);
      // From here on without a pause, so that nothing happens between what was missed and what is followed.
      if (listeners.size >= mostListeners)
        throw new Refusal(503, 'too-many-listeners', 'Too many listen already.', { 'retry-after': '30' });
      const { raw } = reply;
      if (raw.destroyed) return;
      reply.hijack();
      for (const [name, value] of Object.entries(reply.getHeaders()))
        if (value !== undefined) raw.setHeader(name, value);
      raw.writeHead(200, {
        'content-type': 'text/event-stream; charset=utf-8',
        'cache-control': 'no-store',
        'x-accel-buffering': 'no',
      });
      const missed = isBack ? recent.filter((one) => one.id > last).reverse() : [];
      raw.write(['retry: 2000\n\n', ...missed.map((one) => eventOf('activity', one, one.id))].join(''));
      const listener: Listener = { request, reply, seen: recent[0]?.id ?? 0 };
      listeners.add(listener);
      raw.once('close', () => listeners.delete(listener));
      timer ??= setTimeout(look, 0);
    },
  );

  return {
    close() {
      clearTimeout(timer);
      for (const { reply } of listeners) reply.raw.destroy();
      listeners.clear();
    },
  };
}

function eventOf(event: string, data: Activity | Hunt, id?: number): string {
  return `${id === undefined ? '' : `id: ${id}\n`}event: ${event}\ndata: ${JSON.stringify(data)}\n\n`;
}
