/** Figures for Prometheus: of this process, its requests, and what the store holds. */
import { collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';
import type { App, ServerContext } from './context.ts';
import { addSensorMetrics } from './sensor-metrics.ts';

export function addMetrics(app: App, { db, queue }: ServerContext): void {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry, prefix: 'waterguard_' });
  const requests = new Histogram({
    name: 'waterguard_http_request_seconds',
    help: 'Time to answer a request',
    labelNames: ['method', 'route', 'status'],
    buckets: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5],
    registers: [registry],
  });
  new Gauge({
    name: 'waterguard_images',
    help: 'Images in the store by verdict',
    labelNames: ['verdict'],
    registers: [registry],
    async collect() {
      const rows = await db
        .selectFrom('images')
        .select(['verdict', (of) => of.fn.countAll<number>().as('images')])
        .groupBy('verdict')
        .execute();
      this.reset();
      for (const one of rows) this.set({ verdict: one.verdict }, one.images);
    },
  });
  new Gauge({
    name: 'waterguard_jobs',
    help: 'Jobs by queue and state',
    labelNames: ['queue', 'state'],
    registers: [registry],
    async collect() {
      this.reset();
      for (const one of await queue.boss.getQueues()) {
        this.set({ queue: one.name, state: 'waiting' }, one.queuedCount);
        this.set({ queue: one.name, state: 'active' }, one.activeCount);
        this.set({ queue: one.name, state: 'failed' }, one.failedCount);
      }
    },
  });
  const lookAtSensors = addSensorMetrics(registry, db);
  app.addHook('onResponse', async (request, reply) => {
    const { url = 'none' } = request.routeOptions;
    requests.observe(
      { method: request.method, route: url, status: reply.statusCode },
      reply.elapsedTime / 1000,
    );
  });
  app.get(
    '/metrics',
    { config: { scope: 'metrics', isOpenHere: true }, schema: { hide: true } },
    async (_, reply) => {
      await lookAtSensors();
      reply.header('content-type', registry.contentType);
      return registry.metrics();
    },
  );
}
