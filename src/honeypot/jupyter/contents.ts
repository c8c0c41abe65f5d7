/** `/api/contents`: the files below the server's root, as models (notebook 6.4's FileContentsManager). */
import { FileError, type Node, strerror } from '../world/files/node.ts';
import { maxFile, View } from '../world/files/view.ts';
import { type Answer, type Call, HttpError, json, Unhandled } from './answer.ts';
import { mimeTypeOf } from './mime-types.ts';
import { emptyNotebook, writtenNotebook } from './notebooks.ts';
import { isoTime, loads } from './python-json.ts';

type Model = Readonly<Record<string, unknown>>;

/** Entries of a directory that are listed. */
const mostEntries = 2000;

/** Where an API path leads; outside of the root it leads nowhere. @throws HttpError 404 */
export function placeOf({ server }: Pick<Call, 'server'>, path: string): string {
  const names: string[] = [];
  const inner = path.replace(/^\/+|\/+$/g, '');
  for (const name of inner.split('/')) {
    if (name === '' || name === '.') continue;
    if (name !== '..') names.push(name);
    else if (names.pop() === undefined)
      throw new HttpError(404, `${inner} is outside root contents directory`);
  }
  return [server.root, ...names].join('/');
}

export function viewOf({ server }: Pick<Call, 'server'>): View {
  return new View(server.world.files);
}

function trimmed(path: string): string {
  return path.replace(/^\/+|\/+$/g, '');
}

/** Names that begin with a dot are not shown, nor what is below them. */
export function isHidden(path: string): boolean {
  return path.split('/').some((name) => name.startsWith('.') && name !== '.' && name !== '..');
}

function modelOf(
  call: Call,
  path: string,
  wanted: { type?: string | null; format?: string | null; content: boolean },
): Model {
  const view = viewOf(call);
  const place = placeOf(call, path);
  const inner = trimmed(path);
  if (!view.exists(place)) throw new HttpError(404, `file or directory does not exist: '${inner}'`);
  const node = view.stat(place);
  const base = {
    name: inner.slice(inner.lastIndexOf('/') + 1),
    path: inner,
    last_modified: isoTime(node.mtime),
    created: isoTime(node.mtime),
    content: null,
    format: null,
    mimetype: null,
    size: node.kind === 'file' ? node.size : null,
    writable: true,
  };
  if (node.kind === 'directory') {
    if (wanted.type && wanted.type !== 'directory')
      throw new HttpError(400, `${inner} is a directory, not a ${wanted.type}`, 'bad type');
    if (!wanted.content) return { ...base, type: 'directory' };
    const content = view
      .list(place)
      .filter(({ name }) => !name.startsWith('.') && !/^(?:__pycache__|.*\.py[co]|.*~)$/.test(name))
      .slice(0, mostEntries)
      .map(({ name }) => modelOf(call, `${inner}/${name}`, { content: false }));
    return { ...base, content, format: 'json', type: 'directory' };
  }
  if (wanted.type === 'directory') throw new HttpError(400, `${inner} is not a directory`, 'bad type');
  if (wanted.type === 'notebook' || (!wanted.type && inner.endsWith('.ipynb'))) {
    if (!wanted.content) return { ...base, type: 'notebook' };
    const content = loads(Buffer.from(view.read(place)).toString('utf8'));
    if (content === undefined)
      throw new HttpError(
        400,
        `Unreadable Notebook: ${place} NotJSONError('Notebook does not appear to be JSON: \\'\\'...')`,
      );
    return { ...base, content, format: 'json', type: 'notebook' };
  }
  return { ...base, ...fileContent(view, node, place, inner, wanted), type: 'file' };
}

function fileContent(
  view: View,
  node: Node,
  place: string,
  name: string,
  wanted: { format?: string | null; content: boolean },
): Model {
  const mimetype = mimeTypeOf(name);
  if (!wanted.content || node.kind !== 'file') return { mimetype: mimetype ?? null };
  const bytes = Buffer.from(view.read(place).subarray(0, maxFile));
  const text = bytes.toString('utf8');
  const isText = Buffer.from(text).equals(bytes);
  if (wanted.format === 'text' && !isText)
    throw new HttpError(400, `${place} is not UTF-8 encoded`, 'bad format');
  if (isText && wanted.format !== 'base64')
    return { content: text, format: 'text', mimetype: mimetype ?? 'text/plain' };
  return {
    content: lined(bytes.toString('base64')),
    format: 'base64',
    mimetype: mimetype ?? 'application/octet-stream',
  };
}

/** As Python's `encodebytes`: 76 characters a line. */
function lined(text: string): string {
  return text.replace(/.{1,76}/g, '$&\n');
}

