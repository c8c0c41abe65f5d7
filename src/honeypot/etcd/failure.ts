/** What etcd says when it will not: the codes are those of gRPC. */

export class EtcdError extends Error {
  readonly code: number;

  constructor(code: number, message: string) {
    super(message);
    this.code = code;
  }
}

const [unknown, invalidArgument, notFound, alreadyExists] = [2, 3, 5, 6];
const [permissionDenied, resourceExhausted, failedPrecondition, outOfRange] = [7, 8, 9, 11];
export const unimplemented = 12;

const error = (code: number, message: string) => (): EtcdError =>
  new EtcdError(code, `etcdserver: ${message}`);

/** Words of api/v3rpc/rpctypes/error.go, 3.4. */
export const failures = {
  emptyKey: error(invalidArgument, 'key is not provided'),
  keyNotFound: error(invalidArgument, 'key not found'),
  valueProvided: error(invalidArgument, 'value is provided'),
  leaseProvided: error(invalidArgument, 'lease is provided'),
  tooManyOps: error(invalidArgument, 'too many operations in txn request'),
  duplicateKey: error(invalidArgument, 'duplicate key given in txn request'),
  compacted: error(outOfRange, 'mvcc: required revision has been compacted'),
  futureRevision: error(outOfRange, 'mvcc: required revision is a future revision'),
  noSpace: error(resourceExhausted, 'mvcc: database space exceeded'),
  tooLarge: error(invalidArgument, 'request is too large'),
  leaseNotFound: error(notFound, 'requested lease not found'),
  leaseExists: error(failedPrecondition, 'lease already exists'),
  leaseTooLarge: error(outOfRange, 'too large lease TTL'),
  memberNotFound: error(notFound, 'member not found'),
  memberExists: error(failedPrecondition, 'Peer URLs already exists'),
  memberBadUrls: error(invalidArgument, 'given member URLs are invalid'),
  notLearner: error(failedPrecondition, 'can only promote a learner member'),
  badLeaderTransferee: error(failedPrecondition, 'bad leader transferee'),
  rootUserMissing: error(failedPrecondition, 'root user does not exist'),
  rootRoleMissing: error(failedPrecondition, 'root user does not have root role'),
  userExists: error(failedPrecondition, 'user name already exists'),
  userEmpty: error(invalidArgument, 'user name is empty'),
  userNotFound: error(failedPrecondition, 'user name not found'),
  roleExists: error(failedPrecondition, 'role name already exists'),
  roleNotFound: error(failedPrecondition, 'role name not found'),
  roleEmpty: error(invalidArgument, 'role name is empty'),
  authFailed: error(invalidArgument, 'authentication failed, invalid user ID or password'),
  permissionDenied: error(permissionDenied, 'permission denied'),
  roleNotGranted: error(failedPrecondition, 'role is not granted to the user'),
  permissionNotGranted: error(failedPrecondition, 'permission is not granted to the role'),
  authDisabled: error(failedPrecondition, 'authentication is not enabled'),
  invalidToken: error(16, 'invalid auth token'),
  timeout: error(14, 'request timed out'),
} as const;

export { alreadyExists, unknown };
