import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { createVisitor, echoing, type Value, type Visitor } from '../cluster/fixtures/visitor.ts';
import { decodeObject, encodeObject } from '../cluster/schema/protobuf.ts';
import { worldRuntime } from '../cluster/world-runtime.ts';
import { personaOf } from '../persona/persona.ts';
import { startApiServer } from './decoy.ts';

const persona = personaOf('kubernetes');
const visit = (): Visitor => createVisitor(persona, startApiServer({ persona } as never, echoing));
const visitor = visit();

const curl = { headers: { 'User-Agent': 'curl/8.5.0' } };
const pod = (name: string, more: object = {}): object => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name },
  spec: {
    restartPolicy: 'Never',
    containers: [{ name: 'c', image: 'alpine', command: ['echo', 'hi'] }],
    ...more,
  },
});
const podsPath = '/api/v1/namespaces/default/pods';

async function until<T>(look: () => Promise<T | undefined>): Promise<T> {
  for (let tries = 0; tries < 100; tries++) {
    const found = await look();
    if (found !== undefined) return found;
    await sleep(100);
  }
  throw new Error('it did not happen');
}

describe('an API server', () => {
  it('tells its release indented, without a line feed at the end', async () => {
    const { text } = await visitor.ask('GET', '/version');
    const normal = text.replace(/(Audit-Id|X-Kubernetes-Pf-[A-Za-z]+-Uid): [0-9a-f-]{36}/g, '$1: uid');
    assert.match(
      normal,
      /^HTTP\/1\.0 200 OK\r\nAudit-Id: uid\r\nCache-Control: no-cache, private\r\nContent-Type: application\/json\r\nX-Kubernetes-Pf-Flowschema-Uid: uid\r\nX-Kubernetes-Pf-Prioritylevel-Uid: uid\r\nDate: now\r\nContent-Length: 26\d\r\n\r\n\{\n {2}"major": "1",\n {2}"minor": "27",\n {2}"gitVersion": "v1\.27\.\d+",[\s\S]*\}$/,
    );
  });

  it('indents for people and not for programs', async () => {
    const body =
      '{"kind":"Status","apiVersion":"v1","metadata":{},"status":"Failure","message":"pods \\"x\\" not found","reason":"NotFound","details":{"name":"x","kind":"pods"},"code":404}';
    assert.equal((await visitor.ask('GET', `${podsPath}/x`)).body, `${body}\n`);
    assert.equal(
      (await visitor.ask('GET', `${podsPath}/x`, curl)).body,
      JSON.stringify(JSON.parse(body), null, 2),
    );
    assert.equal(
      (await visitor.ask('GET', `${podsPath}/x?pretty=1`)).body,
      JSON.stringify(JSON.parse(body), null, 2),
    );
  });

  it('escapes markup as Go does', async () => {
    const { body } = await visitor.ask('GET', `${podsPath}/%3Cb%3E`);
    assert.match(body, /\\u003cb\\u003e/);
  });

  it('refuses with the reasons that clients know', async () => {
    const refused: readonly (readonly [string, string, unknown, number, string, RegExp])[] = [
      [
        'POST',
        podsPath,
        pod('A_b'),
        422,
        'Invalid',
        /^Pod "A_b" is invalid: metadata\.name: Invalid value: "A_b": a lowercase RFC 1123 subdomain/,
      ],
      [
        'POST',
        podsPath,
        { ...pod('a'), spec: { containers: [] } },
        422,
        'Invalid',
        /spec\.containers: Required value$/,
      ],
      [
        'POST',
        podsPath,
        '{bad',
        400,
        'BadRequest',
        /^the object provided is unrecognized \(must be of type Pod\): couldn't get version\/kind; json parse error: invalid character 'b' looking for beginning of object key string \(\{bad\)$/,
      ],
      [
        'POST',
        podsPath,
        pod('a', { containers: [{ name: 1 }] }),
        400,
        'BadRequest',
        /^Pod in version "v1" cannot be handled as a Pod: json: cannot unmarshal number into Go struct field Container\.spec\.containers\.name of type string$/,
      ],
      [
        'POST',
        `${podsPath}?fieldValidation=Strict`,
        pod('a', { oops: 1 }),
        400,
        'BadRequest',
        /^Pod in version "v1" cannot be handled as a Pod: strict decoding error: unknown field "spec\.oops"$/,
      ],
      [
        'POST',
        '/api/v1/namespaces/nowhere/pods',
        pod('a'),
        404,
        'NotFound',
        /^namespaces "nowhere" not found$/,
      ],
      [
        'POST',
        '/api/v1/namespaces',
        { metadata: { name: 'default' } },
        409,
        'AlreadyExists',
        /^namespaces "default" already exists$/,
      ],
      [
        'PUT',
        '/api/v1/namespaces/default',
        { metadata: { name: 'other' } },
        400,
        'BadRequest',
        /^the name of the object \(other\) does not match the name on the URL \(default\)$/,
      ],
      [
        'DELETE',
        '/api/v1/namespaces/kube-system',
        undefined,
        403,
        'Forbidden',
        /this namespace may not be deleted$/,
      ],
      [
        'DELETE',
        '/api/v1/namespaces',
        undefined,
        405,
        'MethodNotAllowed',
        /^the server does not allow this method on the requested resource$/,
      ],
      [
        'GET',
        '/api/v1/pods?fieldSelector=spec.x=1',
        undefined,
        400,
        'BadRequest',
        /^field label not supported: spec\.x$/,
      ],
      [
        'GET',
        `${podsPath}/none/exec?command=id&stdout=1`,
        undefined,
        404,
        'NotFound',
        /^pods "none" not found$/,
      ],
    ];
    for (const [method, target, body, code, reason, message] of refused) {
      const answer = await visitor.json(method, target, body);
      assert.equal(answer.status, code, `${method} ${target}: ${JSON.stringify(answer.body)}`);
      assert.equal(answer.body.reason, reason);
      assert.match(answer.body.message, message);
    }
    assert.equal((await visitor.ask('GET', '/apis/nothing.example/v1')).body, '404 page not found\n');
  });

  it('gives lists in parts, and tables with the columns of kubectl', async () => {
    const first = (await visitor.json('GET', '/api/v1/pods?limit=5')).body;
    assert.equal(first.items.length, 5);
    assert.ok(first.metadata.remainingItemCount > 5);
    const second = (await visitor.json('GET', `/api/v1/pods?limit=500&continue=${first.metadata.continue}`))
      .body;
    assert.equal(second.items.length, first.metadata.remainingItemCount);
    assert.equal(first.items[0].kind, undefined);
    const { body } = await visitor.ask('GET', '/api/v1/nodes', {
      headers: { Accept: 'application/json;as=Table;v=v1;g=meta.k8s.io,application/json' },
    });
    const table = JSON.parse(body) as Value;
    assert.deepEqual(
      table.columnDefinitions.map((one: Value) => one.name),
      [
        'Name',
        'Status',
        'Roles',
        'Age',
        'Version',
        'Internal-IP',
        'External-IP',
        'OS-Image',
        'Kernel-Version',
        'Container-Runtime',
      ],
    );
    assert.equal(table.rows[0].object.kind, 'PartialObjectMetadata');
  });

  it('speaks protobuf with those who ask for it', async () => {
    const type = 'application/vnd.kubernetes.protobuf';
    const review = {
      kind: 'SelfSubjectAccessReview',
      apiVersion: 'authorization.k8s.io/v1',
      spec: { resourceAttributes: { verb: 'create' } },
    };
    const asked = encodeObject(review)!;
    const stream = visitor.open();
    const chunks: Buffer[] = [];
    stream.on('data', (chunk: Buffer) => chunks.push(chunk));
    const over = new Promise((resolve) => stream.once('end', resolve));
    stream.write(
      `POST /apis/authorization.k8s.io/v1/selfsubjectaccessreviews HTTP/1.0\r\nHost: x\r\nAccept: ${type}\r\nContent-Type: ${type}\r\nContent-Length: ${asked.length}\r\n\r\n`,
    );
    stream.write(asked);
    await over;
    const bytes = Buffer.concat(chunks);
    const answer = decodeObject(bytes.subarray(bytes.indexOf('\r\n\r\n') + 4)) as Value;
    assert.equal(answer.status.allowed, true);
  });
});

