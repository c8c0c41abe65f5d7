/**
 * Which messages are taken when, and what becomes of the others. As in sshd there are three phases: the first exchange
 * of keys, then authentication, then the connection; keys are exchanged again only in the last.
 */
import { hasshOf, serverProposal } from './algorithms.ts';
import { type Authentication, createAuthentication } from './authentication.ts';
import { decoded, message, type Reader, readerOf, string, u32 } from './bytes.ts';
import { type Connection, createConnection } from './connection.ts';
import { disconnect, hangUp } from './fault.ts';
import { announceHostKeys, debug } from './global-requests.ts';
import { keyringOf } from './host-keys.ts';
import { compatibilityOf, type Identification } from './identification.ts';
import { createKeyExchange, type Session } from './key-exchange.ts';
import { lastTransportMessage, msg } from './messages.ts';
import type { Packet } from './packets.ts';
import type { SshLimits, SshOptions } from './server.ts';
import { createThrottle } from './throttle.ts';
import type { Transport } from './transport.ts';

export interface Phases {
  receive(packet: Packet): void | Promise<void>;
  flush(): void;
  close(): void;
}

export interface PhasesContext extends SshOptions {
  readonly limits: SshLimits;
  readonly transport: Transport;
  readonly client: Identification;
  loggedIn(): void;
}

/** Takes a message: its number, what follows it, and the packet of both. */
type Phase = (type: number, reader: Reader, packet: Packet) => void | Promise<void>;

/** Begins with our KEXINIT. */
export function createPhases(context: PhasesContext): Phases {
  const { banner, client, limits, on, transport } = context;
  const hostKeys = keyringOf(context.hostKeys);
  const compatibility = compatibilityOf(client.software);
  const throttle = createThrottle();
  let connection: Connection | undefined;

  const keyExchange = createKeyExchange({
    transport,
    throttle,
    hostKeys,
    proposal: serverProposal(banner, compatibility.withheld),
    serverLine: banner,
    clientLine: client.line,
    offered: (proposal) => on.client({ version: decoded(client.line), ...hasshOf(proposal), proposal }),
    established(session) {
      phase = authenticating(session);
    },
  });

  const unimplemented = ({ sequence }: Packet): void =>
    transport.send(message(msg.unimplemented, u32(sequence)));

  const exchangingKeys: Phase = (type, _, packet) => {
    if (type > lastTransportMessage) throw hangUp(`protocol error: received type ${type}`);
    return keyExchange.receive(packet);
  };
  let phase: Phase = exchangingKeys;

  const authenticating = (session: Session): Phase => {
    let authentication: Authentication | undefined;
    let hasBegun = false;
    return (type, reader, packet) => {
      if (type === msg.serviceRequest) {
        acceptService(reader);
        authentication ??= createAuthentication({
          transport,
          session,
          mostFailures: limits.failures,
          failedPasswordMs: limits.failedPasswordMs,
          authenticate: on.authenticate,
          succeeded(user, remarks) {
            phase = connecting(session, user, remarks);
            context.loggedIn();
          },
        });
        return;
      }
      if (type === msg.userauthRequest && authentication !== undefined) {
        hasBegun = true;
        return authentication.receive(reader);
      }
      // sshd has a place for answers to questions of GSSAPI and PAM, which nobody asked.
      const isStray = type === msg.userauthInfoResponse || type === msg.userauthGssapiComplete;
      if (isStray && hasBegun) throw hangUp(`protocol error: received type ${type}`);
      return unimplemented(packet);
    };
  };

  const acceptService = (reader: Reader): void => {
    const name = reader.text();
    reader.end();
    if (name !== 'ssh-userauth') throw disconnect(`bad service request ${name}`);
    transport.send(message(msg.serviceAccept, string(name)));
  };

  const connecting = (session: Session, user: string, remarks: readonly string[]): Phase => {
    const send = (payload: Buffer): void => {
      if (transport.needsKeys()) keyExchange.start();
      transport.send(payload);
    };
    if (!compatibility.noHostKeys) send(announceHostKeys(hostKeys));
    for (const remark of remarks) send(debug(remark));
    const opened = createConnection({
      ...on,
      hostKeys,
      keyed: session,
      user,
      throttle,
      send,
      mostSessions: limits.sessions,
      mostUnread: limits.unread,
      takesEndOfWrite: compatibility.endOfWrite,
      hasRoom: transport.hasRoom,
      fail: transport.end,
    });
    connection = opened;
    return (type, reader, packet) => {
      if (transport.needsKeys()) keyExchange.start();
      if (type === msg.kexInit || (type <= lastTransportMessage && keyExchange.isRunning())) {
        return keyExchange.receive(packet);
      }
      return opened.knows(type) ? opened.receive(type, reader) : unimplemented(packet);
    };
  };

  keyExchange.start();
  return {
    receive(packet) {
      const type = packet.payload[0]!;
      const reader = readerOf(packet.payload.subarray(1));
      if (type === msg.disconnect) {
        throw hangUp(`disconnected by the client: ${reader.u32()} ${decoded(reader.text())}`);
      }
      const isHandled = !keyExchange.isExclusive() && skip(type, reader);
      return isHandled ? undefined : phase(type, reader, packet);
    },
    flush: () => connection?.flush(),
    close: () => connection?.close(),
  };
}

/** Messages that are for reading only. False for all others. */
function skip(type: number, reader: Reader): boolean {
  switch (type) {
    case msg.ignore:
      return true;
    case msg.unimplemented:
      reader.u32();
      return true;
    case msg.debug:
      reader.u8();
      reader.string();
      reader.string();
      return true;
    default:
      return false;
  }
}
