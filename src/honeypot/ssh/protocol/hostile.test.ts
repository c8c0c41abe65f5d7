/** Clients that mean harm: none of them may stop the process, keep it busy, or make it hold more than it should. */
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { describe, it } from 'node:test';
import { setTimeout as pause, setImmediate as turn } from 'node:timers/promises';
import { constants, deflateSync } from 'node:zlib';
import { kexInitOf } from './algorithms.ts';
import { message, readerOf, string, u8, u32 } from './bytes.ts';
import { type InMemory, inMemory, userKey } from './fixtures/decoy.ts';
import {
  channelRequest,
  clientLine,
  clientProposal,
  createPeer,
  openSession,
  type Peer,
} from './fixtures/peer.ts';
import { msg } from './messages.ts';
import type { SshLimits } from './server.ts';

interface Talk extends InMemory {
  readonly peer: Peer;
}

/** A connection on which only the lines were exchanged. */
function begun(limits?: Partial<SshLimits>): Talk {
  const connection = inMemory(limits);
  const peer = createPeer(connection.stream);
  peer.raw(`${clientLine}\r\n`);
  return { ...connection, peer };
}

async function loggedIn(limits?: Partial<SshLimits>, offer?: Partial<typeof clientProposal>): Promise<Talk> {
  const connection = inMemory(limits);
  const peer = createPeer(connection.stream);
  await peer.exchangeKeys(offer);
  await peer.logIn('root', userKey);
  return { ...connection, peer };
}

const ping = message(msg.globalRequest, string('ping@example.invalid'), u8(1));

/** Fails where the server does not answer any more. */
async function isAlive({ peer }: Talk): Promise<void> {
  peer.send(ping);
  await peer.expect(msg.requestFailure);
}

async function closedWith({ peer, told }: Talk, reason: RegExp): Promise<void> {
  await peer.all();
  assert.equal(told.closed.length, 1);
  assert.match(told.closed[0] ?? '', reason);
}

/** A session that runs this program. */
async function running(talk: Talk, command: string, window?: number, packet?: number): Promise<void> {
  talk.peer.send(openSession(0, window, packet));
  talk.peer.send(channelRequest(0, 'exec', string(command)));
  await talk.peer.expect(msg.channelSuccess);
}

describe('packets that are none', () => {
  for (const [name, head] of Object.entries({
    'a length of zero': '0000000000000000',
    'a length below that of any packet': '0000000404000000',
    'a length of 2 GiB': '7fffffff04000000',
    'a list of names of a megabyte': '0010000404140000',
    'a length that is no multiple of a block': '0000000d04000000',
  })) {
    it(`close the connection at once: ${name}`, async () => {
      const talk = begun();
      talk.peer.raw(Buffer.from(head, 'hex'));
      await closedWith(talk, /^bad packet length|^packet of half a block/);
    });
  }

  it('close it under every cipher, and without a word', async () => {
    for (const cipher of ['aes128-ctr', 'aes128-gcm@openssh.com', 'chacha20-poly1305@openssh.com']) {
      for (const mac of ['hmac-sha2-256', 'umac-64-etm@openssh.com']) {
        const connection = inMemory();
        const talk = { ...connection, peer: createPeer(connection.stream) };
        await talk.peer.exchangeKeys({ cipherIn: cipher, macIn: mac });
        const packet = talk.peer.sealed(message(msg.ignore, string('x'.repeat(40))));
        packet[packet.length - 20]! ^= 0x80;
        talk.peer.raw(packet);
        await closedWith(talk, /^corrupted MAC|^bad packet length|^packet of half/);
      }
    }
  });

  it('are told from others by their padding', async () => {
    const talk = begun();
    talk.peer.raw(Buffer.from(`0000000c0302${'00'.repeat(20)}`, 'hex'));
    await closedWith(talk, /^Corrupted padlen 3 on input\.$/);
    const other = begun();
    other.peer.raw(Buffer.from(`0000000cff02${'00'.repeat(20)}`, 'hex'));
    await closedWith(other, /^more padding than packet$/);
  });
});

