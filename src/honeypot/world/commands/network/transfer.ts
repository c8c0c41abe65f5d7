/** A request that is answered and never made: who would answer it, what they would say, how long it would take. */
import { imds } from '../../../persona/imds.ts';
import type { Content } from '../../files/node.ts';
import type { Run } from '../../program.ts';
import { socketsOf } from '../../systems/sockets.ts';
import { now } from '../../world.ts';
import { apiServerOf, askApiServer, isApiServerName } from './api-server.ts';
import { payloadFor } from './payload.ts';
import { type Address, fileNameOf, isIpAddress, urlOf } from './url.ts';

export interface TransferRequest {
  readonly tool: string;
  readonly address: Address;
  readonly method: string;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  /** Absent for standard output. */
  readonly savedAs?: string;
}

export type Answer =
  | { readonly kind: 'unresolved' | 'refused' | 'timeout' | 'empty'; readonly ip: string }
  | {
      readonly kind: 'answer';
      /** Of who answered. */
      readonly ip: string;
      readonly status: number;
      readonly reason: string;
      readonly headers: readonly (readonly [string, string])[];
      readonly content: Content;
      readonly type: string;
      /** Milliseconds until the first byte, and until the last. */
      readonly latency: number;
      readonly duration: number;
    };

const reasons: Readonly<Record<number, string>> = {
  200: 'OK',
  400: 'Bad Request',
  401: 'Unauthorized',
  403: 'Forbidden',
  404: 'Not Found',
  405: 'Method Not Allowed',
};

/** Notes the request, waits as long as it would take, and answers. */
export async function transfer(run: Run, request: TransferRequest): Promise<Answer> {
  const { address, tool, savedAs } = request;
  const url = urlOf(address);
  run.note({ kind: 'request', tool, url, ...(savedAs !== undefined && { savedAs: absolute(run, savedAs) }) });
  const answer = answerTo(run, request, url);
  if (answer.kind === 'answer') await run.sleep(answer.latency + answer.duration);
  else if (answer.kind === 'timeout') await run.sleep(130_000);
  else await run.sleep(answer.kind === 'unresolved' ? 40 : 1);
  return answer;
}

function absolute(run: Run, path: string): string {
  if (path.startsWith('/')) return path;
  return run.files.cwd === '/' ? `/${path}` : `${run.files.cwd}/${path}`;
}

function answerTo(run: Run, request: TransferRequest, url: string): Answer {
  const { persona } = run.world;
  const { address, method, headers, savedAs } = request;
  const { host, port, path } = address;
  const ip = ipOf(run, host);
  if (ip === undefined) return { kind: 'unresolved', ip: '' };
  if (ip === '169.254.169.254') {
    const said = imds(persona, method, path, headers, now(run.world));
    const type = said.headers.find(([name]) => name === 'Content-Type')?.[1] ?? 'text/plain';
    return made(ip, said.status, said.headers, Buffer.from(said.body), type, 1, 0);
  }
  if (ip === apiServerOf(run.env)) {
    if (port !== 443) return { kind: 'timeout', ip };
    const { status, type, body } = askApiServer(persona, method, path, headers.authorization);
    const bytes = Buffer.from(body);
    const time = new Date(now(run.world)).toUTCString();
    const told = [
      ['Cache-Control', 'no-cache, private'],
      ['Content-Type', type],
      ['Date', time],
      ['Content-Length', `${bytes.length}`],
    ] as const;
    return made(ip, status, told, bytes, type, 3, 0);
  }
  if (isOwn(run, ip)) return local(run, ip, port, path);
  if (/^(10\.|192\.168\.|172\.(1[6-9]|2\d|3[01])\.)/.test(ip)) return { kind: 'timeout', ip };
  const random = persona.random(`transfer/${url}`);
  const latency = random.int(45, 420);
  const known = addressService(host, path, persona.network.publicAddress);
  if (known !== undefined)
    return made(
      ip,
      200,
      server(run, known.type, known.text.length),
      Buffer.from(known.text),
      known.type,
      latency,
      0,
    );
  const { content, type } = payloadFor(persona, url, fileNameOf(address), savedAs === undefined);
  const size = content instanceof Uint8Array ? content.length : content.size;
  const duration = Math.round((size / random.int(900_000, 9_000_000)) * 1000);
  return made(ip, 200, server(run, type, size), content, type, latency, duration);
}

function made(
  ip: string,
  status: number,
  headers: readonly (readonly [string, string])[],
  content: Content,
  type: string,
  latency: number,
  duration: number,
): Answer {
  return {
    kind: 'answer',
    ip,
    status,
    reason: reasons[status] ?? '',
    headers,
    content,
    type,
    latency,
    duration,
  };
}

function server(run: Run, type: string, size: number): [string, string][] {
  const time = new Date(now(run.world)).toUTCString();
  return [
    ['Server', 'nginx'],
    ['Date', time],
    ['Content-Type', type],
    ['Content-Length', `${size}`],
    ['Connection', 'keep-alive'],
    ['Accept-Ranges', 'bytes'],
  ];
}

