import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { gunzipSync } from 'node:zlib';
import { mutate, randomOf } from '../fixtures/mutation.ts';
import { placeOf } from '../fixtures/visitor.ts';
import { runningContainers } from '../world/systems/running-containers.ts';
import { decoy } from './decoy.ts';
import { encode, Float } from './encode.ts';

const place = placeOf(decoy, 'weave');

async function ask(line: string, { headers = '', body = '' } = {}) {
  const length = line.startsWith('GET') ? '' : `Content-Length: ${Buffer.byteLength(body)}\r\n`;
  const answer = await place
    .connect()
    .ask(`${line} HTTP/1.1\r\nHost: 198.51.100.9:4040\r\n${headers}${length}\r\n${body}`);
  const end = answer.indexOf('\r\n\r\n');
  return { head: answer.toString('latin1', 0, end), body: answer.subarray(end + 4) };
}

async function get<T>(path: string): Promise<T> {
  const { head, body } = await ask(`GET ${path}`, { headers: 'Connection: close\r\n' });
  const text = /chunked/.test(head)
    ? body.toString().replace(/(?:^|\r\n)[0-9a-f]+\r\n/g, '')
    : body.toString();
  return JSON.parse(text) as T;
}

interface Node {
  readonly id: string;
  readonly label: string;
  readonly controls: readonly { readonly probeId: string; readonly nodeId: string; readonly id: string }[];
}

async function control(node: string, name: string, body = ''): Promise<{ head: string; body: string }> {
  const [probe] = await get<{ id: string }[]>('/api/probes');
  const { head, body: answer } = await ask(
    `POST /api/control/${probe!.id}/${encodeURIComponent(node)}/${name}`,
    { body },
  );
  return { head, body: answer.toString() };
}