function answerOf(model: Model, status: number, isNew: boolean): Answer {
  const location = `/api/contents/${String(model.path).split('/').map(encodeURIComponent).join('/')}`;
  return json(model, status, [
    ...(isNew ? ([['Location', location]] as const) : []),
    ['Last-Modified', new Date(String(model.last_modified)).toUTCString()],
  ]);
}

export function getContents(call: Call): Answer {
  const [path = ''] = call.args;
  const { query } = call.exchange;
  const [type, format, content] = [query.get('type'), query.get('format'), query.get('content') ?? '1'];
  if (type !== null && !['directory', 'file', 'notebook'].includes(type))
    throw new HttpError(400, `Type '${type}' is invalid`);
  if (format !== null && !['text', 'base64'].includes(format))
    throw new HttpError(400, `Format '${format}' is invalid`);
  if (content !== '0' && content !== '1') throw new HttpError(400, `Content '${content}' is invalid`);
  if (isHidden(path)) throw new HttpError(404, `file or directory '${path}' does not exist`);
  return answerOf(modelOf(call, path, { type, format, content: content === '1' }), 200, false);
}

/** The body, which has to be an object. */
export function bodyOf({ body }: Call): Readonly<Record<string, unknown>> | undefined {
  if (body.toString('latin1').trim() === '') return undefined;
  const value = loads(body.toString('utf8'));
  if (value === undefined) throw new HttpError(400, 'Invalid JSON in body of request');
  return typeof value === 'object' && value !== null ? (value as Readonly<Record<string, unknown>>) : {};
}

function textAt(model: Readonly<Record<string, unknown>>, name: string): string {
  const value = model[name];
  return typeof value === 'string' ? value : '';
}

/** Changes files, and fails in Python's words. */
function changing<T>(call: Call, path: string, work: (view: View, place: string) => T): T {
  const place = placeOf(call, path);
  try {
    return work(viewOf(call), place);
  } catch (error) {
    if (!(error instanceof FileError)) throw error;
    const number =
      { ENOENT: 2, ENOSPC: 28, EACCES: 13, ENOTDIR: 20, EISDIR: 21 }[error.code as 'ENOENT'] ?? 5;
    throw new HttpError(
      500,
      `Unexpected error while saving file: ${trimmed(path)} [Errno ${number}] ${strerror[error.code]}: '${place}'`,
    );
  }
}

export async function putContents(call: Call): Promise<Answer> {
  const [path = ''] = call.args;
  const model = bodyOf(call);
  if (model === undefined) return create(call, path, '', '');
  if (textAt(model, 'copy_from') !== '') throw new HttpError(400, 'Cannot copy with PUT, only POST');
  if (isHidden(path)) {
    const shown = textAt(model, 'path') === '' ? placeOf(call, path) : path;
    throw new HttpError(400, `Cannot create file or directory '${shown}'`);
  }
  const exists = viewOf(call).exists(placeOf(call, path));
  const type = textAt(model, 'type');
  const content = type === 'directory' ? undefined : contentOf(model, type, path);
  if (type === '') throw new HttpError(400, 'No file type provided');
  if (content !== undefined)
    await call.exchange.connection.record('file.put', {
      raw: content,
      artefacts: [{ name: placeOf(call, path), content }],
      data: { path: placeOf(call, path), size: content.length, type },
    });
  changing(call, path, (view, place) => {
    if (content !== undefined) view.write(place, content);
    else if (!view.exists(place)) view.mkdir(place);
  });
  return answerOf(modelOf(call, path, { type, content: false }), exists ? 200 : 201, true);
}

/** What is to be written. @throws HttpError */
function contentOf(model: Readonly<Record<string, unknown>>, type: string, path: string): Buffer {
  const { content } = model;
  if (type === 'notebook')
    return Buffer.from(content === undefined ? emptyNotebook : writtenNotebook(content));
  if (type !== 'file' && type !== '') throw new HttpError(400, `Unhandled contents type: ${type}`);
  if (content === undefined) return Buffer.alloc(0);
  if (typeof content !== 'string')
    throw new HttpError(400, `Unexpected error while saving file: ${path} encoding`);
  const format = textAt(model, 'format');
  if (format !== 'text' && format !== 'base64' && type === 'file')
    throw new HttpError(400, "Must specify format of file contents as 'text' or 'base64'");
  return format === 'base64' ? Buffer.from(content, 'base64') : Buffer.from(content);
}

