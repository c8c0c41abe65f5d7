/** Looks up what the fields of a message are, for JSON that comes in and for protobuf. */
import { messages } from './messages.ts';

export interface Field {
  readonly name: string;
  readonly number: number;
  readonly repeats: 'no' | 'list' | 'map';
  readonly isEmbedded: boolean;
  readonly type: Type;
}

export type Type =
  | { readonly kind: 'text' | 'int32' | 'int64' | 'flag' | 'bytes' }
  /** Written in JSON otherwise than as an object. */
  | { readonly kind: 'special'; readonly name: Special }
  /** A list of texts, as a value of a map. */
  | { readonly kind: 'texts' }
  | { readonly kind: 'message'; readonly message: Message };

const specials = [
  'Quantity',
  'IntOrString',
  'RawExtension',
  'Time',
  'MicroTime',
  'Duration',
  'FieldsV1',
] as const;
export type Special = (typeof specials)[number];

export interface Message {
  /** `PodSpec`. */
  readonly name: string;
  /** `core/v1.PodSpec`. */
  readonly id: string;
  readonly fields: readonly Field[];
  /** By their names in JSON: those of embedded messages among them. */
  readonly byName: ReadonlyMap<string, Field>;
}

const simple: Readonly<Record<string, Type>> = {
  s: { kind: 'text' },
  i: { kind: 'int32' },
  l: { kind: 'int64' },
  b: { kind: 'flag' },
  y: { kind: 'bytes' },
  '*s': { kind: 'texts' },
};

const known: ReadonlyMap<string, Message> = parse();

/** The message of a kind: `apps/v1`, `Deployment`; groups by the first word of their names. */
export function messageOfKind(apiVersion: string, kind: string): Message | undefined {
  const [group = '', version] = apiVersion.includes('/') ? apiVersion.split('/') : ['core', apiVersion];
  return known.get(`${group.split('.')[0]}/${version}.${kind}`);
}

export function allMessages(): Iterable<Message> {
  return known.values();
}

function parse(): ReadonlyMap<string, Message> {
  const bodies = new Map<string, { readonly in: string; readonly text: string }>();
  let home = '';
  for (const line of messages.trim().split('\n')) {
    const colon = line.indexOf(': ');
    if (colon < 0) home = line;
    else bodies.set(`${home}.${line.slice(0, colon)}`, { in: home, text: line.slice(colon + 2) });
  }
  const found = new Map<string, Message>();
  /** Messages refer to each other in circles, so each exists before its fields are read. */
  const read = (id: string): Message => {
    const before = found.get(id);
    if (before !== undefined) return before;
    const fields: Field[] = [];
    const byName = new Map<string, Field>();
    const message = { name: id.slice(id.indexOf('.') + 1), id, fields, byName };
    found.set(id, message);
    const body = bodies.get(id);
    if (body === undefined) throw new Error(`there is no message ${id}`);
    for (const text of body.text.split(', ')) fields.push(readField(text, body.in));
    for (const field of fields) {
      if (!field.isEmbedded || field.type.kind !== 'message') byName.set(field.name, field);
      else for (const [name, inner] of field.type.message.byName) byName.set(name, inner);
    }
    return message;
  };
  const readField = (text: string, inside: string): Field => {
    const [name = '', number, type = ''] = text.split(' ');
    const mark = /^[*%>]/.exec(type)?.[0];
    return {
      name,
      number: Number(number),
      repeats: mark === '*' ? 'list' : mark === '%' ? 'map' : 'no',
      isEmbedded: mark === '>',
      type: typeOf(mark === undefined ? type : type.slice(1), inside),
    };
  };
  const typeOf = (type: string, inside: string): Type => {
    const plain = simple[type];
    if (plain !== undefined) return plain;
    if ((specials as readonly string[]).includes(type)) return { kind: 'special', name: type as Special };
    const id = type.includes('.')
      ? type
      : bodies.has(`${inside}.${type}`)
        ? `${inside}.${type}`
        : `meta/v1.${type}`;
    return { kind: 'message', message: read(id) };
  };
  for (const id of bodies.keys()) read(id);
  return found;
}
