/** What reaches out: done by programs of the machine, which tell of it. */
import { type Desk, functions } from './desk.ts';
import { fileOf } from './files.ts';
import { isList, listOf, textOf, thing, unknown, type Value } from './value.ts';

export function socketModule(desk: Desk): Record<string, Value> {
  const { world } = desk.machine;
  /** The machine's shell connects, and is told of. */
  const connect = async (address: Value | undefined): Promise<Value> => {
    if (address === undefined || !isList(address)) return null;
    const [host = '', port = ''] = address.items.map(textOf);
    if (/^[\w.:-]{1,255}$/.test(host) && /^\d{1,5}$/.test(port))
      await desk.machine.run(['/bin/bash', '-c', `: < /dev/tcp/${host}/${port}`], desk);
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
    urlopen: async ([url = '']) => fileOf(await fetched(desk, urlOf(url)), true),
    urlretrieve: async ([url = '', path]) => {
      const target = textOf(path ?? '/tmp/tmpk3v1x2z_');
      await desk.machine.run(['curl', '-fsSL', '-o', target, urlOf(url)], desk);
      return listOf([target, unknown], 'tuple');
    },
    Request: ([url = '']) => thing('Request', { full_url: url }),
  });
}

function urlOf(value: Value): string {
  return typeof value === 'object' && value !== null && 'members' in value
    ? textOf(value.members.full_url ?? '')
    : textOf(value);
}

export function requestsModule(desk: Desk): Record<string, Value> {
  const get = async ([url = '']: readonly Value[]): Promise<Value> => {
    const content = await fetched(desk, textOf(url));
    return thing(
      'Response',
      {
        ...functions({ json: () => unknown, iter_content: () => listOf([content]) }),
        text: content.toString('utf8'),
        content,
        status_code: 200n,
        ok: true,
      },
      '<Response [200]>',
    );
  };
  return functions({ get, post: get, put: get, head: get });
}

/** What the machine's own client gets there. */
async function fetched(desk: Desk, url: string): Promise<Buffer> {
  return (await desk.machine.run(['curl', '-fsSL', url], desk)).output;
}
