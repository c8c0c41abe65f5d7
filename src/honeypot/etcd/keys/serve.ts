/** `/v2/keys` over HTTP (api/v2http/client.go, etcd 3.4). */
import type { Headers } from '../../http/dialect.ts';
import { rawOf } from '../../http/raw.ts';
import type { Exchange } from '../../http/serve.ts';
import { cors, refuse } from '../pages.ts';
import type { Etcd } from '../server.ts';
import { Telling } from '../telling.ts';
import { type Change, type Event, KeyError } from './tree.ts';

const prefix = '/v2/keys';
/** Of error.go; all others are 400. */
const statusOf: Readonly<Record<number, number>> = {
  100: 404,
  101: 412,
  102: 403,
  105: 412,
  108: 403,
  300: 500,
};

/** @returns false for what is no key */
export async function serveKeys(exchange: Exchange, etcd: Etcd): Promise<boolean> {
  const { path, method, connection } = exchange;
  if (path !== prefix && !path.startsWith(`${prefix}/`)) return false;
  if (!['HEAD', 'GET', 'PUT', 'POST', 'DELETE'].includes(method)) {
    refuse(exchange, 405, 'Method Not Allowed\n', [['Allow', 'HEAD,GET,PUT,POST,DELETE']]);
    return true;
  }
  const { bytes } = await exchange.body();
  const telling = new Telling(connection);
  telling.raw = rawOf(exchange, bytes);
  const key = path.slice(prefix.length).replace(/\/$/, '') || '/';
  const fields = fieldsOf(exchange, bytes);
  tell(telling, method, key, fields);
  await telling.settled();
  try {
    const request = parse(method, fields);
    if (request.isWaiting) await wait(exchange, etcd, key, request);
    else answer(exchange, etcd, perform(etcd, method, key, request));
  } catch (error) {
    if (!(error instanceof KeyError)) throw error;
    const { code, message, cause, index } = error;
    const body = `${JSON.stringify({ errorCode: code, message, cause, index })}\n`;
    exchange.respond(statusOf[code] ?? 400, headersOf(etcd, index, false), body);
  }
  return true;
}

type Fields = ReadonlyMap<string, string>;

/** Of the form, then of the query; the first of each counts. */
function fieldsOf({ query, header }: Exchange, body: Buffer): Fields {
  const isForm = /^application\/x-www-form-urlencoded/i.test(header('content-type') ?? '');
  const form = isForm ? [...new URLSearchParams(body.toString('latin1'))] : [];
  const fields = new Map<string, string>();
  for (const [name, value] of [...form, ...query]) if (!fields.has(name)) fields.set(name, value);
  return fields;
}

interface Request {
  readonly change: Change;
  readonly condition: { readonly value: string; readonly index: number };
  readonly mustExist: boolean | undefined;
  readonly isRecursive: boolean;
  readonly isSorted: boolean;
  readonly isWaiting: boolean;
  readonly isStream: boolean;
  readonly isRefresh: boolean;
  readonly waitIndex: number;
}

/** @throws KeyError in the order in which etcd looks */
function parse(method: string, fields: Fields): Request {
  const invalid = (cause: string): KeyError => new KeyError(209, cause, 0);
  const index = (name: string): number => {
    const text = fields.get(name) ?? '0';
    if (!/^\d{1,15}$/.test(text)) throw new KeyError(203, `invalid value for "${name}"`, 0);
    return Number(text);
  };
  const flag = (name: string, cause = `invalid value for "${name}"`): boolean | undefined => {
    const text = fields.get(name);
    if (text === undefined) return undefined;
    if (/^(?:1|t|T|TRUE|true|True)$/.test(text)) return true;
    if (/^(?:0|f|F|FALSE|false|False)$/.test(text)) return false;
    throw invalid(cause);
  };
  const [prevIndex, waitIndex] = [index('prevIndex'), index('waitIndex')];
  const isRecursive = flag('recursive') ?? false;
  const isSorted = flag('sorted') ?? false;
  const isWaiting = flag('wait') ?? false;
  const isDirectory = flag('dir') ?? false;
  flag('quorum');
  const isStream = flag('stream') ?? false;
  if (isWaiting && method !== 'GET') throw invalid('"wait" can only be used with GET requests');
  if (fields.get('prevValue') === '') throw invalid('"prevValue" cannot be empty');
  flag('noValueOnSuccess');
  const ttlText = fields.get('ttl') ?? '';
  if (ttlText !== '' && !/^\d{1,12}$/.test(ttlText)) throw new KeyError(202, 'invalid value for "ttl"', 0);
  const mustExist = flag('prevExist', 'invalid value for prevExist');
  const isRefresh = flag('refresh') ?? false;
  if (isRefresh && fields.has('value')) throw new KeyError(211, 'A value was provided on a refresh', 0);
  if (isRefresh && ttlText === '') throw new KeyError(212, 'No TTL value set', 0);
  const change = {
    value: fields.get('value') ?? '',
    isDirectory,
    ttl: ttlText === '' ? undefined : Number(ttlText),
  };
  const condition = { value: fields.get('prevValue') ?? '', index: prevIndex };
  return { change, condition, mustExist, isRecursive, isSorted, isWaiting, isStream, isRefresh, waitIndex };
}

