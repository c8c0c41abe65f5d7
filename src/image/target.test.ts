import assert from 'node:assert/strict';
import { mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { buildDockerArchive, buildOciArchive, buildOciLayout, file } from '../lab/image-builder.ts';
import type { OpenOptions } from './image.ts';
import { openTarget, parseTarget } from './target.ts';

const options: OpenOptions = { platform: 'linux/amd64', insecure: false, env: {} };

let root = '';
before(async () => {
  root = await mkdtemp(join(tmpdir(), 'waterguard-target-'));
});
after(() => rm(root, { recursive: true }));

describe('a target', () => {
  it('is of the kind that its prefix says, and a registry reference without one', () => {
    assert.deepEqual(parseTarget('oci:a:b'), { kind: 'oci', rest: 'a:b' });
    assert.deepEqual(parseTarget('oci-archive:a.tar:x/y:1'), { kind: 'oci-archive', rest: 'a.tar:x/y:1' });
    assert.deepEqual(parseTarget('docker-archive:a.tar'), { kind: 'docker-archive', rest: 'a.tar' });
    assert.deepEqual(parseTarget('docker:nginx'), { kind: 'docker', rest: 'nginx' });
    assert.deepEqual(parseTarget('dir:/'), { kind: 'dir', rest: '/' });
    assert.deepEqual(parseTarget('nginx:1'), { kind: 'registry', rest: 'nginx:1' });
    assert.deepEqual(parseTarget('localhost:5000/oci:1'), { kind: 'registry', rest: 'localhost:5000/oci:1' });
    assert.deepEqual(parseTarget('registry:2'), { kind: 'registry', rest: 'registry:2' });
    assert.deepEqual(parseTarget('docker://nginx:1'), { kind: 'registry', rest: 'nginx:1' });
  });

  it('that is empty or a bare path is wrong usage, and the message lists the forms', () => {
    for (const text of ['', 'oci:', 'dir:', './image.tar', '/image', '~/image', 'dir:a\0b']) {
      assert.throws(() => parseTarget(text), { code: 'usage', message: /oci:DIR.*dir:PATH/ }, text);
    }
  });

  it('of every local kind opens to the same image', async () => {
    const spec = { layers: [[file('a', '1')], [file('b', '2')]], compression: 'none' } as const;
    await buildOciLayout(join(root, 'layout'), spec);
    await buildOciArchive(join(root, 'oci.tar'), spec);
    await buildDockerArchive(join(root, 'docker.tar'), [spec]);
    const seen = new Set<string>();
    for (const text of [
      'oci:layout:latest',
      'oci-archive:oci.tar',
      'docker-archive:docker.tar:example/app:1',
    ]) {
      const target = await openTarget(text.replace(':', `:${root}/`), options);
      assert.equal(target.kind, 'image');
      if (target.kind === 'image') {
        seen.add(
          JSON.stringify([
            target.layers.map((one) => [one.digest, one.diffId, one.size, one.createdBy]),
            target.config,
          ]),
        );
      }
      await target.close();
    }
    assert.equal(seen.size, 1);
  });

  it('that is a directory opens to its real path', async () => {
    await symlink(join(root, 'layout'), join(root, 'link'));
    const target = await openTarget(`dir:${root}/link`, options);
    assert.equal(target.kind === 'directory' && target.root.endsWith('/layout'), true);
  });

  it('that is no directory, or an empty one, is unreadable', async () => {
    const empty = await mkdtemp(join(root, 'empty-'));
    await writeFile(join(root, 'file'), 'x');
    const cases = {
      [empty]: /is empty/,
      [join(root, 'file')]: /is not a directory/,
      [join(root, 'none')]: /There is no directory/,
    };
    for (const [path, message] of Object.entries(cases)) {
      await assert.rejects(openTarget(`dir:${path}`, options), { code: 'unreadable', message }, path);
    }
  });

  it('with a registry reference that breaks the grammar is wrong usage', async () => {
    await assert.rejects(openTarget('a//b', options), { code: 'usage' });
  });
});
