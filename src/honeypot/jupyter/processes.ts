/** `/api/terminals`, `/api/kernels`, `/api/sessions`: what runs, and how it is started and ended. */
import { type Answer, type Call, HttpError, json, redirect, Unhandled } from './answer.ts';
import { bodyOf } from './contents.ts';
import { kernelSpec } from './kernel/information.ts';
import { type Kernel, startKernel } from './kernel/kernel.ts';
import { dumps } from './python-json.ts';
import { type NotebookSession, newId } from './server.ts';
import { startTerminal, type Terminal } from './terminal.ts';

/** Of one source: of more, the oldest that nobody watches ends. */
const most = { terminals: 30, kernels: 20, sessions: 200 } as const;

function makeRoom<T extends { close(): void }>(
  all: Map<string, T>,
  limit: number,
  isIdle: (one: T) => boolean,
): void {
  for (const [name, one] of all) {
    if (all.size < limit) return;
    if (!isIdle(one)) continue;
    one.close();
    all.delete(name);
  }
  if (all.size >= limit) throw new Unhandled('OSError: out of pty devices');
}

function terminalModel({ name, lastActivity }: Terminal) {
  return { name, last_activity: lastActivity };
}

function createTerminal({ server, exchange }: Call, wanted?: string): Terminal {
  makeRoom(server.terminals, most.terminals, (one) => !one.isWatched);
  let number = 1;
  while (server.terminals.has(String(number))) number += 1;
  const name = wanted ?? String(number);
  const terminal = startTerminal(server, name, exchange.connection);
  server.terminals.set(name, terminal);
  server.lastActivity = Date.now();
  return terminal;
}

function terminalOf({ server }: Call, name = ''): Terminal {
  const terminal = server.terminals.get(name);
  if (terminal === undefined) throw new HttpError(404, `Terminal not found: ${name}`);
  return terminal;
}

export function listTerminals({ server }: Call): Answer {
  return json([...server.terminals.values()].map(terminalModel));
}

export function postTerminal(call: Call): Answer {
  return json(terminalModel(createTerminal(call)));
}

export function getTerminal(call: Call): Answer {
  return json(terminalModel(terminalOf(call, call.args[0])));
}

export function deleteTerminal(call: Call): Answer {
  const terminal = terminalOf(call, call.args[0]);
  terminal.close();
  call.server.terminals.delete(terminal.name);
  return { status: 204 };
}

/** A page that makes one, without any token. */
export function newTerminal(call: Call): Answer {
  return redirect(`/terminals/${createTerminal(call).name}`);
}

export function newNamedTerminal(call: Call): Answer {
  const [name = ''] = call.args;
  if (name === 'new') throw new HttpError(400, "Terminal name 'new' is reserved.");
  const known = call.server.terminals.get(name);
  if (known === undefined) createTerminal(call, name);
  return {
    ...redirect(`/terminals/${name}`),
    ...(known !== undefined && { body: dumps(terminalModel(known)) }),
  };
}

function kernelModel({ id, lastActivity, state, connections }: Kernel) {
  return { id, name: 'python3', last_activity: lastActivity, execution_state: state, connections };
}

function kernelOf({ server }: Call, id = ''): Kernel {
  const kernel = server.kernels.get(id);
  if (kernel === undefined) throw new HttpError(404, `Kernel does not exist: ${id}`);
  return kernel;
}

function createKernel({ server, exchange }: Call): Kernel {
  makeRoom(server.kernels, most.kernels, (one) => one.connections === 0);
  const kernel = startKernel(server, exchange.connection);
  server.kernels.set(kernel.id, kernel);
  server.lastActivity = Date.now();
  return kernel;
}

export function listKernels({ server }: Call): Answer {
  return json([...server.kernels.values()].map(kernelModel));
}

export function postKernel(call: Call): Answer {
  const name = bodyOf(call)?.name ?? kernelSpec.name;
  if (name !== kernelSpec.name)
    throw new Unhandled(`jupyter_client.kernelspec.NoSuchKernel: No such kernel named ${name}`);
  const kernel = createKernel(call);
  return json(kernelModel(kernel), 201, [['Location', `/api/kernels/${kernel.id}`]]);
}

export function getKernel(call: Call): Answer {
  return json(kernelModel(kernelOf(call, call.args[0])));
}

export function deleteKernel(call: Call): Answer {
  const kernel = kernelOf(call, call.args[0]);
  kernel.close();
  call.server.kernels.delete(kernel.id);
  for (const [id, session] of call.server.sessions)
    if (session.kernel === kernel.id) call.server.sessions.delete(id);
  return { status: 204 };
}

export function actOnKernel(call: Call): Answer {
  const kernel = kernelOf(call, call.args[0]);
  if (call.args[1] === 'interrupt') {
    kernel.interrupt();
    return { status: 204 };
  }
  kernel.restart();
  return json(kernelModel(kernel));
}

function sessionModel(call: Call, { id, path, name, type, kernel }: NotebookSession) {
  return {
    id,
    path,
    name,
    type,
    kernel: kernelModel(kernelOf(call, kernel)),
    ...(type === 'notebook' && { notebook: { path, name } }),
  };
}

export function listSessions(call: Call): Answer {
  return json([...call.server.sessions.values()].map((session) => sessionModel(call, session)));
}

function sessionOf({ server, args }: Call): NotebookSession {
  const [id = ''] = args;
  const session = server.sessions.get(id);
  if (session === undefined) throw new HttpError(404, `Session not found: session_id='${id}'`);
  return session;
}

export function getSession(call: Call): Answer {
  return json(sessionModel(call, sessionOf(call)));
}

export function postSession(call: Call): Answer {
  const model = bodyOf(call);
  if (model === undefined) throw new HttpError(400, 'No JSON data provided');
  const notebook = model.notebook as { path?: unknown } | undefined;
  const isOld = typeof notebook === 'object' && notebook !== null && typeof notebook.path === 'string';
  const path = isOld ? notebook.path : model.path;
  const type = isOld ? 'notebook' : model.type;
  if (path === undefined) throw new HttpError(400, 'Missing field in JSON data: path');
  if (type === undefined) throw new HttpError(400, 'Missing field in JSON data: type');
  const wanted = (model.kernel ?? {}) as { id?: unknown; name?: unknown };
  const known = [...call.server.sessions.values()].find((one) => one.path === path);
  const session = known ?? {
    id: newId(),
    path: String(path).slice(0, 1000),
    name: typeof model.name === 'string' ? model.name.slice(0, 1000) : '',
    type: String(type).slice(0, 100),
    kernel: typeof wanted.id === 'string' ? kernelOf(call, wanted.id).id : createKernel(call).id,
  };
  if (call.server.sessions.size < most.sessions) call.server.sessions.set(session.id, session);
  return json(sessionModel(call, session), 201, [['Location', `/api/sessions/${session.id}`]]);
}

export function patchSession(call: Call): Answer {
  const session = sessionOf(call);
  const model = bodyOf(call);
  if (model === undefined) throw new HttpError(400, 'No JSON data provided');
  for (const name of ['path', 'name', 'type'] as const) {
    const value = model[name];
    if (typeof value === 'string') session[name] = value.slice(0, 1000);
  }
  return json(sessionModel(call, session));
}

export function deleteSession(call: Call): Answer {
  const session = sessionOf(call);
  call.server.sessions.delete(session.id);
  call.server.kernels.get(session.kernel)?.close();
  call.server.kernels.delete(session.kernel);
  return { status: 204 };
}
