/**
 * The messages of etcd 3.4's API (etcdserverpb/rpc.proto, mvccpb/kv.proto, authpb/auth.proto): of each field its name,
 * number and type, `*` for those that repeat. Enumerations are their words, the first being 0.
 */

const enumerations = {
  SortOrder: ['etcdserverpb.RangeRequest_SortOrder', 'NONE ASCEND DESCEND'],
  SortTarget: ['etcdserverpb.RangeRequest_SortTarget', 'KEY VERSION CREATE MOD VALUE'],
  CompareResult: ['etcdserverpb.Compare_CompareResult', 'EQUAL GREATER LESS NOT_EQUAL'],
  CompareTarget: ['etcdserverpb.Compare_CompareTarget', 'VERSION CREATE MOD VALUE LEASE'],
  FilterType: ['etcdserverpb.WatchCreateRequest_FilterType', 'NOPUT NODELETE'],
  EventType: ['mvccpb.Event_EventType', 'PUT DELETE'],
  AlarmAction: ['etcdserverpb.AlarmRequest_AlarmAction', 'GET ACTIVATE DEACTIVATE'],
  AlarmType: ['etcdserverpb.AlarmType', 'NONE NOSPACE CORRUPT'],
  PermissionType: ['authpb.Permission_Type', 'READ WRITE READWRITE'],
} as const;

const messages = `
ResponseHeader: cluster_id 1 uint64, member_id 2 uint64, revision 3 int64, raft_term 4 uint64
KeyValue: key 1 bytes, create_revision 2 int64, mod_revision 3 int64, version 4 int64, value 5 bytes, lease 6 int64
Event: type 1 EventType, kv 2 KeyValue, prev_kv 3 KeyValue
RangeRequest: key 1 bytes, range_end 2 bytes, limit 3 int64, revision 4 int64, sort_order 5 SortOrder, sort_target 6 SortTarget, serializable 7 bool, keys_only 8 bool, count_only 9 bool, min_mod_revision 10 int64, max_mod_revision 11 int64, min_create_revision 12 int64, max_create_revision 13 int64
RangeResponse: header 1 ResponseHeader, kvs 2 KeyValue*, more 3 bool, count 4 int64
PutRequest: key 1 bytes, value 2 bytes, lease 3 int64, prev_kv 4 bool, ignore_value 5 bool, ignore_lease 6 bool
PutResponse: header 1 ResponseHeader, prev_kv 2 KeyValue
DeleteRangeRequest: key 1 bytes, range_end 2 bytes, prev_kv 3 bool
DeleteRangeResponse: header 1 ResponseHeader, deleted 2 int64, prev_kvs 3 KeyValue*
RequestOp: request_range 1 RangeRequest, request_put 2 PutRequest, request_delete_range 3 DeleteRangeRequest, request_txn 4 TxnRequest
ResponseOp: response_range 1 RangeResponse, response_put 2 PutResponse, response_delete_range 3 DeleteRangeResponse, response_txn 4 TxnResponse
Compare: result 1 CompareResult, target 2 CompareTarget, key 3 bytes, version 4 int64, create_revision 5 int64, mod_revision 6 int64, value 7 bytes, lease 8 int64, range_end 64 bytes
TxnRequest: compare 1 Compare*, success 2 RequestOp*, failure 3 RequestOp*
TxnResponse: header 1 ResponseHeader, succeeded 2 bool, responses 3 ResponseOp*
CompactionRequest: revision 1 int64, physical 2 bool
CompactionResponse: header 1 ResponseHeader
WatchCreateRequest: key 1 bytes, range_end 2 bytes, start_revision 3 int64, progress_notify 4 bool, filters 5 FilterType*, prev_kv 6 bool, watch_id 7 int64, fragment 8 bool
WatchCancelRequest: watch_id 1 int64
WatchProgressRequest:
WatchRequest: create_request 1 WatchCreateRequest, cancel_request 2 WatchCancelRequest, progress_request 3 WatchProgressRequest
WatchResponse: header 1 ResponseHeader, watch_id 2 int64, created 3 bool, canceled 4 bool, compact_revision 5 int64, cancel_reason 6 string, fragment 7 bool, events 11 Event*
LeaseGrantRequest: TTL 1 int64, ID 2 int64
LeaseGrantResponse: header 1 ResponseHeader, ID 2 int64, TTL 3 int64, error 4 string
LeaseRevokeRequest: ID 1 int64
LeaseRevokeResponse: header 1 ResponseHeader
LeaseKeepAliveRequest: ID 1 int64
LeaseKeepAliveResponse: header 1 ResponseHeader, ID 2 int64, TTL 3 int64
LeaseTimeToLiveRequest: ID 1 int64, keys 2 bool
LeaseTimeToLiveResponse: header 1 ResponseHeader, ID 2 int64, TTL 3 int64, grantedTTL 4 int64, keys 5 bytes*
LeaseLeasesRequest:
LeaseStatus: ID 1 int64
LeaseLeasesResponse: header 1 ResponseHeader, leases 2 LeaseStatus*
Member: ID 1 uint64, name 2 string, peerURLs 3 string*, clientURLs 4 string*, isLearner 5 bool
MemberAddRequest: peerURLs 1 string*, isLearner 2 bool
MemberAddResponse: header 1 ResponseHeader, member 2 Member, members 3 Member*
MemberRemoveRequest: ID 1 uint64
MemberUpdateRequest: ID 1 uint64, peerURLs 2 string*
MemberPromoteRequest: ID 1 uint64
MemberListRequest:
MemberListResponse: header 1 ResponseHeader, members 2 Member*
AlarmRequest: action 1 AlarmAction, memberID 2 uint64, alarm 3 AlarmType
AlarmMember: memberID 1 uint64, alarm 2 AlarmType
AlarmResponse: header 1 ResponseHeader, alarms 2 AlarmMember*
StatusRequest:
StatusResponse: header 1 ResponseHeader, version 2 string, dbSize 3 int64, leader 4 uint64, raftIndex 5 uint64, raftTerm 6 uint64, raftAppliedIndex 7 uint64, errors 8 string*, dbSizeInUse 9 int64, isLearner 10 bool
DefragmentRequest:
DefragmentResponse: header 1 ResponseHeader
HashRequest:
HashResponse: header 1 ResponseHeader, hash 2 uint32
HashKVRequest: revision 1 int64
HashKVResponse: header 1 ResponseHeader, hash 2 uint32, compact_revision 3 int64
SnapshotRequest:
SnapshotResponse: header 1 ResponseHeader, remaining_bytes 2 uint64, blob 3 bytes
MoveLeaderRequest: targetID 1 uint64
MoveLeaderResponse: header 1 ResponseHeader
AuthEnableRequest:
AuthDisableRequest:
AuthResponse: header 1 ResponseHeader
AuthenticateRequest: name 1 string, password 2 string
AuthenticateResponse: header 1 ResponseHeader, token 2 string
UserAddOptions: no_password 1 bool
AuthUserAddRequest: name 1 string, password 2 string, options 3 UserAddOptions
AuthUserGetRequest: name 1 string
AuthUserGetResponse: header 1 ResponseHeader, roles 2 string*
AuthUserDeleteRequest: name 1 string
AuthUserChangePasswordRequest: name 1 string, password 2 string
AuthUserGrantRoleRequest: user 1 string, role 2 string
AuthUserRevokeRoleRequest: name 1 string, role 2 string
AuthUserListRequest:
AuthUserListResponse: header 1 ResponseHeader, users 2 string*
Permission: permType 1 PermissionType, key 2 bytes, range_end 3 bytes
AuthRoleAddRequest: name 1 string
AuthRoleGetRequest: role 1 string
AuthRoleGetResponse: header 1 ResponseHeader, perm 2 Permission*
AuthRoleDeleteRequest: role 1 string
AuthRoleGrantPermissionRequest: name 1 string, perm 2 Permission
AuthRoleRevokePermissionRequest: role 1 string, key 2 bytes, range_end 3 bytes
AuthRoleListRequest:
AuthRoleListResponse: header 1 ResponseHeader, roles 2 string*
`;

