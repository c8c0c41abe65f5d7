/**
 * One channel of the type `session` (RFC 4254, 5 and 6): a duplex stream for the decoy behind it; windows, limits and
 * endings as sshd has them towards the client.
 */
import { Duplex, Writable } from 'node:stream';
import { boolean, message, string, u32 } from './bytes.ts';
import { hangUp } from './fault.ts';
import { msg } from './messages.ts';

/** A session, as the decoy has it. */
export interface SshChannel {
  /**
   * Standard input and output of the program. What is not read holds the client back; `end()` closes the output; its
   * `close` tells that the channel is gone, or that the program was killed because it wrote what nobody would read.
   */
  readonly stdio: Duplex;
  readonly stderr: Writable;
  /** The program is over: its outputs end, and when all of them was sent the channel closes. */
  exit(how: ExitStatus): void;
}

/** 0 to 255, or the name of a signal without SIG. */
export type ExitStatus = number | { readonly signal: string };

/** What a channel has of its connection. */
export interface ChannelPort {
  /** The client's number of it, and what it allowed. */
  readonly remoteId: number;
  readonly remoteWindow: number;
  readonly remotePacket: number;
  /** The client understands `eow@openssh.com`. */
  readonly takesEndOfWrite: boolean;
  send(payload: Buffer): void;
  /** `flush` has something to do. */
  wantsToSend(): void;
  /** Bytes more or less that nobody has read yet. Throws where a connection has too many of them. */
  buffered(change: number): void;
  /** Both sides have closed. */
  gone(): void;
}

export interface SessionChannel extends SshChannel {
  /** A program runs: data may come, and what was written goes out. */
  open(): void;
  isOpen(): boolean;
  isCloseSent(): boolean;
  /** Sends one packet of each output. False where there was nothing to send, or no window for it. */
  flush(): boolean;
  data(bytes: Buffer): void;
  hasEof(): boolean;
  eof(): void;
  /** The client reads no more. */
  endOfWrite(): void;
  adjust(bytes: number): void;
  close(): void;
  /** The connection is gone. */
  destroy(): void;
}

/** sshd's CHAN_SES_PACKET_DEFAULT and CHAN_SES_WINDOW_DEFAULT. */
export const localPacket = 32 * 1024;
const localWindow = 64 * localPacket;
/** Input is kept in pieces of at least this, so that many small packets cost no more than few large ones. */
const leastPiece = 1024;
const stderrType = 1;
/** A program that ends within this of its last output ends at once with it. */
const abruptMs = 2;

/** One output: at most one write is under way, as streams have it. */
interface Output {
  readonly header: Buffer;
  pending: Buffer | undefined;
  written: () => void;
  isEnded: boolean;
}

