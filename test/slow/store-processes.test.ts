/** Several processes and one embedded store: who holds it, who goes through whom, and what a death costs. */
import assert from 'node:assert/strict';
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir, totalmem } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { WaterguardError } from '../../src/model/error.ts';
import { openEmbedded } from '../../src/store/embedded/connect.ts';
import { openStore, type Store } from '../../src/store/open.ts';
import { copyStoreFolder } from '../fixtures/store-folder.ts';
import { type StoreProcess, startStoreProcess } from '../fixtures/store-process.ts';

const addUser = 'insert into users (name, role) values ($1, $2)';

let folder: string;
before(() => {
  folder = mkdtempSync(join(tmpdir(), 'processes-test-'));
});
after(() => rmSync(folder, { recursive: true, force: true }));

/** To make a database, and to open one, takes a while: these go on where the one before ended. */
describe('an embedded store, from hand to hand,', () => {
  let data: string;
  let guest: Store;
  const processes: StoreProcess[] = [];
  const stores = new Set<Store>();

  before(async () => {
    data = await copyStoreFolder(join(folder, 'store'));
  });
  after(async () => {
    for (const one of stores) await one.close();
    await Promise.all(processes.map((one) => one.kill()));
  });

  function start(): StoreProcess {
    const one = startStoreProcess();
    processes.push(one);
    return one;
  }

  async function open(command: string, exclusive = false): Promise<Store> {
    const store = await openStore({ env: {}, data, command, exclusive });
    stores.add(store);
    return store;
  }

  async function close(store: Store): Promise<void> {
    stores.delete(store);
    await store.close();
  }

  it('is refused to a command that must hold it, with the name of the one that does', async () => {
    const holder = start();
    assert.deepEqual(await holder.open({ data }, 'up', true), {});
    await assert.rejects(open('server', true), (error: unknown) => {
      assert.ok(error instanceof WaterguardError);
      assert.equal(error.code, 'usage');
      assert.match(
        error.message,
        new RegExp(`held by \`waterguard up\` \\(process ${holder.pid}, since \\d{4}-`),
      );
      assert.match(error.message, /--data DIR/);
      return true;
    });
    // It has taken nothing away by asking.
    guest = await open('hunt');
    assert.equal(guest.embedded?.servedBy()?.command, 'up');
    assert.equal(guest.embedded?.servedBy()?.pid, holder.pid);
  });

  it('is free at once when its holder is killed, and a guest serves every row that was acknowledged', async () => {
    const [holder] = processes;
    let acknowledged = 0;
    const writing = (async () => {
      for (let at = 0; at < 100_000; at++) {
        await guest.pool.query(addUser, [`user ${at}`, 'viewer']);
        acknowledged = at + 1;
        if (at === 100) holder!.kill();
      }
    })();
    await assert.rejects(writing);
    assert.ok(acknowledged > 100);
    const names = await eventually(() => userNames(guest));
    assert.equal(guest.embedded?.servedBy(), undefined, 'the guest holds it now');
    for (let at = 0; at < acknowledged; at++) assert.ok(names.includes(`user ${at}`));
    // The one that was under way may be there or not.
    assert.ok(names.length <= acknowledged + 1, `${names.length} of ${acknowledged}`);
    await guest.pool.query('delete from users');
  });

  it('rolls back what a guest left open that was killed', async () => {
    const dying = start();
    assert.equal((await dying.open({ data })).servedBy, 'hunt');
    await dying.query('begin');
    await dying.query(addUser, 'never', 'viewer');
    const waiting = userNames(guest);
    await dying.kill();
    assert.deepEqual(await waiting, []);
  });

  it('keeps apart what several processes do in transactions at once', async () => {
    await guest.pool.query('create table counted (process int, n int)');
    const two = [start(), start()];
    await Promise.all(two.map((one) => one.open({ data })));
    await Promise.all(
      two.map(async (one, process) => {
        for (let round = 0; round < 40; round++) {
          await one.query('begin');
          await one.query('insert into counted values ($1, -1)', process);
          const seen = await one.query('select process from counted where n = -1');
          assert.deepEqual(seen, [{ process }], 'an uncommitted row of the other one is seen');
          await one.query('update counted set n = $1 where n = -1', round);
          await one.query(round % 4 === 0 ? 'rollback' : 'commit');
        }
      }),
    );
    const { rows } = await guest.pool.query('select count(*) as n from counted where n >= 0');
    assert.deepEqual(rows, [{ n: 60 }]);
  });

  it('goes to a guest when its holder closes it, and others go through that one', async () => {
    const [, , first, second] = processes;
    await guest.pool.query(addUser, ['before', 'viewer']);
    await close(guest);
    await eventually(() => first!.reconnect());
    await eventually(() => second!.reconnect());
    await first!.query(addUser, 'of first', 'viewer');
    await second!.query(addUser, 'of second', 'viewer');
    guest = await open('scan');
    const serving = guest.embedded?.servedBy()?.pid;
    assert.ok(serving === first!.pid || serving === second!.pid);
    assert.deepEqual(await userNames(guest), ['before', 'of first', 'of second']);
  });

  it('goes to one of several when its holder is killed, also to one that held it before', async () => {
    const [, , first, second] = processes;
    const beside = await open('beside');
    await Promise.all([first!.kill(), second!.kill()]);
    const names = ['before', 'of first', 'of second'];
    assert.deepEqual(await eventually(() => userNames(guest)), names);
    assert.deepEqual(await eventually(() => userNames(beside)), names);
    const holders = [guest, beside].map((one) => one.embedded?.servedBy()?.command);
    assert.ok(holders.includes(undefined), 'one of the two holds it');
    assert.ok(holders.includes('scan') || holders.includes('beside'), 'and the other goes through it');
  });
});

