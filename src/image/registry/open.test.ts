import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import type { ServerResponse } from 'node:http';
import { test } from 'node:test';
import { fails, fakeRegistry, type Handler, insecure, smallLimits } from '../../../test/fake-registry.ts';
import { openRegistry } from './open.ts';

const manifestType = 'application/vnd.oci.image.manifest.v1+json';
const manifest = JSON.stringify({ schemaVersion: 2, mediaType: manifestType, config: {}, layers: [] });
const digest = digestOf(manifest);
const otherDigest = digestOf('something else');

test('opens a tag, and computes its digest', async () => {
  await using registry = await fakeRegistry((_request, response) => sendManifest(response));
  const { store, root } = await openRegistry(`${registry.host}/a/b:1`, insecure, smallLimits);
  assert.equal(root.digest, digest);
  assert.equal(root.mediaType, manifestType);
  assert.equal(store.reference, `${registry.host}/a/b:1`);
  await store.close();
});

test('refuses a manifest that is not the one that the reference names', async () => {
  await using registry = await fakeRegistry((_request, response) => sendManifest(response));
  const reference = `${registry.host}/a/b@${otherDigest}`;
  await assert.rejects(
    openRegistry(reference, insecure, smallLimits),
    fails('digest-mismatch', /the reference says sha256/),
  );
});

test('refuses a manifest that does not match its Docker-Content-Digest', async () => {
  await using registry = await fakeRegistry((_request, response) => {
    sendManifest(response, manifest, { 'docker-content-digest': otherDigest });
  });
  await rejectsOf(registry.host, 'digest-mismatch', /Docker-Content-Digest says/);
});

test('names what to do about schema 1', async () => {
  const old = JSON.stringify({ schemaVersion: 1, name: 'a/b', fsLayers: [] });
  for (const type of ['application/vnd.docker.distribution.manifest.v1+prettyjws', 'text/plain']) {
    await using registry = await fakeRegistry((_request, response) => {
      sendManifest(response, old, { 'content-type': type });
    });
    await rejectsOf(registry.host, 'unsupported', /skopeo copy/);
  }
});

