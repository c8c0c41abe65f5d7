/**
 * How the API server writes what it answers: the client's choice among JSON, tables and protobuf, indentation for people,
 * the headers of its filters, compression (k8s.io/apiserver, endpoints/handlers/{negotiation,responsewriters}).
 */
import { randomUUID } from 'node:crypto';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import { isObject, type Json, type JsonObject, type KubeObject, listAt, textAt } from '../cluster/json.ts';
import { encodeObject } from '../cluster/schema/protobuf.ts';
import type { Headers } from '../http/dialect.ts';
import type { Exchange } from '../http/serve.ts';
import type { Persona } from '../persona/persona.ts';
import { partial, tableOf } from './columns.ts';
import { Refused } from './status.ts';

const zipped = promisify(gzip);

/** Bodies from this size on are compressed, in bytes. */
const zipFrom = 128 * 1024;
const protobufType = 'application/vnd.kubernetes.protobuf';

export interface Format {
  readonly type: 'json' | 'protobuf' | 'yaml';
  readonly as?: 'Table' | 'PartialObjectMetadata' | 'PartialObjectMetadataList' | 'APIGroupDiscoveryList';
}

/** What the client takes first of what there is; undefined where nothing fits. */
export function formatOf(
  exchange: Exchange,
  views: readonly string[] = ['Table', 'PartialObjectMetadata', 'PartialObjectMetadataList'],
): Format | undefined {
  const accept = exchange.header('accept') ?? '*/*';
  for (const range of accept.split(',').slice(0, 32)) {
    const [media = '', ...rest] = range.split(';').map((part) => part.trim());
    const parameters = new Map(rest.map((one) => one.split('=') as [string, string]));
    const view = parameters.get('as');
    if (view !== undefined) {
      const isKnown = parameters.get('g') === 'meta.k8s.io' || parameters.get('v') === 'v2beta1';
      if (media !== 'application/json' || !isKnown || !views.includes(view)) continue;
      return { type: 'json', as: view as NonNullable<Format['as']> };
    }
    if (media === protobufType) return { type: 'protobuf' };
    if (media === 'application/json' || media === '*/*' || media === 'application/*' || media === '')
      return { type: 'json' };
  }
  return undefined;
}

export interface Answering {
  /** Headers that the filters set on every answer. */
  headers(more?: Headers): Headers;
  /** Writes an object or a list as the client wants it. */
  object(exchange: Exchange, status: number, object: JsonObject, more?: Headers): Promise<void>;
  /** Writes a refusal; what is no `Refused` is thrown on. */
  refuse(exchange: Exchange, error: unknown): Promise<void>;
  text(exchange: Exchange, status: number, text: string, more?: Headers): void;
}

export function createAnswering(persona: Persona): Answering {
  const flow = persona.random('kubernetes/flow');
  const [schema, level] = [flow.uuid(), flow.uuid()];

  const headers = (more: Headers = []): Headers => [
    ['Audit-Id', randomUUID()],
    ['Cache-Control', 'no-cache, private'],
    ...more,
    ['X-Kubernetes-Pf-Flowschema-Uid', schema],
    ['X-Kubernetes-Pf-Prioritylevel-Uid', level],
  ];

  async function send(
    exchange: Exchange,
    status: number,
    type: string,
    body: string | Buffer,
    more: Headers = [],
  ): Promise<void> {
    const bytes = typeof body === 'string' ? Buffer.from(body) : body;
    const isZipped = bytes.length >= zipFrom && (exchange.header('accept-encoding') ?? '').includes('gzip');
    const sent = isZipped ? await zipped(bytes, { level: 4 }) : bytes;
    const zipHeaders: Headers = isZipped
      ? [
          ['Content-Encoding', 'gzip'],
          ['Vary', 'Accept-Encoding'],
        ]
      : [];
    exchange.respond(status, headers([...more, ...zipHeaders, ['Content-Type', type]]), sent);
  }

  async function object(
    exchange: Exchange,
    status: number,
    value: JsonObject,
    more?: Headers,
  ): Promise<void> {
    const format = formatOf(exchange);
    if (format === undefined) throw notAcceptable();
    if (format.type === 'protobuf') {
      const bytes = encodeObject(value);
      if (bytes !== undefined) return send(exchange, status, protobufType, bytes, more);
    }
    // What tells of the API itself has no rows, and a status is none.
    const hasViews = value.kind !== 'Status' && value.metadata !== undefined;
    const view = hasViews ? format.as : undefined;
    const shown =
      view === 'Table' ? asTable(value, exchange) : view?.startsWith('Partial') ? asPartial(value) : value;
    return send(exchange, status, 'application/json', written(shown, isPretty(exchange)), more);
  }

  return {
    headers,
    object,
    async refuse(exchange, error) {
      if (!(error instanceof Refused)) throw error;
      const format = formatOf(exchange);
      const bytes = format?.type === 'protobuf' ? encodeObject(error.status) : undefined;
      if (bytes !== undefined) return send(exchange, error.code, protobufType, bytes);
      await send(exchange, error.code, 'application/json', written(error.status, isPretty(exchange)));
    },
    text(
      exchange,
      status,
      text,
      more = [
        ['Content-Type', 'text/plain; charset=utf-8'],
        ['X-Content-Type-Options', 'nosniff'],
      ],
    ) {
      exchange.respond(status, headers(more), text);
    },
  };
}