describe('an exchange of keys', () => {
  it('with 200 kB of names ends, and they are told', async () => {
    const talk = begun();
    talk.peer.send(kexInitOf({ ...clientProposal, kex: 'x,'.repeat(100_000) }));
    await closedWith(talk, /^no matching key exchange method/);
    assert.equal(
      talk.told.clients[0]?.hasshAlgorithms.length,
      200_000 + ';aes128-ctr;hmac-sha2-256-etm@openssh.com;none'.length,
    );
  });

  it('that the client does not go on with holds no more answers than it should', async () => {
    const talk = await loggedIn();
    talk.peer.send(kexInitOf(clientProposal));
    for (let count = 0; count < 5000; count++) talk.peer.send(ping);
    await closedWith(talk, /^too much waits for new keys$/);
  });

  it('is begun by the server when its keys are worn, and by the client as often as it likes', async () => {
    const talk = await loggedIn({ rekeyBytes: 100_000 });
    await running(talk, 'cat');
    for (let count = 0; count < 3; count++) {
      talk.peer.send(message(msg.channelData, u32(0), string(Buffer.alloc(30_000))));
      await talk.peer.expect(msg.channelData);
    }
    talk.peer.send(message(msg.channelData, u32(0), string(Buffer.alloc(30_000))));
    await talk.peer.expect(msg.kexInit);
  });

  it('can be repeated a hundred times', async () => {
    const talk = await loggedIn();
    for (let count = 0; count < 100; count++) await talk.peer.exchangeKeys();
    await isAlive(talk);
  });
});

describe('a login', () => {
  it('needs the service first', async () => {
    const { stream, told } = inMemory();
    const peer = createPeer(stream);
    await peer.exchangeKeys();
    peer.send(message(msg.userauthRequest, string('root'), string('ssh-connection'), string('none')));
    assert.equal(readerOf((await peer.expect(msg.unimplemented)).subarray(1)).u32(), 0);
    assert.deepEqual(told.attempts, []);
  });

  it('that does not come in time closes, whatever the client sends until then', async () => {
    const talk = begun({ authenticationMs: 200 });
    const drip = setInterval(() => talk.peer.send(message(msg.ignore)), 20);
    await closedWith(talk, /^not logged in in time$/);
    clearInterval(drip);
    const silent = inMemory({ authenticationMs: 50 });
    await closedWith({ ...silent, peer: createPeer(silent.stream) }, /^not logged in in time$/);
  });

  it('is over for who is silent too long', async () => {
    const talk = await loggedIn({ idleMs: 100 });
    for (let count = 0; count < 5; count++) {
      await pause(40);
      await isAlive(talk);
    }
    await closedWith(talk, /^silent for too long$/);
  });
});

describe('compression', () => {
  const offer = { compressionIn: 'zlib@openssh.com' };
  const deflated = (payload: Uint8Array): Buffer =>
    deflateSync(payload, { finishFlush: constants.Z_SYNC_FLUSH });

  it('is inflated up to what a packet may have', async () => {
    const talk = await loggedIn({}, offer);
    talk.peer.send(deflated(ping));
    await talk.peer.expect(msg.requestFailure);
    const bomb = await loggedIn({}, offer);
    bomb.peer.send(deflated(message(msg.ignore, Buffer.alloc(50_000_000))));
    await closedWith(bomb, /inflates beyond its limit/);
  });

  it('that is none, or has an end, closes', async () => {
    const garbage = await loggedIn({}, offer);
    garbage.peer.send(randomBytes(100));
    await closedWith(garbage, /^zlib: /);
    const ended = await loggedIn({}, offer);
    ended.peer.send(Buffer.concat([deflateSync(ping), ping]));
    await closedWith(ended, /^the compressed stream has ended$/);
  });
});

