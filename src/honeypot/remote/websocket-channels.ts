/** A command's streams in WebSocket messages: the first byte, or digit, is the number of the channel. */
import type { Exchange } from '../http/serve.ts';
import type { WebSocket } from '../http/websocket.ts';
import { type Channels, createInlet, type Size, sizeOf, type Wanted } from './channels.ts';
import { acceptWebSocket, offeredProtocols } from './websocket.ts';

/** Which a kubelet of 1.27 speaks; the empty one is what a client has that names none. */
const protocols = [
  '',
  'channel.k8s.io',
  'base64.channel.k8s.io',
  'v4.channel.k8s.io',
  'v4.base64.channel.k8s.io',
];

const numbers = { stdin: 0, stdout: 1, stderr: 2, error: 3, resize: 4 } as const;

/** @returns undefined where the client was refused */
export function websocketChannels(exchange: Exchange, wanted: Wanted): Channels | undefined {
  const offered = offeredProtocols(exchange);
  const protocol = offered.length === 0 ? '' : offered.find((one) => protocols.includes(one));
  const isBase64 = protocol?.includes('base64') === true;
  const inlet = createInlet();
  let resized = (_: Size): void => {};

  const socket = acceptWebSocket(exchange, protocol);
  if (socket === undefined) return undefined;

  function take(payload: Buffer): void {
    const channel = isBase64 ? payload[0]! - 0x30 : payload[0];
    const rest = payload.subarray(1);
    const bytes = isBase64 ? Buffer.from(rest.toString('latin1'), 'base64') : rest;
    if (channel === numbers.stdin && wanted.stdin) inlet.push(bytes);
    else if (channel === numbers.resize) {
      const size = sizeOf(bytes.toString('utf8'));
      if (size !== undefined) resized(size);
    }
  }

  const send = (channel: number, bytes: Uint8Array): Promise<boolean> =>
    isBase64
      ? socket.send('text', `${channel}${Buffer.from(bytes).toString('base64')}`)
      : socket.send('binary', Buffer.concat([Buffer.of(channel), bytes]));

  async function read({ messages }: WebSocket): Promise<void> {
    for await (const { data } of messages()) take(data);
  }

  // An empty message says that the streams are there.
  void send(wanted.stdout ? numbers.stdout : wanted.stderr ? numbers.stderr : numbers.error, Buffer.alloc(0));
  // A connection that breaks ends as one that is closed.
  const gone = read(socket)
    .catch(() => {})
    .finally(() => inlet.push(undefined));
  return {
    async write(to, bytes) {
      return !wanted[to] || send(numbers[to], bytes);
    },
    listen(input, resize) {
      resized = resize;
      inlet.listen(input);
    },
    finish(status) {
      const isOld = protocol === '' || !protocol?.startsWith('v4');
      const text = isOld
        ? status.status === 'Success'
          ? ''
          : String(status.message)
        : JSON.stringify(status);
      if (text !== '') void send(numbers.error, Buffer.from(text));
      socket.close();
    },
    gone,
  };
}