function perform({ tree }: Etcd, method: string, key: string, request: Request): Event {
  const { change, condition, mustExist, isRecursive } = request;
  const isConditional = condition.value !== '' || condition.index !== 0;
  switch (method) {
    case 'POST':
      return tree.createInOrder(key, change);
    case 'DELETE':
      if (isConditional) return tree.compareAndDelete(key, condition);
      return tree.delete(key, change.isDirectory, isRecursive);
    case 'PUT':
      if (mustExist === false) return tree.create(key, change);
      if (isConditional) return tree.compareAndSwap(key, condition, change);
      if (mustExist === true) return tree.update(key, change, request.isRefresh);
      return tree.set(key, change);
    default:
      return tree.get(key, isRecursive, request.isSorted);
  }
}

function headersOf({ clusterId, raftIndex, raftTerm }: Etcd, index: number, hasRaft: boolean): Headers {
  return [
    ...cors,
    ['Content-Type', 'application/json'],
    ['X-Etcd-Cluster-Id', clusterId.toString(16)],
    ['X-Etcd-Index', String(index)],
    ...(hasRaft
      ? ([
          ['X-Raft-Index', String(raftIndex)],
          ['X-Raft-Term', String(raftTerm)],
        ] as const)
      : []),
  ];
}

function answer(exchange: Exchange, etcd: Etcd, event: Event): void {
  const isNew = event.action === 'create' || (event.action === 'set' && event.prevNode === undefined);
  exchange.respond(isNew ? 201 : 200, headersOf(etcd, etcd.tree.index, true), `${JSON.stringify(event)}\n`);
}

/** Until something changes, or the visitor is gone. */
async function wait(exchange: Exchange, etcd: Etcd, key: string, request: Request): Promise<void> {
  const { tree } = etcd;
  const { isRecursive, isStream, waitIndex } = request;
  const past = waitIndex === 0 ? undefined : tree.changeFrom(key, isRecursive, waitIndex);
  const stream = exchange.stream(200, headersOf(etcd, tree.index, true));
  if (past !== undefined) await stream.write(`${JSON.stringify(past)}\n`);
  if (past !== undefined && !isStream) {
    stream.end();
    return;
  }
  await new Promise<void>((resolve) => {
    const stop = tree.listen(key, isRecursive, (event) => {
      void stream.write(`${JSON.stringify(event)}\n`);
      if (isStream) return;
      stream.end();
      finish();
    });
    const finish = (): void => {
      stop();
      exchange.connection.stream.off('close', finish);
      resolve();
    };
    exchange.connection.stream.once('close', finish);
  });
}

/** Characters of a value in an event. */
const maxValue = 8000;

function tell(telling: Telling, method: string, key: string, fields: Fields): void {
  const value = fields.get('value') ?? '';
  if (method === 'PUT' || method === 'POST')
    telling.tell('put', {
      texts: [value.slice(0, 65_536)],
      data: { key: key.slice(0, 1000), value: value.slice(0, maxValue), size: value.length },
    });
  else if (method === 'DELETE')
    telling.tell('delete', { texts: [], data: { key: key.slice(0, 1000), rangeEnd: '' } });
  else
    telling.tell('range', {
      texts: [],
      data: { key: key.slice(0, 1000), rangeEnd: fields.get('recursive') === 'true' ? '/' : '' },
    });
}
