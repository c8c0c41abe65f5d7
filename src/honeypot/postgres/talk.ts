/** One connection: what it begins with, who it is, then query after query. */
import type { SecureContext } from 'node:tls';
import type { Connection } from '../decoy.ts';
import { enter } from './enter.ts';
import { PgError } from './failure.ts';
import { Line, Over } from './line.ts';
import { failure, oldFailure } from './protocol/answer.ts';
import { parseStartup, type Startup } from './protocol/startup.ts';
import { Queries } from './queries.ts';
import type { Server } from './server.ts';
import type { Session } from './session.ts';

interface Listening {
  readonly server: Server;
  readonly secure: SecureContext;
}

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
            'postmaster.c:2136:ProcessStartupPacket',
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

async function converse(line: Line, session: Session): Promise<void> {
  const queries = new Queries(session, (bytes) => line.flush(bytes));
  for (;;) {
    const next = await line.next();
    if (next.kind === 'X') return;
    await queries.take(next);
  }
}
