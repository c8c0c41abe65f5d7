/** Which handler a path leads to: notebook 6.4's own list, in its order. */
import { type Answer, type Call, HttpError, json, type Kind, page, redirect } from './answer.ts';
import {
  createCheckpoint,
  deleteContents,
  getContents,
  isHidden,
  listCheckpoints,
  patchContents,
  placeOf,
  postContents,
  putContents,
  viewOf,
} from './contents.ts';
import { kernelSpec } from './kernel/information.ts';
import { mimeTypeOf } from './mime-types.ts';
import { editPage, favicon, notebookPage, terminalPage, treePage } from './pages.ts';
import {
  actOnKernel,
  deleteKernel,
  deleteSession,
  deleteTerminal,
  getKernel,
  getSession,
  getTerminal,
  listKernels,
  listSessions,
  listTerminals,
  newNamedTerminal,
  newTerminal,
  patchSession,
  postKernel,
  postSession,
  postTerminal,
} from './processes.ts';
import { dumps, isoTime } from './python-json.ts';

export type Handler = (call: Call) => Answer | Promise<Answer>;

export interface Route {
  /** Of the path as it came; its groups are the handler's arguments. */
  readonly pattern: RegExp;
  readonly kind: Kind;
  readonly methods: Readonly<Record<string, Handler>>;
  /** Other methods are none, whatever token comes with them. */
  readonly only?: readonly string[];
  /** Taken over by a WebSocket. */
  readonly socket?: 'terminal' | 'kernel';
}

const path = '((?:/[^/]+)+|/?)';
const uuid = '(\\w+-\\w+-\\w+-\\w+-\\w+)';

function route(
  pattern: string,
  kind: Kind,
  methods: Route['methods'],
  more: Pick<Route, 'only' | 'socket'> = {},
): Route {
  return { pattern: new RegExp(`^${pattern}$`), kind, methods, ...more };
}

export const routes: readonly Route[] = [
  route('/terminals/new', 'page', { GET: newTerminal }),
  route('/terminals/new/(\\w+)', 'page', { GET: newNamedTerminal }),
  route('/terminals/(\\w+)', 'page', { GET: ({ server, args }) => page(terminalPage(server, args[0]!)) }),
  route('/terminals/websocket/(\\w+)', 'page', {}, { socket: 'terminal' }),
  route('/api/terminals', 'api', { GET: listTerminals, POST: postTerminal }),
  route(
    '/api/terminals/(\\w+)',
    'api',
    { GET: getTerminal, DELETE: deleteTerminal },
    { only: ['GET', 'DELETE'] },
  ),
  route(`/tree${path}`, 'page', { GET: tree }),
  route('/tree', 'page', { GET: tree }),
  route('/login', 'page', { GET: login }),
  route('/logout', 'page', { GET: () => redirect('/') }),
  route(`/files${path}`, 'file', { GET: file, HEAD: file }),
  route(`/notebooks${path}`, 'page', { GET: notebook }),
  route('/edit(/.+)', 'page', { GET: edit }),
  route('/api/spec\\.yaml', 'page', { GET: absent }),
  route('/api/status', 'api', { GET: status }),
  route('/api/config/[\\w.%-]+', 'api', {
    GET: () => json({}),
    PUT: () => ({ status: 204 }),
    PATCH: () => json({}),
  }),
  route(`/api/contents${path}/checkpoints`, 'api', { GET: listCheckpoints, POST: createCheckpoint }),
  route(`/api/contents${path}/checkpoints/[\\w-]+`, 'api', {
    POST: () => ({ status: 204 }),
    DELETE: () => ({ status: 204 }),
  }),
  route(`/api/contents${path}/trust`, 'page', { POST: () => ({ status: 201 }) }),
  route(`/api/contents${path}`, 'api', {
    GET: getContents,
    PUT: putContents,
    POST: postContents,
    PATCH: patchContents,
    DELETE: deleteContents,
  }),
  route('/api/notebooks/?(.*)', 'page', { GET: ({ args }) => redirect(`/api/contents/${args[0]}`) }),
  route(`/api/sessions/${uuid}`, 'api', { GET: getSession, PATCH: patchSession, DELETE: deleteSession }),
  route('/api/sessions', 'api', { GET: listSessions, POST: postSession }),
  route('/api/nbconvert', 'api', { GET: refererOnly }),
  route('/api/security/csp-report', 'api', { POST: () => ({ status: 200, type: 'application/json' }) }),
  route('/api/shutdown', 'page', { POST: () => ({ status: 200 }) }),
  route('/api/kernels', 'api', { GET: listKernels, POST: postKernel }),
  route(`/api/kernels/${uuid}`, 'api', { GET: getKernel, DELETE: deleteKernel }),
  route(`/api/kernels/${uuid}/(restart|interrupt)`, 'api', { POST: actOnKernel }),
  route(`/api/kernels/${uuid}/channels`, 'socket', {}, { socket: 'kernel' }),
  route('/api/kernelspecs', 'api', {
    GET: () => json({ default: kernelSpec.name, kernelspecs: { [kernelSpec.name]: kernelSpec } }),
  }),
  route('/api/kernelspecs/([\\w.%-]+)', 'api', { GET: kernelspec }),
  route('/.*/', 'plain', { GET: withoutSlash, POST: withoutSlash, PUT: withoutSlash }),
  route('/api', 'api', { GET: () => json({ version: '6.4.12' }) }),
  route('/robots\\.txt', 'page', { GET: () => shipped('text/plain', 'User-agent: *\nDisallow: / \n') }),
  route('/favicon\\.ico', 'page', {
    GET: () => shipped('image/vnd.microsoft.icon', favicon),
    HEAD: () => shipped('image/vnd.microsoft.icon', favicon),
  }),
  route('/?', 'plain', { GET: ({ exchange }) => redirect(`/tree?${queryOf(exchange.target)}`) }),
];

