/**
 * The authentication service (RFC 4252) as Debian's sshd runs it: passwords and keys, six failures, and an answer that
 * does not tell by its time whether a user exists.
 */
import { createHash, randomBytes, randomInt } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { boolean, decoded, message, type Reader, string, u8 } from './bytes.ts';
import { disconnect, hangUp } from './fault.ts';
import type { Session } from './key-exchange.ts';
import { msg } from './messages.ts';
import type { Transport } from './transport.ts';
import { fingerprintOf, readUserKey, typeOf } from './user-keys.ts';

/** One request of a client, as it came. Strings are as long as clients make them, up to a packet's 256 KiB. */
export interface Attempt {
  /** Without what may follow after a colon or a slash. */
  readonly user: string;
  /** `none`, `password`, `publickey`, or what else the client would like, as `keyboard-interactive`. */
  readonly method: string;
  readonly password?: string;
  /** The client asks to change its password to this one. */
  readonly newPassword?: string;
  readonly key?: OfferedKey;
  /**
   * False where sshd refuses without asking anybody: an unknown method or service, a key that it cannot use, a
   * signature that is wrong. The answer to such an attempt counts for nothing.
   */
  readonly isEligible: boolean;
}

/** Whether a client is let in; with what sshd remarks to clients that are verbose, as which line of a file let it in. */
export type Answer = boolean | { readonly remarks: readonly string[] };

export interface OfferedKey {
  /** `ssh-rsa`; empty where the key is garbage. */
  readonly type: string;
  /** How it would be signed with: `rsa-sha2-512`. */
  readonly algorithm: string;
  readonly blob: Buffer;
  /** `SHA256:…` */
  readonly fingerprint: string;
  /** Whether the client has shown that it has the private key, or only asks if this one would do. */
  readonly signature: 'absent' | 'valid' | 'invalid';
}

export interface AuthenticationContext {
  readonly transport: Transport;
  readonly session: Session;
  readonly mostFailures: number;
  /** Least and most milliseconds that PAM waits after a wrong password. */
  readonly failedPasswordMs: readonly [least: number, most: number];
  authenticate(attempt: Attempt): Promise<Answer>;
  succeeded(user: string, remarks: readonly string[]): void;
}

export interface Authentication {
  /** A USERAUTH_REQUEST, after the service was asked for. */
  receive(reader: Reader): Promise<void>;
}

/** sshd's own bound of requests, whatever comes of them. */
const mostAttempts = 1024;

const connectionService = 'ssh-connection';
const hostBound = 'publickey-hostbound-v00@openssh.com';

/** A request after its first three fields. */
interface Request {
  readonly user: string;
  /** What follows the user's name after a colon, as it is signed with. */
  readonly style: string;
  readonly service: string;
  readonly method: string;
  readonly reader: Reader;
}

type Outcome =
  | { readonly kind: 'refused' | 'to be signed' }
  | { readonly kind: 'accepted'; readonly remarks: readonly string[] };

const refused: Outcome = { kind: 'refused' };

