/** What people put into the cluster: applications, their services, configuration, and secrets that open nothing. */
import { cloudKey } from '../persona/cloud-keys.ts';
import type { Random } from '../persona/random.ts';
import type { Build } from './build.ts';
import type { JsonObject } from './json.ts';
import { accountToken, authorityOf, siteCertificate } from './pki.ts';
import type { App } from './plan.ts';
import { addService } from './system.ts';

const day = 86_400_000;
const letters = 'ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz23456789';

export function addContents(build: Build): void {
  addConfiguration(build);
  const { plan } = build;
  const random = plan.persona.random('kubernetes/contents');
  for (const app of plan.apps) addApp(build, app, random);
  addSecrets(build, random);
}

function addApp(build: Build, app: App, random: Random): void {
  const labels = { app: app.name };
  const age = random.int(1, 9) * day + random.int(0, day);
  const { name, namespace, secret } = app;
  const metadata = { name, namespace, labels };
  // Changed every few weeks or months since.
  const period = random.int(20, 150) * day;
  const times = Math.max(0, Math.floor((build.now - build.plan.createdAt - age) / period));
  if (secret !== undefined) addSecret(build, secret, namespace, credentials(app, random), age - 60_000);
  build.addWorkload(
    {
      apiVersion: 'apps/v1',
      kind: app.isStateful ? 'StatefulSet' : 'Deployment',
      metadata,
      spec: {
        replicas: app.replicas,
        selector: { matchLabels: labels },
        ...(app.isStateful && { serviceName: name }),
        template: {
          metadata: { labels },
          spec: {
            containers: [
              {
                name: name.slice(name.indexOf('-') + 1),
                image: app.image,
                ...(app.args !== undefined && { args: app.args }),
                ports: [{ containerPort: app.port }],
                ...(secret !== undefined && { envFrom: [{ secretRef: { name: secret } }] }),
                resources: {
                  limits: { cpu: '1', memory: random.pick(['512Mi', '1Gi', '2Gi']) },
                  requests: {
                    cpu: random.pick(['50m', '100m', '250m']),
                    memory: random.pick(['128Mi', '256Mi']),
                  },
                },
              },
            ],
          },
        },
      },
    },
    age,
    { times, age: age + times * period },
  );
  const address = `10.${random.int(97, 111)}.${random.int(0, 255)}.${random.int(2, 250)}`;
  addService(build, metadata, address, labels, [{ port: app.port }], age);
}

function credentials({ name, namespace }: App, random: Random): Readonly<Record<string, string>> {
  const password = random.text(letters, random.int(16, 24));
  const user = name.split('-')[0]!;
  switch (name.slice(user.length + 1)) {
    case 'postgres':
      return { POSTGRES_DB: user, POSTGRES_PASSWORD: password, POSTGRES_USER: user };
    case 'rabbitmq':
      return {
        RABBITMQ_DEFAULT_PASS: password,
        RABBITMQ_DEFAULT_USER: user,
        RABBITMQ_ERLANG_COOKIE: random.text(letters.toUpperCase(), 20),
      };
    default:
      return {
        DATABASE_URL: `postgresql://${user}:${password}@${user}-postgres.${namespace}.svc:5432/${user}`,
        JWT_SECRET: random.hex(64),
        SESSION_KEY: random.bytes(32).toString('base64'),
      };
  }
}

function addSecret(
  build: Build,
  name: string,
  namespace: string,
  values: Readonly<Record<string, string>>,
  age: number,
  more: JsonObject = {},
): void {
  const data = Object.fromEntries(
    Object.entries(values).map(([key, text]) => [key, Buffer.from(text).toString('base64')]),
  );
  const { metadata, ...rest } = more;
  build.add(
    {
      apiVersion: 'v1',
      kind: 'Secret',
      metadata: { name, namespace, ...(metadata as JsonObject | undefined) },
      data,
      type: 'Opaque',
      ...rest,
    },
    age,
  );
}

