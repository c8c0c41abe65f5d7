/** Watches: changes from now on, or from a revision that is still remembered. */
import { type Change, isWithin, type Range } from '../store.ts';
import { flagIn, integerIn, listIn, type Message, messageIn } from '../wire/schema.ts';
import type { Call } from './call.ts';
import { messageOf, rangeOf } from './kv.ts';
import { shown } from './tell.ts';

/** Watches of one stream; changes that wait for it. */
const most = { watches: 100, waiting: 1000 };

interface Watched {
  readonly range: Range;
  readonly withOld: boolean;
  readonly without: ReadonlySet<string>;
}

export async function* watch(call: Call, requests: AsyncIterable<Message>): AsyncGenerator<Message> {
  const { etcd } = call;
  const watches = new Map<bigint, Watched>();
  const waiting: Message[] = [];
  let wake = (): void => {};
  let isOver = false;
  let next = 0n;

  const say = (message: Message): void => {
    if (waiting.length < most.waiting) waiting.push({ header: etcd.header, ...message });
    wake();
  };
  const tellChanges = (changes: readonly Change[]): void => {
    for (const [id, watched] of watches) {
      const events = eventsOf(changes, watched);
      if (events.length > 0) say({ watch_id: id, events });
    }
  };

  function create(request: Message): void {
    const wanted = integerIn(request, 'watch_id');
    const id = wanted === 0n ? next : wanted;
    if (watches.size >= most.watches || watches.has(id)) {
      say({
        watch_id: -1n,
        created: true,
        canceled: true,
        cancel_reason: 'etcdserver: mvcc: duplicate watch ID provided on the WatchStream',
      });
      return;
    }
    if (wanted === 0n) next += 1n;
    call.tell('watch', { texts: [], data: shown(request) });
    const without = listIn(request, 'filters').map((one) => (one === 0 ? 'put' : 'delete'));
    const watched = {
      range: rangeOf(request),
      withOld: flagIn(request, 'prev_kv'),
      without: new Set(without),
    };
    say({ watch_id: id, created: true });
    const from = integerIn(request, 'start_revision');
    if (from > 0n && from <= etcd.store.compacted) {
      say({ watch_id: id, canceled: true, compact_revision: etcd.store.compacted });
      return;
    }
    watches.set(id, watched);
    if (from === 0n || from > etcd.store.revision) return;
    const events = eventsOf(etcd.store.changesFrom(from), watched);
    if (events.length > 0) say({ watch_id: id, events });
  }

  async function listen(): Promise<void> {
    for await (const request of requests) {
      const creation = messageIn(request, 'create_request');
      const cancellation = messageIn(request, 'cancel_request');
      if (creation !== undefined) create(creation);
      else if (cancellation !== undefined) {
        const id = integerIn(cancellation, 'watch_id');
        if (watches.delete(id)) say({ watch_id: id, canceled: true });
      } else if (messageIn(request, 'progress_request') !== undefined) say({ watch_id: -1n });
    }
  }

  etcd.access.require(call.token);
  const stop = etcd.store.listen(tellChanges);
  const end = (): void => {
    isOver = true;
    wake();
  };
  call.signal.addEventListener('abort', end);
  // Clients may say what they want and nothing more; the watch goes on until they are gone.
  listen().catch(end);
  try {
    while (!isOver) {
      const message = waiting.shift();
      if (message !== undefined) yield message;
      else
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
    }
  } finally {
    stop();
    call.signal.removeEventListener('abort', end);
  }
}

function eventsOf(changes: readonly Change[], { range, withOld, without }: Watched): Message[] {
  return changes
    .filter(({ key, kind }) => isWithin(key, range) && !without.has(kind))
    .map(({ kind, key, before, after, revision }) => ({
      type: kind === 'put' ? 0 : 1,
      kv:
        after === undefined ? { key: Buffer.from(key, 'latin1'), mod_revision: revision } : messageOf(after),
      ...(withOld && before !== undefined && { prev_kv: messageOf(before) }),
    }));
}
