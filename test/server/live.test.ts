/** The live stream: what happens arrives, once and in order, at whoever may read it, for as long as they may. */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { type ClientRequest, get, type IncomingMessage } from 'node:http';
import { connect, type Socket } from 'node:net';
import { after, before, describe, it } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { addActivity } from '../../src/store/activity.ts';
import { ruleset, startServer, type TestServer } from '../fixtures/server.ts';

let server: TestServer;
let url: string;
before(async () => {
  server = await startServer({ empty: true });
  url = await server.listen();
});
after(() => server.close());

interface Event {
  readonly event: string;
  readonly id: number | undefined;
  readonly data: { readonly id: number; readonly text?: string; readonly state?: string };
}

interface Stream {
  readonly status: number;
  readonly headers: IncomingMessage['headers'];
  readonly events: readonly Event[];
  /** As it came, with its comments. */
  readonly text: () => string;
  readonly isOpen: () => boolean;
  close(): void;
}

const open: ClientRequest[] = [];
after(() => {
  for (const one of open) one.destroy();
});

async function listen(headers: Record<string, string> = bearer(), origin = url): Promise<Stream> {
  const request = get(`${origin}/v1/live`, { headers, agent: false });
  open.push(request);
  request.on('error', () => {});
  const [response] = (await once(request, 'response')) as [IncomingMessage];
  const events: Event[] = [];
  let text = '';
  let rest = '';
  let isOpen = true;
  response.setEncoding('utf8');
  response.on('error', () => {});
  response.on('close', () => {
    isOpen = false;
  });
  response.on('data', (part: string) => {
    text += part;
    rest += part;
    const blocks = rest.split('\n\n');
    rest = blocks.pop() ?? '';
    for (const block of blocks) {
      const fields = new Map(block.split('\n').map((line) => line.split(/: (.*)/s) as [string, string]));
      const event = fields.get('event');
      if (event === undefined) continue;
      const id = fields.get('id');
      events.push({
        event,
        id: id === undefined ? undefined : Number(id),
        data: JSON.parse(fields.get('data') ?? ''),
      });
    }
  });
  return {
    status: response.statusCode ?? 0,
    headers: response.headers,
    events,
    text: () => text,
    isOpen: () => isOpen,
    close: () => request.destroy(),
  };
}

function bearer(more: Record<string, string> = {}): Record<string, string> {
  return { authorization: `Bearer ${server.tokens.read}`, ...more };
}

let happenings = 0;
async function happen(text = 'something happened'): Promise<number> {
  const key = `live/${happenings++}`;
  return server.store.db.transaction().execute(async (tx) => {
    await addActivity(tx, { type: 'test', severity: 'info', text, link: '/', key });
    const row = await tx.selectFrom('activity').select('id').where('key', '=', key).executeTakeFirstOrThrow();
    return row.id;
  });
}

async function until(what: string, isSo: () => boolean, milliseconds = 10_000): Promise<void> {
  for (const end = Date.now() + milliseconds; !isSo(); await sleep(20))
    if (Date.now() > end) assert.fail(`${what} has not come about`);
}

const ids = ({ events }: Stream): (number | undefined)[] =>
  events.filter((one) => one.event === 'activity').map((one) => one.id);

