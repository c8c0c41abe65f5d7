import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { createServer, type RequestListener, type Server } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { buildDockerArchive, file } from '../../lab/image-builder.ts';
import type { OpenOptions } from '../image.ts';
import { openEngineImage } from './engine.ts';
import { engineAddress } from './engine-request.ts';

let root = '';
before(async () => {
  root = await mkdtemp(join(tmpdir(), 'waterguard-engine-'));
});
after(() => rm(root, { recursive: true }));

const optionsFor = (host: string): OpenOptions => ({
  platform: 'linux/amd64',
  insecure: false,
  env: { DOCKER_HOST: host },
});

/** Runs `use` beside an Engine that answers with `listener`, on a socket of its own. */
async function withEngine(
  listener: RequestListener,
  use: (options: OpenOptions, server: Server) => Promise<void>,
): Promise<void> {
  const server = createServer(listener);
  const path = join(root, `${Math.random().toString(36).slice(2)}.sock`);
  await new Promise<void>((resolve) => server.listen(path, resolve));
  try {
    await use(optionsFor(`unix://${path}`), server);
  } finally {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  }
}

describe('an image of the Docker Engine', () => {
  it('is read in one pass for the list and one for layers in stored order, without any write', async () => {
    const archive = join(root, 'image.tar');
    const layers = Array.from({ length: 4 }, (_, at) => [file(`f${at}`, `${at}`.repeat(300_000))]);
    const [built] = await buildDockerArchive(archive, [{ layers }]);
    const bytes = await readFile(archive);
    const requests: string[] = [];
    await withEngine(
      (request, response) => {
        requests.push(`${request.method} ${request.url}`);
        response.end(bytes);
      },
      async (options) => {
        const image = await openEngineImage('registry.example:5000/team/app:1', options);
        assert.equal(image.reference, 'docker:registry.example:5000/team/app:1');
        assert.equal(image.digest, built?.config.digest);
        for (const [at, layer] of image.layers.entries()) {
          const parts: Uint8Array[] = [];
          for await (const chunk of layer.open()) parts.push(chunk);
          assert.ok(Buffer.concat(parts).equals(built?.layers[at]?.tar ?? Buffer.alloc(0)));
        }
        await image.close();
        assert.deepEqual(requests, Array(2).fill('GET /images/registry.example:5000/team/app:1/get'));
      },
    );
  });

  it('that changes between two passes is refused', async () => {
    const archive = join(root, 'first.tar');
    const other = join(root, 'second.tar');
    await buildDockerArchive(archive, [{ layers: [[file('a', 'x'.repeat(3_000))]] }]);
    await buildDockerArchive(other, [{ layers: [[file('a', 'x'.repeat(9_000))]] }]);
    const answers = [await readFile(archive), await readFile(other)];
    await withEngine(
      (_, response) => response.end(answers.shift()),
      async (options) => {
        const image = await openEngineImage('app', options);
        await assert.rejects(
          async () => {
            for await (const _ of image.layers[0]?.open() ?? []);
          },
          { code: 'unreadable', message: /changed while it was read/ },
        );
        await image.close();
      },
    );
  });

  it('that the Engine does not have, or fails to give, is an error with the Engine’s word, made printable', async () => {
    const answers: readonly (readonly [number, string, RegExp])[] = [
      [
        404,
        '{"message":"No such image: app\u001b[2J"}',
        /has no image app \(No such image: app\\x1b\[2J\).*Pull it/,
      ],
      [500, 'x'.repeat(100_000), /answered 500/],
    ];
    for (const [status, body, message] of answers) {
      await withEngine(
        (_, response) => response.writeHead(status).end(body),
        (options) => assert.rejects(openEngineImage('app', options), { code: 'unreadable', message }),
      );
    }
  });

  it('that breaks off is an error', async () => {
    const archive = join(root, 'whole.tar');
    await buildDockerArchive(archive, [{ layers: [[file('a', 'x'.repeat(3_000))]] }]);
    const bytes = await readFile(archive);
    await withEngine(
      (_, response) => {
        response.writeHead(200, { 'content-length': bytes.length });
        response.write(bytes.subarray(0, 2_000), () => response.destroy());
      },
      (options) =>
        assert.rejects(openEngineImage('app', options), { code: 'network', message: /broke \(ECONNRESET\)/ }),
    );
  });

  it('stops waiting when it is told to', async () => {
    await withEngine(
      () => {},
      async (options) => {
        const signal = AbortSignal.timeout(20);
        await assert.rejects(openEngineImage('app', { ...options, signal }), { name: 'TimeoutError' });
      },
    );
  });

  it('reaches no other part of the Engine’s interface by its name', async () => {
    for (const name of [
      '',
      '../containers/json?x=',
      'a/../../b',
      'a b',
      'a?b',
      'a%2fb',
      '/a',
      'a//b',
      'a\r\nb',
    ]) {
      await assert.rejects(openEngineImage(name, optionsFor('unix:///nowhere')), { code: 'usage' }, name);
    }
  });
});

describe('the address of the Engine', () => {
  it('comes from DOCKER_HOST, else is the default socket', () => {
    assert.equal(engineAddress({}).options.socketPath, '/var/run/docker.sock');
    assert.equal(engineAddress({ DOCKER_HOST: 'unix:///x.sock' }).options.socketPath, '/x.sock');
    assert.deepEqual(engineAddress({ DOCKER_HOST: 'tcp://[::1]:99' }).options, { host: '::1', port: 99 });
    assert.deepEqual(engineAddress({ DOCKER_HOST: 'tcp://box' }).options, { host: 'box', port: 2375 });
  });

  it('over TLS or ssh is refused with a way around, and nonsense as wrong usage', () => {
    assert.throws(() => engineAddress({ DOCKER_HOST: 'ssh://a@b' }), {
      code: 'unsupported',
      message: /ssh -L/,
    });
    assert.throws(() => engineAddress({ DOCKER_HOST: 'tcp://b', DOCKER_TLS_VERIFY: '1' }), {
      code: 'unsupported',
    });
    for (const host of [
      '/var/run/docker.sock',
      'unix://',
      'tcp://',
      'tcp://a@b',
      'tcp://a:b',
      'npipe:////./pipe/x',
    ]) {
      assert.throws(() => engineAddress({ DOCKER_HOST: host }), { code: 'usage' }, host);
    }
  });

  it('where nothing listens says what to do', async () => {
    for (const host of [`unix://${join(root, 'absent.sock')}`, 'tcp://127.0.0.1:1']) {
      await assert.rejects(openEngineImage('app', optionsFor(host)), {
        code: 'unreadable',
        message: /No Docker Engine listens.*DOCKER_HOST.*docker-archive:FILE/,
      });
    }
  });
});
