/** Leases, as requests ask for them. */
import { flagIn, integerIn, type Message } from '../wire/schema.ts';
import type { Call } from './call.ts';

export function grant(call: Call, request: Message): Message {
  const { etcd } = call;
  tellLease(call, 'LeaseGrant', request);
  const { id, seconds } = etcd.leases.grant(integerIn(request, 'TTL'), integerIn(request, 'ID'));
  return { header: etcd.header, ID: id, TTL: BigInt(seconds) };
}

export function revoke(call: Call, request: Message): Message {
  tellLease(call, 'LeaseRevoke', request);
  call.etcd.leases.revoke(integerIn(request, 'ID'));
  return { header: call.etcd.header };
}

export async function* keepAlive({ etcd }: Call, requests: AsyncIterable<Message>): AsyncGenerator<Message> {
  for await (const request of requests) {
    const id = integerIn(request, 'ID');
    yield { header: etcd.header, ID: id, TTL: BigInt(etcd.leases.keepAlive(id)) };
  }
}

export function timeToLive(call: Call, request: Message): Message {
  const { etcd } = call;
  tellLease(call, 'LeaseTimeToLive', request);
  const id = integerIn(request, 'ID');
  const lease = etcd.leases.find(id);
  if (lease === undefined) return { header: etcd.header, ID: id, TTL: -1n };
  const keys = lease.keys.map((key) => Buffer.from(key, 'latin1'));
  return {
    header: etcd.header,
    ID: id,
    TTL: BigInt(lease.left),
    grantedTTL: BigInt(lease.granted),
    ...(flagIn(request, 'keys') && { keys }),
  };
}

export function leases(call: Call, request: Message): Message {
  tellLease(call, 'LeaseLeases', request);
  return { header: call.etcd.header, leases: call.etcd.leases.ids.map((ID) => ({ ID })) };
}

function tellLease({ tell }: Call, method: string, request: Message): void {
  const numbers = Object.entries(request).map(([name, value]) => [name, String(value)]);
  tell('request', { texts: [], data: { method, ...Object.fromEntries(numbers) } });
}