describe('the live stream', () => {
  it('is for those who may read', async () => {
    assert.equal((await listen({})).status, 401);
    assert.equal((await listen({ authorization: `Bearer ${server.tokens.admin}` })).status, 403);
    const stream = await listen();
    assert.equal(stream.status, 200);
    assert.equal(stream.headers['content-type'], 'text/event-stream; charset=utf-8');
    stream.close();
  });

  it('tells everybody what happens, as lists tell it', async () => {
    const [one, two] = [await listen(), await listen()];
    const first = await happen('an image is malicious\n\nevent: hunt\ndata: {}');
    const second = await happen();
    await until('both events', () => one.events.length >= 2 && two.events.length >= 2);
    for (const stream of [one, two]) {
      assert.deepEqual(ids(stream), [first, second]);
      // What is told cannot end the event that tells it.
      assert.equal(stream.events[0]?.data.text, 'an image is malicious\n\nevent: hunt\ndata: {}');
      assert.ok(stream.text().startsWith('retry: 2000\n\n'));
    }
    const { json } = await server.ask('GET', '/v1/overview', { as: { scope: 'read' } });
    assert.deepEqual(one.events.map((it) => it.data).reverse(), json.activity.slice(0, 2));
    one.close();
    two.close();
  });

  it('says nothing of what happened before', async () => {
    await happen();
    const stream = await listen();
    const id = await happen();
    await until('the event', () => stream.events.length > 0);
    assert.deepEqual(ids(stream), [id]);
    stream.close();
  });

  it('tells whoever comes back what was missed, in its order', async () => {
    const seen = await happen();
    const missed = [await happen(), await happen(), await happen()];
    const stream = await listen(bearer({ 'last-event-id': String(seen) }));
    const next = await happen();
    await until('all events', () => stream.events.length >= 4);
    assert.deepEqual(ids(stream), [...missed, next]);
    stream.close();
  });

  it('takes a number that it never gave for none', async () => {
    const id = await happen();
    for (const given of ['x', '', '-1e999', '1.5', '9007199254740993', '%00', '1; drop table activity']) {
      const stream = await listen(bearer({ 'last-event-id': given }));
      assert.equal(stream.status, 200, given);
      stream.close();
    }
    const ahead = await listen(bearer({ 'last-event-id': String(id + 1000) }));
    const next = await happen();
    await until('the event', () => ahead.events.length > 0);
    assert.deepEqual(ids(ahead), [next]);
    ahead.close();
  });

  it('loses and repeats nothing, whenever one comes', async () => {
    let isOver = false;
    const made: number[] = [await happen()];
    const making = (async () => {
      while (!isOver) {
        made.push(await happen());
        await sleep(3);
      }
    })();
    const streams: { stream: Stream; from: number }[] = [];
    for (let round = 0; round < 25; round++) {
      const from = made.at(-1)!;
      streams.push({ stream: await listen(bearer({ 'last-event-id': String(from) })), from });
      await sleep(30);
    }
    isOver = true;
    await making;
    const last = made.at(-1)!;
    for (const { stream, from } of streams) {
      await until(`event ${last} for who came at ${from}`, () => ids(stream).at(-1) === last);
      assert.deepEqual(
        ids(stream),
        made.filter((id) => id > from),
      );
      stream.close();
    }
    assert.ok(made.length > 50, `${made.length}`);
  });

  it('gives who was away for long the last 200', async () => {
    const first = await happen();
    for (let count = 0; count < 230; count++) await happen();
    const last = await happen();
    const stream = await listen(bearer({ 'last-event-id': String(first) }));
    await until('the events', () => ids(stream).at(-1) === last);
    assert.equal(ids(stream).length, 200);
    assert.deepEqual(
      ids(stream),
      [...ids(stream)].sort((a, b) => a! - b!),
    );
    stream.close();
  });

  it('follows a hunt to its end', async () => {
    const stream = await listen();
    const { hunts, queue } = server.context;
    const { id } = await hunts.begin({
      source: 'registry:live.example.invalid',
      platform: 'linux/amd64',
      insecure: false,
      ruleset,
      isLocal: false,
      startedBy: 'user:the-analyst',
      restart: false,
    });
    const told = (): Event[] => stream.events.filter((one) => one.event === 'hunt' && one.data.id === id);
    await until('the hunt', () => told().length === 1);
    assert.equal(told()[0]?.data.state, 'running');
    assert.equal(told()[0]?.id, undefined);
    await hunts.listed(id, []);
    await hunts.finish(id);
    await until('its end', () => told().at(-1)?.data.state === 'done');
    const { json } = await server.ask('GET', `/v1/hunts/${id}`, { as: { scope: 'read' } });
    assert.deepEqual(told().at(-1)?.data, json);
    const feed = stream.events.filter((one) => one.event === 'activity').map((one) => one.data.text);
    assert.equal(feed.length, 2);
    assert.match(feed.join(), /started by user:the-analyst.*done/);
    assert.ok(queue.boss !== undefined);
    stream.close();
  });

  it('lets go who does not read, and harms nobody else', async () => {
    const { hostname, port } = new URL(url);
    const slow: Socket = connect(Number(port), hostname);
    slow.on('error', () => {});
    await once(slow, 'connect');
    slow.write(
      `GET /v1/live HTTP/1.1\r\nhost: localhost\r\nauthorization: Bearer ${server.tokens.read}\r\n\r\n`,
    );
    await once(slow, 'readable');
    slow.pause();
    const reader = await listen();
    const made: number[] = [];
    const large = 'x'.repeat(500_000);
    for (let count = 0; count < 30; count++) made.push(await happen(large));
    await until('all events', () => ids(reader).length === made.length);
    assert.deepEqual(ids(reader), made);
    // A paused socket tells of its end when it is read.
    await sleep(1500);
    let hasEnded = false;
    slow.once('close', () => {
      hasEnded = true;
    });
    slow.resume();
    await until('the end of the slow one', () => hasEnded);
    assert.ok(reader.isOpen());
    const next = await happen();
    await until('the next event', () => ids(reader).at(-1) === next);
    reader.close();
  });

  it('ends with the session, the user’s access or the token by which it was opened', async () => {
    const admin = { role: 'admin' } as const;
    const cookie = async (user: number): Promise<Record<string, string>> => ({
      cookie: `waterguard_session=${await server.signIn(user)}`,
    });
    const [disabled, removed, out] = [
      await server.addUser('disabled', 'viewer'),
      await server.addUser('removed', 'viewer'),
      await server.addUser('out', 'viewer'),
    ];
    const signedOut = await cookie(out);
    const secret = await server.addToken('short-lived', ['read']);
    const streams = {
      'a disabled user': await listen(await cookie(disabled)),
      'a removed user': await listen(await cookie(removed)),
      'who signed out': await listen(signedOut),
      'a token that was taken back': await listen({ authorization: `Bearer ${secret}` }),
    };
    const stays = await listen(await cookie(out));
    // To watch is not to come back: it prolongs no session.
    const end = new Date(Date.now() + 60_000);
    await server.store.db.updateTable('sessions').set({ expires_at: end }).execute();
    await server.ask('PATCH', `/v1/users/${disabled}`, { as: admin, body: { disabled: true } });
    await server.ask('DELETE', `/v1/users/${removed}`, { as: admin });
    await server.ask('DELETE', '/v1/session', { headers: { ...signedOut, 'sec-fetch-site': 'same-origin' } });
    const { json } = await server.ask('GET', '/v1/tokens', { as: admin });
    const { id } = json.items.find((one: { name: string }) => one.name === 'short-lived');
    await server.ask('DELETE', `/v1/tokens/${id}`, { as: admin });
    for (const [who, stream] of Object.entries(streams))
      await until(`the end of the stream of ${who}`, () => !stream.isOpen());
    assert.ok(stays.isOpen());
    stays.close();
    const { expires_at } = await server.store.db
      .selectFrom('sessions')
      .select('expires_at')
      .where('user_id', '=', out)
      .executeTakeFirstOrThrow();
    assert.deepEqual(expires_at, end);
  });

  it('takes 200 listeners, and others when some have gone', async () => {
    const streams = await Promise.all(Array.from({ length: 210 }, () => listen()));
    const refused = streams.filter((one) => one.status === 503);
    assert.equal(streams.filter((one) => one.status === 200).length, 200);
    assert.equal(refused.length, 10);
    for (const { headers } of refused) {
      assert.equal(headers['content-type'], 'application/problem+json; charset=utf-8');
      assert.equal(headers['retry-after'], '30');
    }
    for (const one of streams) one.close();
    await sleep(200);
    const next = await listen();
    assert.equal(next.status, 200);
    next.close();
  });

  it('ends when the server does, which waits for nobody', async () => {
    const app = await server.another({});
    const origin = await app.listen({ host: '127.0.0.1', port: 0 });
    const streams = [await listen(bearer(), origin), await listen(bearer(), origin)];
    const before = performance.now();
    await app.close();
    assert.ok(performance.now() - before < 2000);
    await until('the end of the streams', () => streams.every((one) => !one.isOpen()));
  });
});
