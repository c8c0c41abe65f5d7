/** One connection: what it begins with, who it is, then query after query. */
import { randomBytes } from 'node:crypto';
import type { Duplex } from 'node:stream';
import { setTimeout } from 'node:timers/promises';
import { type SecureContext, TLSSocket } from 'node:tls';
import type { Connection } from '../decoy.ts';
import { PgError } from './failure.ts';
import { isLetIn } from './login.ts';
import { failure, int32, message, oldFailure, parameterStatus, ready } from './protocol/answer.ts';
import { Body, MessageReader } from './protocol/messages.ts';
import { parseStartup, type Startup } from './protocol/startup.ts';
import { Queries } from './queries.ts';
import { type Server, version } from './server.ts';
import { Session } from './session.ts';

export interface Listening {
  readonly server: Server;
  readonly secure: SecureContext;
}

/** Thrown where a connection is over without another word. */
class Over extends Error {}

export async function talk(connection: Connection, { server, secure }: Listening): Promise<void> {
  const line = new Line(connection, connection.stream);
  try {
    const session = await begin(line, connection, server, secure);
    await converse(line, session);
  } catch (error) {
    if (error instanceof PgError) line.send(failure(error));
    else if (!(error instanceof Over) && !line.stream.destroyed) throw error;
  }
  line.stream.end(() => connection.stream.destroy());
}

/** Bytes in pieces, and bytes to send; goes over to TLS in the midst of it. */
class Line {
  readonly connection: Connection;
  stream: Duplex;
  reader = new MessageReader();
  private chunks: AsyncIterator<Buffer>;

  constructor(connection: Connection, stream: Duplex) {
    this.connection = connection;
    this.stream = stream;
    this.chunks = iterate(stream);
    connection.hurry();
  }

  /** @throws Over where nothing more comes */
  async more(): Promise<void> {
    const { value, done } = await this.chunks.next();
    if (done === true) throw new Over();
    this.reader.push(value);
    if (this.reader.isPartial) this.connection.hurry();
  }

  /** Waits while the client does not read. */
  async flush(bytes: Buffer): Promise<void> {
    if (this.stream.destroyed) throw new Over();
    if (bytes.length === 0 || this.stream.write(bytes)) return;
    await new Promise<void>((resolve) => {
      for (const event of ['drain', 'close']) this.stream.once(event, () => resolve());
    });
  }

  send(bytes: Buffer): void {
    if (!this.stream.destroyed) this.stream.write(bytes);
  }

  /** @throws Over where the handshake fails */
  async secure(secureContext: SecureContext): Promise<void> {
    await this.chunks.return?.();
    const secured = new TLSSocket(this.stream, { isServer: true, secureContext });
    secured.on('error', () => this.connection.stream.destroy());
    const isSecure = await new Promise<boolean>((resolve) => {
      secured.once('secure', () => resolve(true));
      secured.once('close', () => resolve(false));
    });
    if (!isSecure) throw new Over();
    this.stream = secured;
    this.reader = new MessageReader();
    this.chunks = iterate(secured);
  }
}

async function* iterate(stream: Duplex): AsyncGenerator<Buffer> {
  try {
    yield* stream.iterator({ destroyOnReturn: false });
  } catch {
    // Whoever hangs up has nothing more to say.
  }
}

async function nextStartup(line: Line): Promise<Startup> {
  for (;;) {
    let packet: Buffer | undefined;
    try {
      packet = line.reader.nextStartup();
    } catch {
      void line.connection.record('probe', {
        raw: line.reader.rest(),
        data: { problem: 'no startup packet' },
      });
      throw new Over();
    }
    if (packet !== undefined) return parseStartup(packet);
    await line.more();
  }
}

/** @returns once somebody is let in. @throws PgError, Over */
async function begin(
  line: Line,
  connection: Connection,
  server: Server,
  secure: SecureContext,
): Promise<Session> {
  let isSecure = false;
  for (;;) {
    const startup = await nextStartup(line);
    switch (startup.kind) {
      case 'ssl': {
        if (isSecure) throw new Over();
        // Said once it is encrypted, and not before.
        const isEarly = line.reader.isPartial;
        line.send(Buffer.from('S'));
        await line.secure(secure);
        if (isEarly)
          throw new PgError(
            '08P01',
            'received unencrypted data after SSL request',
            'postmaster.c:2124:ProcessStartupPacket',
            {
              detail:
                'This could be either a client-software bug or evidence of an attempted man-in-the-middle attack.',
            },
            'FATAL',
          );
        isSecure = true;
        break;
      }
      case 'gss':
        // It could; who then goes on finds no ticket that it would take.
        line.send(Buffer.from('G'));
        await line.more();
        throw new Over();
      case 'cancel':
        for (const session of server.sessions)
          if (session.processId === startup.processId && session.secret === startup.secret)
            session.cancel.abort();
        throw new Over();
      case 'old':
        line.send(oldFailure(startup.failure));
        throw new Over();
      case 'session':
        return enter(line, connection, server, startup, isSecure);
    }
  }
}

const fatal = (code: string, text: string, place: string): PgError =>
  new PgError(code, text, place, {}, 'FATAL');

async function enter(
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
      'postmaster.c:2349:ProcessStartupPacket',
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
      'postinit.c:319:CheckMyDatabase',
    );
  const session = new Session(server, connection, database, user, randomBytes(4).readInt32BE());
  applyParameters(session, parameters);
  server.sessions.add(session);
  connection.stream.once('close', () => {
    server.sessions.delete(session);
    session.takeBack();
    session.cancel.abort();
  });
  line.send(
    Buffer.concat([...greeting(session), message('K', int32(session.processId, session.secret)), ready('I')]),
  );
  return session;
}

async function askPassword(line: Line): Promise<string> {
  line.send(message('R', int32(3)));
  for (;;) {
    const next = line.reader.next();
    if (next === undefined) {
      await line.more();
      continue;
    }
    if (next.kind !== 'p')
      throw fatal(
        '08P01',
        'expected password response, got message type ' + next.kind.charCodeAt(0),
        'auth.c:745:recv_password_packet',
      );
    return new Body(next.body).string();
  }
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

async function converse(line: Line, session: Session): Promise<void> {
  const queries = new Queries(session, (bytes) => line.flush(bytes));
  for (;;) {
    const next = line.reader.next();
    if (next === undefined) {
      if (!line.reader.isPartial) line.connection.relax();
      await line.more();
      continue;
    }
    if (next.kind === 'X') return;
    await queries.take(next);
  }
}
