/** MULTI and EXEC: commands that run together. */
import { noArray, ok, RedisError, type Reply } from '../reply.ts';
import type { Call, Handlers } from './call.ts';

export const transactions: Handlers = {
  multi({ client }) {
    if (client.queue !== undefined) throw new RedisError('ERR MULTI calls can not be nested');
    client.queue = [];
    return ok;
  },
  discard({ client }) {
    if (client.queue === undefined) throw new RedisError('ERR DISCARD without MULTI');
    client.endTransaction();
    return ok;
  },
  exec,
  watch({ client }, ...keys) {
    if (client.queue !== undefined) throw new RedisError('ERR WATCH inside MULTI is not allowed');
    for (const key of keys) client.watch(key);
    return ok;
  },
  unwatch({ client }) {
    client.unwatch();
    return ok;
  },
};

async function exec({ client, server, perform }: Call): Promise<Reply> {
  const { queue, isQueueBroken, isStale } = client;
  if (queue === undefined) throw new RedisError('ERR EXEC without MULTI');
  client.endTransaction();
  if (isQueueBroken) throw new RedisError('EXECABORT Transaction discarded because of previous errors.');
  if (isStale) return noArray;
  client.isExecuting = true;
  const replies: Reply[] = [];
  try {
    for (const { args } of queue) {
      try {
        replies.push(await perform(args));
      } catch (error) {
        if (!(error instanceof RedisError)) throw error;
        server.statistics.countError(error.message);
        replies.push({ kind: 'error', text: error.message });
      }
    }
  } finally {
    client.isExecuting = false;
  }
  return replies;
}
