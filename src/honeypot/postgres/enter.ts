/** Who comes in, by which name and password, and what it is told then. */
import { randomBytes } from 'node:crypto';
import { setTimeout } from 'node:timers/promises';
import type { Connection } from '../decoy.ts';
import { PgError } from './failure.ts';
import type { Line } from './line.ts';
import { isLetIn } from './login.ts';
import { failure, int32, message, parameterStatus, ready } from './protocol/answer.ts';
import { Body } from './protocol/messages.ts';
import type { Startup } from './protocol/startup.ts';
import { type Server, version } from './server.ts';
import { Session } from './session.ts';

const fatal = (code: string, text: string, place: string): PgError =>
  new PgError(code, text, place, {}, 'FATAL');

export async function enter(
  line: Line,
  connection: Connection,
  server: Server,
  { parameters, minor, unknown }: Extract<Startup, { readonly kind: 'session' }>,
  isSecure: boolean,
): Promise<Session> {
  if (minor > 0 || unknown.length > 0) line.send(message('v', int32(3 << 16, unknown.length), ...unknown));
  const user = (parameters.get('user') ?? '').slice(0, 63);
  if (user === '')
    throw fatal(
      '28000',
      'no PostgreSQL user name specified in startup packet',
      'postmaster.c:2351:ProcessStartupPacket',
    );
  const name = (parameters.get('database') || user).slice(0, 63);
  const application = parameters.get('application_name') ?? '';
  if (application !== '') connection.identify({ ua: application.slice(0, 512) });
  if (/^(t(rue)?|y(es)?|on|1)$/i.test(parameters.get('replication') ?? '')) {
    const encryption = isSecure ? 'SSL encryption' : 'no encryption';
    throw fatal(
      '28000',
      `no pg_hba.conf entry for replication connection from host "${connection.src.ip}", user "${user}", ${encryption}`,
      'auth.c:536:ClientAuthentication',
    );
  }
  const password = await askPassword(line);
  const isIn = isLetIn(server, user, password);
  await connection.record('auth', {
    texts: [],
    data: {
      user,
      database: name,
      password: password.slice(0, 1000),
      application: application.slice(0, 200),
      isLetIn: isIn,
    },
  });
  if (password === '')
    throw fatal('28P01', 'empty password returned by client', 'auth.c:757:recv_password_packet');
  if (!isIn) {
    // As long as it takes to read the file of roles and write the log.
    await setTimeout(3);
    throw fatal('28P01', `password authentication failed for user "${user}"`, 'auth.c:334:auth_failed');
  }
  line.send(message('R', int32(0)));
  const database = server.databases.get(name);
  if (database === undefined)
    throw fatal('3D000', `database "${name}" does not exist`, 'postinit.c:948:InitPostgres');
  if (name === 'template0')
    throw fatal(
      '55000',
      'database "template0" is not currently accepting connections',
      'postinit.c:350:CheckMyDatabase',
    );
  const session = new Session(server, connection, database, user, randomBytes(4).readInt32BE());
  applyParameters(session, parameters);
  session.settings.keep();
  server.sessions.add(session);
  connection.stream.once('close', () => session.close());
  session.terminate = (why) => {
    line.send(failure(why));
    line.stream.end(() => connection.stream.destroy());
  };
  line.send(
    Buffer.concat([...greeting(session), message('K', int32(session.processId, session.secret)), ready('I')]),
  );
  return session;
}

async function askPassword(line: Line): Promise<string> {
  line.send(message('R', int32(3)));
  const next = await line.next(true);
  if (next.kind !== 'p')
    throw fatal(
      '08P01',
      `expected password response, got message type ${next.kind.charCodeAt(0)}`,
      'auth.c:718:recv_password_packet',
    );
  return new Body(next.body).string();
}

/** @throws PgError for what cannot be set */
function applyParameters({ settings }: Session, parameters: ReadonlyMap<string, string>): void {
  const set = (name: string, value: string): void => {
    try {
      settings.set(name, value);
    } catch (error) {
      if (!(error instanceof PgError)) throw error;
      throw fatal(error.code, error.message, error.place);
    }
  };
  for (const [name, value] of parameters) {
    if (name === 'user' || name === 'database' || name === 'replication' || name.startsWith('_pq_.'))
      continue;
    if (name !== 'options') set(name, value);
    else
      for (const [, option = '', to = ''] of value
        .slice(0, 2000)
        .matchAll(/(?:-c\s*|--)([\w.-]{1,63})=(\S*)/g))
        set(option.replaceAll('-', '_'), to);
  }
}

/** In the order in which PostgreSQL 15 tells them. */
const told = [
  'application_name',
  'client_encoding',
  'DateStyle',
  'default_transaction_read_only',
  'in_hot_standby',
  'integer_datetimes',
  'IntervalStyle',
  'is_superuser',
  'server_encoding',
  'server_version',
  'session_authorization',
  'standard_conforming_strings',
  'TimeZone',
];

function greeting({ settings, server, user }: Session): Buffer[] {
  const isSuper = server.roles.get(user)?.flags.superuser === true;
  const own: Readonly<Record<string, string>> = {
    in_hot_standby: 'off',
    is_superuser: isSuper ? 'on' : 'off',
    server_version: version,
    session_authorization: user,
  };
  return told.map((name) => parameterStatus(name, own[name] ?? settings.get(name)));
}
