/** The registry source against the real docker-registry on loopback, filled by skopeo. */
import assert from 'node:assert/strict';
import { execFile, spawnSync } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { promisify } from 'node:util';
import type { OpenOptions } from '../src/image/image.ts';
import { listReferrers, listRepositories, listTags } from '../src/image/registry/list.ts';
import { openRegistry } from '../src/image/registry/open.ts';
import { openTarget } from '../src/image/target.ts';
import { WaterguardError } from '../src/model/error.ts';
import { type Registry, startRegistry } from './fixtures/docker-registry.ts';

const run = promisify(execFile);
const needed = [
  ['docker-registry', '--version'],
  ['skopeo', '--version'],
  ['openssl', 'version'],
] as const;
const absent = needed.filter(([name, ask]) => spawnSync(name, [ask]).error).map(([name]) => name);
const skip =
  absent.length > 0 && !process.env.WATERGUARD_REQUIRE_ALL ? `${absent.join(', ')} not installed` : false;

/** User `reader`, password `inert-test-password`; bcrypt of cost 5. */
const htpasswd = 'reader:$2y$05$abcdefghijklmnopqrstuuTpTtEoRAQdqfVnaITnuEzA/fAZG9Od6\n';
const layerBytes = 3_000_000;

describe('docker-registry', { skip }, () => {
  let folder: string;
  let open: Registry;
  let closed: Registry;
  let secure: Registry;
  const options: OpenOptions = { platform: 'linux/amd64', insecure: true, env: {} };

  before(async () => {
    assert.deepEqual(absent, [], 'these programs are required');
    folder = await mkdtemp(join(tmpdir(), 'registry-test-'));
    await writeLayout(join(folder, 'layout'));
    await writeFile(join(folder, 'htpasswd'), htpasswd);
    open = await startRegistry(join(folder, 'open'), {});
    closed = await startRegistry(join(folder, 'closed'), {
      REGISTRY_AUTH: 'htpasswd',
      REGISTRY_AUTH_HTPASSWD_REALM: 'test',
      REGISTRY_AUTH_HTPASSWD_PATH: join(folder, 'htpasswd'),
    });
    secure = await startRegistry(join(folder, 'secure'), await selfSigned(folder));
    await copy(join(folder, 'layout'), `${open.host}/team/app:1`, []);
    await copy(join(folder, 'layout'), `${secure.host}/team/app:1`, []);
    await copy(join(folder, 'layout'), `${open.host}/team/app:2`, ['--format', 'v2s2']);
    await copy(join(folder, 'layout'), `${closed.host}/team/app:1`, [
      '--dest-creds',
      'reader:inert-test-password',
    ]);
  });

  after(async () => {
    open?.process.kill();
    closed?.process.kill();
    secure?.process.kill();
    await rm(folder, { recursive: true, force: true });
  });

  test('gives the root manifest and blobs whose digests match', async () => {
    const { store, root } = await openRegistry(`${open.host}/team/app:1`, options);
    assert.equal(store.reference, `${open.host}/team/app:1`);
    assert.equal(root.mediaType, 'application/vnd.oci.image.manifest.v1+json');
    const manifest = JSON.parse(root.bytes.toString());
    for (const descriptor of [manifest.config, ...manifest.layers]) {
      const hash = createHash('sha256');
      for await (const chunk of store.openBlob(descriptor)) hash.update(chunk);
      assert.equal(`sha256:${hash.digest('hex')}`, descriptor.digest);
    }
    const again = await store.readManifest(root.digest);
    assert.deepEqual(again.bytes, root.bytes);
    await store.close();
  });

  test('reads a Docker manifest, by tag and by digest', async () => {
    const byTag = await openRegistry(`${open.host}/team/app:2`, options);
    assert.equal(byTag.root.mediaType, 'application/vnd.docker.distribution.manifest.v2+json');
    const byDigest = await openRegistry(`${open.host}/team/app@${byTag.root.digest}`, options);
    assert.deepEqual(byDigest.root.bytes, byTag.root.bytes);
    await byTag.store.close();
    await byDigest.store.close();
  });

  test('says that a tag is missing', async () => {
    await assert.rejects(openRegistry(`${open.host}/team/app:none`, options), hasCode('missing', /none/));
  });

  test('logs in with the stored password, and says so where there is none', async () => {
    const docker = join(folder, 'docker');
    await mkdir(docker, { recursive: true });
    const auth = Buffer.from('reader:inert-test-password').toString('base64');
    await writeFile(join(docker, 'config.json'), JSON.stringify({ auths: { [closed.host]: { auth } } }));
    const { store, root } = await openRegistry(`${closed.host}/team/app:1`, {
      ...options,
      env: { DOCKER_CONFIG: docker },
    });
    assert.ok(root.bytes.length > 0);
    await store.close();
    await assert.rejects(
      openRegistry(`${closed.host}/team/app:1`, options),
      hasCode('unauthorized', /docker login/),
    );
  });

  test('asks for --insecure where the registry speaks plain HTTP', async () => {
    await assert.rejects(
      openRegistry(`${open.host}/team/app:1`, { ...options, insecure: false }),
      hasCode('network', /--insecure/),
    );
  });

  test('reads self-signed TLS only with --insecure, and says why', async () => {
    const target = `${secure.host}/team/app:1`;
    const { store, root } = await openRegistry(target, options);
    assert.ok(root.bytes.length > 0);
    await store.close();
    const verified = { ...options, insecure: false };
    await assert.rejects(openRegistry(target, verified), hasCode('network', /self-signed.*--insecure/));
  });

  test('opens as a target whose layers verify', async () => {
    const image = await openTarget(`${open.host}/team/app:1`, options);
    assert.equal(image.kind, 'image');
    if (image.kind !== 'image') return;
    let bytes = 0;
    for (const layer of image.layers) for await (const chunk of layer.open()) bytes += chunk.length;
    assert.ok(bytes > layerBytes);
    assert.equal(image.platform, 'linux/amd64');
    await image.close();
  });

  test('lists repositories, tags and, through the tag fallback, referrers', async () => {
    assert.deepEqual(await collect(listRepositories(open.host, options)), ['team/app']);
    assert.deepEqual((await collect(listTags(`${open.host}/team/app`, options))).sort(), ['1', '2']);
    const { store, root } = await openRegistry(`${open.host}/team/app:1`, options);
    await store.close();
    assert.deepEqual(await listReferrers(`${open.host}/team/app`, root.digest, options), []);

    const referrer = {
      mediaType: 'application/vnd.oci.image.manifest.v1+json',
      digest: root.digest,
      size: root.bytes.length,
      artifactType: 'application/vnd.example.signature',
    };
    const index = {
      schemaVersion: 2,
      mediaType: 'application/vnd.oci.image.index.v1+json',
      manifests: [referrer],
    };
    const pushed = await fetch(`http://${open.host}/v2/team/app/manifests/${root.digest.replace(':', '-')}`, {
      method: 'PUT',
      headers: { 'content-type': index.mediaType },
      body: JSON.stringify(index),
    });
    assert.equal(pushed.status, 201);
    assert.deepEqual(await listReferrers(`${open.host}/team/app`, root.digest, options), [referrer]);
  });
});

