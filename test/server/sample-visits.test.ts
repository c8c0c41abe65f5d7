/** The sample of visits, as `up --sample` puts it into a store. */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import type { HoneypotOverview } from '../../src/api/events.ts';
import { visitSamples } from '../../src/cli/up-visits.ts';
import { startServer, type TestServer } from '../fixtures/server.ts';

let server: TestServer;
before(async () => {
  server = await startServer({ empty: true });
});
after(() => server.close());

async function overview(): Promise<HoneypotOverview> {
  return (await server.ask('GET', '/v1/honeypots/overview?period=7d', { as: { role: 'analyst' } })).json;
}

/** Until the sensor that goes on is heard of. */
async function visit(): Promise<void> {
  const stop = new AbortController();
  const visiting = visitSamples({ store: server.store, signal: stop.signal });
  const begun = Date.now();
  while (!(await overview()).sensors.some((one) => one.health === 'ok')) {
    assert.ok(Date.now() - begun < 30_000, 'nothing is heard of the sensor');
    await sleep(50);
  }
  stop.abort();
  await visiting;
}

describe('the sample of visits', () => {
  it('fills every list that the console shows', async () => {
    await visit();
    const seen = await overview();
    assert.deepEqual(
      seen.sensors.map(({ name, health }) => [name, health]),
      [
        ['built-in-sample-a', 'ok'],
        ['built-in-sample-b', 'silent'],
      ],
    );
    for (const list of [
      'hours',
      'topSources',
      'countries',
      'topTechniques',
      'topCredentials',
      'topImages',
    ] as const)
      assert.ok(seen[list].length > 0, list);
    assert.ok(seen.countries.some((one) => one.country === undefined));
    for (const path of ['sessions', 'sources', 'credentials', 'artefacts', 'sensors']) {
      const { json } = await server.ask('GET', `/v1/${path}`, { as: { role: 'analyst' } });
      assert.ok(json.items.length > 0, path);
    }
    const { json } = await server.ask('GET', '/v1/artefacts', { as: { role: 'analyst' } });
    assert.ok(json.items.every((one: { size?: number }) => one.size !== undefined));
  });

  it('is there once, however often it comes', async () => {
    const first = await overview();
    await visit();
    const second = await overview();
    // What happened in the seconds between may be new.
    assert.ok(second.events - first.events < 20, `${first.events}, then ${second.events}`);
  });
});
