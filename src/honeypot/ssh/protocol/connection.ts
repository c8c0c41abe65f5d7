/** The connection service (RFC 4254): channels, and what is asked of them and of the server. */
import { decoded, message, type Reader, string, u32 } from './bytes.ts';
import { disconnect, hangUp } from './fault.ts';
import type { Connect } from './forwarding.ts';
import { createGlobalRequests, debug, type GlobalRequestContext } from './global-requests.ts';
import { msg } from './messages.ts';
import {
  createSessionChannel,
  localPacket,
  type SessionChannel,
  type SshChannel,
} from './session-channel.ts';
import { createSessionRequests, type SessionRequests, type SshSession } from './session-requests.ts';

export interface Connection {
  /** False for types that are none of this service. */
  knows(type: number): boolean;
  receive(type: number, reader: Reader): void | Promise<void>;
  /** Sends what waits in channels, as long as there is room. */
  flush(): void;
  close(): void;
}

export interface ConnectionContext extends Omit<GlobalRequestContext, 'noMoreSessions'> {
  readonly mostSessions: number;
  /** Bytes of input that nobody has read, in all channels together. */
  readonly mostUnread: number;
  readonly takesEndOfWrite: boolean;
  hasRoom(): boolean;
  /** Ends the connection, for what fails outside of `receive`. */
  fail(reason: unknown): void;
  session(channel: SshChannel): SshSession;
  /** Why the connection that the client wants was not made. */
  connect(request: Connect): string | Promise<string>;
}

/** Why a channel is not opened: RFC 4254, 5.1. */
const prohibited = 1;
const connectFailed = 2;
const largestPort = 0xffff;
const largestId = 0x7fffffff;
/** Connections that are waited for at once; sshd's own bound is in the thousands. */
const mostConnects = 64;
/** Packets of output in one turn of the event loop, however fast a program writes and its client reads. */
const packetsPerTurn = 32;
/** Modes of `tun@openssh.com`. */
const tunnelModes = [1, 2];

interface Opened {
  readonly remoteId: number;
  /** Absent while a connection is waited for. */
  readonly session?: { readonly channel: SessionChannel; readonly request: SessionRequests };
}

/** The client's side of a channel that it opens. */
interface Remote {
  readonly remoteId: number;
  readonly remoteWindow: number;
  readonly remotePacket: number;
}

type Handler = (reader: Reader) => void | Promise<void>;