/** A certificate for 127.0.0.1 that lives as long as the test. */
async function selfSigned(folder: string): Promise<Record<string, string>> {
  const [key, certificate] = [join(folder, 'key.pem'), join(folder, 'certificate.pem')];
  const kind = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days', '1'];
  const name = ['-subj', '/CN=127.0.0.1', '-addext', 'subjectAltName=IP:127.0.0.1'];
  await run('openssl', ['req', '-x509', ...kind, ...name, '-keyout', key, '-out', certificate]);
  return { REGISTRY_HTTP_TLS_CERTIFICATE: certificate, REGISTRY_HTTP_TLS_KEY: key };
}

async function copy(layout: string, to: string, more: readonly string[]): Promise<void> {
  await run('skopeo', [
    '--insecure-policy',
    'copy',
    '--dest-tls-verify=false',
    ...more,
    `oci:${layout}:1`,
    `docker://${to}`,
  ]);
}

/** An OCI layout with one layer, a tar of one file with random bytes; written by hand so that it needs no tool. */
async function writeLayout(folder: string): Promise<void> {
  await mkdir(join(folder, 'blobs', 'sha256'), { recursive: true });
  const put = async (bytes: Buffer, mediaType: string) => {
    const hex = createHash('sha256').update(bytes).digest('hex');
    await writeFile(join(folder, 'blobs', 'sha256', hex), bytes);
    return { mediaType, digest: `sha256:${hex}`, size: bytes.length };
  };
  const layer = await put(
    tarOf('data.bin', randomBytes(layerBytes)),
    'application/vnd.oci.image.layer.v1.tar',
  );
  const content = {
    architecture: 'amd64',
    os: 'linux',
    config: {},
    rootfs: { type: 'layers', diff_ids: [layer.digest] },
  };
  const config = await put(Buffer.from(JSON.stringify(content)), 'application/vnd.oci.image.config.v1+json');
  const manifestType = 'application/vnd.oci.image.manifest.v1+json';
  const body = { schemaVersion: 2, mediaType: manifestType, config, layers: [layer] };
  const manifest = await put(Buffer.from(JSON.stringify(body)), manifestType);
  const annotations = { 'org.opencontainers.image.ref.name': '1' };
  const index = { schemaVersion: 2, manifests: [{ ...manifest, annotations }] };
  await writeFile(join(folder, 'index.json'), JSON.stringify(index));
  await writeFile(join(folder, 'oci-layout'), '{"imageLayoutVersion":"1.0.0"}');
}

function tarOf(name: string, content: Buffer): Buffer {
  const header = Buffer.alloc(512);
  header.write(name, 0);
  header.write('0000644\0', 100);
  header.write('0000000\0', 108);
  header.write('0000000\0', 116);
  header.write(content.length.toString(8).padStart(11, '0') + '\0', 124);
  header.write('00000000000\0', 136);
  header.write('        0', 148);
  header.write('ustar\x0000', 257);
  const sum = header.reduce((total, byte) => total + byte, 0);
  header.write(sum.toString(8).padStart(6, '0') + '\0 ', 148);
  return Buffer.concat([header, content, Buffer.alloc(512 - (content.length % 512) + 1024)]);
}

async function collect(names: AsyncIterable<string>): Promise<string[]> {
  const all: string[] = [];
  for await (const name of names) all.push(name);
  return all;
}

function hasCode(code: string, message: RegExp): (error: unknown) => boolean {
  return (error) => error instanceof WaterguardError && error.code === code && message.test(error.message);
}
