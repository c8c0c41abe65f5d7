/** Global requests (RFC 4254, 4 and 7; OpenSSH's PROTOCOL, 2), answered as sshd does in its default configuration. */
import { randomInt } from 'node:crypto';
import { boolean, decoded, message, type Reader, string, u32 } from './bytes.ts';
import type { Listen } from './forwarding.ts';
import type { HostKey, HostKeyring } from './host-keys.ts';
import type { Session } from './key-exchange.ts';
import { msg } from './messages.ts';
import type { Throttle } from './throttle.ts';

/** All host keys, so that a client may replace what it knows of us. */
export const announceHostKeys = ({ all }: HostKeyring): Buffer =>
  message(
    msg.globalRequest,
    string('hostkeys-00@openssh.com'),
    boolean(false),
    ...all.map(({ blob }) => string(blob)),
  );

export interface GlobalRequestContext {
  readonly hostKeys: HostKeyring;
  readonly keyed: Session;
  readonly throttle: Throttle;
  /** Only root may listen on ports below 1024. */
  readonly user: string;
  send(payload: Buffer): void;
  listen(request: Listen): boolean;
  noMoreSessions(): void;
}

/** Takes the body of a GLOBAL_REQUEST. */
export type GlobalRequests = (reader: Reader) => void | Promise<void>;

/** What a client may have listened on at once, and cancel. */
const mostListeners = 256;
const largestPort = 0x7fffffff;
const firstFreePort = 1024;

export function createGlobalRequests(context: GlobalRequestContext): GlobalRequests {
  const listeners = new Set<string>();

  const listen = (request: Listen, name: string): boolean => {
    if (listeners.has(name) || listeners.size >= mostListeners || !context.listen(request)) return false;
    listeners.add(name);
    return true;
  };

  /** The fields of the answer; undefined for a failure. */
  const forward = (reader: Reader, wantsReply: boolean): Buffer[] | undefined => {
    const [host, port] = [reader.text(), reader.u32()];
    const isPermitted = port === 0 ? wantsReply : port >= firstFreePort || context.user === 'root';
    if (port > largestPort || !isPermitted) {
      context.send(debug('Server has disabled port forwarding.'));
      return undefined;
    }
    const given = port === 0 ? randomInt(32768, 61000) : port;
    if (!listen({ kind: 'tcpip-forward', host: decoded(host), port }, `${host}:${given}`)) return undefined;
    return port === 0 ? [u32(given)] : [];
  };

  const answer = (name: string, wantsReply: boolean, reader: Reader): Buffer[] | undefined => {
    switch (name) {
      case 'tcpip-forward':
        return forward(reader, wantsReply);
      case 'cancel-tcpip-forward':
        return listeners.delete(`${reader.text()}:${reader.u32()}`) ? [] : undefined;
      case 'streamlocal-forward@openssh.com': {
        const path = reader.text();
        return listen({ kind: 'streamlocal-forward', path: decoded(path) }, path) ? [] : undefined;
      }
      case 'cancel-streamlocal-forward@openssh.com':
        return listeners.delete(reader.text()) ? [] : undefined;
      case 'no-more-sessions@openssh.com':
        context.noMoreSessions();
        return [];
      case 'hostkeys-prove-00@openssh.com':
        return proofs(context, reader);
      default:
        return undefined;
    }
  };

  return (reader) => {
    const [name, wantsReply] = [reader.text(), reader.u8() !== 0];
    const reply = (): void => {
      const fields = answer(name, wantsReply, reader);
      if (!wantsReply) return;
      context.send(
        fields === undefined ? message(msg.requestFailure) : message(msg.requestSuccess, ...fields),
      );
    };
    return name === 'hostkeys-prove-00@openssh.com' ? context.throttle.inTurn(reply) : reply();
  };
}

/** Signatures of the keys that the client names; undefined where one is not ours, or more are named than we have. */
function proofs({ hostKeys, keyed }: GlobalRequestContext, reader: Reader): Buffer[] | undefined {
  const wanted: HostKey[] = [];
  while (reader.left() > 0) {
    const blob = reader.string();
    const key = hostKeys.all.find((own) => own.blob.equals(blob));
    if (key === undefined || wanted.length >= hostKeys.all.length) return undefined;
    wanted.push(key);
  }
  return wanted.map((key) => {
    const algorithm = key.type === 'ssh-rsa' ? keyed.rsaAlgorithm : key.type;
    const data = [string('hostkeys-prove-00@openssh.com'), string(keyed.id), string(key.blob)];
    return string(key.sign(algorithm, Buffer.concat(data)));
  });
}

/** Shown by clients that are verbose. */
export const debug = (text: string): Buffer => message(msg.debug, boolean(false), string(text), string(''));
