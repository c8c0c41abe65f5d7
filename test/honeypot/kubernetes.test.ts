/** kubectl, old and new, against the API server as a process. */
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { existsSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { after, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Sensor, startSensor, without } from './sensor.ts';

interface Ran {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

const folder = mkdtempSync(join(tmpdir(), 'waterguard-kubernetes-'));
after(() => rmSync(folder, { recursive: true, force: true }));

const manifest = join(folder, 'daemonset.yaml');
writeFileSync(
  manifest,
  `apiVersion: apps/v1
kind: DaemonSet
metadata:
  name: node-agent
  namespace: kube-system
spec:
  selector:
    matchLabels: {app: node-agent}
  template:
    metadata:
      labels: {app: node-agent}
    spec:
      hostNetwork: true
      hostPID: true
      containers:
      - name: agent
        image: registry.example.invalid/agent:1
        command: ["chroot", "/mnt", "sh", "-c", "echo '* * * * * root echo benign' >> /etc/crontab"]
        securityContext: {privileged: true}
        volumeMounts:
        - {name: host, mountPath: /mnt}
      volumes:
      - name: host
        hostPath: {path: /}
`,
);

/** kubectl itself, and the versions that lie beside it where it only chooses among them. */
function clients(): string[] {
  const found = (process.env.PATH ?? '')
    .split(delimiter)
    .map((one) => join(one, 'kubectl'))
    .find((one) => existsSync(one));
  if (found === undefined) return [];
  const beside = dirname(realpathSync(found));
  const versions = ['1.27', '1.32']
    .map((one) => join(beside, `kubectl.${one}`))
    .filter((one) => existsSync(one));
  return versions.length > 0 ? versions : [found];
}

function run(program: string, configuration: string, args: readonly string[], input = ''): Promise<Ran> {
  return new Promise((resolve) => {
    const env = { PATH: process.env.PATH, HOME: folder, KUBECONFIG: configuration };
    const child = execFile(
      program,
      [...args],
      { env, timeout: 60_000, maxBuffer: 1 << 24 },
      (error, stdout, stderr) => {
        const exitCode = error === null ? 0 : typeof error.code === 'number' ? error.code : -1;
        resolve({ exitCode, stdout, stderr });
      },
    );
    child.stdin!.on('error', () => {});
    child.stdin!.end(input);
  });
}

function configure(sensor: Sensor, name: string): string {
  const file = join(folder, `config-${name}`);
  writeFileSync(
    file,
    JSON.stringify({
      apiVersion: 'v1',
      kind: 'Config',
      clusters: [
        {
          name: 'c',
          cluster: {
            server: `https://127.0.0.1:${sensor.port('kubernetes')}`,
            'insecure-skip-tls-verify': true,
          },
        },
      ],
      users: [{ name: 'u', user: { token: 'stolen-token' } }],
      contexts: [{ name: 'x', context: { cluster: 'c', user: 'u' } }],
      'current-context': 'x',
    }),
  );
  return file;
}

for (const client of clients().length > 0 ? clients() : ['kubectl'])
  test(`${client.split('/').at(-1)} works as on a real cluster`, { skip: without('kubectl') }, async () => {
    await using sensor = await startSensor(['kubernetes']);
    const configuration = configure(sensor, client.split('/').at(-1)!);
    const kubectl = async (args: readonly string[], input?: string): Promise<string> => {
      const { exitCode, stdout, stderr } = await run(client, configuration, args, input);
      assert.equal(exitCode, 0, `kubectl ${args.join(' ')}: ${stdout}${stderr}`);
      return stdout;
    };

    assert.match(await kubectl(['version']), /v1\.27\./);
    assert.match(await kubectl(['cluster-info']), /Kubernetes control plane.* is running at/);
    assert.match(await kubectl(['get', 'namespaces']), /^kube-system +Active +\d+/m);
    assert.match(await kubectl(['get', 'nodes', '-o', 'wide']), /control-plane/);
    assert.match(await kubectl(['auth', 'can-i', '--list']), /\*\.\* +\[\] +\[\] +\[\*\]/);
    assert.match(await kubectl(['api-resources']), /^daemonsets +ds +apps\/v1 +true +DaemonSet$/m);
    const pods = JSON.parse(await kubectl(['get', 'pods', '-A', '-o', 'json'])).items as {
      metadata: { name: string; namespace: string; labels?: { app?: string } };
    }[];
    assert.match(
      await kubectl(['get', 'secrets', '-A', '-o', 'yaml']),
      /type: kubernetes\.io\/service-account-token/,
    );
    assert.match(await kubectl(['create', 'token', 'default']), /^ey[\w-]+\.[\w-]+\.[\w-]+$/);

    const { name, namespace } = pods.find(
      (one) => one.metadata.labels?.app !== undefined && one.metadata.namespace !== 'kube-flannel',
    )!.metadata;
    assert.match(await kubectl(['describe', 'pod', '-n', namespace, name]), /^Node: +\S+\/\d/m);
    assert.equal(
      await kubectl(['exec', '-n', namespace, name, '--', 'echo', 'out of the pod']),
      'out of the pod\n',
    );
    assert.equal(
      await kubectl(['exec', '-i', '-n', namespace, name, '--', 'sh'], 'echo typed $((1 + 2))\n'),
      'typed 3\n',
    );
    const inside = ['cat', '/etc/resolv.conf', '/etc/hosts', '/proc/mounts'];
    assert.match(
      await kubectl(['exec', '-n', namespace, name, '--', ...inside]),
      /\nnameserver 10\.96\.0\.10\noptions ndots:5\n# Kubernetes-managed hosts file\.\n[\s\S]*\noverlay \/ overlay rw,relatime,lowerdir=\/var\/lib\/containerd\//,
    );
    const failed = await run(client, configuration, [
      'exec',
      '-n',
      namespace,
      name,
      '--',
      'sh',
      '-c',
      'exit 3',
    ]);
    assert.deepEqual([failed.exitCode, failed.stderr], [3, 'command terminated with exit code 3\n']);
    const absent = await run(client, configuration, ['exec', '-n', namespace, name, '--', 'no-such-program']);
    assert.match(absent.stderr, /exec: "no-such-program": executable file not found in \$PATH/);

    assert.equal(await kubectl(['apply', '-f', manifest]), 'daemonset.apps/node-agent created\n');
    assert.equal(await kubectl(['apply', '-f', manifest]), 'daemonset.apps/node-agent unchanged\n');
    const created = await sensor.event('kubernetes.pod.create');
    assert.deepEqual(created.norm.images, ['registry.example.invalid/agent:1']);
    assert.ok(created.attack.includes('T1611'));
    assert.equal(created.data?.privileged, true);
    assert.deepEqual(created.data?.hostPaths, ['/']);
    assert.match(await kubectl(['get', 'daemonsets', '-n', 'kube-system']), /^node-agent +\d/m);
    await sensor.event('kubernetes.pod.start');
    assert.match(await kubectl(['delete', '-f', manifest]), /daemonset\.apps "node-agent" deleted/);

    await kubectl([
      'run',
      'once',
      '--image=alpine',
      '--restart=Never',
      '--command',
      '--',
      'sh',
      '-c',
      'echo from the container',
    ]);
    for (let tries = 0; tries < 50 && !(await kubectl(['get', 'pod', 'once'])).includes('Completed'); tries++)
      await sleep(200);
    assert.equal(await kubectl(['logs', 'once']), 'from the container\n');
    assert.equal(await kubectl(['label', 'pod', 'once', 'a=b']), 'pod/once labeled\n');
    assert.equal(await kubectl(['delete', 'pod', 'once']), 'pod "once" deleted\n');

    const deployment = (await kubectl(['get', 'deployments', '-n', namespace, '-o', 'name'])).split('\n')[0]!;
    assert.match(await kubectl(['scale', deployment, '-n', namespace, '--replicas=4']), /scaled\n$/);
    assert.match(await kubectl(['rollout', 'restart', deployment, '-n', namespace]), /restarted\n$/);
    assert.match(
      await kubectl(['rollout', 'status', deployment, '-n', namespace, '--timeout=50s']),
      /successfully rolled out\n$/,
    );
    assert.match(
      await kubectl([
        'create',
        'clusterrolebinding',
        'everyone',
        '--clusterrole=cluster-admin',
        '--serviceaccount=default:default',
      ]),
      /created\n$/,
    );

    const token = await sensor.event('kubernetes.token');
    assert.equal(token.data?.token, 'stolen-token');
    await sensor.event('kubernetes.secret.read');
    const typed = await sensor.event('kubernetes.exec', (event) => event.data?.stdin !== undefined);
    assert.equal(typed.data?.stdin, 'echo typed $((1 + 2))\n');
    assert.doesNotMatch(sensor.told(), /Error/);
  });
