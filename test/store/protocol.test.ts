/** Clients of the embedded store's socket, well-behaved and not: the one session goes on for all others. */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { connect, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, afterEach, before, describe, it } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { Client, Pool } from 'pg';
import { type Embedded, openEmbedded } from '../../src/store/embedded/connect.ts';
import { socketOf } from '../../src/store/embedded/hold.ts';
import { gssRequest, parse, query, sslRequest, startup, syncMessage } from '../../src/store/embedded/wire.ts';
import { copyStoreFolder } from '../fixtures/store-folder.ts';

/** Milliseconds that a transaction may be idle here; a test of that takes as long. */
const patience = 800;

describe('the socket of an embedded store', () => {
  let folder: string;
  let embedded: Embedded;
  let pool: Pool;
  const open = new Set<Socket>();

  before(async () => {
    folder = mkdtempSync(join(tmpdir(), 'protocol-test-'));
    await copyStoreFolder(join(folder, 'store'));
    embedded = openEmbedded({ folder: join(folder, 'store'), command: 'test', exclusive: true, patience });
    pool = new Pool({ stream: () => embedded.stream(), user: 'postgres', database: 'postgres', max: 8 });
    // A connection that ends is replaced, and the query on it tells.
    pool.on('error', () => {});
    pool.on('connect', (client) => client.on('error', () => {}));
    await pool.query('create table numbers (n int, note text)');
  });
  after(async () => {
    await pool?.end();
    await embedded?.close();
    rmSync(folder, { recursive: true, force: true });
  });
  /** Whatever a client did, the next one is answered. */
  afterEach(async () => {
    for (const one of open) one.destroy();
    open.clear();
    const { rows } = await pool.query('select 1 as one, $1::text as two', ['2']);
    assert.deepEqual(rows, [{ one: 1, two: '2' }]);
    await pool.query('truncate numbers');
  });

  async function raw(): Promise<Socket> {
    const socket = connect(socketOf(join(folder, 'store')));
    open.add(socket);
    socket.on('error', () => {});
    await once(socket, 'connect');
    return socket;
  }

  /** One that is signed in. */
  async function begun(): Promise<Socket> {
    const socket = await raw();
    socket.write(opening());
    await answerTo(socket, /Z\0\0\0\x05I$/);
    return socket;
  }

  async function numbers(): Promise<number[]> {
    const { rows } = await pool.query<{ n: number }>('select n from numbers order by n');
    return rows.map((one) => one.n);
  }

  it('answers clients in both protocols, with errors as PostgreSQL has them', async () => {
    await assert.rejects(pool.query('select 1/0'), { code: '22012' });
    await assert.rejects(pool.query('select nonsense'), { code: '42703' });
    await assert.rejects(pool.query('select $1::int', ['x']), { code: '22P02' });
    const several = (await pool.query('select 1 as a; select 2 as b')) as unknown as { rows: unknown[] }[];
    assert.deepEqual(
      several.map((one) => one.rows),
      [[{ a: 1 }], [{ b: 2 }]],
    );
    const { rows } = await pool.query({ name: 'named', text: 'select $1::int as n', values: [7] });
    assert.deepEqual(rows, [{ n: 7 }]);
    assert.equal((await pool.query('')).rows.length, 0);
  });

  it('asked for encryption says no and goes on', async () => {
    for (const code of [sslRequest, gssRequest]) {
      const socket = await raw();
      socket.write(untyped(int32(code)));
      assert.equal(await answerTo(socket, /^N$/), 'N');
      socket.write(opening());
      await answerTo(socket, /Z\0\0\0\x05I$/);
      socket.write(query('select 41 + 1 as n'));
      assert.match(await answerTo(socket, /I$/), /42/);
    }
  });

  it('is closed to an opening that nobody knows', async () => {
    const cancelRequest = Buffer.concat([int32(80877102), int32(1), int32(0)]);
    for (const body of [cancelRequest, int32(131072), int32(0), Buffer.from('GET / HTTP/1.1\r\n\r\n')]) {
      const socket = await raw();
      socket.write(untyped(body));
      // It may not come in behind its back.
      socket.write(Buffer.concat([opening(), query('insert into numbers values (1)')]));
      await ended(socket);
    }
    assert.deepEqual(await numbers(), []);
  });

  it('waits for the second half of an opening, and for nothing where the client is gone', async () => {
    const socket = await raw();
    const bytes = opening();
    socket.write(bytes.subarray(0, 7));
    await sleep(20);
    assert.equal((await pool.query('select 1')).rows.length, 1, 'others are served meanwhile');
    socket.write(bytes.subarray(7));
    await answerTo(socket, /Z\0\0\0\x05I$/);
    const other = await raw();
    other.end(bytes.subarray(0, 3));
    await ended(other);
  });

  it('refuses a length that no message has, and listens to that client no more', async () => {
    for (const length of [0, 3, 0x7fffffff, 0xffffffff]) {
      for (const socket of [await begun(), await raw()]) {
        const told = ended(socket);
        const head = Buffer.from('Q\0\0\0\0');
        head.writeUInt32BE(length, 1);
        const broken = socket.bytesWritten > 0 ? head : head.subarray(1);
        socket.write(Buffer.concat([broken, opening(), query('insert into numbers values (2)')]));
        assert.match(await told, /C08P01/);
      }
    }
    assert.deepEqual(await numbers(), []);
  });

  it('shows out whoever sends what is no message', async () => {
    for (const type of ['z', '?', '\xff', 'p', '\0']) {
      const socket = await begun();
      const told = ended(socket);
      socket.write(
        Buffer.concat([typed(type, Buffer.from('what')), query('insert into numbers values (3)')]),
      );
      assert.match(await told, /C08P01/);
    }
    assert.deepEqual(await numbers(), []);
  });

  it('passes over what is left of a copy', async () => {
    const socket = await begun();
    for (const type of ['d', 'c', 'f']) socket.write(typed(type, Buffer.from('1\n')));
    socket.write(query('select 41 + 1'));
    await answerTo(socket, /42/);
  });

  it('answers broken messages of known types with an error, and goes on', async () => {
    for (const [type, body] of [
      ['Q', ''],
      ['Q', 'select 1'],
      ['P', 'no zeros at all'],
      ['B', '\0\0\xff\xff\xff\xff'],
      ['B', ''],
      ['D', 'x'],
      ['E', ''],
      ['C', ''],
      ['F', '\0\0\0\0'],
    ] as const) {
      const socket = await begun();
      const bytes = Buffer.from(body, 'latin1');
      socket.write(Buffer.concat([Buffer.from(type), int32(bytes.length + 4), bytes, syncMessage]));
      await answerTo(socket, /^E.*C(?:08P01|26000|42883).*I$/s);
      socket.destroy();
    }
  });

  it('refuses to copy from a client in either protocol, in a transaction or not, and goes on', async () => {
    const client = new Client({ stream: () => embedded.stream(), user: 'postgres', database: 'postgres' });
    await client.connect();
    const refused = { code: '0A000', message: /COPY FROM STDIN and PROGRAM are not possible/ };
    await assert.rejects(client.query('copy numbers from stdin'), refused);
    await assert.rejects(client.query({ text: 'copy numbers (n) from stdin', values: [] }), refused);
    await assert.rejects(client.query('COPY numbers\nFROM\tSTDIN WITH (FORMAT csv)'), refused);
    await assert.rejects(client.query('copy numbers from /* a comment */ stdin'), refused);
    await assert.rejects(client.query(`copy numbers from program 'cat'`), refused);
    await assert.rejects(client.query(`copy numbers to program 'cat'`), refused);
    await client.query('begin');
    await assert.rejects(client.query({ text: 'copy numbers from stdin', values: [1] }), refused);
    await client.query('rollback');
    await client.query('insert into numbers values (3)');
    assert.deepEqual(await numbers(), [3]);
    const copied = await client.query('copy numbers to stdout');
    assert.ok(copied);
    await client.end();
  });

  it('rolls back what a client leaves open, when it goes and when it is cut off', async () => {
    for (const leave of [
      (one: Socket) => one.end(Buffer.from('X\0\0\0\x04')),
      (one: Socket) => one.destroy(),
    ]) {
      const socket = await begun();
      socket.write(query('begin; insert into numbers values (4)'));
      await answerTo(socket, /T$/);
      const waiting = numbers();
      leave(socket);
      assert.deepEqual(await waiting, []);
    }
  });

  it('rolls back what a client leaves in the middle of a unit', async () => {
    const socket = await begun();
    const flush = Buffer.from('H\0\0\0\x04');
    socket.write(Buffer.concat([parse('insert into numbers values (5)'), bind(), execute(), flush]));
    await answerTo(socket, /INSERT 0 1/);
    const waiting = numbers();
    socket.destroy();
    assert.deepEqual(await waiting, []);
  });

  it('takes the turn from a transaction that is idle for too long, and executes nothing of it afterwards', async () => {
    const socket = await begun();
    socket.write(query('begin; insert into numbers values (6)'));
    await answerTo(socket, /T$/);
    const told = ended(socket);
    const start = performance.now();
    // It comes too late, and must not be taken for a statement by itself.
    const late = setTimeout(
      () => socket.write(query('insert into numbers values (7); commit')),
      patience + 100,
    );
    assert.deepEqual(await numbers(), []);
    assert.ok(performance.now() - start < patience + 2000);
    assert.match(await told, /C25P03/);
    clearTimeout(late);
    const paused = await begun();
    paused.write(query('begin; insert into numbers values (8)'));
    await answerTo(paused, /T$/);
    // Not read, so that it does not see that it was shut out.
    paused.pause();
    await sleep(patience + 200);
    paused.write(query('insert into numbers values (9); commit'));
    await sleep(100);
    assert.deepEqual(await numbers(), []);
  });

  it('lets a transaction go on that says something now and then', async () => {
    const client = await pool.connect();
    await client.query('begin');
    for (let round = 0; round < 4; round++) {
      await client.query('insert into numbers values (10)');
      await sleep(patience / 2);
    }
    await client.query('commit');
    client.release();
    assert.equal((await numbers()).length, 4);
  });

  it('mixes no answers, and shows nobody what is not committed', async () => {
    const clients = 12;
    const rounds = 15;
    const work = Array.from({ length: clients }, async (_, number) => {
      for (let round = 0; round < rounds; round++) {
        const client = await pool.connect();
        try {
          const own = number * 1000 + round;
          await client.query('begin');
          await client.query('insert into numbers values ($1, $2)', [own, 'not yet']);
          if (round % 3 === 0) await sleep(1);
          const { rows } = await client.query(
            'select $1::int as n, count(*)::int as open from numbers where note = $2',
            [own, 'not yet'],
          );
          assert.deepEqual(rows, [{ n: own, open: 1 }], 'another transaction is seen, or another answer');
          await client.query('update numbers set note = $1 where n = $2', ['done', own]);
          await client.query(round % 5 === 4 ? 'rollback' : 'commit');
        } finally {
          client.release();
        }
        const { rows } = await pool.query(
          'select $1::text as echo, count(*)::int as open from numbers where note = $2',
          [`${number} ${round}`, 'not yet'],
        );
        assert.deepEqual(rows, [{ echo: `${number} ${round}`, open: 0 }]);
      }
    });
    await Promise.all(work);
    assert.equal((await numbers()).length, (clients * rounds * 4) / 5);
  });

  it('carries a parameter and a result of 30 MB', async () => {
    const text = 'é'.repeat(15_000_000);
    const { rows } = await pool.query<{ text: string; bytes: number }>(
      'select $1::text as text, octet_length($1::text) as bytes',
      [text],
    );
    assert.equal(rows[0]?.bytes, 30_000_000);
    assert.ok(rows[0]?.text === text);
  });

  it('is served again where the session ended by itself', async () => {
    const client = await pool.connect();
    await client.query('insert into numbers values (11)');
    await client.query('begin; insert into numbers values (12)');
    // Nobody sees through this one.
    await assert.rejects(client.query('copy numbers from /* a * b */ stdin'), /Connection terminated/);
    client.release(true);
    // Connections that were idle meanwhile may break when they are used next, and no others.
    let broken = 0;
    for (let tries = 0; tries < 20; tries++) {
      const seen = await numbers().catch(() => undefined);
      if (seen === undefined) broken++;
      else assert.deepEqual(seen, [11]);
    }
    assert.ok(broken <= 8, `${broken} queries failed`);
  });

  it('takes a hundred clients that come at once and go without a word', async () => {
    const sockets = await Promise.all(Array.from({ length: 100 }, begun));
    for (const [at, one] of sockets.entries()) {
      one.write(query(`insert into numbers values (${at})`));
      if (at % 2 === 0) one.destroy();
    }
    await Promise.all(sockets.filter((_, at) => at % 2 === 1).map((one) => answerTo(one, /INSERT 0 1/)));
    assert.ok((await numbers()).length >= 50);
  });
});