/** What has no handler; a template for any method. */
export const missing: Route = route('(.*)', 'page', {
  GET: absent,
  HEAD: absent,
  POST: absent,
  PUT: absent,
  PATCH: absent,
  DELETE: absent,
  OPTIONS: absent,
});

function absent(): never {
  throw new HttpError(404);
}

function queryOf(target: string): string {
  const mark = target.indexOf('?');
  return mark < 0 ? '' : target.slice(mark + 1);
}

function withoutSlash({ exchange: { target, path: asked } }: Call): Answer {
  const query = queryOf(target);
  return redirect(`/${asked.replace(/^\/+|\/+$/g, '')}${query === '' ? '' : `?${query}`}`);
}

function login({ exchange }: Call): Answer {
  const next = exchange.query.get('next') ?? '/';
  return redirect(/^\/(?!\/)/.test(next) ? next : '/');
}

function status({ server }: Call): Answer {
  const connections = [...server.kernels.values()].reduce((sum, one) => sum + one.connections, 0);
  return {
    status: 200,
    type: 'application/json',
    body: dumps({
      connections,
      kernels: server.kernels.size,
      last_activity: isoTime(server.lastActivity),
      started: isoTime(server.startedAt),
    }),
  };
}

function kernelspec({ args: [name] }: Call): Answer {
  if (name !== kernelSpec.name) throw new HttpError(404, `Kernel spec ${name} not found`);
  return json(kernelSpec);
}

function refererOnly(): never {
  throw new HttpError(403, 'Blocking request from unknown origin');
}

/** Of the package itself, which is as old as its release. */
function shipped(type: string, body: string | Buffer): Answer {
  const headers = [
    ['Accept-Ranges', 'bytes'],
    ['Last-Modified', 'Tue, 07 Jun 2022 16:39:37 GMT'],
    ['Cache-Control', 'no-cache'],
  ] as const;
  return { status: 200, type, headers, body, hasNoTag: true };
}

function tree(call: Call): Answer {
  const inner = (call.args[0] ?? '').replace(/^\/+|\/+$/g, '');
  const view = viewOf(call);
  const place = placeOf(call, inner);
  if (!view.exists(place) || isHidden(inner)) throw new HttpError(404);
  if (view.stat(place).kind === 'directory') return page(treePage(call.server, inner));
  const service = inner.endsWith('.ipynb') ? 'notebooks' : 'files';
  return redirect(`/${service}/${inner.split('/').map(encodeURIComponent).join('/')}`);
}

function notebook(call: Call): Answer {
  const inner = (call.args[0] ?? '').replace(/^\/+|\/+$/g, '');
  const view = viewOf(call);
  const place = placeOf(call, inner);
  if (!view.exists(place)) throw new HttpError(404, `file or directory does not exist: '${inner}'`);
  const encoded = inner.split('/').map(encodeURIComponent).join('/');
  if (view.stat(place).kind === 'directory') return redirect(`/tree/${encoded}`);
  return inner.endsWith('.ipynb') ? page(notebookPage(call.server, inner)) : redirect(`/files/${encoded}`);
}

function edit(call: Call): Answer {
  return page(editPage(call.server, (call.args[0] ?? '').replace(/^\/+|\/+$/g, '')));
}

/** `/files/…`: the file itself. */
function file(call: Call): Answer {
  const inner = (call.args[0] ?? '').replace(/^\/+|\/+$/g, '');
  const { exchange } = call;
  // Whoever has neither token nor page before: a script of another site could be it.
  const isKnown =
    exchange.header('referer') !== undefined ||
    exchange.header('x-xsrftoken') !== undefined ||
    exchange.query.has('_xsrf');
  if (!isKnown) throw new HttpError(403, 'Blocking request from unknown origin');
  const view = viewOf(call);
  const place = placeOf(call, inner);
  if (isHidden(inner) || !view.exists(place)) throw new HttpError(404);
  const node = view.stat(place);
  if (node.kind !== 'file') throw new HttpError(403, `${inner} is not a file`);
  const type = inner.endsWith('.ipynb')
    ? 'application/x-ipynb+json'
    : (mimeTypeOf(inner) ?? 'application/octet-stream');
  const name = inner.slice(inner.lastIndexOf('/') + 1);
  const isDownload = inner.endsWith('.ipynb') || exchange.query.has('download');
  return {
    status: 200,
    type: type === 'text/plain' ? 'text/plain; charset=UTF-8' : type,
    headers: [
      ...(isDownload
        ? ([['Content-Disposition', `attachment; filename*=utf-8''${encodeURIComponent(name)}`]] as const)
        : []),
      ['Accept-Ranges', 'bytes'],
      ['Last-Modified', new Date(node.mtime).toUTCString()],
      ['Cache-Control', 'no-cache'],
    ],
    body: Buffer.from(view.read(place)),
    hasNoTag: true,
  };
}
