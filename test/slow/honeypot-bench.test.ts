/** The honeypot's benchmark at a part of its size: what must not depend on how fast a machine is. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { benchHoneypot } from '../../src/bench/honeypot/honeypot.ts';

/** Goals that depend on the machine and on who else uses it. */
const ofMachine: ReadonlySet<string> = new Set(['ms', 's', '1/s', 'MiB']);

describe('the honeypot at a part of its size', () => {
  for (const [part, scale, sentence] of [
    ['idle', 0.1, 'bears idle connections'],
    ['shells', 0.05, 'bears live shells, and all go on to answer'],
    ['requests', 0.1, 'answers nothing that is not on disk'],
    ['logins', 0.1, 'lets nobody in who is not on disk'],
    ['slow', 0.05, 'closes connections of slow senders'],
    ['ingest', 0.05, 'stores all that sensors deliver once, and keeps its sums'],
    ['chaos', 0.05, 'loses, doubles and lets out nothing when all goes wrong'],
  ] as const) {
    it(sentence, { timeout: 300_000 }, async () => {
      const results = await benchHoneypot({ runs: 1, scale, parts: [part], say: () => {} });
      assert.ok(results.some((one) => one.goal !== undefined));
      for (const one of results) {
        if (process.env.WATERGUARD_REQUIRE_ALL) assert.notEqual(one.value, null, one.reason);
        if (!ofMachine.has(one.unit)) assert.notEqual(one.holds, false, `${one.metric}: ${one.value}`);
      }
    });
  }
});