describe('what a visitor makes', () => {
  it('is told before it is answered, runs, ends, and is gone after it was deleted', async () => {
    const own = visit();
    const created = await own.json('POST', podsPath, pod('job'));
    assert.equal(created.status, 201);
    assert.equal(created.body.status.phase, 'Pending');
    assert.match(created.body.spec.volumes[0].name, /^kube-api-access-[a-z0-9]{5}$/);
    const { type, what } = own.events.at(-1)!;
    assert.equal(type, 'pod.create');
    assert.deepEqual([what.images, what.commands], [['alpine'], ['echo hi']]);
    await until(async () =>
      (await own.json('GET', `${podsPath}/job`)).body.status.phase === 'Succeeded' ? true : undefined,
    );
    assert.equal((await own.ask('GET', `${podsPath}/job/log`)).body, 'ran echo hi\n');
    assert.equal(own.events.filter((one) => one.type === 'pod.start').length, 1);
    await own.json('DELETE', `${podsPath}/job?gracePeriodSeconds=0`);
    await until(async () => ((await own.ask('GET', `${podsPath}/job`)).status === 404 ? true : undefined));
  });

  it('goes on where its image may have the program, and backs off where it cannot', async () => {
    const own = createVisitor(persona, startApiServer({ persona } as never, worldRuntime));
    const command = ['sh', '-c', '/opt/xm/miner -o pool.example:3333'];
    for (const [name, image] of [
      ['unseen', 'somebody/web:1'],
      ['known', 'alpine'],
    ] as const)
      await own.json(
        'POST',
        podsPath,
        pod(name, { restartPolicy: 'Always', containers: [{ name: 'c', image, command }] }),
      );
    const stateOf = async (name: string): Promise<Value> =>
      (await own.json('GET', `${podsPath}/${name}`)).body.status.containerStatuses?.[0]?.state;
    const { reason } = await until(async () => (await stateOf('known'))?.waiting);
    assert.equal(reason, 'CrashLoopBackOff');
    const started = await until(async () =>
      own.events.find(({ type, what }) => type === 'pod.start' && what.data?.pod === 'unseen'),
    );
    assert.equal(started.what.data?.exitCode, undefined);
    assert.ok((await stateOf('unseen')).running !== undefined);
  });

  it('that reaches for the host is told as such', async () => {
    const own = visit();
    await own.json('POST', '/apis/apps/v1/namespaces/kube-system/daemonsets', {
      metadata: { name: 'ds' },
      spec: {
        selector: { matchLabels: { a: 'b' } },
        template: {
          metadata: { labels: { a: 'b' } },
          spec: {
            hostPID: true,
            hostNetwork: true,
            containers: [
              {
                name: 'c',
                image: 'example.invalid/x:1',
                command: ['/bin/sh', '-c', 'echo benign'],
                securityContext: { privileged: true },
                volumeMounts: [{ name: 'h', mountPath: '/mnt' }],
              },
            ],
            volumes: [{ name: 'h', hostPath: { path: '/' } }],
          },
        },
      },
    });
    const { what } = own.events.findLast((one) => one.type === 'pod.create')!;
    assert.deepEqual(what.attack, ['T1610', 'T1611']);
    const { hostPaths, privileged, hostNetwork, hostPid, commands } = what.data as Value;
    assert.deepEqual(
      [hostPaths, privileged, hostNetwork, hostPid, commands],
      [['/'], true, true, true, ['echo benign']],
    );
    const nodes = (await own.json('GET', '/api/v1/nodes')).body.items.length;
    const pods = await until(async () => {
      const { items } = (await own.json('GET', '/api/v1/namespaces/kube-system/pods?labelSelector=a=b')).body;
      return items.length === nodes ? items : undefined;
    });
    assert.equal(new Set(pods.map((one: Value) => one.spec.nodeName)).size, nodes, 'one on each node');
  });

  it('is seen by nobody else', async () => {
    const talk = startApiServer({ persona } as never, echoing);
    const [one, other] = [
      createVisitor(persona, talk),
      createVisitor(persona, (connection) => talk({ ...connection, src: { ip: '198.51.100.9', port: 1 } })),
    ];
    await one.json('POST', '/api/v1/namespaces', { metadata: { name: 'mine' } });
    assert.equal((await one.ask('GET', '/api/v1/namespaces/mine')).status, 200);
    assert.equal((await other.ask('GET', '/api/v1/namespaces/mine')).status, 404);
  });

  it('takes flags as API servers do: anything but false and 0', async () => {
    const kinds = await Promise.all(
      ['True', '1', '', 'yes', 'false', 'False', '0'].map(async (flag) => {
        const { body } = await visitor.ask('GET', `${podsPath}?watch=${flag}&timeoutSeconds=1`);
        return body.includes('"kind":"PodList"') ? 'list' : 'watch';
      }),
    );
    assert.deepEqual(kinds, ['watch', 'watch', 'watch', 'watch', 'list', 'list', 'list']);
  });

  it('can be watched', async () => {
    const own = visit();
    const stream = own.open();
    let seen = '';
    stream.setEncoding('utf8').on('data', (chunk: string) => {
      seen += chunk;
    });
    const { metadata } = (await own.json('GET', podsPath)).body;
    stream.write(
      `GET ${podsPath}?watch=true&resourceVersion=${metadata.resourceVersion} HTTP/1.1\r\nHost: x\r\n\r\n`,
    );
    await own.json('POST', podsPath, pod('watched'));
    await until(async () => (/"type":"MODIFIED".*"phase":"Succeeded"/.test(seen) ? true : undefined));
    assert.match(
      seen,
      /^HTTP\/1\.1 200 OK\r\n[\s\S]*Transfer-Encoding: chunked\r\n\r\n[0-9a-f]+\r\n\{"type":"ADDED","object":\{"kind":"Pod","apiVersion":"v1","metadata":\{"name":"watched"/,
    );
    stream.destroy();
  });

  it('may not grow without end', async () => {
    const own = visit();
    let last = 201;
    for (let index = 0; last === 201 && index < 30; index++)
      last = (
        await own.json('POST', '/api/v1/namespaces/default/configmaps', {
          metadata: { name: `c${index}` },
          data: { a: 'x'.repeat(500_000) },
        })
      ).status;
    assert.equal(last, 500);
    const { body } = await own.json('POST', '/api/v1/namespaces/default/configmaps', {
      metadata: { name: 'more' },
      data: { a: 'x'.repeat(500_000) },
    });
    assert.equal(body.message, 'etcdserver: mvcc: database space exceeded');
  });
});

describe('secrets and tokens', () => {
  it('are told when they are read and shown', async () => {
    const own = visit();
    await own.json('GET', '/api/v1/secrets');
    assert.equal(own.events.at(-1)!.type, 'secret.read');
    await own.ask('GET', '/api', { headers: { Authorization: 'Bearer stolen' } });
    assert.deepEqual(own.events.find((one) => one.type === 'token')!.what.data, { token: 'stolen' });
    await own.ask('GET', '/api', { headers: { Authorization: 'Bearer stolen' } });
    assert.equal(own.events.filter((one) => one.type === 'token').length, 1, 'once');
  });
});

describe('hostile requests', () => {
  it('are answered, whatever they hold', async () => {
    const deep = `${'['.repeat(50_000)}${']'.repeat(50_000)}`;
    const bodies = [
      deep,
      `{"a":${deep}}`,
      '{"metadata":null,"spec":null}',
      '{"metadata":{"labels":[]},"spec":{"containers":{}}}',
      '[]',
      'null',
      '"x"',
      '{"__proto__":{"x":1},"metadata":{"name":"x","labels":{"__proto__":"x","constructor":"y"}}}',
    ];
    const types = [
      'application/json',
      'application/yaml',
      'application/vnd.kubernetes.protobuf',
      'application/x-none',
      'application/json-patch+json',
      'application/apply-patch+yaml',
      'application/strategic-merge-patch+json',
    ];
    for (const body of bodies)
      for (const type of types)
        for (const [method, target] of [
          ['POST', podsPath],
          ['PATCH', '/api/v1/namespaces/default?fieldManager=x'],
          ['PUT', '/api/v1/namespaces/default'],
          ['POST', '/apis/authorization.k8s.io/v1/selfsubjectrulesreviews'],
        ] as const) {
          const { status } = await visitor.ask(method, target, { headers: { 'Content-Type': type }, body });
          assert.ok(status >= 200 && status < 600, `${method} ${type} ${body.slice(0, 40)}`);
        }
    assert.equal(({} as Record<string, unknown>).x, undefined);
  });
});