export function createConnection(context: ConnectionContext): Connection {
  const { send } = context;
  const opened = new Map<number, Opened>();
  let mayOpenSessions = true;
  let unread = 0;
  let isFlushing = false;
  let isTurnOver = false;
  let packetsLeft = packetsPerTurn;
  let isClosed = false;

  const sessions = (): SessionChannel[] =>
    [...opened.values()].flatMap(({ session }) => (session === undefined ? [] : [session.channel]));

  const flush = (): void => {
    if (isFlushing) return;
    isFlushing = true;
    for (let isMore = true; isMore; ) {
      isMore = false;
      for (const channel of sessions()) {
        if (isClosed || packetsLeft === 0 || !context.hasRoom()) break;
        if (!channel.flush()) continue;
        isMore = true;
        packetsLeft--;
      }
    }
    isFlushing = false;
    if (packetsLeft < packetsPerTurn && !isTurnOver) {
      isTurnOver = true;
      setImmediate(nextTurn);
    }
  };

  const nextTurn = (): void => {
    isTurnOver = false;
    packetsLeft = packetsPerTurn;
    flush();
  };

  const lowestFreeId = (): number => {
    let id = 0;
    while (opened.has(id)) id++;
    return id;
  };

  // Opening.

  const refuse = (remoteId: number, reason: number, text = 'open failed'): void =>
    send(message(msg.channelOpenFailure, u32(remoteId), u32(reason), string(text), string('')));

  const openSession = (reader: Reader, remote: Remote): void => {
    reader.end();
    if (!mayOpenSessions) {
      throw disconnect('Possible attack: attempt to open a session after additional sessions disabled');
    }
    if (sessions().length >= context.mostSessions) {
      refuse(remote.remoteId, connectFailed);
      return;
    }
    const id = lowestFreeId();
    const channel = createSessionChannel({
      ...remote,
      takesEndOfWrite: context.takesEndOfWrite,
      send,
      wantsToSend: flush,
      buffered(change) {
        unread += change;
        if (unread > context.mostUnread) throw hangUp('too much input that nobody reads');
      },
      gone() {
        opened.delete(id);
        channel.destroy();
      },
    });
    const request = createSessionRequests(channel, context.session(channel), context.listen);
    opened.set(id, { remoteId: remote.remoteId, session: { channel, request } });
    const numbers = [remote.remoteId, id, 0, localPacket];
    send(message(msg.channelOpenConfirmation, ...numbers.map(u32)));
  };

  const openTcp = (reader: Reader, { remoteId }: Remote): void => {
    const [host, port, originHost, originPort] = [reader.text(), reader.u32(), reader.text(), reader.u32()];
    reader.end();
    const isPort = port <= largestPort && originPort <= largestPort;
    if (!isPort || opened.size - sessions().length >= mostConnects) {
      refuse(remoteId, isPort ? connectFailed : prohibited);
      return;
    }
    const id = lowestFreeId();
    opened.set(id, { remoteId });
    const origin = { originHost: decoded(originHost), originPort };
    answerLater(context.connect({ kind: 'direct-tcpip', host: decoded(host), port, ...origin }), (text) => {
      opened.delete(id);
      refuse(remoteId, connectFailed, text);
    });
  };

  /** sshd answers at once here, and without a reason. */
  const openSocket = (reader: Reader, { remoteId }: Remote): void => {
    const [path, originHost, originPort] = [reader.text(), reader.text(), reader.u32()];
    reader.end();
    const origin = { originHost: decoded(originHost), originPort };
    answerLater(context.connect({ kind: 'direct-streamlocal', path: decoded(path), ...origin }), () => {});
    refuse(remoteId, connectFailed);
  };

  const answerLater = (answer: string | Promise<string>, take: (text: string) => void): void => {
    Promise.resolve(answer).then((text) => isClosed || take(text), context.fail);
  };

  const openTunnel = (reader: Reader, { remoteId }: Remote): void => {
    const isKnown = tunnelModes.includes(reader.u32());
    send(debug(isKnown ? 'Server has rejected tunnel device forwarding' : 'Unsupported tunnel device mode.'));
    refuse(remoteId, connectFailed);
  };

  const open: Handler = (reader) => {
    const type = reader.text();
    const remote = { remoteId: reader.u32(), remoteWindow: reader.u32(), remotePacket: reader.u32() };
    switch (type) {
      case 'session':
        return openSession(reader, remote);
      case 'direct-tcpip':
        return openTcp(reader, remote);
      case 'direct-streamlocal@openssh.com':
        return openSocket(reader, remote);
      case 'tun@openssh.com':
        return openTunnel(reader, remote);
      default:
        return refuse(remote.remoteId, connectFailed);
    }
  };

  // Messages about a channel. `what` is how sshd calls them in its complaints.

  const idOf = (reader: Reader, what: string): number => {
    if (reader.left() < 4) throw disconnect(`Invalid ${what} message`);
    const id = reader.u32();
    if (id > largestId) throw disconnect(`Invalid ${what} channel id`);
    return id;
  };

  const existing = (reader: Reader, what: string): [id: number, channel: SessionChannel | undefined] => {
    const id = idOf(reader, what);
    const found = opened.get(id);
    if (found === undefined) throw disconnect(`${what} packet referred to nonexistent channel ${id}`);
    return [id, found.session?.channel];
  };

  const endOf = (reader: Reader, what: string): void => {
    if (reader.left() > 0) throw disconnect(`Invalid ${what} message`);
  };

  const notOpening =
    (what: string): Handler =>
    (reader) => {
      const [id] = existing(reader, what);
      throw disconnect(`Received ${what} for non-opening channel ${id}.`);
    };

  const request: Handler = (reader) => {
    const [id, name, wantsReply] = [reader.u32(), reader.text(), reader.u8() !== 0];
    const found = id > largestId ? undefined : opened.get(id);
    if (found === undefined) throw disconnect(`server_input_channel_req: unknown channel ${id | 0}`);
    const { session, remoteId } = found;
    const reply = (isDone: boolean): void => {
      if (wantsReply && !session?.channel.isCloseSent()) {
        send(message(isDone ? msg.channelSuccess : msg.channelFailure, u32(remoteId)));
      }
      flush();
    };
    if (name === 'eow@openssh.com') {
      reader.end();
      session?.channel.endOfWrite();
      return reply(false);
    }
    const done = session?.request(name, reader) ?? false;
    return typeof done === 'boolean' ? reply(done) : done.then(reply);
  };

  const handlers: Readonly<Record<number, Handler>> = {
    [msg.globalRequest]: createGlobalRequests({
      ...context,
      noMoreSessions() {
        mayOpenSessions = false;
      },
    }),
    [msg.channelOpen]: open,
    [msg.channelOpenConfirmation]: notOpening('open confirmation'),
    [msg.channelOpenFailure]: notOpening('open failure'),
    [msg.channelRequest]: request,
    [msg.channelData](reader) {
      const [, channel] = existing(reader, 'data');
      if (!channel?.isOpen()) return;
      const bytes = reader.string();
      reader.end();
      channel.data(bytes);
    },
    [msg.channelExtendedData](reader) {
      const [id, channel] = existing(reader, 'extended data');
      if (!channel?.isOpen()) return;
      if (channel.hasEof()) throw disconnect(`Received extended_data after EOF on channel ${id}.`);
      if (reader.left() < 4) throw disconnect('Invalid extended_data message');
    },
    [msg.channelWindowAdjust](reader) {
      const found = opened.get(idOf(reader, 'window adjust'));
      if (found === undefined) return;
      if (reader.left() !== 4) throw disconnect('Invalid window adjust message');
      found.session?.channel.adjust(reader.u32());
    },
    [msg.channelEof](reader) {
      const [, channel] = existing(reader, 'ieof');
      endOf(reader, 'ieof');
      channel?.eof();
    },
    [msg.channelClose](reader) {
      const [, channel] = existing(reader, 'oclose');
      endOf(reader, 'oclose');
      channel?.close();
    },
    // Answers to keep-alives, which we do not send.
    [msg.channelSuccess]() {},
    [msg.channelFailure]() {},
    [msg.requestSuccess]() {},
    [msg.requestFailure]() {},
  };

  return {
    knows: (type) => handlers[type] !== undefined,
    receive: (type, reader) => handlers[type]?.(reader),
    flush,
    close() {
      isClosed = true;
      for (const channel of sessions()) channel.destroy();
      opened.clear();
    },
  };
}
