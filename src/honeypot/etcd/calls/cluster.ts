/** Who is in the cluster. */
import { randomBytes } from 'node:crypto';
import { failures } from '../failure.ts';
import type { Member } from '../server.ts';
import { integerIn, listIn, type Message } from '../wire/schema.ts';
import type { Call } from './call.ts';

export function memberList(call: Call): Message {
  call.tell('request', { texts: [], data: { method: 'MemberList' } });
  return { header: headerOf(call), members: membersOf(call) };
}

export function memberAdd(call: Call, request: Message): Message {
  const peerUrls = urlsOf(request);
  call.tell('member', { texts: peerUrls, data: { method: 'MemberAdd', peerURLs: peerUrls } });
  if (peerUrls.length === 0 || !peerUrls.every((url) => /^https?:\/\/[^/]+:\d{1,5}$/.test(url)))
    throw failures.memberBadUrls();
  if (
    call.etcd.members(call.connection.dst).some((one) => one.peerUrls.some((url) => peerUrls.includes(url)))
  )
    throw failures.memberExists();
  const member = { id: randomBytes(8).readBigUInt64BE(), name: '', peerUrls, clientUrls: [] };
  if (!call.etcd.add(member)) throw failures.noSpace();
  return { header: headerOf(call), member: messageOf(member), members: membersOf(call) };
}

export function memberRemove(call: Call, request: Message): Message {
  const id = integerIn(request, 'ID');
  call.tell('member', { texts: [], data: { method: 'MemberRemove', id: id.toString(16) } });
  const at = call.etcd.added.findIndex((one) => one.id === id);
  if (at < 0) throw failures.memberNotFound();
  call.etcd.added.splice(at, 1);
  return { header: headerOf(call), members: membersOf(call) };
}

export function memberUpdate(call: Call, request: Message): Message {
  const id = integerIn(request, 'ID');
  const peerUrls = urlsOf(request);
  call.tell('member', {
    texts: peerUrls,
    data: { method: 'MemberUpdate', id: id.toString(16), peerURLs: peerUrls },
  });
  const at = call.etcd.added.findIndex((one) => one.id === id);
  if (at >= 0) call.etcd.added[at] = { ...call.etcd.added[at]!, peerUrls };
  else if (id !== call.etcd.memberId) throw failures.memberNotFound();
  return { header: headerOf(call), members: membersOf(call) };
}

export function memberPromote(call: Call, request: Message): Message {
  const id = integerIn(request, 'ID');
  call.tell('member', { texts: [], data: { method: 'MemberPromote', id: id.toString(16) } });
  if (!call.etcd.members(call.connection.dst).some((one) => one.id === id)) throw failures.memberNotFound();
  throw failures.notLearner();
}

/** Without a revision, unlike all others. */
function headerOf({ etcd }: Call): Message {
  const { cluster_id, member_id, raft_term } = etcd.header;
  return { cluster_id, member_id, raft_term };
}

function membersOf({ etcd, connection }: Call): Message[] {
  return etcd.members(connection.dst).map(messageOf);
}

function messageOf({ id, name, peerUrls, clientUrls }: Member): Message {
  return { ID: id, name, peerURLs: peerUrls, clientURLs: clientUrls };
}

function urlsOf(request: Message): string[] {
  return listIn(request, 'peerURLs')
    .slice(0, 10)
    .map((url) => String(url).slice(0, 300));
}