export function createSessionChannel(port: ChannelPort): SessionChannel {
  const remoteId = u32(port.remoteId);
  let isOpen = false;
  let isEofSent = false;
  let isCloseSent = false;
  let isCloseReceived = false;
  let exitStatus: ExitStatus | undefined;

  // Output.

  let remoteWindow = port.remoteWindow;
  let lastOutput = Number.NEGATIVE_INFINITY;
  let isUnwanted = false;
  const outputOf = (header: Buffer): Output => ({
    header,
    pending: undefined,
    written() {},
    isEnded: false,
  });
  const stdout = outputOf(message(msg.channelData, remoteId));
  const errors = outputOf(message(msg.channelExtendedData, remoteId, u32(stderrType)));

  const write = (output: Output) => (chunk: Buffer, _: unknown, written: () => void) => {
    if (isUnwanted) {
      written();
      breakPipe();
      return;
    }
    output.pending = chunk;
    output.written = written;
    port.wantsToSend();
  };

  const endOf = (output: Output) => (ended: () => void) => {
    output.isEnded = true;
    ended();
    port.wantsToSend();
  };

  const sendOne = (output: Output): boolean => {
    const { pending } = output;
    if (pending === undefined) return false;
    const length = Math.min(pending.length, remoteWindow, port.remotePacket, localPacket);
    if (length === 0 && pending.length > 0) return false;
    remoteWindow -= length;
    output.pending = length < pending.length ? pending.subarray(length) : undefined;
    if (length > 0) port.send(Buffer.concat([output.header, string(pending.subarray(0, length))]));
    lastOutput = performance.now();
    if (output.pending === undefined) output.written();
    return true;
  };

  /**
   * The endings that are due once both outputs are through. sshd sees the end of the output first, unless there was
   * output until the end: then it hears of the exit before.
   */
  const finish = (): void => {
    if (!isOpen || isCloseSent || !stdout.isEnded || !errors.isEnded) return;
    const isAbrupt = performance.now() - lastOutput < abruptMs;
    if (!isAbrupt || exitStatus === undefined) sendEof();
    if (exitStatus === undefined) return;
    port.send(exitMessage(remoteId, exitStatus));
    if (port.takesEndOfWrite && !isEofReceived) port.send(request(remoteId, 'eow@openssh.com'));
    sendEof();
    sendClose();
  };

  const sendEof = (): void => {
    if (!isEofSent && !isUnwanted) port.send(message(msg.channelEof, remoteId));
    isEofSent = true;
  };

  const sendClose = (): void => {
    if (!isCloseSent) port.send(message(msg.channelClose, remoteId));
    isCloseSent = true;
    if (isCloseReceived) port.gone();
  };

  /** From here there is nobody to write to. */
  const dropOutput = (): void => {
    isUnwanted = true;
    for (const output of [stdout, errors]) {
      if (output.pending === undefined) continue;
      output.pending = undefined;
      output.written();
    }
  };

  /** A program that writes nevertheless is killed, or it could go on for ever. */
  const breakPipe = (): void => {
    exitStatus ??= { signal: 'PIPE' };
    stdout.isEnded = true;
    errors.isEnded = true;
    finish();
    destroyStreams();
  };

  const destroyStreams = (): void => {
    stdio.destroy();
    stderr.destroy();
  };

  // Input.

  let window = 0;
  let consumed = 0;
  let isWanted = false;
  let isEofReceived = false;
  let isEofPushed = false;
  let inbox: Buffer[] = [];

  const deliver = (): void => {
    while (isWanted && inbox.length > 0) {
      const bytes = inbox.shift()!;
      port.buffered(-bytes.length);
      consumed += bytes.length;
      isWanted = stdio.push(bytes);
    }
    if (isEofReceived && inbox.length === 0 && !isEofPushed) {
      isEofPushed = true;
      stdio.push(null);
    }
    adjustWindow();
  };

  const keep = (bytes: Buffer): void => {
    port.buffered(bytes.length);
    const last = inbox.at(-1);
    if (last !== undefined && last.length + bytes.length <= leastPiece) {
      inbox[inbox.length - 1] = Buffer.concat([last, bytes]);
    } else {
      inbox.push(bytes);
    }
  };

  const dropInput = (): void => {
    for (const bytes of inbox) {
      port.buffered(-bytes.length);
      consumed += bytes.length;
    }
    inbox = [];
  };

  const adjustWindow = (): void => {
    const isDue = localWindow - window > 3 * localPacket || window < localWindow / 2;
    if (!isOpen || isCloseSent || isCloseReceived || consumed === 0 || !isDue) return;
    port.send(message(msg.channelWindowAdjust, remoteId, u32(consumed)));
    window += consumed;
    consumed = 0;
  };

  const stdio = new Duplex({
    autoDestroy: false,
    read() {
      isWanted = true;
      deliver();
    },
    write: write(stdout),
    final: endOf(stdout),
  });
  const stderr = new Writable({ autoDestroy: false, write: write(errors), final: endOf(errors) });
  // Whoever writes after the end has an error of its own to handle; here it only must not be fatal.
  for (const stream of [stdio, stderr]) stream.on('error', () => {});

  return {
    stdio,
    stderr,
    exit(how) {
      if (exitStatus !== undefined) return;
      exitStatus = how;
      dropInput();
      stdio.end();
      stderr.end();
    },
    open() {
      isOpen = true;
      window = localWindow;
      port.send(message(msg.channelWindowAdjust, remoteId, u32(localWindow)));
    },
    isOpen: () => isOpen,
    isCloseSent: () => isCloseSent,
    flush() {
      if (!isOpen || isCloseSent) return false;
      const hasSent = [sendOne(stdout), sendOne(errors)].includes(true);
      finish();
      return hasSent;
    },
    data(bytes) {
      if (!isOpen || bytes.length > window || bytes.length > localPacket) return;
      window -= bytes.length;
      if (isEofReceived || exitStatus !== undefined) {
        consumed += bytes.length;
        return adjustWindow();
      }
      keep(bytes);
      deliver();
    },
    hasEof: () => isEofReceived,
    eof() {
      isEofReceived = true;
      deliver();
    },
    endOfWrite: dropOutput,
    adjust(bytes) {
      if (remoteWindow + bytes > 0xffffffff) throw hangUp('window overflow');
      remoteWindow += bytes;
      port.wantsToSend();
    },
    close() {
      if (isCloseReceived) return;
      isCloseReceived = true;
      isEofReceived = true;
      dropOutput();
      deliver();
      // As sshd, which tears down once it has handled all that came.
      setImmediate(sendClose);
    },
    destroy() {
      destroyStreams();
      dropInput();
      dropOutput();
    },
  };
}

function exitMessage(remoteId: Buffer, how: ExitStatus): Buffer {
  if (typeof how === 'number') return request(remoteId, 'exit-status', u32(how & 0xff));
  return request(remoteId, 'exit-signal', string(how.signal), boolean(false), string(''), string(''));
}

const request = (remoteId: Buffer, name: string, ...fields: readonly Buffer[]): Buffer =>
  message(msg.channelRequest, remoteId, string(name), boolean(false), ...fields);
