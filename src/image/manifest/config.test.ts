import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { parseConfig } from './config.ts';

const parse = (value: unknown) => parseConfig(Buffer.from(JSON.stringify(value)), 'The configuration');

describe('an image configuration', () => {
  it('is read with all that decides what would be started', () => {
    const { config, platform, diffIds } = parse({
      os: 'linux',
      architecture: 'aarch64',
      author: 'someone',
      config: {
        User: 'root',
        Env: ['A=1'],
        Entrypoint: ['/bin/x'],
        Cmd: ['--y'],
        WorkingDir: '/w',
        Labels: { a: 'b' },
        ExposedPorts: { '80/tcp': {} },
        Volumes: { '/v': {} },
        Healthcheck: { Test: ['CMD', '/check'] },
        OnBuild: ['RUN z'],
        Shell: ['/bin/sh', '-c'],
      },
      rootfs: { diff_ids: ['sha256:1'] },
      history: [{ created_by: 'a' }, { created_by: 'b', empty_layer: true }, { created_by: 'c' }],
    });
    assert.deepEqual(platform, { os: 'linux', architecture: 'arm64', variant: '' });
    assert.deepEqual(diffIds, ['sha256:1']);
    assert.deepEqual(config.entrypoint, ['/bin/x']);
    assert.deepEqual(config.exposedPorts, ['80/tcp']);
    assert.deepEqual(config.volumes, ['/v']);
    assert.deepEqual(config.healthcheck, ['CMD', '/check']);
    assert.deepEqual(
      config.history.map((line) => [line.createdBy, line.layer]),
      [
        ['a', 0],
        ['b', undefined],
        ['c', 1],
      ],
    );
  });

  it('takes keys in any case, as engines written in Go do, so that no start command hides in its spelling', () => {
    assert.deepEqual(parse({ CONFIG: { entryPoint: ['/hidden'] } }).config.entrypoint, ['/hidden']);
    assert.deepEqual(
      parse({ config: { 'Hea\u017fthcheck': 1, 'Wor\u212aingDir': '/k' } }).config.workingDir,
      '/k',
    );
  });

  it('is refused where one key comes in two spellings, wherever it is', () => {
    const refused = { code: 'corrupt', message: /Entrypoint and entrypoint/ };
    assert.throws(() => parse({ config: { Entrypoint: ['/good'], entrypoint: ['/bad'] } }), refused);
    assert.throws(() => parse({ config: {}, Config: { Entrypoint: ['/bad'] } }), { code: 'corrupt' });
  });

  it('reads a lone string as a list of one and everything else of a wrong type as empty', () => {
    const { config } = parse({
      config: { Entrypoint: '/x', Cmd: 7, Env: { A: 1 }, Labels: ['a'], Volumes: null, Healthcheck: [] },
      history: 'none',
      author: {},
    });
    assert.deepEqual(config.entrypoint, ['/x']);
    for (const list of [config.cmd, config.env, config.volumes, config.healthcheck, config.history]) {
      assert.deepEqual(list, []);
    }
    assert.deepEqual(config.labels, {});
    assert.equal(config.author, '');
  });

  it('keeps the good entries of a list with bad ones', () => {
    assert.deepEqual(parse({ config: { Env: ['A=1', null, {}, 'B=2'] } }).config.env, ['A=1', '', '', 'B=2']);
    const { history } = parse({ history: [7, { created_by: 'a', created: 5 }] }).config;
    assert.deepEqual(history[1], { createdBy: 'a', comment: '', created: '5', layer: 1 });
  });

  it('does not let a label change the prototype of anything', () => {
    const bytes = Buffer.from('{"config":{"Labels":{"__proto__":"x","constructor":"y"}}}');
    const { labels } = parseConfig(bytes, 'The configuration').config;
    assert.equal(labels.constructor, 'y');
    assert.equal(Object.getPrototypeOf(labels), Object.prototype);
  });

  it('is refused with an endless list', () => {
    assert.throws(() => parse({ config: { Env: Array(20_001).fill('A=1') } }), {
      code: 'limit',
      message: /Env has 20001/,
    });
    assert.throws(() => parse({ history: Array(20_001).fill({}) }), { code: 'limit' });
  });

  it('is refused where it is no JSON or no object, naming the document', () => {
    for (const text of ['', '{', '[]', '"x"', 'null', '\ufeff{}']) {
      const refused = { code: 'corrupt', message: /^The configuration / };
      assert.throws(() => parseConfig(Buffer.from(text), 'The configuration'), refused, text);
    }
  });

  it('knows a document that configures something else', () => {
    assert.equal(parse({ name: 'chart', version: '1' }).isImage, false);
    assert.equal(parse({ rootfs: {} }).isImage, true);
  });
});
