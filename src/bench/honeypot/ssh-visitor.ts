/** A visitor of the SSH decoy, over the network and with the real exchange of keys: logs in, and types. */
import { once } from 'node:events';
import { connect } from 'node:net';
import { boolean, message, readerOf, string, u32 } from '../../honeypot/ssh/protocol/bytes.ts';
import {
  channelRequest,
  createPeer,
  openSession,
  type Peer,
} from '../../honeypot/ssh/protocol/fixtures/peer.ts';
import { msg } from '../../honeypot/ssh/protocol/messages.ts';

export interface Shell {
  /** Types a line. @returns what is printed until the next prompt */
  type(line: string): Promise<string>;
  readonly isOpen: boolean;
}

export interface SshVisitor {
  /** With a terminal, once its prompt is there. */
  shell(): Promise<Shell>;
  /** One command without a terminal. @returns what it prints */
  exec(command: string): Promise<string>;
  /** Asks to be connected to somewhere, which is refused. */
  forward(host: string, port: number): Promise<void>;
  leave(): void;
}

/** A password that the decoy lets in. */
const password = 'admin123';

/**
 * @param source an address of loopback, so that each visitor is somebody else; undefined for any
 * @throws Error where the decoy hangs up
 */
export async function logIn(
  port: number,
  { source, user = 'root', secret = password }: { source?: string; user?: string; secret?: string } = {},
): Promise<SshVisitor> {
  const socket = connect({ host: '127.0.0.1', port, ...(source !== undefined && { localAddress: source }) });
  try {
    await once(socket, 'connect');
    socket.setNoDelay(true);
    const peer = createPeer(socket);
    await peer.exchangeKeys();
    peer.send(message(msg.serviceRequest, string('ssh-userauth')));
    await peer.expect(msg.serviceAccept);
    const fields = [string(user), string('ssh-connection'), string('password'), boolean(false)];
    peer.send(message(msg.userauthRequest, ...fields, string(secret)));
    await peer.expect(msg.userauthSuccess);
    return visitorOf(peer);
  } catch (error) {
    socket.destroy();
    throw error;
  }
}

function visitorOf(peer: Peer): SshVisitor {
  /** @returns the number by which the decoy knows the channel */
  async function open(): Promise<number> {
    peer.send(openSession(0));
    const confirmation = readerOf((await peer.expect(msg.channelOpenConfirmation)).subarray(1));
    confirmation.u32();
    return confirmation.u32();
  }

  async function ask(channel: number, name: string, ...fields: readonly Buffer[]): Promise<void> {
    peer.send(channelRequest(channel, name, ...fields));
    await peer.expect(msg.channelSuccess);
  }

  async function printed(): Promise<string> {
    const data = readerOf((await peer.expect(msg.channelData)).subarray(1));
    data.u32();
    return data.string().toString('utf8');
  }

  async function untilPrompt(): Promise<string> {
    let text = '';
    while (!/[$#] $/.test(text)) text += await printed();
    return text;
  }

  return {
    async shell() {
      const channel = await open();
      const size = [u32(80), u32(24), u32(0), u32(0)];
      await ask(channel, 'pty-req', string('xterm-256color'), ...size, string('\0'));
      await ask(channel, 'shell');
      await untilPrompt();
      return {
        type(line) {
          peer.send(message(msg.channelData, u32(channel), string(`${line}\r`)));
          return untilPrompt();
        },
        get isOpen() {
          return !peer.stream.destroyed && !peer.stream.readableEnded;
        },
      };
    },
    async exec(command) {
      const channel = await open();
      await ask(channel, 'exec', string(command));
      let text = '';
      for (;;) {
        const payload = await peer.next();
        if (payload === undefined) throw new Error('closed in the middle of a command');
        if (payload[0] === msg.channelClose) return text;
        if (payload[0] !== msg.channelData) continue;
        const data = readerOf(payload.subarray(1));
        data.u32();
        text += data.string().toString('utf8');
      }
    },
    async forward(host, port) {
      const [id, window, packet] = [u32(1), u32(2 ** 21), u32(32_768)];
      const ends = [string(host), u32(port), string('127.0.0.1'), u32(1)];
      peer.send(message(msg.channelOpen, string('direct-tcpip'), id, window, packet, ...ends));
      await peer.expect(msg.channelOpenFailure);
    },
    leave: () => void peer.stream.destroy(),
  };
}