export function createAuthentication(context: AuthenticationContext): Authentication {
  const { transport, session } = context;
  let first: Pick<Request, 'user' | 'service'> | undefined;
  let attempts = 0;
  let failures = 0;
  let isNoneUsed = false;

  /** Asks the decoy, if there is anything to ask. */
  const ask = async (request: Request, attempt: Omit<Attempt, 'user'>): Promise<Outcome> => {
    const isEligible = attempt.isEligible && request.service === connectionService;
    const answer = await context.authenticate({ ...attempt, user: decoded(request.user), isEligible });
    if (answer === false || !isEligible) return refused;
    return { kind: 'accepted', remarks: answer === true ? [] : answer.remarks };
  };

  const none = async (request: Request): Promise<Outcome> => {
    if (!isNoneUsed) request.reader.end();
    isNoneUsed = true;
    return ask(request, { method: 'none', isEligible: false });
  };

  const password = async (request: Request): Promise<Outcome> => {
    const { reader } = request;
    const changes = reader.u8() !== 0;
    const password = decoded(reader.text());
    const change = changes ? { newPassword: decoded(reader.text()) } : {};
    reader.end();
    const outcome = await ask(request, { method: 'password', password, ...change, isEligible: !changes });
    if (outcome === refused && !changes) await rest(randomBetween(...context.failedPasswordMs));
    return outcome;
  };

  const publicKey = async (request: Request): Promise<Outcome> => {
    const { reader, method } = request;
    const isSigned = reader.u8() !== 0;
    const algorithm = reader.text();
    const blob = reader.string();
    if (method === hostBound && !reader.string().equals(session.hostKey.blob)) {
      throw hangUp('wrong host key in the request');
    }
    const key = readUserKey(algorithm, blob);
    const signature = isSigned && key !== undefined ? reader.string() : undefined;
    if (key !== undefined) reader.end();
    const isValid =
      signature !== undefined &&
      key?.verifies(algorithm, signedData(session, request, algorithm, blob), signature);
    const offered: OfferedKey = {
      type: decoded(typeOf(blob)),
      algorithm: decoded(algorithm),
      blob: Buffer.from(blob),
      fingerprint: fingerprintOf(blob),
      signature: !isSigned ? 'absent' : isValid ? 'valid' : 'invalid',
    };
    const isEligible = key !== undefined && (!isSigned || isValid === true);
    const outcome = await ask(request, { method: 'publickey', key: offered, isEligible });
    if (outcome === refused || isSigned) return outcome;
    transport.send(message(msg.userauthPkOk, string(algorithm), string(blob)));
    return { kind: 'to be signed' };
  };

  const handle = (request: Request): Promise<Outcome> => {
    switch (request.method) {
      case 'none':
        return none(request);
      case 'password':
        return password(request);
      case 'publickey':
      case hostBound:
        return publicKey(request);
      default:
        return ask(request, { method: decoded(request.method), isEligible: false });
    }
  };

  const finish = (request: Request, outcome: Outcome): void => {
    if (outcome.kind === 'to be signed') return;
    if (outcome.kind === 'accepted') {
      transport.send(message(msg.userauthSuccess));
      transport.startCompression();
      context.succeeded(decoded(request.user), outcome.remarks);
      return;
    }
    if (attempts > 1 || request.method !== 'none') failures++;
    if (failures >= context.mostFailures) throw disconnect('Too many authentication failures');
    transport.send(message(msg.userauthFailure, string('publickey,password'), boolean(false)));
  };

  return {
    async receive(reader) {
      const begin = performance.now();
      const request = readRequest(reader);
      if (attempts >= mostAttempts) throw disconnect('Too many authentication failures');
      attempts++;
      first ??= { user: request.user, service: request.service };
      if (request.user !== first.user || request.service !== first.service) {
        throw disconnect(
          'Change of username or service not allowed: ' +
            `(${first.user},${first.service}) -> (${request.user},${request.service})`,
        );
      }
      const outcome = await handle(request);
      const elapsed = performance.now() - begin;
      await rest(steppedTime(request.user, elapsed) - elapsed);
      finish(request, outcome);
    },
  };
}

/** `user`, `user:style`, `user/role`, `user/role:style`. */
function readRequest(reader: Reader): Request {
  const [name, service, method] = [reader.text(), reader.text(), reader.text()];
  const [user = '', ...styles] = name.replace(/\/.*$/s, '').split(':');
  const style = styles.length > 0 ? styles.join(':') : (/\/.*?:(.*)$/s.exec(name)?.[1] ?? '');
  return { user, style, service, method, reader };
}

const signedData = (session: Session, request: Request, algorithm: string, blob: Buffer): Buffer =>
  Buffer.concat([
    string(session.id),
    u8(msg.userauthRequest),
    string(request.style === '' ? request.user : `${request.user}:${request.style}`),
    string(request.service),
    string(request.method),
    boolean(true),
    string(algorithm),
    string(blob),
    ...(request.method === hostBound ? [string(session.hostKey.blob)] : []),
  ]);

const timingSecret = randomBytes(8);

/**
 * sshd answers after five to nine milliseconds, always the same for one user, doubled as often as that has passed.
 * @param elapsed milliseconds that went by
 * @returns milliseconds after which the answer goes out
 */
function steppedTime(user: string, elapsed: number): number {
  const digest = createHash('sha512').update(timingSecret).update(user, 'latin1').digest();
  let time = 5 + digest.readUInt32BE() / 1e9;
  while (time < elapsed) time *= 2;
  return time;
}

const randomBetween = (least: number, most: number): number => randomInt(least, most + 1);

const rest = (ms: number): Promise<void> => pause(ms, undefined, { ref: false });
