import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { readEventLine } from '../api/event-line.ts';
import { sampleDay, sampleLocation, sampleSensors } from './sample-events.ts';

const day = Date.UTC(2026, 10, 20);
const days = Array.from({ length: 5 }, (_, at) => day + at * 86_400_000);
const all = sampleSensors.flatMap((sensor) => days.map((one) => sampleDay(sensor, one)));
const events = all.flatMap((one) => one.events);

describe('the sample of events', () => {
  it('is what a server takes, numbered without a hole, within its day', () => {
    for (const one of events) assert.ok('event' in readEventLine(JSON.stringify(one)), JSON.stringify(one));
    for (const [at, one] of all.entries()) {
      const begin = days[at % days.length]!;
      assert.deepEqual(
        one.events.map(({ seq }) => seq),
        one.events.map((_, index) => index + 1),
      );
      assert.ok(one.events.every(({ ts }) => Date.parse(ts) >= begin && Date.parse(ts) < begin + 86_400_000));
    }
  });

  it('is the same whenever it is made, and another one each day and at each sensor', () => {
    const [sensor, other] = sampleSensors;
    const text = JSON.stringify(sampleDay(sensor!, day).events);
    assert.equal(JSON.stringify(sampleDay(sensor!, day).events), text);
    const boots = new Set(events.map((one) => one.boot));
    assert.equal(boots.size, sampleSensors.length * days.length);
    assert.notEqual(JSON.stringify(sampleDay(other!, day).events), text);
  });

  it('names nobody: addresses are of the documentation ranges, domains of example.com', () => {
    const reserved = /^(?:(?:192\.0\.2|198\.51\.100|203\.0\.113)\.\d+|[\w.-]+\.example\.com)$/;
    for (const { src, dst, norm } of events) {
      for (const host of [src.ip, dst.ip, ...norm.hosts]) assert.match(host, reserved);
      for (const url of norm.urls) assert.match(new URL(url).hostname, reserved);
    }
  });

  it('has attacks whose stages are decoded, tagged and kept', () => {
    const hidden = events.find((one) => one.type === 'docker.container.create')!;
    assert.equal(hidden.norm.urls.length, 1);
    assert.equal(hidden.norm.wallets.length, 1);
    for (const one of ['T1610', 'T1611', 'T1105', 'T1496.001']) assert.ok(hidden.attack.includes(one), one);
    const left = events.find((one) => one.type === 'redis.save')!;
    const [file] = left.data!.artefacts as { sha256: string; size: number }[];
    const content = all.map((one) => one.artefacts.get(file!.sha256)).find((one) => one !== undefined);
    assert.equal(content?.length, file!.size);
  });

  it('has a source that goes from service to service within one session', () => {
    const chains = Map.groupBy(events, (one) => `${one.boot} ${one.session}`);
    const services = [...chains.values()].map((some) => [
      ...new Set(some.map((one) => one.type.split('.')[0])),
    ]);
    assert.ok(services.some((one) => one.join(' ') === 'redis ssh docker'));
  });

  it('says of most addresses in which country they would be', () => {
    const sources = [...new Set(events.map((one) => one.src.ip))];
    const known = sources.filter((ip) => sampleLocation(ip) !== undefined);
    assert.ok(known.length > sources.length / 2 && known.length < sources.length);
    for (const ip of known) assert.match(sampleLocation(ip)!.country, /^[A-Z]{2}$/);
  });
});
