/** What routes work with; everything of the process is handed in, so that tests bring their own. */

import type { IncomingMessage, ServerResponse } from 'node:http';
import type { FastifyBaseLogger, FastifyInstance, RawServerDefault } from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import type { Kysely } from 'kysely';
import type { HuntStore } from '../hunt/port.ts';
import type { Locate } from '../store/event-sessions.ts';
import type { Store } from '../store/open.ts';
import type { Queue } from '../store/queue.ts';
import type { Tables } from '../store/tables.ts';

export interface ServerContext {
  readonly store: Store;
  readonly db: Kysely<Tables>;
  readonly queue: Queue;
  readonly hunts: HuntStore;
  /** Of the rules that scans of this server use. */
  readonly ruleset: string;
  readonly rules: number;
  /** Where an address is; absent without such data. */
  readonly locate?: Locate;
}

export type App = FastifyInstance<
  RawServerDefault,
  IncomingMessage,
  ServerResponse,
  FastifyBaseLogger,
  ZodTypeProvider
>;
