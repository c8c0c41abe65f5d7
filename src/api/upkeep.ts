/** Jobs, notifications and the store itself: what an operator looks after. */
import { z } from 'zod';
import { categories, severities } from '../model/terms.ts';
import { id, pageQuery, time } from './page.ts';

export const jobStates = ['waiting', 'retry', 'active', 'completed', 'cancelled', 'failed'] as const;

export const job = z.object({
  id: z.uuid(),
  queue: z.string(),
  state: z.enum(jobStates),
  /** What it is about, printable. */
  subject: z.string(),
  createdAt: time,
  startedAt: time.optional(),
  endedAt: time.optional(),
  tries: z.int(),
  /** Why it failed last. */
  problem: z.string().optional(),
});
export type Job = z.infer<typeof job>;

export const jobsQuery = pageQuery.extend({
  state: z.enum(jobStates).optional(),
  queue: z.string().max(200).optional(),
});
export const queueCounts = z.object({
  queue: z.string(),
  waiting: z.int(),
  active: z.int(),
  failed: z.int(),
});
export type QueueCounts = z.infer<typeof queueCounts>;

export const channelKinds = ['webhook', 'slack', 'email', 'syslog'] as const;

/** What is told: findings and verdicts of at least this severity, of these categories, in these artifacts. */
export const channelRule = z.object({
  severity: z.enum(severities).default('high'),
  /** Empty: all. */
  categories: z.array(z.enum(categories)).default([]),
  /** Patterns of references with `*`; empty: all. */
  artifacts: z.array(z.string().min(1).max(300)).max(100).default([]),
  /** Minutes over which messages are put together; 0: each by itself. */
  digestMinutes: z.int().min(0).max(10_080).default(0),
});
export type ChannelRule = z.infer<typeof channelRule>;

export const channel = z.object({
  id,
  name: z.string(),
  kind: z.enum(channelKinds),
  /** Without secrets: the host of a URL, addresses of mail. */
  target: z.string(),
  rule: channelRule,
  disabled: z.boolean(),
  lastDelivery: z.object({ at: time, ok: z.boolean(), detail: z.string() }).optional(),
});
export type Channel = z.infer<typeof channel>;

/** Where a channel delivers to. Secrets in it (URL of a hook, key, password) are never given back. */
export const channelTarget = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('webhook'), url: z.url().max(2000), key: z.string().min(16).max(200) }),
  z.object({ kind: z.literal('slack'), url: z.url().max(2000) }),
  z.object({
    kind: z.literal('email'),
    /** `smtp://host:587`, `smtps://user:password@host`. */
    server: z.url().max(2000),
    from: z.email(),
    to: z.array(z.email()).min(1).max(50),
  }),
  z.object({
    kind: z.literal('syslog'),
    host: z.string().min(1).max(255),
    port: z.int().min(1).max(65_535).default(514),
    transport: z.enum(['udp', 'tcp', 'tls']).default('udp'),
  }),
]);
export type ChannelTarget = z.infer<typeof channelTarget>;

export const newChannel = z.object({
  name: z.string().trim().min(1).max(100),
  target: channelTarget,
  rule: channelRule.prefault({}),
});

export const channelChange = z.object({
  rule: channelRule.optional(),
  disabled: z.boolean().optional(),
});

export const systemStatus = z.object({
  version: z.string(),
  store: z.object({
    kind: z.enum(['embedded', 'postgresql']),
    /** Of the embedded store, or the database's name; no password. */
    place: z.string(),
    schema: z.string(),
    size: z.int(),
    counts: z.record(z.string(), z.int()),
  }),
  ruleset: z.string(),
  rules: z.int(),
});
export type SystemStatus = z.infer<typeof systemStatus>;