export function postContents(call: Call): Answer {
  const [path = ''] = call.args;
  const view = viewOf(call);
  const place = placeOf(call, path);
  const node = view.exists(place) ? view.stat(place) : undefined;
  if (node?.kind === 'file') throw new HttpError(400, 'Cannot POST to files, use PUT instead.');
  if (node === undefined) throw new HttpError(404, `No such directory: ${path}`);
  const model = bodyOf(call);
  if (model === undefined) throw new Unhandled("AttributeError: 'NoneType' object has no attribute 'get'");
  const from = textAt(model, 'copy_from');
  if (from === '') return create(call, path, textAt(model, 'type'), textAt(model, 'ext'));
  const name = trimmed(from).replace(/^.*\//, '');
  const source = placeOf(call, from);
  if (!view.exists(source)) throw new HttpError(404, `file or directory does not exist: '${from}'`);
  const dot = name.lastIndexOf('.');
  const [stem, end] = dot < 0 ? [name, ''] : [name.slice(0, dot), name.slice(dot)];
  const isTaken = view.exists(`${place}/${name}`);
  const target = isTaken ? free(view, place, (number) => `${stem}-Copy${number}${end}`, 1) : name;
  changing(call, `${path}/${target}`, (files, to) => files.write(to, files.read(source)));
  return answerOf(modelOf(call, `${path}/${target}`, { content: false }), 201, true);
}

function create(call: Call, path: string, type: string, ext: string): Answer {
  const kind =
    type === '' ? (ext === '.ipynb' || ext === '' ? (ext === '' ? 'file' : 'notebook') : 'file') : type;
  const view = viewOf(call);
  const place = placeOf(call, path);
  const [stem, end] =
    kind === 'directory'
      ? ['Untitled Folder', '']
      : kind === 'notebook'
        ? ['Untitled', '.ipynb']
        : ['untitled', ext];
  const blank = kind === 'directory' ? ' ' : '';
  const name = free(view, place, (number) => `${stem}${number === 0 ? '' : `${blank}${number}`}${end}`, 0);
  changing(call, `${path}/${name}`, (files, to) => {
    if (kind === 'directory') files.mkdir(to);
    else files.write(to, Buffer.from(kind === 'notebook' ? emptyNotebook : ''));
  });
  return answerOf(modelOf(call, `${path}/${name}`, { type: kind, content: false }), 201, true);
}

/** The first name that nothing has. */
function free(view: View, place: string, name: (number: number) => string, from: number): string {
  for (let number = from; ; number += 1)
    if (number > 1000 || !view.exists(`${place}/${name(number)}`)) return name(number);
}

export function patchContents(call: Call): Answer {
  const [path = ''] = call.args;
  const model = bodyOf(call);
  if (model === undefined) throw new Unhandled("AttributeError: 'NoneType' object has no attribute 'get'");
  const to = textAt(model, 'path') || path;
  if (isHidden(path) || isHidden(to)) throw new HttpError(400, `Cannot rename file or directory '${path}'`);
  const target = placeOf(call, to);
  const view = viewOf(call);
  if (target !== placeOf(call, path)) {
    if (view.exists(target)) throw new HttpError(409, `File already exists: ${trimmed(to)}`);
    try {
      view.rename(placeOf(call, path), target);
    } catch (error) {
      if (!(error instanceof FileError)) throw error;
      throw new HttpError(
        500,
        `Unknown error renaming file: ${trimmed(path)} [Errno 2] ${strerror[error.code]}: '${placeOf(call, path)}' -> '${target}'`,
      );
    }
  }
  return answerOf(modelOf(call, to, { content: false }), 200, true);
}

/** Goes to the wastebasket of root; here it is gone. */
export function deleteContents(call: Call): Answer {
  const [path = ''] = call.args;
  if (isHidden(path)) throw new HttpError(400, `Cannot delete file or directory '${path}'`);
  const place = placeOf(call, path);
  const view = viewOf(call);
  if (place === call.server.root) throw new HttpError(400, "Can't delete root");
  if (!view.exists(place)) throw new HttpError(404, `file or directory does not exist: '${trimmed(path)}'`);
  remove(view, place, 0);
  return { status: 204 };
}

/** Directories inside each other that are removed. */
const maxNesting = 30;

function remove(view: View, path: string, depth: number): void {
  if (view.lstat(path).kind !== 'directory') {
    view.unlink(path);
    return;
  }
  if (depth < maxNesting) for (const { name } of view.list(path)) remove(view, `${path}/${name}`, depth + 1);
  view.rmdir(path);
}

export function listCheckpoints(call: Call): Answer {
  modelOf(call, call.args[0] ?? '', { content: false });
  return json([]);
}

export function createCheckpoint(call: Call): Answer {
  const [path = ''] = call.args;
  const { last_modified } = modelOf(call, path, { content: false });
  const location = `/api/contents${path.split('/').map(encodeURIComponent).join('/')}/checkpoints/checkpoint`;
  return json({ id: 'checkpoint', last_modified }, 201, [['Location', location]]);
}