const hostile: readonly {
  readonly what: string;
  readonly handle: Handler;
  readonly code: Parameters<typeof fails>[0];
  readonly says: RegExp;
}[] = [
  {
    what: 'a manifest without end',
    handle: (_request, response) => {
      const more = () => {
        while (!response.destroyed && response.write('x'.repeat(1000))) {}
      };
      response.on('drain', more);
      more();
    },
    code: 'limit',
    says: /more than 10000 bytes/,
  },
  {
    what: 'a manifest that comes too slowly',
    handle: (_request, response) => {
      const drip = setInterval(() => response.write('x'.repeat(100)), 20);
      response.on('close', () => clearInterval(drip));
    },
    code: 'limit',
    says: /more than 0.6 s/,
  },
  { what: 'no answer', handle: () => {}, code: 'network', says: /did not answer within 0.4 s/ },
  {
    what: 'a header without end',
    handle: (_request, response) => void response.writeHead(200, { 'x-long': 'x'.repeat(100_000) }).end(),
    code: 'limit',
    says: /header fields/,
  },
  {
    what: 'an upgrade that nobody asked for',
    handle: (request) => {
      request.socket.write('HTTP/1.1 101 Switching Protocols\r\nConnection: upgrade\r\nUpgrade: x\r\n\r\n');
    },
    code: 'network',
    says: /127\.0\.0\.1/,
  },
  {
    what: 'an answer that is not HTTP',
    handle: (request) => void request.socket.end('SSH-2.0-OpenSSH\r\n'),
    code: 'network',
    says: /127\.0\.0\.1/,
  },
  {
    what: 'redirects without end',
    handle: (request, response) => void response.writeHead(307, { location: `${request.url}x` }).end(),
    code: 'limit',
    says: /more than 5 times/,
  },
  {
    what: 'a redirect to the metadata service',
    handle: (_request, response) => {
      response.writeHead(307, { location: 'http://169.254.169.254/latest/meta-data/' }).end();
    },
    code: 'refused',
    says: /169\.254\.169\.254, a metadata address/,
  },
  {
    what: 'a redirect into a private network',
    handle: (_request, response) => void response.writeHead(307, { location: 'https://10.0.0.1/' }).end(),
    code: 'refused',
    says: /a private address/,
  },
  {
    what: 'a redirect to a file',
    handle: (_request, response) => void response.writeHead(307, { location: 'file:///etc/passwd' }).end(),
    code: 'refused',
    says: /not HTTP/,
  },
  {
    what: 'a server error that stays',
    handle: (_request, response) => void response.writeHead(503).end('busy'),
    code: 'network',
    says: /503 \(busy\)/,
  },
  {
    what: 'an error text full of control characters',
    handle: (_request, response) => void response.writeHead(404).end('\u001b[2J{"message":"\u001b[31m"}'),
    code: 'missing',
    says: /^[^\u001b]*$/,
  },
  {
    what: 'an error text whose escapes hide control characters and quotes',
    handle: (_request, response) =>
      void response.writeHead(404).end('{"errors":[{"message":"no \\"such\\" \\u001b[31mtag"}]}'),
    code: 'missing',
    says: /\(no "such" \\x1b\[31mtag\)/,
  },
  {
    what: 'a web page in place of a manifest',
    handle: (_request, response) =>
      sendManifest(response, '\n<!doctype html><p>Hello', { 'content-type': 'text/html' }),
    code: 'unreadable',
    says: /answered with a web page .* it is no registry/,
  },
  {
    what: 'a Retry-After of a day',
    handle: (_request, response) => void response.writeHead(429, { 'retry-after': '86400' }).end(),
    code: 'rate-limited',
    says: /86400 s/,
  },
];

for (const { what, handle, code, says } of hostile) {
  test(`ends clearly at ${what}`, { timeout: 10_000 }, async () => {
    await using registry = await fakeRegistry(handle);
    await rejectsOf(registry.host, code, says);
  });
}

test('waits and tries again after 429 and after a closed connection', async () => {
  let answers = 0;
  await using registry = await fakeRegistry((request, response) => {
    answers++;
    if (answers === 1) response.writeHead(429, { 'retry-after': '0' }).end();
    else if (answers === 2) request.socket.destroy();
    else sendManifest(response);
  });
  const { store } = await openRegistry(`${registry.host}/a/b`, insecure, smallLimits);
  assert.equal(answers, 3);
  await store.close();
});

test('does not weaken anything but loopback with --insecure', async () => {
  await assert.rejects(openRegistry('registry.example.com/a', insecure), fails('refused', /loopback/));
});

test('goes through HTTPS_PROXY except for NO_PROXY and loopback', async () => {
  const connects: (string | undefined)[] = [];
  await using registry = await fakeRegistry((_request, response) => sendManifest(response));
  await using proxy = await fakeRegistry(
    () => assert.fail('only CONNECT is used'),
    (request, socket) => {
      connects.push(request.url);
      socket.end('HTTP/1.1 502 Bad Gateway\r\n\r\n');
    },
  );
  const env = { HTTPS_PROXY: proxy.host, NO_PROXY: '.invalid' };
  const secure = { ...insecure, insecure: false, env };
  await assert.rejects(
    openRegistry('registry.example.com/a', secure, smallLimits),
    fails('network', /registry/),
  );
  assert.equal(connects[0], 'registry.example.com:443');
  connects.length = 0;
  await assert.rejects(
    openRegistry('registry.invalid/a', secure, smallLimits),
    fails('network', /registry.invalid/),
  );
  const { store } = await openRegistry(`${registry.host}/a/b`, { ...insecure, env }, smallLimits);
  await store.close();
  await assert.rejects(
    openRegistry(`${registry.host}/a/b`, secure, smallLimits),
    fails('network', /--insecure/),
  );
  assert.deepEqual(connects, []);
  const socks = { ...secure, env: { HTTPS_PROXY: 'socks5://127.0.0.1:1' } };
  await assert.rejects(openRegistry('registry.example.com/a', socks), fails('usage', /SOCKS/));
});

test('falls back from mirrors to the origin, for manifests and for blobs', async () => {
  const blob = Buffer.from('a blob');
  await using origin = await fakeRegistry((request, response) => {
    if (request.url?.includes('/blobs/')) response.end(blob);
    else sendManifest(response);
  });
  await using empty = await fakeRegistry((_request, response) => void response.writeHead(404).end());
  const env = { WATERGUARD_MIRRORS: `${origin.host}=127.0.0.1:1,${origin.host}=${empty.host}` };
  const { store, root } = await openRegistry(`${origin.host}/a/b`, { ...insecure, env }, smallLimits);
  assert.equal(root.digest, digest);
  const parts: Uint8Array[] = [];
  const descriptor = { mediaType: '', digest: digestOf('a blob'), size: blob.length };
  for await (const part of store.openBlob(descriptor)) parts.push(part);
  assert.deepEqual(Buffer.concat(parts), blob);
  assert.equal(empty.asked.length, 2);
  await store.close();
});

test('takes all from a mirror that has it, and tells of mirrors where everything fails', async () => {
  await using origin = await fakeRegistry((_request, response) => void response.writeHead(404).end());
  await using mirror = await fakeRegistry((_request, response) => sendManifest(response));
  const mirrored = { ...insecure, env: { WATERGUARD_MIRRORS: `${origin.host}=${mirror.host}` } };
  const { store } = await openRegistry(`${origin.host}/a/b`, mirrored, smallLimits);
  assert.equal(origin.asked.length, 0);
  await store.close();
  const broken = { ...insecure, env: { WATERGUARD_MIRRORS: `${origin.host}=127.0.0.1:1` } };
  await assert.rejects(
    openRegistry(`${origin.host}/a/b`, broken, smallLimits),
    fails('missing', /mirrors failed: 127.0.0.1:1: nothing listens/),
  );
});

test('never builds a path from a digest that is none', async () => {
  await using registry = await fakeRegistry((_request, response) => sendManifest(response));
  const { store } = await openRegistry(`${registry.host}/a/b`, insecure, smallLimits);
  await assert.rejects(store.readManifest('../../../_catalog'), fails('corrupt', /not a digest/));
  const hostileBlob = { mediaType: '', digest: 'sha256:../x', size: 1 };
  await assert.rejects(
    async () => {
      for await (const _part of store.openBlob(hostileBlob)) assert.fail('nothing should come');
    },
    fails('corrupt', /not a digest/),
  );
  await store.close();
});

function sendManifest(response: ServerResponse, body = manifest, headers: Record<string, string> = {}): void {
  response.writeHead(200, { 'content-type': manifestType, ...headers }).end(body);
}

async function rejectsOf(host: string, code: Parameters<typeof fails>[0], says: RegExp): Promise<void> {
  await assert.rejects(openRegistry(`${host}/a/b:1`, insecure, smallLimits), fails(code, says));
}

function digestOf(text: string): string {
  return 'sha256:' + createHash('sha256').update(text).digest('hex');
}
