/** `--rdap`: a host that an image starts to talk to, under a domain that its registry says is new. */
import assert from 'node:assert/strict';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { after, before, describe, it } from 'node:test';
import { file } from '../src/lab/image-builder.ts';
import { openWorkplace, type Workplace } from './scan-command.ts';

const day = 86_400_000;

describe('waterguard scan --rdap', () => {
  let place: Workplace;
  let server: Server;
  let bootstrap = '';
  const asked: string[] = [];
  before(async () => {
    place = await openWorkplace();
    server = createServer((request, response) => {
      asked.push(request.url ?? '');
      const registered = new Date(Date.now() - (request.url?.includes('young') ? 5 : 900) * day);
      const base = `http://${request.headers.host}/`;
      const answer =
        request.url === '/dns.json'
          ? { services: [[['dev'], [base]]] }
          : { events: [{ eventAction: 'registration', eventDate: registered.toISOString() }] };
      response.end(JSON.stringify(answer));
    });
    await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
    bootstrap = `http://127.0.0.1:${(server.address() as AddressInfo).port}/dns.json`;
  });
  after(async () => {
    server.close();
    await place.close();
  });

  it('finds the young domain of a host in a script that starts, and asks about no other file', async () => {
    const target = await place.layout('image', {
      layers: [
        [
          file('run.sh', '#!/bin/sh\nwget https://a.young-waterguard.dev/x https://b.old-waterguard.dev/y\n'),
          file('opt/idle.sh', '#!/bin/sh\nwget https://idle-waterguard.dev/x\n'),
        ],
      ],
      config: { Cmd: ['sh', '/run.sh'] },
    });
    const without = await place.report(target, 0);
    assert.equal(asked.length, 0);
    const report = await place.report(target, 0, '--rdap', bootstrap);
    const found = report.findings.filter((one) => one.rule === 'network/newly-registered');
    assert.deepEqual(
      found.map((one) => [one.category, one.evidence[0]?.path]),
      [['newly-registered-domain', '/run.sh']],
    );
    assert.ok(!without.findings.some((one) => one.rule === 'network/newly-registered'));
    assert.ok(asked.includes('/domain/young-waterguard.dev') && asked.includes('/domain/old-waterguard.dev'));
    assert.ok(!asked.some((one) => one.includes('idle')));
  });

  it('says so where nobody answers, and goes on', async () => {
    const target = await place.layout('other', {
      layers: [[file('run.sh', '#!/bin/sh\nwget https://a.third-waterguard.dev/x\n')]],
      config: { Cmd: ['sh', '/run.sh'] },
    });
    const { code, stderr } = await place.scan(target, '--rdap', 'http://127.0.0.1:1/dns.json');
    assert.equal(code, 0);
    assert.match(stderr, /stay without a date of registration/);
  });
});
