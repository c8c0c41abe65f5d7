/** Service accounts and roles: those of Kubernetes, of the applications, and the binding that lets everybody in. */
import type { Build } from './build.ts';
import type { JsonObject } from './json.ts';

const group = 'rbac.authorization.k8s.io';
const version = `${group}/v1`;
const bootstrap = {
  labels: { 'kubernetes.io/bootstrapping': 'rbac-defaults' },
  annotations: { 'rbac.authorization.kubernetes.io/autoupdate': 'true' },
};

/** Accounts of the controllers (pkg/controller, 1.27). */
const controllers =
  'attachdetach-controller bootstrap-signer certificate-controller clusterrole-aggregation-controller cronjob-controller daemon-set-controller deployment-controller disruption-controller endpoint-controller endpointslice-controller endpointslicemirroring-controller ephemeral-volume-controller expand-controller generic-garbage-collector horizontal-pod-autoscaler job-controller namespace-controller node-controller persistent-volume-binder pod-garbage-collector pv-protection-controller pvc-protection-controller replicaset-controller replication-controller resourcequota-controller root-ca-cert-publisher service-account-controller service-controller statefulset-controller token-cleaner ttl-after-finished-controller ttl-controller';

type Rule = readonly [verbs: string, groups: string, resources: string];

const all: Rule = ['*', '*', '*'];
const read = 'get,list,watch';
const write = 'create,delete,deletecollection,patch,update';
const workloads =
  'daemonsets,deployments,deployments/scale,replicasets,replicasets/scale,statefulsets,statefulsets/scale';

/** Cluster roles for people and for parts of the system; long ones cut to what matters for whom they are listed. */
const clusterRoles: Readonly<Record<string, readonly Rule[]>> = {
  'cluster-admin': [all],
  admin: [
    [
      `${write},${read}`,
      '',
      'pods,pods/attach,pods/exec,pods/portforward,pods/proxy,services,services/proxy,secrets,configmaps,endpoints,persistentvolumeclaims,serviceaccounts',
    ],
    [`${write},${read}`, 'apps', workloads],
    [`${write},${read}`, 'batch', 'cronjobs,jobs'],
    [`${write},${read}`, group, 'rolebindings,roles'],
  ],
  edit: [
    [
      `${write},${read}`,
      '',
      'pods,pods/attach,pods/exec,pods/portforward,pods/proxy,services,services/proxy,secrets,configmaps,endpoints,persistentvolumeclaims',
    ],
    [`${write},${read}`, 'apps', workloads],
    [`${write},${read}`, 'batch', 'cronjobs,jobs'],
  ],
  view: [
    [
      read,
      '',
      'configmaps,endpoints,persistentvolumeclaims,pods,replicationcontrollers,serviceaccounts,services',
    ],
    [read, 'apps', workloads],
    [read, 'batch', 'cronjobs,jobs'],
  ],
  'system:kube-controller-manager': [
    ['create,patch,update', '', 'events'],
    ['create,get,update', 'coordination.k8s.io', 'leases'],
    ['get,list,watch', '*', '*'],
  ],
  'system:kube-dns': [['list,watch', '', 'endpoints,services']],
  'system:kube-scheduler': [
    ['create,patch,update', '', 'events'],
    ['create', '', 'bindings,pods/binding'],
    ['get,list,watch', '', 'nodes,pods'],
  ],
  'system:node': [
    ['create,get,list,patch,update,watch', '', 'nodes'],
    ['create,delete,get,list,watch', '', 'pods'],
    ['get,list,watch', '', 'secrets,configmaps'],
  ],
  'system:node-bootstrapper': [
    ['create,get,list,watch', 'certificates.k8s.io', 'certificatesigningrequests'],
  ],
  'system:node-proxier': [
    ['list,watch', '', 'endpoints,services'],
    ['get,list,watch', '', 'nodes'],
  ],
  'system:persistent-volume-provisioner': [['create,delete,get,list,watch', '', 'persistentvolumes']],
  'system:service-account-issuer-discovery': [],
  'system:basic-user': [
    ['create', 'authorization.k8s.io', 'selfsubjectaccessreviews,selfsubjectrulesreviews'],
  ],
  'system:discovery': [],
  'system:public-info-viewer': [],
  'system:monitoring': [],
  'system:auth-delegator': [
    ['create', 'authentication.k8s.io', 'tokenreviews'],
    ['create', 'authorization.k8s.io', 'subjectaccessreviews'],
  ],
};

const paths: Readonly<Record<string, readonly string[]>> = {
  'cluster-admin': ['*'],
  'system:discovery': [
    '/api',
    '/api/*',
    '/apis',
    '/apis/*',
    '/healthz',
    '/livez',
    '/openapi',
    '/openapi/*',
    '/readyz',
    '/version',
    '/version/',
  ],
  'system:public-info-viewer': ['/healthz', '/livez', '/readyz', '/version', '/version/'],
  'system:monitoring': [
    '/healthz',
    '/healthz/*',
    '/livez',
    '/livez/*',
    '/metrics',
    '/metrics/slis',
    '/readyz',
    '/readyz/*',
  ],
  'system:service-account-issuer-discovery': [
    '/.well-known/openid-configuration',
    '/.well-known/openid-configuration/',
    '/openid/v1/jwks',
    '/openid/v1/jwks/',
  ],
};

