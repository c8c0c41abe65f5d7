/**
 * The second version's document in protobuf, which clients until 1.27 ask for (gnostic, openapiv2/OpenAPIv2.proto): the
 * numbers are those of its messages.
 */
import { isObject, type Json, type JsonObject, listAt, textAt } from '../cluster/json.ts';
import { delimited, varintField } from '../cluster/schema/wire.ts';

export function encodeDocument(document: JsonObject): Buffer {
  const paths = entries(document.paths).map(([path, item]) => named(2, path, pathItem(item)));
  const definitions = entries(document.definitions).map(([name, schema]) => named(1, name, schemaOf(schema)));
  return Buffer.concat([
    text(1, textAt(document, 'swagger')),
    delimited(
      2,
      Buffer.concat([
        text(1, textAt(document, 'info', 'title')),
        text(2, textAt(document, 'info', 'version')),
      ]),
    ),
    delimited(8, Buffer.concat(paths)),
    delimited(9, Buffer.concat(definitions)),
  ]);
}

const methods: Readonly<Record<string, number>> = { get: 2, put: 3, post: 4, delete: 5, patch: 8 };

function pathItem(item: JsonObject): Buffer {
  return Buffer.concat(entries(item).map(([method, one]) => delimited(methods[method]!, operation(one))));
}

function operation(one: JsonObject): Buffer {
  const responses = entries(one.responses).map(([code, { description }]) =>
    named(1, code, delimited(1, text(1, String(description)))),
  );
  return Buffer.concat([
    ...texts(1, one.tags),
    text(5, textAt(one, 'operationId')),
    ...texts(6, one.produces),
    ...texts(7, one.consumes),
    ...listAt(one, 'parameters').map((parameter) => delimited(8, queryParameter(parameter))),
    delimited(9, Buffer.concat(responses)),
    ...texts(10, one.schemes),
    ...extensions(13, one),
  ]);
}

/** Inside what says that it is no reference, that it is not in the body, and that it is in the query. */
function queryParameter(parameter: Json): Buffer {
  const own = [text(2, 'query'), text(4, textAt(parameter, 'name')), text(6, 'string'), varintField(20, 1)];
  return delimited(1, delimited(2, delimited(3, Buffer.concat(own))));
}

function schemaOf(schema: JsonObject): Buffer {
  const { additionalProperties, items, properties } = schema;
  return Buffer.concat([
    text(1, textAt(schema, '$ref')),
    text(2, textAt(schema, 'format')),
    ...(isObject(additionalProperties) ? [delimited(21, delimited(1, schemaOf(additionalProperties)))] : []),
    ...(schema.type === undefined ? [] : [delimited(22, text(1, String(schema.type)))]),
    ...(isObject(items) ? [delimited(23, delimited(1, schemaOf(items)))] : []),
    ...(isObject(properties)
      ? [
          delimited(
            25,
            Buffer.concat(entries(properties).map(([name, one]) => named(1, name, schemaOf(one)))),
          ),
        ]
      : []),
    ...extensions(31, schema),
  ]);
}

/** Their values are YAML, of which JSON is a part. */
function extensions(number: number, object: JsonObject): Buffer[] {
  return Object.entries(object)
    .filter(([name]) => name.startsWith('x-'))
    .map(([name, value]) =>
      named(number, name, text(2, `${typeof value === 'string' ? value : JSON.stringify(value)}\n`)),
    );
}

function named(number: number, name: string, value: Buffer): Buffer {
  return delimited(number, Buffer.concat([text(1, name), delimited(2, value)]));
}

function text(number: number, value: string): Buffer {
  return value === '' ? Buffer.alloc(0) : delimited(number, Buffer.from(value));
}

function texts(number: number, value: Json | undefined): Buffer[] {
  return (Array.isArray(value) ? (value as readonly Json[]) : []).map((one) => text(number, String(one)));
}

function entries(value: Json | undefined): [string, JsonObject][] {
  return Object.entries(isObject(value) ? value : {}).filter((pair): pair is [string, JsonObject] =>
    isObject(pair[1]),
  );
}
