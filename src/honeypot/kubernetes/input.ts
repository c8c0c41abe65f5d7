/** Reads the objects and patches that come in: JSON, YAML or protobuf, held against their types. */
import { isObject, type Json, type JsonObject, textAt } from '../cluster/json.ts';
import type { Resource } from '../cluster/resources.ts';
import { conform, WrongType } from '../cluster/schema/conform.ts';
import { decodeObject } from '../cluster/schema/protobuf.ts';
import { messageOfKind } from '../cluster/schema/schema.ts';
import { Malformed } from '../cluster/schema/wire.ts';
import type { Exchange } from '../http/serve.ts';
import { badRequest, Refused } from './status.ts';
import { parseYaml, YamlFault } from './yaml.ts';

/** Kept of a body, in bytes; the API server takes three times as much. */
export const maxBody = 1 << 20;
/** YAML takes longer to read; in characters. */
const maxYaml = 256 * 1024;
/** How deep values may be nested. */
const maxDepth = 200;

export interface Input {
  readonly object: JsonObject;
  /** The body as text: JSON where it came as protobuf. */
  readonly text: string;
  /** Fields that nobody knows. */
  readonly unknown: readonly string[];
}

/** @throws Refused with what Go would say */
export async function readObject(exchange: Exchange, kind: string, apiVersion: string): Promise<Input> {
  const bytes = await bodyOf(exchange);
  const { object, text } = objectIn(bytes, exchange.header('content-type') ?? 'application/json', kind);
  const given = textAt(object, 'kind');
  const version = textAt(object, 'apiVersion');
  if ((given !== '' && given !== kind) || (version !== '' && version !== apiVersion)) {
    if (kind !== 'DeleteOptions')
      throw badRequest(
        given !== '' && given !== kind
          ? `${given} in version ${JSON.stringify(version)} cannot be handled as a ${kind}: converting (${given}) to (${kind}): unknown conversion`
          : `the API version in the data (${version}) does not match the expected API version (${apiVersion})`,
      );
  }
  return { ...conformed({ ...object, kind, apiVersion }, kind, apiVersion), text };
}

/** An object after a change, held against its type again. */
export function conformed(object: JsonObject, kind: string, apiVersion: string): Omit<Input, 'text'> {
  const message = messageOfKind(apiVersion, kind);
  if (message === undefined) return { object, unknown: [] };
  try {
    const { value, unknown } = conform(object, message);
    return { object: value, unknown };
  } catch (error) {
    if (!(error instanceof WrongType)) throw error;
    throw badRequest(
      `${kind} in version ${JSON.stringify(apiVersion.split('/').at(-1))} cannot be handled as a ${kind}: ${error.message}`,
    );
  }
}

/** What `fieldValidation` asks for where there are unknown fields: a refusal, or headers that warn. */
export function warnings(
  exchange: Exchange,
  { kind }: Pick<Resource, 'kind'>,
  version: string,
  unknown: readonly string[],
): (readonly [string, string])[] {
  if (unknown.length === 0) return [];
  const said = unknown.map((field) => `unknown field "${field}"`);
  switch (exchange.query.get('fieldValidation')) {
    case 'Strict':
      throw badRequest(
        `${kind} in version ${JSON.stringify(version)} cannot be handled as a ${kind}: strict decoding error: ${said.join(', ')}`,
      );
    case 'Ignore':
      return [];
    default:
      return said.map((one) => ['Warning', `299 - "${one.replaceAll('"', '\\"')}"`] as const);
  }
}

export async function bodyOf(exchange: Exchange): Promise<Buffer> {
  const { bytes, length } = await exchange.body();
  if (length > maxBody)
    throw new Refused(413, 'RequestEntityTooLarge', 'Request entity too large: limit is 3145728', {});
  return bytes;
}

