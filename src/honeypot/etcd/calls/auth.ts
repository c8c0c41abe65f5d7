/** Users, roles, passwords. */
import { failures } from '../failure.ts';
import { isMessage, type Message, messageIn, textIn } from '../wire/schema.ts';
import type { Call, Unary } from './call.ts';

export function authenticate(call: Call, request: Message): Message {
  tellAuth(call, 'Authenticate', request);
  const token = call.etcd.access.authenticate(textIn(request, 'name'), textIn(request, 'password'));
  return { header: call.etcd.header, token };
}

/** A change that only the root may make, once there is one. */
const change =
  (method: string, make: (call: Call, request: Message) => void): Unary =>
  (call, request) => {
    tellAuth(call, method, request);
    call.etcd.access.require(call.token);
    make(call, request);
    return { header: call.etcd.header };
  };

export const enable = change('AuthEnable', ({ etcd }) => etcd.access.enable());
export const disable = change('AuthDisable', ({ etcd }) => {
  etcd.access.isEnabled = false;
});
export const userAdd = change('UserAdd', ({ etcd }, request) =>
  etcd.access.addUser(textIn(request, 'name'), textIn(request, 'password')),
);
export const userDelete = change('UserDelete', ({ etcd }, request) => {
  etcd.access.user(textIn(request, 'name'));
  etcd.access.users.delete(textIn(request, 'name'));
});
export const userChangePassword = change('UserChangePassword', ({ etcd }, request) => {
  etcd.access.user(textIn(request, 'name')).password = textIn(request, 'password');
});
export const userGrantRole = change('UserGrantRole', ({ etcd }, request) => {
  const user = etcd.access.user(textIn(request, 'user'));
  etcd.access.role(textIn(request, 'role'));
  user.roles.add(textIn(request, 'role'));
});
export const userRevokeRole = change('UserRevokeRole', ({ etcd }, request) => {
  if (!etcd.access.user(textIn(request, 'name')).roles.delete(textIn(request, 'role')))
    throw failures.roleNotGranted();
});
export const roleAdd = change('RoleAdd', ({ etcd }, request) => etcd.access.addRole(textIn(request, 'name')));
export const roleDelete = change('RoleDelete', ({ etcd }, request) => {
  if (!etcd.access.roles.delete(textIn(request, 'role'))) throw failures.roleNotFound();
});
/** Permissions of one role. */
const maxPermissions = 100;
export const roleGrantPermission = change('RoleGrantPermission', ({ etcd }, request) => {
  const role = etcd.access.role(textIn(request, 'name'));
  const permission = messageIn(request, 'perm');
  if (permission !== undefined && role.length < maxPermissions) role.push(permission);
});
export const roleRevokePermission = change('RoleRevokePermission', ({ etcd }, request) => {
  const role = etcd.access.role(textIn(request, 'role'));
  const at = role.findIndex((one) => isMessage(one) && String(one.key) === String(request.key));
  if (at < 0) throw failures.permissionNotGranted();
  role.splice(at, 1);
});

export function userGet(call: Call, request: Message): Message {
  tellAuth(call, 'UserGet', request);
  call.etcd.access.require(call.token);
  return { header: call.etcd.header, roles: [...call.etcd.access.user(textIn(request, 'name')).roles] };
}

export function userList(call: Call, request: Message): Message {
  tellAuth(call, 'UserList', request);
  call.etcd.access.require(call.token);
  return { header: call.etcd.header, users: [...call.etcd.access.users.keys()] };
}

export function roleGet(call: Call, request: Message): Message {
  tellAuth(call, 'RoleGet', request);
  call.etcd.access.require(call.token);
  return { header: call.etcd.header, perm: call.etcd.access.role(textIn(request, 'role')) };
}

export function roleList(call: Call, request: Message): Message {
  tellAuth(call, 'RoleList', request);
  call.etcd.access.require(call.token);
  return { header: call.etcd.header, roles: [...call.etcd.access.roles.keys()] };
}

function tellAuth({ tell }: Call, method: string, request: Message): void {
  const texts = ['name', 'password', 'user', 'role'].flatMap((name) => {
    const text = textIn(request, name);
    return text === '' ? [] : [[name === 'name' ? 'user' : name, text.slice(0, 1000)]];
  });
  tell('auth', { texts: [], data: { method, ...Object.fromEntries(texts) } });
}