function notAcceptable(): Refused {
  const types = 'application/json, application/yaml, application/vnd.kubernetes.protobuf';
  return new Refused(406, 'NotAcceptable', `only the following media types are accepted: ${types}`);
}

/** People get it indented: by their programs' names, or where they ask. */
function isPretty(exchange: Exchange): boolean {
  const asked = exchange.query.get('pretty');
  if (asked !== null && asked !== '') return /^(?:1|t|T|true|TRUE|True)$/.test(asked);
  return /^(?:curl|Wget|Mozilla\/5\.0)/.test(exchange.header('user-agent') ?? '');
}

/** As Go's encoding/json writes: no markup in texts, a line feed behind what is not indented. */
export function written(value: Json, isIndented: boolean): string {
  const json = isIndented ? JSON.stringify(value, null, 2) : `${JSON.stringify(value)}\n`;
  return json.replace(/[<>&\u2028\u2029]/g, (one) => `\\u${one.charCodeAt(0).toString(16).padStart(4, '0')}`);
}

function itemsOf(value: JsonObject): readonly KubeObject[] {
  return textAt(value, 'kind').endsWith('List')
    ? (listAt(value, 'items') as readonly KubeObject[])
    : [value as KubeObject];
}

function asTable(value: JsonObject, exchange: Exchange): JsonObject {
  const kind = textAt(value, 'kind');
  const { columns, row } = tableOf(kind.endsWith('List') ? kind.slice(0, -4) : kind);
  const now = Date.now();
  const wanted = exchange.query.get('includeObject');
  const metadata = kind.endsWith('List')
    ? value.metadata
    : { resourceVersion: textAt(value, 'metadata', 'resourceVersion') };
  return {
    kind: 'Table',
    apiVersion: 'meta.k8s.io/v1',
    metadata: metadata ?? {},
    columnDefinitions: columns.map(({ name, type, description, isWide }) => ({
      name,
      type,
      format: name === 'Name' ? 'name' : '',
      description,
      priority: isWide ? 1 : 0,
    })),
    rows: itemsOf(value).map((one) => ({
      cells: row(one, now),
      ...(wanted !== 'None' && { object: wanted === 'Object' ? one : partial(one) }),
    })),
  };
}

function asPartial(value: JsonObject): JsonObject {
  if (!textAt(value, 'kind').endsWith('List')) return partial(value as KubeObject);
  return {
    kind: 'PartialObjectMetadataList',
    apiVersion: 'meta.k8s.io/v1',
    metadata: isObject(value.metadata) ? value.metadata : {},
    items: itemsOf(value).map(partial),
  };
}

/** One event of a watch, a line of JSON. */
export function watchEvent(type: string, object: JsonObject, exchange: Exchange, isFirst: boolean): string {
  const format = formatOf(exchange);
  const shown =
    object.kind === 'Status'
      ? object
      : format?.as === 'Table'
        ? withoutColumns(asTable(object, exchange), isFirst)
        : format?.as?.startsWith('Partial')
          ? asPartial(object)
          : object;
  return written({ type, object: shown }, false);
}

/** Only the first table of a watch has its columns. */
function withoutColumns(table: JsonObject, isFirst: boolean): JsonObject {
  return isFirst ? table : { ...table, columnDefinitions: null };
}
