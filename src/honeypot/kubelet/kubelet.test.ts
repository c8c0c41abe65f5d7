import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { createVisitor, echoing } from '../cluster/fixtures/visitor.ts';
import { personaOf } from '../persona/persona.ts';
import { startKubelet } from './decoy.ts';

const persona = personaOf('kubelet');
const talk = startKubelet({ persona } as never, echoing);
const visitor = createVisitor(persona, talk, 'kubelet');
const { items } = (await visitor.json('GET', '/pods')).body;
const { metadata, spec } = items[0];
const place = `${metadata.namespace}/${metadata.name}/${spec.containers[0].name}`;

describe('a kubelet', () => {
  it('tells its pods, all of them on its node', () => {
    assert.ok(items.length >= 6);
    for (const pod of items) {
      assert.equal(pod.spec.nodeName, persona.hostname);
      assert.ok(pod.metadata.annotations['kubernetes.io/config.source']);
    }
  });

  it('runs a command and gives its output, after it was told', async () => {
    const answer = await visitor.ask('POST', `/run/${place}`, {
      headers: { 'Content-Type': 'application/x-www-form-urlencoded' },
      body: 'cmd=ls+-la+/',
    });
    assert.match(
      answer.text,
      /^HTTP\/1\.0 200 OK\r\nContent-Type: application\/json\r\nDate: now\r\nContent-Length: 13\r\n/,
    );
    assert.equal(answer.body, 'ran ls -la /\n');
    const { type, what } = visitor.events.at(-1)!;
    assert.equal(type, 'run');
    assert.deepEqual(what.texts, ['ls -la /']);
    assert.equal(what.data?.pod, metadata.name);
  });

  it('answers commands that fail or are not there with an error', async () => {
    assert.equal(
      (await visitor.ask('POST', `/run/${place}?cmd=false`)).body,
      "command 'false' exited with 1: ",
    );
    const missing = await visitor.ask('POST', `/run/${place}?cmd=missing`);
    assert.equal(missing.status, 500);
    assert.match(
      missing.body,
      /^rpc error: code = Unknown desc = failed to exec in container: failed to start exec "[0-9a-f]{64}": OCI runtime exec failed: /,
    );
  });

  it('refuses in the words of Go’s libraries', async () => {
    const refused: readonly (readonly [string, string, number, string])[] = [
      ['GET', '/', 404, '404 page not found\n'],
      ['GET', '/spec/', 404, '404 page not found\n'],
      ['GET', `/run/${place}`, 405, '405: Method Not Allowed'],
      ['POST', '/run/a', 404, '404: Page Not Found'],
      ['POST', '/run/a/b/c?cmd=id', 404, 'pod does not exist'],
      ['POST', `/run/${metadata.namespace}/${metadata.name}/x?cmd=id`, 500, 'container not found ("x")'],
      ['GET', `/exec/${place}?command=id`, 400, 'you must specify at least 1 of stdin, stdout, stderr'],
      ['GET', `/exec/${place}?command=id&output=1`, 500, 'Upgrade request required\n'],
      ['GET', '/runningpods', 301, '<a href="/runningpods/">Moved Permanently</a>.\n\n'],
    ];
    for (const [method, target, status, body] of refused) {
      const answer = await visitor.ask(method, target);
      assert.deepEqual([answer.status, answer.body], [status, body], `${method} ${target}`);
    }
  });

  it('has health, statistics, metrics and configuration', async () => {
    assert.equal((await visitor.ask('GET', '/healthz')).body, 'ok');
    const { node, pods } = (await visitor.json('GET', '/stats/summary')).body;
    assert.equal(node.nodeName, persona.hostname);
    assert.equal(pods.length, items.length);
    assert.match(
      (await visitor.ask('GET', '/metrics')).body,
      /kubernetes_build_info\{.*git_version="v1\.27\./,
    );
    assert.match(
      (await visitor.ask('GET', '/metrics/cadvisor')).body,
      /container_memory_working_set_bytes\{container=/,
    );
    assert.equal(
      (await visitor.json('GET', '/configz')).body.kubeletconfig.authorization.mode,
      'AlwaysAllow',
    );
    assert.match((await visitor.ask('GET', '/logs/')).body, /<a href="syslog">|<a href="auth\.log">/);
    assert.equal((await visitor.ask('GET', '/logs/../passwd')).status, 404);
  });

  it('lets nothing run on its read-only port', async () => {
    const readOnly = createVisitor(persona, talk, 'kubelet-ro');
    assert.equal((await readOnly.ask('POST', `/run/${place}?cmd=id`)).body, '404 page not found\n');
    assert.equal((await readOnly.ask('GET', '/runningpods/')).status, 404);
    assert.equal((await readOnly.ask('GET', '/pods')).status, 200);
  });
});
