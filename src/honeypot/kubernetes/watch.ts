/** Streams changes as they happen (k8s.io/apiserver, endpoints/handlers/watch.go). */
import type { KubeObject } from '../cluster/json.ts';
import { watchEvent } from './answer.ts';
import { type Call, shown } from './call.ts';
import { Refused } from './status.ts';
import type { Change } from './store.ts';

/** Milliseconds that a watch lasts at most where the client names no time: half an hour to an hour. */
const usual = 1_800_000;
/** Events that wait for a client that reads slowly. */
const maxWaiting = 1000;

export async function beginWatch(
  { exchange, target, visit, answering }: Call,
  isWanted: (object: KubeObject) => boolean,
): Promise<void> {
  const { store } = visit;
  const { resource } = target;
  const asked = exchange.query.get('resourceVersion') ?? '';
  if (!/^\d{0,18}$/.test(asked))
    throw new Refused(
      400,
      'BadRequest',
      `resourceVersion: Invalid value: "${asked}": strconv.ParseUint: parsing "${asked}": invalid syntax`,
    );
  const seconds = Number(exchange.query.get('timeoutSeconds') ?? 0);
  const lasts = seconds > 0 ? Math.min(seconds * 1000, usual * 2) : usual + Math.floor(Math.random() * usual);
  const from = Number(asked);
  const missed = from > 0 ? store.changesAfter(from) : [];
  const waiting: { readonly type: string; readonly object: KubeObject }[] = [];
  const add = ({ type, object }: Pick<Change, 'type' | 'object'>): void => {
    if (isWanted(object) && waiting.length < maxWaiting) waiting.push({ type, object });
  };
  if (missed !== undefined) {
    if (from === 0)
      for (const object of store.list(resource.kind, target.namespace)) add({ type: 'ADDED', object });
    for (const change of missed) add(change);
  }
  const stream = exchange.stream(200, answering.headers([['Content-Type', 'application/json']]));
  let isFirst = true;
  let wake = (): void => {};
  const stop = store.listen((change) => {
    add(change);
    wake();
  });
  const timer = setTimeout(() => wake(), lasts);
  timer.unref();
  const ends = Date.now() + lasts;
  exchange.leaving().addEventListener('abort', () => wake());
  try {
    if (missed === undefined) await stream.write(watchEvent('ERROR', expired(from), exchange, true));
    while (!stream.isOver && missed !== undefined) {
      const next = waiting.shift();
      if (next !== undefined) {
        const sent = await stream.write(
          watchEvent(next.type, shown(next.object, resource), exchange, isFirst),
        );
        isFirst = false;
        if (!sent) break;
      } else {
        if (Date.now() >= ends) break;
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
      }
    }
  } finally {
    clearTimeout(timer);
    stop();
    stream.end();
  }
}

function expired(version: number): Refused['status'] {
  return new Refused(410, 'Expired', `too old resource version: ${version}`).status;
}