/** Nobody has what these open: the registry, the bucket, the site and the account do not exist. */
function addSecrets(build: Build, random: Random): void {
  const { plan } = build;
  const { persona, project } = plan;
  const namespace = plan.namespaces[0]!;
  const key = cloudKey(persona, 'AKIA', 'kubernetes/backup');
  addSecret(
    build,
    `${project}-backup-s3`,
    namespace,
    {
      AWS_ACCESS_KEY_ID: key.id,
      AWS_DEFAULT_REGION: persona.cloud.region,
      AWS_SECRET_ACCESS_KEY: key.secret,
      BUCKET: `${project}-backup-${random.hex(6)}`,
    },
    4 * day,
  );
  const registry = `${persona.cloud.account}.dkr.ecr.${persona.cloud.region}.amazonaws.com`;
  const password = random.text(letters, 40);
  const auth = Buffer.from(`AWS:${password}`).toString('base64');
  addSecret(
    build,
    'regcred',
    namespace,
    { '.dockerconfigjson': JSON.stringify({ auths: { [registry]: { username: 'AWS', password, auth } } }) },
    2 * day,
    { type: 'kubernetes.io/dockerconfigjson' },
  );
  const site = siteCertificate(plan, `${project}.${persona.domain}`);
  addSecret(build, `${project}-tls`, namespace, { 'tls.crt': site.cert, 'tls.key': site.key }, 3 * day, {
    type: 'kubernetes.io/tls',
  });
  const account = build.objects.find(
    (one) =>
      one.kind === 'ServiceAccount' &&
      one.metadata.namespace === namespace &&
      one.metadata.name !== 'default',
  );
  if (account === undefined) return;
  const { name, uid } = account.metadata;
  const secret = `${name}-token`;
  const claims = {
    iss: 'kubernetes/serviceaccount',
    'kubernetes.io/serviceaccount/namespace': namespace,
    'kubernetes.io/serviceaccount/secret.name': secret,
    'kubernetes.io/serviceaccount/service-account.name': name,
    'kubernetes.io/serviceaccount/service-account.uid': uid,
    sub: `system:serviceaccount:${namespace}:${name}`,
  };
  addSecret(
    build,
    secret,
    namespace,
    { 'ca.crt': authorityOf(plan).certificate, namespace, token: accountToken(persona, claims) },
    2 * day,
    {
      type: 'kubernetes.io/service-account-token',
      metadata: {
        annotations: { 'kubernetes.io/service-account.name': name, 'kubernetes.io/service-account.uid': uid },
      },
    },
  );
}

