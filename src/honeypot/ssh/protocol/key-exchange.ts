/**
 * Key exchange, the first and all later ones (RFC 4253, 7 to 9; RFC 4419; RFC 8308; OpenSSH's PROTOCOL, 1.10). Each
 * connection has one of these, which is handed all messages of the transport layer while keys are being exchanged.
 */
import { createHash } from 'node:crypto';
import { type Agree, chooseGroup, type Method, methodOf } from './agreement.ts';
import {
  type Algorithms,
  isStrict,
  kexInitOf,
  negotiate,
  type Proposal,
  readKexInit,
  takesExtInfo,
} from './algorithms.ts';
import { message, mpint, type Reader, readerOf, string, u32 } from './bytes.ts';
import { disconnect } from './fault.ts';
import type { HostKey, HostKeyring } from './host-keys.ts';
import { deriveKeys } from './key-derivation.ts';
import { msg } from './messages.ts';
import type { Packet } from './packets.ts';
import type { Throttle } from './throttle.ts';
import type { Transport } from './transport.ts';

export interface KeyExchange {
  /** Sends KEXINIT, unless an exchange is under way. */
  start(): void;
  /** An exchange has begun, and the client's NEWKEYS is still to come. */
  isRunning(): boolean;
  /** Takes a message of the transport layer; the next one has to wait for the promise. */
  receive(packet: Packet): void | Promise<void>;
  /** The first exchange, in a session that is strict: nothing but its messages is allowed. */
  isExclusive(): boolean;
}

/** What the first exchange leaves to the services above. */
export interface Session {
  readonly id: Buffer;
  readonly hostKey: HostKey;
  /** How this client wants to have it signed with RSA keys. */
  readonly rsaAlgorithm: string;
}

export interface KeyExchangeContext {
  readonly transport: Transport;
  readonly throttle: Throttle;
  readonly hostKeys: HostKeyring;
  readonly proposal: Proposal;
  readonly serverLine: string;
  readonly clientLine: string;
  /** Called with the client's first KEXINIT, before anything is made of it. */
  offered(client: Proposal): void;
  /** Called once, with the client's first NEWKEYS. */
  established(session: Session): void;
}

/** What the exchange waits for. */
interface Step {
  readonly type: number;
  take(packet: Packet): void;
}

/** What is known once both sides have sent KEXINIT. */
interface Exchange {
  readonly clientInit: Buffer;
  readonly ownInit: Buffer;
  readonly chosen: Algorithms;
  readonly method: Method;
  readonly hostKey: HostKey;
  readonly takesExtInfo: boolean;
  readonly rsaAlgorithm: string;
}

