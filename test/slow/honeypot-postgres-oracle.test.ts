/** The PostgreSQL decoy beside PostgreSQL 15 of Debian, in the protocol's own messages. */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { type PostgreSql, skipWithoutPostgreSql, startPostgreSql } from '../fixtures/postgresql.ts';
import { breaches, comparable, converse, dialogues, provoke } from '../honeypot/postgres-dialogues.ts';
import { type Sensor, startSensor, without } from '../honeypot/sensor.ts';

/** Of all answers, the part that has to be the same. */
const alike = 0.95;

/** Before each dialogue: nothing of others is left. */
const clean = ['DROP SCHEMA public CASCADE', 'CREATE SCHEMA public'];

const versionOf = async (port: number): Promise<string> =>
  (await converse(port, ['SHOW server_version']))[0]!.find((line) => line.startsWith('D '))!.slice(2);

/** Another minor version is the same server, with its errors some lines further down its sources. */
function withoutVersion(lines: readonly string[]): string[] {
  return lines.map((line) => line.replace(/ L=\d+ /, ' L=n ').replace(/\b15(?:\.|00)\d+/g, '15.n'));
}

describe('the PostgreSQL decoy and PostgreSQL', { skip: skipWithoutPostgreSql() || without('nmap') }, () => {
  let folder: string;
  let server: PostgreSql;
  let sensor: Sensor;

  before(async () => {
    folder = mkdtempSync(join(tmpdir(), 'postgres-oracle-'));
    server = await startPostgreSql(join(folder, 'server'));
    // Its first role is the one that the decoy has.
    await converse(server.port, ['CREATE ROLE helper SUPERUSER LOGIN'], 'waterguard');
    await converse(server.port, ['ALTER ROLE waterguard RENAME TO postgres'], 'helper');
    await converse(server.port, ['DROP ROLE helper']);
    sensor = await startSensor(['postgres']);
  });
  after(async () => {
    await server?.stop();
    await sensor?.[Symbol.asyncDispose]();
    rmSync(folder, { recursive: true, force: true });
  });

  it('answer the same messages alike', { timeout: 300_000 }, async (test) => {
    const [real, claimed] = await Promise.all([server.port, sensor.port('postgres')].map(versionOf));
    const isSame = real === claimed;
    test.diagnostic(
      `PostgreSQL ${real}, the decoy says ${claimed}${isSame ? '' : ': lines are not compared'}`,
    );
    let compared = 0;
    const different: string[] = [];
    for (const { compare, steps } of dialogues) {
      const [expected, actual] = await Promise.all(
        [server.port, sensor.port('postgres')].map(async (port) => {
          await converse(port, clean);
          return converse(port, steps);
        }),
      );
      for (const [index, step] of steps.entries()) {
        compared += 1;
        const [one, other] = [expected, actual].map((all) => {
          const lines = all![index] ?? [];
          return comparable(isSame ? lines : withoutVersion(lines), compare);
        });
        if (one !== other) different.push(`${step}\n  PostgreSQL: ${one}\n  decoy: ${other}`);
      }
    }
    test.diagnostic(`${compared - different.length} of ${compared} answers are the same`);
    for (const one of different) test.diagnostic(one);
    assert.ok(compared >= 120);
    assert.ok(different.length <= compared * (1 - alike), different.join('\n'));
  });

  it('end what is no conversation in the same way', async () => {
    for (const breach of breaches) {
      const [expected, actual] = await Promise.all(
        [server.port, sensor.port('postgres')].map((port) => provoke(port, breach)),
      );
      assert.equal(actual, expected, JSON.stringify(breach.bytes.toString('latin1')));
    }
  });

  it('look alike to nmap', () => {
    const [one, other] = [server.port, sensor.port('postgres')].map((port) => {
      const found = execFileSync('nmap', ['-sV', '-Pn', '-p', String(port), '127.0.0.1'], {
        encoding: 'utf8',
      });
      return /\d+\/tcp\s+(.*)/.exec(found)![1];
    });
    assert.match(one!, /PostgreSQL/);
    assert.equal(other, one);
  });
});
