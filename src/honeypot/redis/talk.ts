/** One connection: commands in, replies out, in their order, and never more of either than there is room for. */
import { setImmediate } from 'node:timers/promises';
import type { Connection } from '../decoy.ts';
import type { Client } from './client.ts';
import { execute } from './execute.ts';
import { Journal } from './journal.ts';
import { encode, type Reply, sizeOf } from './reply.ts';
import { ProtocolError, type Request, RequestReader } from './request.ts';
import type { Server } from './server.ts';

/** Bytes of replies that are sent together. */
const batch = 64 * 1024;
/** A larger reply ends the connection, as the output buffer's limit of Redis would. */
const maxReply = 16 << 20;
/** Milliseconds after which others have their turn. */
const turn = 5;

export async function talk(connection: Connection, server: Server): Promise<void> {
  const { stream, src, dst } = connection;
  let waiting = '';
  const client: Client = server.connect({
    address: `${hostOf(src.ip)}:${src.port}`,
    localAddress: `${hostOf(dst.ip)}:${dst.port}`,
    send(reply) {
      if (stream.writableLength > maxReply || sizeOf(reply) > maxReply) stream.destroy();
      else if (client.isBusy) waiting += encode(reply, client.protocol);
      else send(encode(reply, client.protocol));
    },
    close: () => stream.destroy(),
  });
  const reader = new RequestReader(() => client.isKnown);
  const journal = new Journal(connection);
  stream.once('close', () => server.disconnect(client));

  function send(text: string): boolean {
    server.statistics.writes += 1;
    server.statistics.bytesOut += text.length;
    return stream.write(Buffer.from(text, 'latin1'));
  }

  async function flush(): Promise<void> {
    await journal.settle();
    const text = waiting;
    waiting = '';
    if (text !== '' && !stream.destroyed && !send(text)) await drained(stream);
  }

  /** @returns whether the connection goes on */
  async function take(request: Request): Promise<boolean> {
    const outcome = await execute(client, request);
    journal.add(request, outcome);
    answer(outcome.reply);
    if (waiting.length > batch) await flush();
    return !client.isClosing && !stream.destroyed;
  }

  function answer(reply: Reply): void {
    if (client.replies === 'off' || client.replies === 'skip') {
      if (client.replies === 'skip') client.replies = 'on';
      return;
    }
    if (client.replies === 'skip-next') client.replies = 'skip';
    if (sizeOf(reply) > maxReply) client.isClosing = true;
    else waiting += encode(reply, client.protocol);
  }

  /** @returns whether the connection goes on */
  async function takeAll(): Promise<boolean> {
    let since = performance.now();
    for (let request = reader.next(); request !== undefined; request = reader.next()) {
      if (!(await take(request))) return false;
      if (performance.now() - since > turn) {
        await setImmediate();
        since = performance.now();
      }
    }
    return true;
  }

  try {
    for await (const chunk of stream.iterator({ destroyOnReturn: false })) {
      server.statistics.reads += 1;
      server.statistics.bytesIn += chunk.length;
      reader.push(chunk);
      client.isBusy = true;
      let goesOn = false;
      try {
        goesOn = await takeAll();
      } catch (error) {
        if (!(error instanceof ProtocolError)) throw error;
        journal.addBroken(chunk, error.message);
        answer({ kind: 'error', text: `ERR Protocol error: ${error.message}` });
      }
      await flush();
      client.isBusy = false;
      if (!goesOn) break;
      if (reader.isPartial) connection.hurry(reader.begun);
      else connection.relax();
    }
  } catch (error) {
    // Whoever hangs up in the midst of it ends it.
    if (!stream.destroyed) throw error;
  }
  stream.end(() => stream.destroy());
}

function hostOf(ip: string): string {
  return ip.includes(':') ? `[${ip}]` : ip;
}

function drained(stream: Connection['stream']): Promise<void> {
  return new Promise((resolve) => {
    const done = (): void => {
      stream.off('drain', done);
      stream.off('close', done);
      resolve();
    };
    stream.once('drain', done);
    stream.once('close', done);
  });
}