describe('channels', () => {
  it('are ten at once, of 5,000 that are asked for', async () => {
    const talk = await loggedIn();
    const answers = { [msg.channelOpenConfirmation]: 0, [msg.channelOpenFailure]: 0 } as Record<
      number,
      number
    >;
    for (let id = 0; id < 5000; id++) talk.peer.send(openSession(id));
    talk.peer.send(ping);
    for (let type = 0; type !== msg.requestFailure; ) {
      type = (await talk.peer.next())?.[0] ?? assert.fail('closed');
      if (type in answers) answers[type]!++;
    }
    assert.deepEqual(Object.values(answers), [10, 4990]);
    assert.equal(talk.told.channels.length, 10);
  });

  it('may be opened and closed 2,000 times', async () => {
    const talk = await loggedIn();
    for (let count = 0; count < 2000; count++) {
      talk.peer.send(openSession(0));
      talk.peer.send(message(msg.channelClose, u32(0)));
      await talk.peer.expect(msg.channelClose);
    }
    await isAlive(talk);
  });

  it('without a window, or with packets of no size, get nothing and cost nothing', async () => {
    for (const [window, packet] of [
      [0, 32768],
      [1000, 0],
    ]) {
      const talk = await loggedIn();
      await running(talk, 'fill 100', window, packet);
      const begin = process.cpuUsage();
      await pause(100);
      assert.ok(process.cpuUsage(begin).user < 80_000, 'no loop');
      talk.peer.send(ping);
      assert.equal((await talk.peer.next())?.[0], msg.requestFailure);
    }
  });

  it('get what waits as soon as the window opens, in packets of one byte if they must be', async () => {
    const talk = await loggedIn();
    await running(talk, 'fill 5000', 0, 1);
    talk.peer.send(message(msg.channelWindowAdjust, u32(0), u32(5000)));
    for (let count = 0; count < 5000; count++) {
      const payload = await talk.peer.expect(msg.channelData);
      assert.equal(payload.length, 1 + 4 + 4 + 1);
    }
    await talk.peer.expect(msg.channelClose);
  });

  it('whose window is overflown close', async () => {
    const talk = await loggedIn();
    talk.peer.send(openSession(0, 0xffffffff));
    talk.peer.send(message(msg.channelWindowAdjust, u32(0), u32(1)));
    await closedWith(talk, /^window overflow$/);
  });

  it('take no more than their window, whatever is sent', async () => {
    const talk = await loggedIn();
    await running(talk, 'sleep');
    for (let count = 0; count < 100; count++) {
      talk.peer.send(message(msg.channelData, u32(0), string(Buffer.alloc(32768))));
    }
    await isAlive(talk);
    const { stdio } = talk.told.channels[0]!;
    let taken = 0;
    stdio.on('data', (chunk: Buffer) => (taken += chunk.length));
    await pause(20);
    assert.equal(taken, 64 * 32768);
  });

  it('that nobody reads hold four megabytes together', async () => {
    const talk = await loggedIn();
    for (let id = 0; id < 3; id++) {
      talk.peer.send(openSession(id));
      talk.peer.send(channelRequest(id, 'exec', string('sleep')));
      await talk.peer.expect(msg.channelSuccess);
      for (let count = 0; count < 64; count++) {
        talk.peer.send(message(msg.channelData, u32(id), string(Buffer.alloc(32768))));
      }
    }
    await closedWith(talk, /^too much input that nobody reads$/);
  });

  it('lose nothing of input in packets of one byte', async () => {
    const talk = await loggedIn();
    await running(talk, 'count');
    for (let count = 0; count < 10_000; count++) {
      talk.peer.send(message(msg.channelData, u32(0), string('x')));
    }
    talk.peer.send(message(msg.channelEof, u32(0)));
    const answer = readerOf((await talk.peer.expect(msg.channelData)).subarray(5));
    assert.equal(answer.text(), '10000\n');
  });

  it('are gone for the decoy when the connection is', async () => {
    const talk = await loggedIn();
    await running(talk, 'sleep');
    const gone = once(talk.told.channels[0]!.stdio, 'close');
    talk.stream.destroy();
    await gone;
    assert.equal(talk.told.closed.length, 1);
  });
});

