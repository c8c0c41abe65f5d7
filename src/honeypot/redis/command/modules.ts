/**
 * Modules. What attackers bring with a full synchronisation from a master of theirs, and load then, is a library with
 * commands that run a shell. The synchronisation never happens; where it should have left the file, the file counts as
 * left, and its commands run in the world.
 */

import { leftBy } from '../../run-line.ts';
import { utf8 } from '../bytes.ts';
import { ok, RedisError, silence } from '../reply.ts';
import type { Server } from '../server.ts';
import type { Call, Handlers } from './call.ts';
import { moduleList } from './connection.ts';

export const modules: Handlers = {
  'module|list': (call) => moduleList(call),
  'module|load': (call, path, ...args) => load(call, path!, args),
  'module|loadex': (call, path, ...args) => {
    const known = args.length === 0 || /^(?:config|args)$/i.test(args[0]!);
    if (!known) throw new RedisError('ERR syntax error');
    return load(call, path!, args);
  },
  'module|unload': ({ server, tell }, name) => {
    tell('module.unload', { texts: [], data: { name: utf8(name!).slice(0, 200) } });
    if (!server.modules.delete(name!))
      throw new RedisError('ERR Error unloading module: no such module with that name');
    return ok;
  },
  'system.exec': (call, line, more) => {
    if (line === undefined || more !== undefined)
      throw new RedisError("ERR wrong number of arguments for 'system.exec' command");
    return runs(call, line);
  },
  'shell.exec': (call, ...words) => runs(call, words.join(' ')),
  'system.rev': ({ client, tell }, host, port) => {
    if (host === undefined || port === undefined)
      throw new RedisError("ERR wrong number of arguments for 'system.rev' command");
    tell('module.exec', {
      texts: [`${utf8(host)}:${utf8(port)}`],
      data: { command: `system.rev ${utf8(host)} ${utf8(port)}`.slice(0, 400) },
      notes: [
        { kind: 'connect', tool: 'system.rev', host: utf8(host).slice(0, 255), port: Number(port) || 0 },
      ],
    });
    // The server itself becomes the shell at the other end.
    client.isClosing = true;
    return silence;
  },
};

async function runs({ server, tell }: Call, bytes: string) {
  const line = utf8(bytes);
  const ran = await server.runs(line);
  const { output, exitCode, notes } = ran;
  tell('module.exec', {
    texts: [line],
    commands: [line],
    notes,
    artefacts: leftBy(server.world, [ran]),
    data: { command: line.slice(0, 8000), exitCode, output: output.toString('utf8').slice(0, 4000) },
  });
  return output.toString('latin1');
}

/** The name that such libraries give themselves. */
const name = 'system';
const elf = Buffer.from('\x7fELF', 'latin1');

function load({ server, tell }: Call, path: string, args: readonly string[]) {
  const content = contentAt(server, path);
  const isLibrary = content?.subarray(0, 4).equals(elf) === true;
  const isLoaded = isLibrary || isLeftByMaster(server, path);
  tell('module.load', {
    texts: [utf8(path)],
    data: { path: utf8(path).slice(0, 1000), args: args.slice(0, 20).map(utf8), isLoaded },
    ...(isLibrary && content.length > 0 && { artefacts: [{ name: utf8(path), content }] }),
  });
  if (!isLoaded || server.modules.has(name))
    throw new RedisError('ERR Error loading the extension. Please check the server logs.');
  server.modules.set(name, path);
  return ok;
}

function contentAt(server: Server, path: string): Buffer | undefined {
  try {
    return server.read(path);
  } catch {
    return undefined;
  }
}

/** It is where the snapshot of the master that was named would lie. */
function isLeftByMaster(server: Server, path: string): boolean {
  if (!server.replication.wasReplica) return false;
  const { config } = server;
  const file = config.get('dbfilename');
  return path === file || path === `./${file}` || path === `${config.get('dir').replace(/\/$/, '')}/${file}`;
}
