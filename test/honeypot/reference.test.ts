/** docs/honeypots.md tells of every decoy, its ports and its events, as they are declared, and of nothing else. */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { decoys, loadDecoy } from '../../src/honeypot/list.ts';
import { own } from '../../src/honeypot/sensor/attend.ts';
import { sampleBoot } from '../fixtures/events.ts';
import { readPage } from './page.ts';
import { eventRows, rowsOf, undocumented } from './reference.ts';
import { startSensor, without } from './sensor.ts';

const root = join(import.meta.dirname, '../..');

/** `docker.auth medium evidence T1110`; of what differs within a type, what is usual. */
function lineOf(type: string, severity: string, worth: string, attack: readonly string[] = []): string {
  return [type, severity, worth, ...attack].join(' ');
}

test('the reference of events is what decoys declare', async () => {
  const declared = Object.entries(own).map(([type, { severity, worth }]) =>
    lineOf(`*.${type}`, severity, worth),
  );
  for (const name of Object.keys(decoys)) {
    const { events } = await loadDecoy(name);
    for (const [type, { severity, worth, attack }] of Object.entries(events)) {
      assert.ok(!Object.hasOwn(own, type), `${name}.${type} is the sensor's own`);
      declared.push(lineOf(`${name}.${type}`, severity, worth, attack));
    }
  }
  // The sensor tells of itself where it happens, and never as less than evidence.
  const folder = join(root, 'src/honeypot/sensor');
  for (const file of readdirSync(folder))
    for (const [, type, severity] of readFileSync(join(folder, file), 'utf8').matchAll(
      /numbering\.own\('([\w.]+)', '(\w+)'/g,
    ))
      declared.push(lineOf(type!, severity!, 'evidence'));
  const told = eventRows.map(([type = '', severity = '', worth = '', attack = '']) =>
    lineOf(type.replaceAll('`', ''), /^\w*/.exec(severity)![0], worth, attack.match(/T[\d.]+/g) ?? []),
  );
  assert.deepEqual(told.toSorted(), declared.toSorted());
});

test('every port is told of with its number', () => {
  const listed = Object.entries(decoys).map(([name, { ports }]) => [
    name,
    Object.entries(ports)
      .map(([port, number]) => `\`${port}\` ${number}`)
      .join(', '),
  ]);
  const told = rowsOf('decoy', 'port', 'plays', 'lets in').map(([name, ports]) => [name, ports]);
  assert.deepEqual(told.toSorted(), listed.toSorted());
});

test('a member of data that the reference does not tell of is named', () => {
  const { next } = sampleBoot();
  const events = [
    next({ type: 'redis.auth', data: { user: 'a', password: 'b', colour: 'red' } }),
    next({ type: 'redis.close', data: { port: 'redis', reason: 'idle', colour: 'red' } }),
    next({ type: 'telnet.auth', data: { colour: 'red' } }),
  ];
  assert.deepEqual(undocumented(events), ['redis.auth: colour', 'redis.close: colour']);
});

test('the first example prints what the page shows', { skip: without('curl', 'jq') }, async () => {
  const page = readPage('honeypots.md');
  const [start = '', visit = ''] = page.blocks('sh');
  const [shown = ''] = page.blocks('');
  const [, name = ''] = /--decoy (\w+)=127\.0\.0\.1:2375 --events events\.ndjson$/m.exec(start)!;
  await using sensor = await startSensor([name]);
  const [look = '', ...asks] = visit.trim().split('\n').reverse();
  const run = (script: string): string =>
    execFileSync('sh', ['-c', script.replace('127.0.0.1:2375', `127.0.0.1:${sensor.port(name)}`)], {
      cwd: sensor.folder,
      encoding: 'utf8',
    });
  const answer = run(asks.reverse().join('\n'));
  await sensor.event(`${name}.close`);
  assert.equal(answer + run(look), shown);
});