describe('a client that does not read', () => {
  it('stops what a program writes', async () => {
    const talk = await loggedIn();
    await running(talk, 'yes', 0xffffffff);
    talk.stream.pause();
    await pause(50);
    const { written } = talk.told;
    await pause(100);
    assert.equal(talk.told.written, written);
    assert.ok(written < 2_000_000, `${written} bytes`);
  });

  it('is not read itself', async () => {
    const talk = await loggedIn();
    talk.stream.pause();
    for (let count = 0; count < 20_000; count++) talk.peer.send(ping);
    await pause(100);
    assert.ok(talk.stream.writableLength > 1_000_000, 'most of it waits on the side of the client');
    assert.ok(talk.served.writableLength < 200_000, `${talk.served.writableLength} bytes of answers`);
    talk.stream.resume();
    await isAlive(talk);
  });
});

describe('a program that nobody reads any more', () => {
  for (const [name, leave] of Object.entries({
    'the client says so': (talk: Talk) =>
      talk.peer.send(message(msg.channelRequest, u32(0), string('eow@openssh.com'), u8(0))),
    'the channel is closed': (talk: Talk) => talk.peer.send(message(msg.channelClose, u32(0))),
    'the connection is gone': (talk: Talk) => talk.stream.destroy(),
  })) {
    it(`is killed when ${name}`, async () => {
      const talk = await loggedIn();
      await running(talk, 'yes', 100_000);
      const killed = once(talk.told.channels[0]!.stdio, 'close');
      leave(talk);
      await killed;
    });
  }

  it('is said to have ended by SIGPIPE', async () => {
    const talk = await loggedIn();
    await running(talk, 'yes', 100_000);
    talk.peer.send(message(msg.channelRequest, u32(0), string('eow@openssh.com'), u8(0)));
    const reader = readerOf((await talk.peer.expect(msg.channelRequest)).subarray(5));
    assert.deepEqual([reader.text(), reader.u8(), reader.text()], ['exit-signal', 0, 'PIPE']);
    await talk.peer.expect(msg.channelClose);
  });
});

describe('nonsense', () => {
  /** A list of numbers that is the same each time. */
  function* numbers(seed: number): Generator<number, never> {
    for (let state = seed; ; ) {
      state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
      yield state >>> 8;
    }
  }

  const fields = ['session', 'exec', 'pty-req', 'tcpip-forward', 'ssh-userauth', 'password', 'publickey'];

  /** A message of some type, with strings, numbers and lengths that may be lies. */
  function nonsense(random: Generator<number, never>): Buffer {
    const next = (limit: number): number => random.next().value % limit;
    const parts = Array.from({ length: next(6) }, () => {
      switch (next(4)) {
        case 0:
          return u32(next(3));
        case 1:
          return string(fields[next(fields.length)]!);
        case 2:
          return u32(next(2) === 0 ? 0xffffffff : next(1000));
        default:
          return u8(next(256));
      }
    });
    return message(1 + next(100), ...parts);
  }

  for (const [phase, start] of Object.entries({
    'before keys': async () => begun(),
    'before login': async () => {
      const connection = inMemory();
      const peer = createPeer(connection.stream);
      await peer.exchangeKeys();
      peer.send(message(msg.serviceRequest, string('ssh-userauth')));
      return { ...connection, peer };
    },
    'in a session': () => loggedIn(),
    'in a program': async () => {
      const talk = await loggedIn();
      await running(talk, 'cat');
      return talk;
    },
  })) {
    it(`${phase} is refused, and never for an error of ours`, async () => {
      const random = numbers(42);
      for (let connection = 0; connection < 40; connection++) {
        const talk = await start();
        for (let count = 0; count < 20 && talk.told.closed.length === 0; count++) {
          talk.peer.send(nonsense(random));
          await turn();
        }
        talk.stream.destroy();
        await turn();
        assert.deepEqual(
          talk.told.closed.filter((reason) => reason.includes('internal')),
          [],
        );
      }
    });
  }
});