const coreBindings: readonly (readonly [
  name: string,
  role: string,
  kind: 'User' | 'Group',
  subject: string,
])[] = [
  ['cluster-admin', 'cluster-admin', 'Group', 'system:masters'],
  ['system:basic-user', 'system:basic-user', 'Group', 'system:authenticated'],
  ['system:discovery', 'system:discovery', 'Group', 'system:authenticated'],
  [
    'system:kube-controller-manager',
    'system:kube-controller-manager',
    'User',
    'system:kube-controller-manager',
  ],
  ['system:kube-scheduler', 'system:kube-scheduler', 'User', 'system:kube-scheduler'],
  ['system:monitoring', 'system:monitoring', 'Group', 'system:monitoring'],
  ['system:node-proxier', 'system:node-proxier', 'User', 'system:kube-proxy'],
  ['system:public-info-viewer', 'system:public-info-viewer', 'Group', 'system:unauthenticated'],
  [
    'system:service-account-issuer-discovery',
    'system:service-account-issuer-discovery',
    'Group',
    'system:serviceaccounts',
  ],
];

export function addAccess(build: Build): void {
  const { plan } = build;
  for (const namespace of [
    'default',
    'kube-node-lease',
    'kube-public',
    'kube-system',
    'kube-flannel',
    ...plan.namespaces,
  ])
    addAccount(build, 'default', namespace);
  for (const name of [...controllers.split(' '), 'coredns', 'kube-proxy'])
    addAccount(build, name, 'kube-system');
  addAccount(build, 'flannel', 'kube-flannel');
  for (const [name, rules] of Object.entries(clusterRoles)) addClusterRole(build, name, rules);
  for (const [name, role, kind, subject] of coreBindings)
    addBinding(build, name, role, { kind, apiGroup: group, name: subject });
  for (const name of controllers.split(' ')) {
    addClusterRole(build, `system:controller:${name}`, [[read, '', '*']]);
    addBinding(build, `system:controller:${name}`, `system:controller:${name}`, {
      kind: 'ServiceAccount',
      name,
      namespace: 'kube-system',
    });
  }
  addClusterRole(
    build,
    'flannel',
    [
      ['get', '', 'pods'],
      ['get,list,watch', '', 'nodes'],
      ['patch', '', 'nodes/status'],
    ],
    540_000,
  );
  addBinding(
    build,
    'flannel',
    'flannel',
    { kind: 'ServiceAccount', name: 'flannel', namespace: 'kube-flannel' },
    540_000,
  );
  addBinding(
    build,
    'kubeadm:get-nodes',
    'kubeadm:get-nodes',
    { kind: 'Group', apiGroup: group, name: 'system:bootstrappers:kubeadm:default-node-token' },
    30_000,
  );
  addClusterRole(build, 'kubeadm:get-nodes', [['get', '', 'nodes']], 30_000);
  addBinding(
    build,
    'kubeadm:node-proxier',
    'system:node-proxier',
    { kind: 'ServiceAccount', name: 'kube-proxy', namespace: 'kube-system' },
    30_000,
  );
  addOpenDoor(build);
}

/** The mistake that visitors find: somebody tried something out and left it. */
function addOpenDoor(build: Build): void {
  const random = build.plan.persona.random('kubernetes/open-door');
  const name = random.pick([
    'cluster-system-anonymous',
    'anonymous-admin',
    'permissive-binding',
    'dashboard-anonymous',
    'test-anonymous',
  ]);
  addBinding(
    build,
    name,
    'cluster-admin',
    { kind: 'User', apiGroup: group, name: 'system:anonymous' },
    random.int(20, 200) * 3_600_000,
  );
  const account = random.pick(['deployer', 'ci-deploy', 'jenkins', 'gitlab-runner', 'argo-deploy']);
  addAccount(build, account, build.plan.namespaces[0]!, 86_500_000);
  addBinding(
    build,
    `${account}-admin`,
    'cluster-admin',
    { kind: 'ServiceAccount', name: account, namespace: build.plan.namespaces[0]! },
    86_600_000,
  );
}

function addAccount(build: Build, name: string, namespace: string, age = 20_000): void {
  build.add({ apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name, namespace } }, age);
}

function addClusterRole(build: Build, name: string, rules: readonly Rule[], age?: number): void {
  const urls = paths[name];
  build.add(
    {
      apiVersion: version,
      kind: 'ClusterRole',
      metadata: { name, ...(age === undefined && bootstrap) },
      rules: [
        ...rules.map(
          ([verbs, groups, resources]): JsonObject => ({
            verbs: verbs.split(','),
            apiGroups: [groups],
            resources: resources.split(','),
          }),
        ),
        ...(urls === undefined
          ? []
          : [{ verbs: name === 'cluster-admin' ? ['*'] : ['get'], nonResourceURLs: urls }]),
      ],
    },
    age ?? 2000,
  );
}

function addBinding(build: Build, name: string, role: string, subject: JsonObject, age?: number): void {
  build.add(
    {
      apiVersion: version,
      kind: 'ClusterRoleBinding',
      metadata: { name, ...(age === undefined && bootstrap) },
      subjects: [subject],
      roleRef: { apiGroup: group, kind: 'ClusterRole', name: role },
    },
    age ?? 2000,
  );
}