describe('the folder of an embedded store', () => {
  let made: string;
  before(async () => {
    made = await copyStoreFolder(join(folder, 'made'));
  });

  it('may lie deeper than a socket’s name can be long', async () => {
    const deep = join(folder, ...Array.from({ length: 6 }, (_, at) => `${at}-${'deep'.repeat(8)}`), 'store');
    assert.ok(deep.length > 200);
    // Of the folder nothing is there yet but the database, which would take seconds to make.
    mkdirSync(deep, { recursive: true });
    renameSync(join(made, 'database'), join(deep, 'database'));
    const guest = startStoreProcess();
    const holder = await openStore({ env: {}, data: deep, command: 'up' });
    try {
      await holder.pool.query(addUser, ['deep', 'viewer']);
      assert.equal((await guest.open({ data: deep })).servedBy, 'up');
      assert.deepEqual(await guest.query('select name from users'), [{ name: 'deep' }]);
    } finally {
      await guest.kill();
      await holder.close();
      renameSync(join(deep, 'database'), join(made, 'database'));
    }
  });

  it('is refused where it is a file, or may not be written', async () => {
    const file = join(folder, 'file');
    writeFileSync(file, '');
    const refused = { code: 'usage', message: /cannot be opened/ };
    for (const data of [file, join(file, 'below'), '/proc/nonesuch/deep']) {
      await assert.rejects(openStore({ env: {}, data, command: 'test' }), refused);
    }
    const closed = join(folder, 'closed');
    mkdirSync(closed);
    chmodSync(closed, 0o555);
    const opening = asNobody(() =>
      openEmbedded({ folder: closed, command: 'test', exclusive: false }).reach(),
    );
    await assert.rejects(opening, refused);
  });

  const small = totalmem() < 8 * 2 ** 30 && 'on a small machine both are compiled as it comes';
  it('costs a command some hundred MiB less than who is there for good', { skip: small }, async () => {
    const peaks: number[] = [];
    for (const exclusive of [false, true]) {
      const one = startStoreProcess();
      try {
        await one.open({ data: join(folder, `peak-${exclusive}`) }, 'test', exclusive);
        const status = readFileSync(`/proc/${one.pid}/status`, 'utf8');
        peaks.push(Number(/VmHWM:\s+(\d+) kB/.exec(status)?.[1]) / 1024);
      } finally {
        await one.kill();
      }
    }
    const [command = 0, server = 0] = peaks;
    assert.ok(command > 0 && command < server - 200, `${command} and ${server} MiB`);
  });

  it('that is broken is told as not available, and no thread is left of trying', async () => {
    writeFileSync(join(made, 'database', 'global', 'pg_control'), 'broken');
    const embedded = openEmbedded({ folder: made, command: 'test', exclusive: true });
    const broken = { code: 'unavailable', message: /could not be started/ };
    await assert.rejects(embedded.reach(), broken);
    await assert.rejects(embedded.reach(), broken);
    await eventually(async () => assert.equal(threads(), 0));
    await embedded.close();
  });
});

async function userNames({ pool }: Store): Promise<string[]> {
  const { rows } = await pool.query<{ name: string }>('select name from users order by name');
  return rows.map((one) => one.name);
}

/** A connection breaks with its holder; the next one finds who serves now. */
async function eventually<Result>(ask: () => Promise<Result>): Promise<Result> {
  for (let tries = 1; ; tries++) {
    try {
      return await ask();
    } catch (error) {
      if (tries === 10) throw error;
      await sleep(100);
    }
  }
}

/** Root may write everywhere; so for a moment this process is somebody else. */
function asNobody<Result>(run: () => Result): Result {
  const isRoot = process.geteuid?.() === 0;
  if (isRoot) process.seteuid?.(65_534);
  try {
    return run();
  } finally {
    if (isRoot) process.seteuid?.(0);
  }
}

function threads(): number {
  return (process.report.getReport() as unknown as { readonly workers: readonly unknown[] }).workers.length;
}