describe('Weave Scope', () => {
  it('tells its version, its name and its one probe', async () => {
    const about = await get<Record<string, unknown>>('/api');
    assert.deepEqual(about, {
      capabilities: { historic_reports: false },
      hostname: place.world.hostname,
      id: about.id,
      version: '1.13.2',
    });
    const [probe] = await get<{ hostname: string }[]>('/api/probes');
    assert.equal(probe!.hostname, place.world.hostname);
    assert.equal(await get<boolean>('/api/probes?sparse=true'), true);
  });

  it('writes heads as Go does, and floats as its encoder does', async () => {
    const { head } = await ask('GET /api');
    assert.deepEqual(
      head.split('\r\n').map((line) => line.replace(/^(Date|Content-Length): .*/, '$1')),
      [
        'HTTP/1.1 200 OK',
        'Cache-Control: no-cache',
        'Content-Type: application/json',
        'Vary: Accept-Encoding',
        'Date',
        'Content-Length',
      ],
    );
    const floats = [0, 1, 100, 0.25, 123456, 1234567.5, 8.194359296e9, 1.5e-7].map(
      (value) => new Float(value),
    );
    assert.equal(encode(floats), '[0.0,1.0,100.0,0.25,123456.0,1.2345675E+06,8.194359296E+09,1.5E-07]');
  });

  it('shows the containers that the machine shows', async () => {
    const { nodes } = await get<{ nodes: Record<string, Node> }>('/api/topology/containers');
    const running = runningContainers(place.world.persona, Date.now());
    assert.deepEqual(Object.keys(nodes).sort(), running.map(({ id }) => `${id};<container>`).sort());
    const hosts = await get<{ nodes: Record<string, Node> }>('/api/topology/hosts');
    assert.deepEqual(Object.keys(hosts.nodes), [`${place.world.hostname};<host>`]);
    const processes = await get<{ nodes: Record<string, Node> }>('/api/topology/processes?unconnected=show');
    assert.ok(Object.values(processes.nodes).some(({ label }) => label === 'dockerd'));
    for (const name of ['pods', 'services', 'ecs-tasks', 'weave'])
      assert.deepEqual(await get(`/api/topology/${name}`), { nodes: {} });
  });

  it('packs what is long for whoever takes it packed', async () => {
    const { head, body } = await ask('GET /api/topology', {
      headers: 'Accept-Encoding: gzip\r\nConnection: close\r\n',
    });
    assert.match(head, /\r\nContent-Encoding: gzip\r\n/);
    const list = JSON.parse(gunzipSync(body).toString()) as { name: string; url: string }[];
    assert.deepEqual(
      list.map(({ name }) => name),
      ['Containers', 'Hosts', 'Pods', 'Processes', 'Services', 'Tasks'],
    );
  });

  it('offers a shell of the host, and of a container what its state allows', async () => {
    const { node: host } = await get<{ node: Node }>(
      `/api/topology/hosts/${encodeURIComponent(`${place.world.hostname};<host>`)}`,
    );
    assert.deepEqual(
      host.controls.map(({ id }) => id),
      ['host_exec'],
    );
    const [container] = Object.keys((await get<{ nodes: object }>('/api/topology/containers')).nodes);
    const offered = async () =>
      (
        await get<{ node: Node }>(`/api/topology/containers/${encodeURIComponent(container!)}`)
      ).node.controls.map(({ id }) => id.split('_')[1]);
    assert.deepEqual(await offered(), ['attach', 'exec', 'restart', 'pause', 'stop']);
    assert.equal((await control(container!, 'docker_pause_container')).body, '{}');
    assert.deepEqual(await offered(), ['unpause']);
    assert.match(
      (await control(container!, 'docker_exec_container')).body,
      /is paused, unpause the container before exec/,
    );
    assert.equal((await control(container!, 'docker_unpause_container')).body, '{}');
    assert.equal((await control(container!, 'docker_stop_container')).body, '{}');
    assert.equal((await control(container!, 'docker_start_container')).body, '{}');
  });

  it('gives pipes, checks them, resizes them and ends them', async () => {
    const node = `${place.world.hostname};<host>`;
    const { head, body } = await control(node, 'host_exec');
    assert.match(head, /^HTTP\/1.1 200 OK\r\n/);
    assert.match(body, /^\{"pipe":"pipe-\d+","raw_tty":true,"resize_tty_control":"host_resize_exec_tty"\}$/);
    const { pipe } = JSON.parse(body) as { pipe: string };
    assert.match((await ask(`GET /api/pipe/${pipe}/check`)).head, /^HTTP\/1.1 204 No Content/);
    assert.equal(
      (
        await control(
          node,
          'host_resize_exec_tty',
          JSON.stringify({ pipeID: pipe, height: '40', width: '120' }),
        )
      ).body,
      '{}',
    );
    assert.match((await ask(`GET /api/pipe/${pipe}`)).head, /^HTTP\/1.1 400 Bad Request/);
    assert.match((await ask(`POST /api/pipe/${pipe}`)).head, /^HTTP\/1.1 200 OK/);
    assert.match((await ask(`GET /api/pipe/${pipe}/check`)).head, /^HTTP\/1.1 404 /);
  });

  it('refuses in the words of the app and of the probe', async () => {
    const refused = await ask('POST /api/control/abc/x;%3Ccontainer%3E/docker_exec_container');
    assert.equal(refused.body.toString(), '"probe abc is not connected right now"');
    assert.match(refused.head, /^HTTP\/1.1 400 Bad Request/);
    assert.equal((await control('x', 'docker_exec_container')).body, '"Invalid ID: x"');
    assert.equal((await control('x', 'nothing')).body, '"Control \\"nothing\\" not recognised"');
    assert.match((await ask('GET /api/topology/nothing')).head, /^HTTP\/1.1 404 Not Found/);
    assert.match((await ask('DELETE /api/topology')).head, /^HTTP\/1.1 405 Method Not Allowed/);
  });

  it('tells of each control that was asked for', () => {
    const controls = place.events.filter(({ type }) => type === 'control').map(({ data }) => data!.control);
    assert.ok(controls.includes('host_exec') && controls.includes('docker_pause_container'));
  });
});

it('nothing that is nearly a request keeps it from answering the next', async () => {
  const random = randomOf(11);
  const seeds = [
    'POST /api/control/a/b/host_exec HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\n{"a":"b"}',
    'GET /api/topology/containers/%3Cx%3E?stopped=both HTTP/1.1\r\nHost: x\r\n\r\n',
  ];
  for (let round = 0; round < 200; round += 1) {
    const visitor = place.connect();
    visitor.stream.end(mutate(Buffer.from(seeds[round % seeds.length]!), random));
  }
  assert.equal((await get<{ version: string }>('/api')).version, '1.13.2');
});
