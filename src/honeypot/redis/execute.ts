/** From a command as it came to its reply: whether there is such a command, whether it may, then what it does. */
import type { Recorded } from '../decoy.ts';
import type { Client } from './client.ts';
import type { Call, Handler } from './command/call.ts';
import { type Command, commands, takes } from './commands.ts';
import { handlers } from './handlers.ts';
import { costOf } from './keyspace.ts';
import { RedisError, type Reply, silence, status } from './reply.ts';
import type { Request } from './request.ts';

export type Tell = Call['tell'];

/** What came of a request. */
export interface Outcome {
  readonly reply: Reply;
  /** Events that the command makes of itself. */
  readonly told: readonly (readonly [type: string, what: Recorded])[];
}

/** Commands queued by MULTI. */
const maxQueue = 1000;
const beforePassword: ReadonlySet<string> = new Set(['auth', 'hello', 'quit', 'reset']);
const whileQueueing: ReadonlySet<string> = new Set(['exec', 'discard', 'multi', 'watch', 'quit', 'reset']);
const whileSubscribed: ReadonlySet<string> = new Set([
  'ping',
  'subscribe',
  'ssubscribe',
  'sunsubscribe',
  'unsubscribe',
  'psubscribe',
  'punsubscribe',
  'quit',
  'reset',
]);

/** @returns never fails; what goes wrong is the reply */
export async function execute(client: Client, request: Request): Promise<Outcome> {
  const told: [string, Recorded][] = [];
  const tell: Tell = (type, what) => told.push([type, what]);
  const { server } = client;
  try {
    const reply = await answer(client, request, tell);
    return { reply, told };
  } catch (error) {
    if (!(error instanceof RedisError)) throw error;
    server.statistics.countError(error.message);
    return { reply: { kind: 'error', text: error.message }, told };
  }
}

function answer(client: Client, request: Request, tell: Tell): Reply | Promise<Reply> {
  const { args } = request;
  const { server } = client;
  const name = args[0]!.toLowerCase();
  client.lastAt = Date.now();
  client.lastSize = { bytes: request.raw.length, args: args.reduce((sum, { length }) => sum + length, 0) };
  // What browsers send is not for Redis, and it hangs up before it answers.
  if (name === 'post' || name === 'host:') {
    client.isClosing = true;
    client.wire.close();
    return silence;
  }
  try {
    const command = find(server.hasModule(name) ? moduleCommand(name) : commands.get(name), args);
    client.lastCommand = command.name;
    require(client, command);
    if (request.isCut) throw new RedisError("OOM command not allowed when used memory > 'maxmemory'.");
    if (client.queue !== undefined && !whileQueueing.has(name)) {
      if (command.flags.has('no_multi'))
        throw new RedisError(
          `ERR ${command.name === 'monitor' ? 'MONITOR' : 'Command'} isn't allowed in MULTI`,
        );
      if (client.queue.length >= maxQueue)
        throw new RedisError("OOM command not allowed when used memory > 'maxmemory'.");
      client.queue.push(request);
      return status('QUEUED');
    }
    return invoke(client, command, args, tell);
  } catch (error) {
    if (client.queue !== undefined) client.isQueueBroken = true;
    throw error;
  }
}

/** Of transactions and scripts. */
function perform(client: Client, args: readonly string[], tell: Tell): Reply | Promise<Reply> {
  const command = find(commands.get(args[0]!.toLowerCase()), args);
  require(client, command);
  return invoke(client, command, args, tell);
}

/** @throws RedisError in the words of `commandCheckExistence` and `commandCheckArity` */
function find(command: Command | undefined, args: readonly string[]): Command {
  if (command === undefined) {
    let list = '';
    for (const arg of args.slice(1)) {
      if (list.length >= 128) break;
      list += `'${arg.slice(0, 128 - list.length)}' `;
    }
    throw new RedisError(
      `ERR unknown command '${args[0]!.slice(0, 128)}', with args beginning with: ${list}`,
    );
  }
  const own = command.subcommands.size > 0 ? args[1] : undefined;
  const found = own === undefined ? command : command.subcommands.get(own.toLowerCase());
  if (found === undefined)
    throw new RedisError(
      `ERR unknown subcommand '${own!.slice(0, 128)}'. Try ${command.name.toUpperCase()} HELP.`,
    );
  if (!takes(found, args.length))
    throw new RedisError(`ERR wrong number of arguments for '${found.name}' command`);
  return found;
}

/** @throws RedisError for what this client may not do now, in the order of `processCommand` */
function require(client: Client, command: Command): void {
  const { server } = client;
  const container = command.name.split('|')[0]!;
  if (container === 'debug')
    throw new RedisError(
      'ERR DEBUG command not allowed. If the enable-debug-command option is set to "local", you can run it from a local connection, otherwise you need to set this option in the configuration file, and then restart the server.',
    );
  if (!client.isKnown && !beforePassword.has(container))
    throw new RedisError('NOAUTH Authentication required.');
  if (
    server.replication.master !== undefined &&
    command.flags.has('write') &&
    server.config.get('replica-read-only') === 'yes'
  )
    throw new RedisError("READONLY You can't write against a read only replica.");
  if (client.protocol === 2 && client.subscriptions > 0 && !whileSubscribed.has(container))
    throw new RedisError(
      `ERR Can't execute '${command.name}': only (P|S)SUBSCRIBE / (P|S)UNSUBSCRIBE / PING / QUIT / RESET are allowed in this context`,
    );
  if ((client.isMonitor || client.isReplica) && command.keys[0] > 0)
    throw new RedisError("ERR Replica can't interact with the keyspace");
}

function invoke(
  client: Client,
  command: Command,
  args: readonly string[],
  tell: Tell,
): Reply | Promise<Reply> {
  const { server } = client;
  const handler: Handler | undefined = handlers[command.name];
  if (handler === undefined)
    throw new RedisError(`ERR wrong number of arguments for '${command.name}' command`);
  if (command.flags.has('denyoom')) client.database.keyspace.need(costOf(args));
  if (!command.flags.has('skip_monitor')) server.showMonitors(client, args);
  const call: Call = {
    name: command.name,
    word: args[command.name.includes('|') ? 1 : 0]!,
    server,
    client,
    db: client.database,
    perform: (words) => perform(client, words, tell),
    tell,
  };
  const reply = handler(call, ...args.slice(command.name.includes('|') ? 2 : 1));
  server.statistics.countCall(command.name);
  return reply;
}

function moduleCommand(name: string): Command {
  return {
    name,
    arity: -1,
    flags: new Set(['admin']),
    keys: [0, 0, 0],
    categories: [],
    tips: [],
    keySpecs: [],
    subcommands: new Map(),
  };
}
