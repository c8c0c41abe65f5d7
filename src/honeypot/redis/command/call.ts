/** The contract of a command: a function of what was asked, that answers or throws a `RedisError`. */
import type { Recorded } from '../../decoy.ts';
import type { Client } from '../client.ts';
import type { Database } from '../keyspace.ts';
import type { Reply } from '../reply.ts';
import type { Server } from '../server.ts';

/** What a command is called with, beside its arguments. */
export interface Call {
  /** `get`, `config|set`. */
  readonly name: string;
  /** The same, or the subcommand's own name, as it was sent. */
  readonly word: string;
  readonly server: Server;
  readonly client: Client;
  /** The one that the client selected. */
  readonly db: Database;
  /** Runs another command for the same client, as transactions and scripts do. @throws RedisError */
  perform(args: readonly string[]): Reply | Promise<Reply>;
  /** Makes an event of its own of it, in place of `command`. */
  tell(type: string, what: Recorded): void;
}

/** @param args without the names of the command and its subcommand, as many as its arity says */
export type Handler = (call: Call, ...args: string[]) => Reply | Promise<Reply>;

/** By name; subcommands as `config|set`. */
export type Handlers = Readonly<Record<string, Handler>>;