/** Everything until it looks as it must. */
async function answerTo(socket: Socket, pattern: RegExp): Promise<string> {
  let text = '';
  return new Promise((resolve, reject) => {
    const take = (chunk: Buffer): void => {
      text += chunk.toString('latin1');
      if (!pattern.test(text)) return;
      socket.off('data', take);
      resolve(text);
    };
    socket.on('data', take);
    socket.once('close', () => reject(new Error(`closed after ${JSON.stringify(text)}`)));
    const late = (): void => reject(new Error(`no more than ${JSON.stringify(text)}`));
    setTimeout(late, 5000).unref();
  });
}

/** What it was told before the other end closed. */
async function ended(socket: Socket): Promise<string> {
  let text = '';
  socket.on('data', (chunk: Buffer) => {
    text += chunk.toString('latin1');
  });
  const late = sleep(5000, undefined, { ref: false }).then(() => assert.fail('it was not closed'));
  await Promise.race([
    new Promise((resolve) => (socket.closed ? resolve(0) : socket.once('close', resolve))),
    late,
  ]);
  return text;
}

function opening(): Buffer {
  return untyped(Buffer.concat([int32(startup), Buffer.from('user\0postgres\0database\0postgres\0\0')]));
}

function bind(): Buffer {
  return typed('B', Buffer.alloc(8));
}

function execute(): Buffer {
  return typed('E', Buffer.alloc(5));
}

function typed(type: string, body: Buffer): Buffer {
  return Buffer.concat([Buffer.from(type, 'latin1'), untyped(body)]);
}

function untyped(body: Buffer): Buffer {
  return Buffer.concat([int32(body.length + 4), body]);
}

function int32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeInt32BE(value);
  return bytes;
}
