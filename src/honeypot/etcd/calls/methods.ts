/** Every method: where gRPC and the gateway have it, what it takes and what it gives. */
import * as auth from './auth.ts';
import type { Method, Streaming, Unary } from './call.ts';
import * as cluster from './cluster.ts';
import * as kv from './kv.ts';
import * as lease from './lease.ts';
import * as maintenance from './maintenance.ts';
import { watch } from './watch.ts';

const one = (path: string, route: string, request: string, response: string, unary: Unary): Method => ({
  path: `/etcdserverpb.${path}`,
  route,
  request,
  response,
  unary,
});
const many = (
  path: string,
  route: string,
  request: string,
  response: string,
  streaming: Streaming,
): Method => ({
  path: `/etcdserverpb.${path}`,
  route,
  request,
  response,
  streaming,
});
const authOne = (name: string, route: string, unary: Unary, response = 'AuthResponse'): Method =>
  one(
    `Auth/${name}`,
    route,
    name === 'Authenticate' ? 'AuthenticateRequest' : `Auth${name.replace(/^Auth/, '')}Request`,
    response,
    unary,
  );

export const methods: readonly Method[] = [
  one('KV/Range', '/kv/range', 'RangeRequest', 'RangeResponse', kv.range),
  one('KV/Put', '/kv/put', 'PutRequest', 'PutResponse', kv.put),
  one('KV/DeleteRange', '/kv/deleterange', 'DeleteRangeRequest', 'DeleteRangeResponse', kv.deleteRange),
  one('KV/Txn', '/kv/txn', 'TxnRequest', 'TxnResponse', kv.transaction),
  one('KV/Compact', '/kv/compaction', 'CompactionRequest', 'CompactionResponse', kv.compact),
  many('Watch/Watch', '/watch', 'WatchRequest', 'WatchResponse', watch),
  one('Lease/LeaseGrant', '/lease/grant', 'LeaseGrantRequest', 'LeaseGrantResponse', lease.grant),
  one('Lease/LeaseRevoke', '/lease/revoke', 'LeaseRevokeRequest', 'LeaseRevokeResponse', lease.revoke),
  many(
    'Lease/LeaseKeepAlive',
    '/lease/keepalive',
    'LeaseKeepAliveRequest',
    'LeaseKeepAliveResponse',
    lease.keepAlive,
  ),
  one(
    'Lease/LeaseTimeToLive',
    '/lease/timetolive',
    'LeaseTimeToLiveRequest',
    'LeaseTimeToLiveResponse',
    lease.timeToLive,
  ),
  one('Lease/LeaseLeases', '/lease/leases', 'LeaseLeasesRequest', 'LeaseLeasesResponse', lease.leases),
  one('Cluster/MemberAdd', '/cluster/member/add', 'MemberAddRequest', 'MemberAddResponse', cluster.memberAdd),
  one(
    'Cluster/MemberRemove',
    '/cluster/member/remove',
    'MemberRemoveRequest',
    'MemberListResponse',
    cluster.memberRemove,
  ),
  one(
    'Cluster/MemberUpdate',
    '/cluster/member/update',
    'MemberUpdateRequest',
    'MemberListResponse',
    cluster.memberUpdate,
  ),
  one(
    'Cluster/MemberList',
    '/cluster/member/list',
    'MemberListRequest',
    'MemberListResponse',
    cluster.memberList,
  ),
  one(
    'Cluster/MemberPromote',
    '/cluster/member/promote',
    'MemberPromoteRequest',
    'MemberListResponse',
    cluster.memberPromote,
  ),
  one('Maintenance/Alarm', '/maintenance/alarm', 'AlarmRequest', 'AlarmResponse', maintenance.alarm),
  one('Maintenance/Status', '/maintenance/status', 'StatusRequest', 'StatusResponse', maintenance.status),
  one(
    'Maintenance/Defragment',
    '/maintenance/defragment',
    'DefragmentRequest',
    'DefragmentResponse',
    maintenance.defragment,
  ),
  one('Maintenance/Hash', '/maintenance/hash', 'HashRequest', 'HashResponse', maintenance.hash),
  one('Maintenance/HashKV', '/maintenance/hash', 'HashKVRequest', 'HashKVResponse', maintenance.hashKv),
  many(
    'Maintenance/Snapshot',
    '/maintenance/snapshot',
    'SnapshotRequest',
    'SnapshotResponse',
    maintenance.snapshot,
  ),
  one(
    'Maintenance/MoveLeader',
    '/maintenance/transfer-leadership',
    'MoveLeaderRequest',
    'MoveLeaderResponse',
    maintenance.moveLeader,
  ),
  authOne('AuthEnable', '/auth/enable', auth.enable),
  authOne('AuthDisable', '/auth/disable', auth.disable),
  authOne('Authenticate', '/auth/authenticate', auth.authenticate, 'AuthenticateResponse'),
  authOne('UserAdd', '/auth/user/add', auth.userAdd),
  authOne('UserGet', '/auth/user/get', auth.userGet, 'AuthUserGetResponse'),
  authOne('UserList', '/auth/user/list', auth.userList, 'AuthUserListResponse'),
  authOne('UserDelete', '/auth/user/delete', auth.userDelete),
  authOne('UserChangePassword', '/auth/user/changepw', auth.userChangePassword),
  authOne('UserGrantRole', '/auth/user/grant', auth.userGrantRole),
  authOne('UserRevokeRole', '/auth/user/revoke', auth.userRevokeRole),
  authOne('RoleAdd', '/auth/role/add', auth.roleAdd),
  authOne('RoleGet', '/auth/role/get', auth.roleGet, 'AuthRoleGetResponse'),
  authOne('RoleList', '/auth/role/list', auth.roleList, 'AuthRoleListResponse'),
  authOne('RoleDelete', '/auth/role/delete', auth.roleDelete),
  authOne('RoleGrantPermission', '/auth/role/grant', auth.roleGrantPermission),
  authOne('RoleRevokePermission', '/auth/role/revoke', auth.roleRevokePermission),
];

export const methodByPath: ReadonlyMap<string, Method> = new Map(
  methods.map((method) => [method.path, method]),
);

/** The first of a route; there were older ones for leases. */
export const methodByRoute: ReadonlyMap<string, Method> = new Map(
  methods
    .toReversed()
    .flatMap((method) => [
      [method.route, method] as const,
      ...(method.route.startsWith('/lease/') &&
      method.route !== '/lease/grant' &&
      method.route !== '/lease/keepalive'
        ? [[`/kv${method.route}`, method] as const]
        : []),
    ]),
);