function objectIn(
  bytes: Buffer,
  type: string,
  kind: string,
): { readonly object: JsonObject; readonly text: string } {
  const media = type.split(';')[0]!.trim();
  switch (media) {
    case 'application/vnd.kubernetes.protobuf':
      try {
        const object = decodeObject(bytes);
        return { object, text: JSON.stringify(object) };
      } catch (error) {
        if (error instanceof Malformed) throw unrecognised(kind, error.message, bytes);
        throw error;
      }
    case 'application/json':
    case '': {
      const text = bytes.toString('utf8');
      return { object: asObject(jsonIn(text, kind), kind, text), text };
    }
    case 'application/yaml': {
      const text = bytes.toString('utf8');
      return { object: asObject(yamlIn(text, kind), kind, text), text };
    }
    default:
      throw new Refused(
        415,
        'UnsupportedMediaType',
        `the body of the request was in an unknown format - accepted media types include: application/json, application/yaml, application/vnd.kubernetes.protobuf`,
      );
  }
}

function asObject(value: Json, kind: string, text: string): JsonObject {
  if (isObject(value)) return value;
  throw unrecognised(
    kind,
    'couldn\'t get version/kind; json parse error: json: cannot unmarshal into Go value of type struct { APIVersion string "json:\\"apiVersion,omitempty\\""; Kind string "json:\\"kind,omitempty\\"" }',
    Buffer.from(text),
  );
}

/** @throws Refused where it is none */
export function jsonIn(text: string, kind: string): Json {
  if (isTooDeep(text))
    throw unrecognised(
      kind,
      "couldn't get version/kind; json parse error: exceeded max depth",
      Buffer.from(text),
    );
  try {
    return JSON.parse(text) as Json;
  } catch (error) {
    throw unrecognised(
      kind,
      `couldn't get version/kind; json parse error: ${goError(text, error)}`,
      Buffer.from(text),
    );
  }
}

export function yamlIn(text: string, kind: string): Json {
  // What kubectl sends as YAML is JSON.
  if (/^\s*[{[]/.test(text)) return jsonIn(text, kind);
  if (text.length > maxYaml)
    throw new Refused(413, 'RequestEntityTooLarge', 'Request entity too large: limit is 3145728', {});
  try {
    return parseYaml(text);
  } catch (error) {
    if (!(error instanceof YamlFault)) throw error;
    throw unrecognised(kind, `error converting YAML to JSON: yaml: ${error.message}`, Buffer.from(text));
  }
}

function unrecognised(kind: string, why: string, bytes: Buffer): Refused {
  const shown = bytes[0] === 0x7b ? bytes.toString('utf8', 0, 30) : bytes.toString('hex', 0, 30);
  const summary = bytes.length > 30 ? `${shown} ...` : shown;
  return badRequest(`the object provided is unrecognized (must be of type ${kind}): ${why} (${summary})`);
}

/** Whether brackets are nested deeper than those of any object. */
function isTooDeep(text: string): boolean {
  let depth = 0;
  let isText = false;
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (isText) {
      if (code === 0x5c) at += 1;
      else if (code === 0x22) isText = false;
    } else if (code === 0x22) isText = true;
    else if (code === 0x7b || code === 0x5b) {
      depth += 1;
      if (depth > maxDepth) return true;
    } else if (code === 0x7d || code === 0x5d) depth -= 1;
  }
  return false;
}

/** What encoding/json says about the place where reading failed. */
function goError(text: string, error: unknown): string {
  if (text.trim() === '') return 'unexpected end of JSON input';
  const place = /position (\d+)/.exec(error instanceof Error ? error.message : '')?.[1];
  const at = place === undefined ? text.length : Number(place);
  const character = text[at];
  if (character === undefined) return 'unexpected end of JSON input';
  const before = text.slice(0, at).trimEnd().at(-1);
  const looking =
    before === '{' ||
    (before === ',' && text.slice(0, at).lastIndexOf('{') > text.slice(0, at).lastIndexOf('['))
      ? 'looking for beginning of object key string'
      : before === undefined || before === ':' || before === '[' || before === ','
        ? 'looking for beginning of value'
        : 'after object key:value pair';
  return `invalid character ${JSON.stringify(character).replace(/^"(.*)"$/, "'$1'")} ${looking}`;
}