export function createKeyExchange(context: KeyExchangeContext): KeyExchange {
  const { transport } = context;
  let session: Session | undefined;
  let isFirst = true;
  let isStrictSession = false;
  let ownInit: Buffer | undefined;
  let isGuessToSkip = false;

  const start = (): Buffer => {
    if (ownInit === undefined) {
      ownInit = kexInitOf(context.proposal);
      transport.hold();
      transport.send(ownInit);
    }
    return ownInit;
  };

  const offer: Step = {
    type: msg.kexInit,
    take({ sequence, payload }) {
      const client = readKexInit(payload.subarray(1));
      const own = start();
      if (isFirst) {
        context.offered(client.proposal);
        isStrictSession = isStrict(client.proposal, context.proposal);
        if (isStrictSession && sequence !== 0) {
          throw disconnect('strict KEX violation: KEXINIT was not the first packet');
        }
      }
      const chosen = negotiate(client, context.proposal);
      const exchange: Exchange = {
        clientInit: Buffer.from(payload),
        ownInit: own,
        chosen,
        method: methodOf(chosen.kex),
        hostKey: context.hostKeys.for(chosen.hostKey),
        takesExtInfo: takesExtInfo(client.proposal),
        rsaAlgorithm: rsaAlgorithmOf(chosen, client.proposal),
      };
      isGuessToSkip = chosen.guessIsWrong;
      const agree = exchange.method.begin?.();
      step = agree === undefined ? groupRequest(exchange) : clientValue(exchange, agree);
    },
  };
  let step: Step = offer;

  const clientValue = (exchange: Exchange, agree: Agree): Step => ({
    type: msg.kexExchangeInit,
    take({ payload }) {
      const reader = bodyOf(payload);
      const value = reader.string();
      reader.end();
      const { publicValue, secret } = agree(value);
      answer(exchange, msg.kexExchangeReply, publicValue, secret, [string(value), string(publicValue)]);
    },
  });

  const groupRequest = (exchange: Exchange): Step => ({
    type: msg.kexGroupRequest,
    take({ payload }) {
      const reader = bodyOf(payload);
      const request = { least: reader.u32(), wanted: reader.u32(), most: reader.u32() };
      reader.end();
      const { prime, generator, agree } = chooseGroup(request);
      const group = [mpint(prime), mpint(generator)];
      transport.send(message(msg.kexGroup, ...group));
      const agreed = [u32(request.least), u32(request.wanted), u32(request.most), ...group];
      step = groupValue(exchange, agree, agreed);
    },
  });

  const groupValue = (exchange: Exchange, agree: Agree, agreed: readonly Buffer[]): Step => ({
    type: msg.kexGroupInit,
    take({ payload }) {
      const reader = bodyOf(payload);
      const value = reader.string();
      reader.end();
      const { publicValue, secret } = agree(value);
      answer(exchange, msg.kexGroupReply, publicValue, secret, [
        ...agreed,
        mpint(value),
        string(publicValue),
      ]);
    },
  });

  /** Signs the exchange, and goes over to the new keys in our direction. */
  const answer = (
    exchange: Exchange,
    type: number,
    publicValue: Buffer,
    secret: Buffer,
    agreed: readonly Buffer[],
  ): void => {
    const { chosen, method, hostKey } = exchange;
    const hash = createHash(method.hash);
    for (const line of [context.clientLine, context.serverLine]) hash.update(string(line));
    for (const part of [exchange.clientInit, exchange.ownInit, hostKey.blob]) hash.update(string(part));
    for (const part of agreed) hash.update(part);
    const exchangeHash = hash.update(secret).digest();
    session ??= { id: exchangeHash, hostKey, rsaAlgorithm: exchange.rsaAlgorithm };
    const signature = hostKey.sign(chosen.hostKey, exchangeHash);
    transport.send(message(type, string(hostKey.blob), string(publicValue), string(signature)));

    const material = { hash: method.hash, secret, exchangeHash, sessionId: session.id };
    transport.sendNewKeys(chosen.out, deriveKeys(material, 'BDF', chosen.out), isStrictSession);
    if (isFirst && exchange.takesExtInfo) transport.send(extInfo);
    const keys = deriveKeys(material, 'ACE', chosen.in);
    step = {
      type: msg.newKeys,
      take({ payload }) {
        bodyOf(payload).end();
        transport.useNewKeys(chosen.in, keys, isStrictSession);
        ownInit = undefined;
        step = offer;
        if (isFirst && session !== undefined) context.established(session);
        isFirst = false;
      },
    };
  };

  return {
    start,
    isRunning: () => ownInit !== undefined,
    receive(packet) {
      if (isGuessToSkip) {
        isGuessToSkip = false;
        return;
      }
      const type = packet.payload[0]!;
      if (type !== step.type) {
        if (isFirst && isStrictSession) {
          throw disconnect(`strict KEX violation: unexpected packet type ${type} (seqnr ${packet.sequence})`);
        }
        transport.send(message(msg.unimplemented, u32(packet.sequence)));
        return;
      }
      const take = (): void => step.take(packet);
      return type === msg.kexInit ? context.throttle.inTurn(take) : context.throttle.now(take);
    },
    isExclusive: () => isFirst && isStrictSession,
  };
}

const bodyOf = (payload: Buffer): Reader => readerOf(payload.subarray(1));

/** As sshd proves its host keys: with what the exchange used, or else the best that the client knows. */
function rsaAlgorithmOf(chosen: Algorithms, client: Proposal): string {
  if (chosen.hostKey.startsWith('rsa-')) return chosen.hostKey;
  const known = client.hostKey.split(',');
  const best = ['rsa-sha2-512', 'rsa-sha2-256'].find(
    (name) => known.includes(name) || known.includes(`${name}-cert-v01@openssh.com`),
  );
  return best ?? 'ssh-rsa';
}

/** RFC 8308, with the algorithms of users' keys that this build could check, and not only those it takes. */
const extInfo = message(
  msg.extInfo,
  u32(2),
  string('server-sig-algs'),
  string(
    'ssh-ed25519,sk-ssh-ed25519@openssh.com,ecdsa-sha2-nistp256,ecdsa-sha2-nistp384,ecdsa-sha2-nistp521,' +
      'sk-ecdsa-sha2-nistp256@openssh.com,webauthn-sk-ecdsa-sha2-nistp256@openssh.com,ssh-dss,ssh-rsa,' +
      'rsa-sha2-256,rsa-sha2-512',
  ),
  string('publickey-hostbound@openssh.com'),
  string('0'),
);
