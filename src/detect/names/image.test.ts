import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { emptyConfig as config } from '../../../test/fixtures/image-config.ts';
import { namesInspection } from './image.ts';
import { editDistance } from './resemblance.ts';

function rules(reference: string, labels: Readonly<Record<string, string>> = {}): readonly string[] {
  return namesInspection({ reference, config: { ...config, labels } }).findings.map((one) => {
    assert.equal(one.category, 'typosquat');
    assert.ok(one.confidence < 0.6, 'a name never decides');
    return `${one.rule.split('/')[1]} ${one.severity}`;
  });
}

describe('names that imitate well-known images', () => {
  it('lets official images, known publishers and ordinary names be', () => {
    for (const name of [
      'docker.io/library/nginx:1',
      'docker.io/library/ngnix:1',
      'docker.io/bitnami/nginx:latest',
      'docker.io/grafana/grafana:11',
      'docker.io/circleci/node:lts',
      'docker.io/someuser/my-app:1',
      'docker.io/someuser/nginx-proxy-helper:1',
      'docker.io/someuser/goat:1',
      'docker.io/someuser/nuts:1',
      'ghcr.io/acme/store@sha256:' + 'a'.repeat(64),
      'docker.io/someuser/host:1',
    ]) {
      assert.deepEqual(rules(name), [], name);
    }
  });

  it('does not judge names in private registries and in files', () => {
    for (const name of [
      '127.0.0.1:5000/nginx:1',
      '127.0.0.1:5000/user/ubuntu:1',
      'registry.corp.example/ngnix/ubuntu:1',
      'oci:nginx:1',
      'docker-archive:/tmp/ubuntu.tar',
    ]) {
      assert.deepEqual(rules(name), [], name);
    }
  });

  it('finds official names under unknown namespaces', () => {
    assert.deepEqual(rules('docker.io/vibersastra/ubuntu:latest'), ['impersonation medium']);
    assert.deepEqual(rules('docker.io/vibersastra/golang:latest'), ['impersonation medium']);
    assert.deepEqual(rules('ghcr.io/someuser/nginx:1'), ['impersonation low']);
  });

  it('finds misspellings, look-alikes, separators and affixes', () => {
    for (const name of [
      'ngnix',
      'nginxs',
      'ubunut',
      'pytohn',
      'rnysql',
      'p0stgres',
      'my-sql',
      'nginx-official',
      'official-redis',
      'ubuntu-latest',
      'ndoe',
    ]) {
      assert.deepEqual(rules(`docker.io/someuser/${name}:1`), ['typosquat medium'], name);
    }
    assert.deepEqual(rules('docker.io/someuser/wordpresses:1'), ['typosquat low']);
    assert.deepEqual(rules('docker.io/bitnarni/app:1'), ['typosquat medium']);
    assert.deepEqual(rules('docker.io/hashicrop/app:1'), ['typosquat medium']);
  });

  it('notes labels of a publisher that the namespace is not, as weak', () => {
    const labels = { 'org.opencontainers.image.source': 'https://github.com/grafana/grafana' };
    assert.deepEqual(rules('docker.io/someuser/dashboards:1', labels), ['label-mismatch low']);
    assert.deepEqual(rules('docker.io/grafana/dashboards:1', labels), []);
  });

  it('counts a swap of neighbours as one edit', () => {
    assert.equal(editDistance('nginx', 'ngnix', 2), 1);
    assert.equal(editDistance('kitten', 'sitting', 5), 3);
    assert.equal(editDistance('abc', 'xyz', 1), 2);
  });
});
