import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fails, fakeRegistry, type Handler, insecure, smallLimits } from '../../../test/fake-registry.ts';
import { listReferrers, listRepositories, listTags } from './list.ts';

const digest = 'sha256:' + 'ab'.repeat(32);

test('reads all pages of tags and of repositories', async () => {
  await using registry = await fakeRegistry((request, response) => {
    const last = new URL(request.url ?? '', 'http://x').searchParams.get('last');
    const link = last === null ? { link: `<${request.url}&last=2>; rel="next"` } : {};
    const body = request.url?.includes('_catalog')
      ? { repositories: last === null ? ['a', 'b/c'] : ['d', 'Not/Allowed'] }
      : { name: 'a', tags: last === null ? ['1', '2'] : ['3', '-bad', '../x'] };
    response.writeHead(200, link).end(JSON.stringify(body));
  });
  assert.deepEqual(await collect(listTags(`${registry.host}/a`, insecure, smallLimits)), ['1', '2', '3']);
  assert.deepEqual(await collect(listRepositories(registry.host, insecure, smallLimits)), ['a', 'b/c', 'd']);
});

test('reads a repository whose tags were all deleted', async () => {
  await using registry = await fakeRegistry(
    (_request, response) => void response.end('{"name":"a","tags":null}'),
  );
  assert.deepEqual(await collect(listTags(`${registry.host}/a`, insecure, smallLimits)), []);
});

test('ends clearly at pages without end, pages that come again and pages elsewhere', async () => {
  let page = 0;
  const rows: readonly (readonly [Code, RegExp, Handler])[] = [
    ['limit', /more than 20 pages/, linked(() => `</v2/a/tags/list?last=${++page}>; rel="next"`)],
    ['limit', /leads back/, linked(() => '</v2/a/tags/list?last=x>; rel=next')],
    ['refused', /its next page/, linked(() => '<http://169.254.169.254/v2/>; rel="next"')],
    ['refused', /its next page/, linked(() => '<//10.0.0.1/v2/a>; rel="next"')],
    ['refused', /its next page/, linked(() => '</admin>; rel="next"')],
    ['corrupt', /than JSON/, (_request, response) => void response.end('<html>')],
    ['corrupt', /than a list/, (_request, response) => void response.end('{"tags":[{}]}')],
    ['limit', /more than 10000 bytes/, (_request, response) => void response.end('['.repeat(20_000))],
  ];
  for (const [code, says, handle] of rows) {
    await using registry = await fakeRegistry(handle);
    await assert.rejects(collect(listTags(`${registry.host}/a`, insecure, smallLimits)), fails(code, says));
  }
});

test('lists referrers by the API, by the fallback tag, or none', async () => {
  const manifests = [{ mediaType: 'm', digest, size: 3, artifactType: 'a', annotations: { x: 'y' } }];
  await using modern = await fakeRegistry(
    (_request, response) => void response.end(JSON.stringify({ manifests })),
  );
  assert.deepEqual(await listReferrers(`${modern.host}/a`, digest, insecure, smallLimits), manifests);

  await using old = await fakeRegistry((request, response) => {
    if (request.url === `/v2/a/manifests/${digest.replace(':', '-')}`)
      response.end(JSON.stringify({ manifests }));
    else response.writeHead(404).end();
  });
  assert.deepEqual(await listReferrers(`${old.host}/a`, digest, insecure, smallLimits), manifests);

  await using none = await fakeRegistry((_request, response) => void response.writeHead(404).end());
  assert.deepEqual(await listReferrers(`${none.host}/a`, digest, insecure, smallLimits), []);
});

type Code = Parameters<typeof fails>[0];

function linked(next: () => string): Handler {
  return (_request, response) => void response.writeHead(200, { link: next() }).end('{"tags":["1"]}');
}

async function collect(names: AsyncIterable<string>): Promise<string[]> {
  const all: string[] = [];
  for await (const name of names) all.push(name);
  return all;
}