export type Type =
  | { readonly kind: 'bytes' | 'string' | 'bool' | 'int64' | 'uint64' | 'uint32' }
  | { readonly kind: 'enumeration'; readonly name: string; readonly words: readonly string[] }
  | { readonly kind: 'message'; readonly name: MessageName };

export interface Field {
  readonly name: string;
  readonly number: number;
  readonly type: Type;
  readonly repeats: boolean;
}

export type MessageName = string;

/** A message as it is worked with: what is not set is not there. */
export type Message = { readonly [field: string]: Value | undefined };
export type Value = bigint | number | boolean | string | Buffer | Message | readonly Value[];

const byName = new Map<MessageName, readonly Field[]>(
  messages
    .trim()
    .split('\n')
    .map((line) => {
      const [name = '', fields = ''] = line.split(':');
      return [name, fields.trim() === '' ? [] : fields.split(',').map(fieldOf)];
    }),
);

/** In the order in which JSON has them. */
export function fieldsOf(name: MessageName): readonly Field[] {
  const fields = byName.get(name);
  if (fields === undefined) throw new Error(`there is no message ${name}`);
  return fields;
}

function fieldOf(text: string): Field {
  const [name = '', number, type = ''] = text.trim().split(' ');
  return {
    name,
    number: Number(number),
    type: typeOf(type.replace('*', '')),
    repeats: type.endsWith('*'),
  };
}

function typeOf(name: string): Type {
  switch (name) {
    case 'bytes':
    case 'string':
    case 'bool':
    case 'int64':
    case 'uint64':
    case 'uint32':
      return { kind: name };
    default: {
      if (!(name in enumerations)) return { kind: 'message', name };
      const [full, words] = enumerations[name as keyof typeof enumerations];
      return { kind: 'enumeration', name: full, words: words.split(' ') };
    }
  }
}

/** Fields of a message, where they are of that type; what is sent is not always what it should be. */
export const bytesIn = (message: Message, name: string): Buffer => {
  const value = message[name];
  return Buffer.isBuffer(value) ? value : Buffer.alloc(0);
};
export const integerIn = (message: Message, name: string): bigint => {
  const value = message[name];
  return typeof value === 'bigint' ? value : 0n;
};
export const numberIn = (message: Message, name: string): number => {
  const value = message[name];
  return typeof value === 'number' ? value : 0;
};
export const textIn = (message: Message, name: string): string => {
  const value = message[name];
  return typeof value === 'string' ? value : '';
};
export const flagIn = (message: Message, name: string): boolean => message[name] === true;
export const messageIn = (message: Message, name: string): Message | undefined => {
  const value = message[name];
  return isMessage(value) ? value : undefined;
};
export const listIn = (message: Message, name: string): readonly Value[] => {
  const value = message[name];
  return Array.isArray(value) ? value : [];
};

export function isMessage(value: Value | undefined): value is Message {
  return typeof value === 'object' && !Buffer.isBuffer(value) && !Array.isArray(value);
}
