/** A command's streams in SPDY: the client opens one for each, and names it by the header `streamtype`. */
import type { Exchange } from '../http/serve.ts';
import { type Channels, createInlet, type Size, sizeOf, type Wanted } from './channels.ts';
import { acceptSpdy, type SpdyStream } from './spdy.ts';

/** The best first. */
const protocols = ['v4.channel.k8s.io', 'v3.channel.k8s.io', 'v2.channel.k8s.io', 'channel.k8s.io'];

/** Milliseconds in which all streams have to be there (k8s.io/kubelet, cri/streaming: StreamCreationTimeout). */
const streamsWithin = 30_000;

/**
 * @returns once all streams are there; undefined where they did not come, or no protocol of the client's will do
 */
export async function spdyChannels(exchange: Exchange, wanted: Wanted): Promise<Channels | undefined> {
  const offered = exchange.headers
    .filter(([name]) => name.toLowerCase() === 'x-stream-protocol-version')
    .flatMap(([, value]) => value.split(',').map((one) => one.trim()));
  const protocol = protocols.find((one) => offered.includes(one));
  if (offered.length > 0 && protocol === undefined) {
    const text = `unable to upgrade: unable to negotiate protocol: client supports [${offered.join(' ')}], server accepts [${protocols.join(' ')}]`;
    exchange.respond(403, [], text);
    return undefined;
  }
  const hasResize = wanted.tty && (protocol === 'v4.channel.k8s.io' || protocol === 'v3.channel.k8s.io');
  const expected = [
    'error',
    ...(['stdin', 'stdout', 'stderr'] as const).filter(
      (one) => wanted[one] && !(one === 'stderr' && wanted.tty),
    ),
    ...(hasResize ? ['resize'] : []),
  ];
  const streams = new Map<string, SpdyStream>();
  const inlet = createInlet();
  let resized = (_: Size): void => {};
  const ready = Promise.withResolvers<boolean>();

  const spdy = acceptSpdy(exchange, protocol, {
    opened(stream) {
      streams.set(stream.headers.get('streamtype') ?? '', stream);
      if (expected.every((one) => streams.has(one))) ready.resolve(true);
    },
    data(stream, bytes) {
      const type = stream.headers.get('streamtype');
      if (type === 'stdin') inlet.push(bytes);
      else if (type === 'resize' && bytes !== undefined) {
        const size = sizeOf(bytes.toString('utf8'));
        if (size !== undefined) resized(size);
      }
    },
  });
  const gone = new Promise<void>((resolve) => {
    spdy.stream.once('close', resolve);
    spdy.stream.once('end', resolve);
  });
  void gone.then(() => {
    inlet.push(undefined);
    ready.resolve(false);
  });
  const timer = setTimeout(() => ready.resolve(false), streamsWithin);
  timer.unref();
  const isReady = await ready.promise;
  clearTimeout(timer);
  if (!isReady) {
    spdy.close();
    return undefined;
  }
  return {
    async write(to, bytes) {
      const hasRoom = streams.get(to)?.write(bytes) ?? true;
      if (!hasRoom && spdy.stream.writableNeedDrain) {
        await new Promise<void>((resolve) => {
          for (const event of ['drain', 'close']) spdy.stream.once(event, () => resolve());
        });
      }
      return !spdy.stream.destroyed && !spdy.stream.writableEnded;
    },
    listen(input, resize) {
      resized = resize;
      inlet.listen(input);
    },
    finish(status) {
      const isOld = protocol !== 'v4.channel.k8s.io';
      const text = isOld
        ? status.status === 'Success'
          ? ''
          : String(status.message)
        : JSON.stringify(status);
      if (text !== '') streams.get('error')?.write(Buffer.from(text));
      spdy.close();
    },
    gone,
  };
}
