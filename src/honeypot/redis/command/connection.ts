/** Who is connected, and in what language it is answered. */
import { utf8 } from '../bytes.ts';
import type { Client } from '../client.ts';
import { ok, push, RedisError, type Reply, status, syntaxError } from '../reply.ts';
import type { Call, Handlers } from './call.ts';
import { databaseAt } from './keys.ts';
import { unsubscribeAll } from './pubsub.ts';

export const connection: Handlers = {
  ping({ client, name }, message, more) {
    if (more !== undefined) throw new RedisError(`ERR wrong number of arguments for '${name}' command`);
    if (client.protocol === 2 && client.subscriptions > 0) return ['pong', message ?? ''];
    return message ?? status('PONG');
  },
  echo: (_, message) => message!,
  quit({ client }) {
    client.isClosing = true;
    return ok;
  },
  select({ client, db }, index) {
    client.database = databaseAt(db, index!);
    return ok;
  },
  auth(call, ...args) {
    if (args.length > 2) throw syntaxError();
    const [user, password] = args.length === 2 ? args : ['default', args[0]];
    tellPassword(call, password!, args.length === 2 ? user : undefined);
    if (args.length === 1 && !call.server.needsPassword)
      throw new RedisError(
        'ERR AUTH <password> called without any password configured for the default user. Are you sure your configuration is correct?',
      );
    authenticate(call.client, user!, password!);
    return ok;
  },
  hello,
  reset({ client, server }) {
    client.endTransaction();
    unsubscribeAll(client);
    client.isMonitor = false;
    client.isTracking = false;
    client.replies = 'on';
    client.name = '';
    client.protocol = 2;
    client.user = 'default';
    client.isKnown = !server.needsPassword;
    client.database = server.keyspace.databases[0]!;
    return status('RESET');
  },
};

function tellPassword({ tell }: Call, password: string, user: string | undefined): void {
  const text = (bytes: string): string => utf8(bytes).slice(0, 1000);
  tell('auth', {
    texts: [],
    data: { ...(user !== undefined && { user: text(user) }), password: text(password) },
  });
}

function authenticate(client: Client, user: string, password: string): void {
  if (!client.server.users.accepts(user, password))
    throw new RedisError('WRONGPASS invalid username-password pair or user is disabled.');
  client.user = user;
  client.isKnown = true;
}

function hello(call: Call, version?: string, ...options: string[]): Reply {
  const { client, server } = call;
  if (version !== undefined) {
    if (!/^-?\d{1,18}$/.test(version))
      throw new RedisError('ERR Protocol version is not an integer or out of range');
    if (version !== '2' && version !== '3') throw new RedisError('NOPROTO unsupported protocol version');
  }
  let [credentials, name] = [undefined as [string, string] | undefined, undefined as string | undefined];
  for (let at = 0; at < options.length; at += 1) {
    const option = options[at]!.toLowerCase();
    if (option === 'auth' && at + 2 < options.length) {
      credentials = [options[at + 1]!, options[at + 2]!];
      at += 2;
    } else if (option === 'setname' && at + 1 < options.length) name = options[++at];
    else throw new RedisError(`ERR Syntax error in HELLO option '${options[at]}'`);
  }
  if (credentials !== undefined) {
    tellPassword(call, credentials[1], credentials[0]);
    authenticate(client, ...credentials);
  }
  if (!client.isKnown)
    throw new RedisError(
      'NOAUTH HELLO must be called with the client already authenticated, otherwise the HELLO AUTH <user> <pass> option can be used to authenticate the client and select the RESP protocol version at the same time',
    );
  if (name !== undefined) setName(client, name);
  if (version !== undefined) client.protocol = version === '3' ? 3 : 2;
  return {
    kind: 'map',
    entries: [
      ['server', 'redis'],
      ['version', '7.0.15'],
      ['proto', client.protocol],
      ['id', client.id],
      ['mode', 'standalone'],
      ['role', server.replication.master === undefined ? 'master' : 'replica'],
      ['modules', moduleList(call)],
    ],
  };
}

export function moduleList({ server }: Call): Reply {
  return [...server.modules].map(([name, path]) => ({
    kind: 'map',
    entries: [
      ['name', name],
      ['ver', 1],
      ['path', path],
      ['args', []],
    ],
  }));
}

/** Characters of a name. */
const maxName = 10_000;

export function setName(client: Client, name: string): void {
  if (/[^!-~]/.test(name))
    throw new RedisError('ERR Client names cannot contain spaces, newlines or special characters.');
  client.name = name.slice(0, maxName);
}

/** What RESP3 clients are told without having asked. */
export function message(client: Client, ...items: Reply[]): void {
  client.wire.send(push(...items));
}