/** Address of a host; undefined for a name that nobody has. */
export function ipOf(run: Run, host: string): string | undefined {
  const { persona, hostname } = run.world;
  if (isIpAddress(host)) return numeric(host);
  if (host === 'localhost' || host === hostname || host === persona.hostname) return '127.0.0.1';
  if (isApiServerName(host)) return apiServerOf(run.env);
  if (host === 'instance-data' || host.startsWith('instance-data.')) return '169.254.169.254';
  if (
    host === 'metadata.google.internal' ||
    !host.includes('.') ||
    /\.(onion|local|internal|lan)$/.test(host)
  )
    return undefined;
  if (!/^(?=.{1,253}$)([a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?\.)+[a-z0-9-]{2,63}\.?$/.test(host))
    return undefined;
  const random = persona.random(`address/${host}`);
  return `${random.pick([5, 23, 45, 51, 77, 80, 91, 95, 104, 139, 144, 146, 159, 167, 178, 185, 193, 195, 199, 209])}.${random.int(1, 250)}.${random.int(1, 250)}.${random.int(2, 250)}`;
}

function numeric(host: string): string {
  if (/^0x[0-9a-f]+$|^\d{6,10}$/.test(host)) {
    const value = Number(host);
    return [24, 16, 8, 0].map((shift) => Math.floor(value / 2 ** shift) % 256).join('.');
  }
  return host.replace(/^\[|\]$/g, '');
}

function isOwn(run: Run, ip: string): boolean {
  const { network } = run.world.persona;
  return (
    /^127\.|^0\.0\.0\.0$|^::1?$/.test(ip) ||
    ip === network.address ||
    ip === network.publicAddress ||
    /^172\.1[78]\.0\.1$/.test(ip)
  );
}

/** What listens on the machine itself: only the engine speaks HTTP. */
function local(run: Run, ip: string, port: number, path: string): Answer {
  const world =
    run.world.container === undefined || run.world.container.hasHostNetwork
      ? (run.world.host ?? run.world)
      : run.world;
  const isOpen =
    world.container === undefined &&
    socketsOf(world).some(({ localPort, state }) => state === 'LISTEN' && localPort === port);
  if (!isOpen) return { kind: 'refused', ip };
  if (port !== 2375) return { kind: 'empty', ip };
  const isPing = /^(\/v1\.\d+)?\/_ping$/.test(path);
  const body = Buffer.from(isPing ? 'OK' : '{"message":"page not found"}\n');
  const headers: [string, string][] = [
    ['Content-Type', isPing ? 'text/plain; charset=utf-8' : 'application/json'],
    ['Date', new Date(now(run.world)).toUTCString()],
    ['Content-Length', `${body.length}`],
  ];
  return made(ip, isPing ? 200 : 404, headers, body, headers[0]![1], 1, 0);
}

/** Services that tell who asks, which the public address answers to. */
function addressService(
  host: string,
  path: string,
  ip: string,
): { readonly text: string; readonly type: string } | undefined {
  const name = host.replace(/^www\.|^v4\.|^ipv4\./, '');
  const plain = (text: string): { readonly text: string; readonly type: string } => ({
    text,
    type: 'text/plain',
  });
  const json = (value: object): { readonly text: string; readonly type: string } => ({
    text: `${JSON.stringify(value, undefined, 2)}\n`,
    type: 'application/json',
  });
  switch (name) {
    case 'icanhazip.com':
    case 'checkip.amazonaws.com':
    case 'ip.sb':
    case 'api.ip.sb':
    case 'ip.gs':
    case 'wtfismyip.com':
    case 'ipaddr.site':
      return plain(`${ip}\n`);
    case 'ifconfig.me':
    case 'ident.me':
    case 'api.ipify.org':
    case 'ipecho.net':
    case 'whatismyip.akamai.com':
    case 'bot.whatismyipaddress.com':
    case 'myexternalip.com':
    case 'ifconfig.co':
    case 'ifconfig.io':
    case 'l2.io':
      return path.includes('json')
        ? json({ ip })
        : plain(name === 'ifconfig.co' || name === 'ifconfig.io' ? `${ip}\n` : ip);
    case 'ipinfo.io':
      if (path.startsWith('/ip')) return plain(`${ip}\n`);
      return path.startsWith('/country')
        ? plain('US\n')
        : json({
            ip,
            city: 'Ashburn',
            region: 'Virginia',
            country: 'US',
            loc: '39.0437,-77.4875',
            org: 'AS16509 Amazon.com, Inc.',
            timezone: 'America/New_York',
          });
    case 'ip-api.com':
      return path.startsWith('/line')
        ? plain(
            `success\nUnited States\nUS\nVA\nVirginia\nAshburn\n20149\n39.0438\n-77.4874\nAmerica/New_York\nAmazon.com, Inc.\nAWS EC2\nAS16509 Amazon.com, Inc.\n${ip}\n`,
          )
        : json({
            status: 'success',
            country: 'United States',
            countryCode: 'US',
            isp: 'Amazon.com, Inc.',
            query: ip,
          });
    default:
      return undefined;
  }
}