function addConfiguration(build: Build): void {
  const { plan } = build;
  const { certificate } = authorityOf(plan);
  const add = (
    name: string,
    namespace: string,
    data: Readonly<Record<string, string>>,
    age = 20_000,
  ): void => {
    build.add({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name, namespace }, data }, age);
  };
  for (const namespace of [
    'default',
    'kube-node-lease',
    'kube-public',
    'kube-system',
    'kube-flannel',
    ...plan.namespaces,
  ])
    build.add({
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: {
        name: 'kube-root-ca.crt',
        namespace,
        annotations: {
          'kubernetes.io/description':
            'Contains a CA bundle that can be used to verify the kube-apiserver when using internal endpoints such as the internal service IP or kubernetes.default.svc. No other usage is guaranteed across distributions of Kubernetes clusters.',
        },
      },
      data: { 'ca.crt': certificate },
    });
  const server = `https://${plan.nodes[0]!.address}:6443`;
  const authority = Buffer.from(certificate).toString('base64');
  add('cluster-info', 'kube-public', {
    kubeconfig: `apiVersion: v1\nclusters:\n- cluster:\n    certificate-authority-data: ${authority}\n    server: ${server}\n  name: ""\ncontexts: null\ncurrent-context: ""\nkind: Config\npreferences: {}\nusers: null\n`,
  });
  add('coredns', 'kube-system', {
    Corefile:
      '.:53 {\n    errors\n    health {\n       lameduck 5s\n    }\n    ready\n    kubernetes cluster.local in-addr.arpa ip6.arpa {\n       pods insecure\n       fallthrough in-addr.arpa ip6.arpa\n       ttl 30\n    }\n    prometheus :9153\n    forward . /etc/resolv.conf {\n       max_concurrent 1000\n    }\n    cache 30\n    loop\n    reload\n    loadbalance\n}\n',
  });
  add('extension-apiserver-authentication', 'kube-system', {
    'client-ca-file': certificate,
    'requestheader-allowed-names': '["front-proxy-client"]',
    'requestheader-extra-headers-prefix': '["X-Remote-Extra-"]',
    'requestheader-group-headers': '["X-Remote-Group"]',
    'requestheader-username-headers': '["X-Remote-User"]',
  });
  add('kubeadm-config', 'kube-system', {
    ClusterConfiguration: `apiServer:\n  extraArgs:\n    authorization-mode: Node,RBAC\n  timeoutForControlPlane: 4m0s\napiVersion: kubeadm.k8s.io/v1beta3\ncertificatesDir: /etc/kubernetes/pki\nclusterName: kubernetes\ncontrollerManager: {}\ndns: {}\netcd:\n  local:\n    dataDir: /var/lib/etcd\nimageRepository: registry.k8s.io\nkind: ClusterConfiguration\nkubernetesVersion: ${plan.release.version}\nnetworking:\n  dnsDomain: cluster.local\n  podSubnet: 10.244.0.0/16\n  serviceSubnet: 10.96.0.0/12\nscheduler: {}\n`,
  });
  add('kube-proxy', 'kube-system', {
    'config.conf':
      'apiVersion: kubeproxy.config.k8s.io/v1alpha1\nbindAddress: 0.0.0.0\nbindAddressHardFail: false\nclientConnection:\n  acceptContentTypes: ""\n  burst: 0\n  contentType: ""\n  kubeconfig: /var/lib/kube-proxy/kubeconfig.conf\n  qps: 0\nclusterCIDR: 10.244.0.0/16\nconfigSyncPeriod: 0s\nkind: KubeProxyConfiguration\nmode: ""\n',
    'kubeconfig.conf': `apiVersion: v1\nkind: Config\nclusters:\n- cluster:\n    certificate-authority: /var/run/secrets/kubernetes.io/serviceaccount/ca.crt\n    server: ${server}\n  name: default\ncontexts:\n- context:\n    cluster: default\n    namespace: default\n    user: default\n  name: default\ncurrent-context: default\nusers:\n- name: default\n  user:\n    tokenFile: /var/run/secrets/kubernetes.io/serviceaccount/token\n`,
  });
  add('kubelet-config', 'kube-system', {
    kubelet:
      'apiVersion: kubelet.config.k8s.io/v1beta1\nauthentication:\n  anonymous:\n    enabled: true\n  webhook:\n    cacheTTL: 0s\n    enabled: false\n  x509:\n    clientCAFile: /etc/kubernetes/pki/ca.crt\nauthorization:\n  mode: AlwaysAllow\ncgroupDriver: systemd\nclusterDNS:\n- 10.96.0.10\nclusterDomain: cluster.local\nkind: KubeletConfiguration\nreadOnlyPort: 10255\nrotateCertificates: true\nstaticPodPath: /etc/kubernetes/manifests\n',
  });
  add(
    'kube-flannel-cfg',
    'kube-flannel',
    {
      'cni-conf.json':
        '{\n  "name": "cbr0",\n  "cniVersion": "0.3.1",\n  "plugins": [\n    {\n      "type": "flannel",\n      "delegate": {\n        "hairpinMode": true,\n        "isDefaultGateway": true\n      }\n    },\n    {\n      "type": "portmap",\n      "capabilities": {\n        "portMappings": true\n      }\n    }\n  ]\n}\n',
      'net-conf.json': '{\n  "Network": "10.244.0.0/16",\n  "Backend": {\n    "Type": "vxlan"\n  }\n}\n',
    },
    540_000,
  );
}
