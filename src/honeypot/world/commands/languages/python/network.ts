/** What reaches out: done by programs of the machine, which tell of it. */
import { type Desk, functions } from './desk.ts';
import { fileOf, files } from './files.ts';
import { dumped, loaded } from './json.ts';
import type { Reply, Request } from './machine.ts';
import {
  dictOf,
  isList,
  isUnknown,
  listOf,
  Raised,
  reprOf,
  textOf,
  thing,
  unknown,
  type Value,
} from './value.ts';

export function socketModule(desk: Desk): Record<string, Value> {
  const { world } = desk.machine;
  /** The machine's shell connects, and is told of. */
  const connect = async (address: Value | undefined): Promise<Value> => {
    if (address === undefined || !isList(address)) return null;
    const [host = '', port = ''] = address.items.map(textOf);
    if (/^[\w.:-]{1,255}$/.test(host) && /^\d{1,5}$/.test(port))
      await desk.machine.connect(host, Number(port), desk);
    return null;
  };
  const socket = (): Value =>
    thing('socket', {
      ...functions({
        connect: ([address]) => connect(address),
        connect_ex: async ([address]) => {
          await connect(address);
          return 0n;
        },
        send: ([bytes]) => BigInt(textOf(bytes ?? '').length),
        sendall: () => null,
        recv: () => Buffer.alloc(0),
        close: () => null,
        fileno: () => 7n,
        settimeout: () => null,
        setsockopt: () => null,
        bind: () => null,
        listen: () => null,
      }),
    });
  return {
    ...functions({
      gethostname: () => world.hostname,
      getfqdn: () => `${world.hostname}.${world.persona.domain}`,
      gethostbyname: ([name = '']) =>
        textOf(name) === world.hostname ? world.persona.network.address : unknown,
      socket,
      create_connection: async ([address]) => {
        await connect(address);
        return socket();
      },
    }),
    AF_INET: 2n,
    SOCK_STREAM: 1n,
  };
}

export function urllibModule(desk: Desk): Record<string, Value> {
  return functions({
    urlopen: async ([url = '', data], named) => {
      const { status, content } = await opened(desk, requestOf(url, data ?? named.get('data')));
      if (status >= 400)
        throw new Raised('urllib.error.HTTPError', `HTTP Error ${status}: ${reasons[status] ?? ''}`);
      return fileOf(content, true);
    },
    urlretrieve: async ([url = '', path]) => {
      const target = textOf(path ?? '/tmp/tmpk3v1x2z_');
      const { content } = await opened(desk, requestOf(url));
      files(desk, (view) => view.write(target, content));
      desk.machine.left(target.startsWith('/') ? target : `${desk.cwd}/${target}`);
      return listOf([target, unknown], 'tuple');
    },
    Request: ([url = '', data, given], named) => {
      const headers = dictOf(pairsOf(given ?? named.get('headers')));
      return thing('Request', {
        ...functions({
          add_header: ([name = '', value = '']) => {
            headers.pairs.set(reprOf(name), [name, value]);
            return null;
          },
        }),
        full_url: url,
        data: data ?? named.get('data') ?? null,
        headers,
        method: named.get('method') ?? null,
      });
    },
  });
}

const reasons: Readonly<Record<number, string>> = {
  400: 'Bad Request',
  401: 'Unauthorized',
  403: 'Forbidden',
  404: 'Not Found',
  405: 'Method Not Allowed',
};

/** Of an address, or of a `Request`. */
function requestOf(of: Value, data: Value = null): Request {
  const members = typeof of === 'object' && of !== null && 'members' in of ? of.members : undefined;
  const body = bodyOf(members?.data ?? data);
  const method = members?.method;
  return {
    method: typeof method === 'string' ? method : body === undefined ? 'GET' : 'POST',
    url: textOf(members?.full_url ?? of),
    headers: pairsOf(members?.headers),
    ...(body !== undefined && { body }),
  };
}

/** Pairs of a dictionary, as texts. */
function pairsOf(value: Value | undefined): [string, string][] {
  if (typeof value !== 'object' || value === null || !('pairs' in value)) return [];
  return [...value.pairs.values()].map(([name, one]) => [textOf(name), textOf(one)]);
}

/** What is sent: bytes and text as they are, a dictionary as a form. */
function bodyOf(value: Value | undefined): Buffer | undefined {
  if (value === undefined || value === null || isUnknown(value)) return undefined;
  if (Buffer.isBuffer(value)) return value;
  if (typeof value === 'string') return Buffer.from(value);
  return Buffer.from(`${new URLSearchParams(pairsOf(value))}`);
}

export function requestsModule(desk: Desk): Record<string, Value> {
  const call = async (
    method: string,
    [url = '']: readonly Value[],
    named: ReadonlyMap<string, Value>,
  ): Promise<Value> => {
    const sent = named.get('json');
    const body = sent === undefined ? bodyOf(named.get('data')) : Buffer.from(dumped(sent));
    const { status, content } = await opened(desk, {
      method,
      url: textOf(url),
      headers: pairsOf(named.get('headers')),
      ...(body !== undefined && { body }),
    });
    const text = content.toString('utf8');
    return thing(
      'Response',
      {
        ...functions({
          json: () => loaded(text),
          iter_content: () => listOf([content]),
          raise_for_status: () => null,
        }),
        text,
        content,
        status_code: BigInt(status),
        ok: status < 400,
      },
      `<Response [${status}]>`,
    );
  };
  return functions(
    Object.fromEntries(
      ['get', 'post', 'put', 'head', 'delete'].map((name) => [
        name,
        (args: readonly Value[], named: ReadonlyMap<string, Value>) => call(name.toUpperCase(), args, named),
      ]),
    ),
  );
}

/** @throws Raised where nobody answers */
async function opened(desk: Desk, request: Request): Promise<Reply> {
  const reply = await desk.machine.fetch(request, desk);
  if (reply === undefined)
    throw new Raised('urllib.error.URLError', '<urlopen error [Errno -2] Name or service not known>');
  return reply;
}
