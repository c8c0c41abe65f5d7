import assert from 'node:assert/strict';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { Postponed } from './delivery.ts';
import { enrol } from './enrol.ts';
import { postTo } from './post.ts';

let [status, text] = [200, ''];
const server = createServer((request, response) => {
  request.resume().on('end', () => response.writeHead(status).end(text));
});
const folder = mkdtempSync(join(tmpdir(), 'waterguard-post-'));
let url: string;
before(async () => {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
after(() => {
  server.close();
  rmSync(folder, { recursive: true });
});

const { signal } = new AbortController();

describe('a delivery', () => {
  it('is over where a Waterguard server says so', async () => {
    text = JSON.stringify({
      accepted: 1,
      duplicates: 0,
      rejected: [{ line: 2, reason: 'no JSON' }],
      ack: [],
    });
    assert.equal((await postTo({ url }).events(['{}', 'x'], signal)).rejected, 1);
    text = JSON.stringify({ sha256: 'aa', size: 1 });
    await postTo({ url }).artefact('aa', Buffer.from('x'), signal);
  });

  it('is tried again where somebody else says that all is well, who kept nothing', async () => {
    for (text of ['<html>Sign in to this network</html>', '', '{}', 'null', '{"accepted":"all"}']) {
      const is = (error: unknown): boolean =>
        error instanceof Postponed && /is no Waterguard server$/.test(error.message);
      await assert.rejects(postTo({ url }).events(['{}'], signal), is, text);
      await assert.rejects(postTo({ url }).artefact('aa', Buffer.from('x'), signal), is, text);
    }
  });
});

describe('an enrolment', () => {
  const invited = (): Promise<unknown> => enrol({ url, token: 'wge_secret' }, folder, '0');

  it('says what was answered, and blames the secret only where the server does', async () => {
    for (const [code, message] of [
      [401, /does not take the secret/],
      [404, /^not enrolled: http:.* answered 404\.$/],
      [502, /^not enrolled: http:.* answered 502\.$/],
      [200, /^not enrolled: http:.* answered 200\.$/],
    ] as const) {
      [status, text] = [code, '<html></html>'];
      await assert.rejects(invited(), { name: 'WaterguardError', message });
    }
  });

  it('is none where the answer is not of a server, and nothing is kept of it', async () => {
    for (const said of ['<html></html>', '{}', 'null', '{"sensor":1,"name":"x"}']) {
      [status, text] = [201, said];
      await assert.rejects(invited(), {
        code: 'refused',
        message: /^not enrolled: what answers at .* is no Wat/,
      });
    }
    assert.deepEqual(readdirSync(folder), []);
  });
});
