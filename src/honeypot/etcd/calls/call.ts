/** The contract of a method: the messages that came, what it answers, and what becomes known of it. */
import type { Connection, Recorded } from '../../decoy.ts';
import type { Etcd } from '../server.ts';
import type { Message, MessageName } from '../wire/schema.ts';

export interface Call {
  readonly etcd: Etcd;
  readonly connection: Connection;
  /** Of the header `authorization`, or of gRPC's `token`. */
  readonly token: string | undefined;
  /** Writes an event; what is answered later was recorded. */
  tell(type: string, what: Recorded): void;
  /** Ends with the client. */
  readonly signal: AbortSignal;
}

/** One message for one. @throws EtcdError */
export type Unary = (call: Call, request: Message) => Message;

/** Messages for messages, as they come. @throws EtcdError */
export type Streaming = (call: Call, requests: AsyncIterable<Message>) => AsyncIterable<Message>;

export interface Method {
  /** As gRPC calls it: `/etcdserverpb.KV/Range`. */
  readonly path: string;
  /** As the gateway calls it, without the version: `/kv/range`. */
  readonly route: string;
  readonly request: MessageName;
  readonly response: MessageName;
  readonly unary?: Unary;
  readonly streaming?: Streaming;
}
