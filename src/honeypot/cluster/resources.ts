/**
 * What the API of Kubernetes 1.27 serves, with the betas and alphas that are off by default left out: groups in the
 * order of /apis, resources in the order of their names (discovery of a cluster made by kubeadm).
 */
import { createHash } from 'node:crypto';

export interface Resource {
  /** Empty for the core. */
  readonly group: string;
  readonly version: string;
  readonly plural: string;
  readonly singular: string;
  readonly kind: string;
  readonly isNamespaced: boolean;
  readonly verbs: readonly string[];
  readonly shortNames: readonly string[];
  readonly categories: readonly string[];
  readonly subresources: readonly Subresource[];
  /** Of the version that etcd has; absent where nothing is stored. */
  readonly storageHash?: string;
}

export interface Subresource {
  readonly name: string;
  readonly kind: string;
  readonly group: string;
  readonly version: string;
  readonly verbs: readonly string[];
  /** Written only where the kind is of another group. */
  readonly isForeign: boolean;
}

const all = 'create,delete,deletecollection,get,list,patch,update,watch';
const status = 'status=:get,patch,update';

/** plural kind n|c verbs names categories subresources stored-as */
const table = `
/v1
bindings Binding n create - - -
componentstatuses ComponentStatus c get,list cs - -
configmaps ConfigMap n * cm - -
endpoints Endpoints n * ep - -
events Event n * ev - -
limitranges LimitRange n * limits - -
namespaces Namespace c create,delete,get,list,patch,update,watch ns - finalize=:update;status
nodes Node c * no - proxy=NodeProxyOptions:create,delete,get,patch,update;status
persistentvolumeclaims PersistentVolumeClaim n * pvc - status
persistentvolumes PersistentVolume c * pv - status
pods Pod n * po all attach=PodAttachOptions:create,get;binding=Binding:create;ephemeralcontainers=:get,patch,update;eviction=policy/v1/Eviction:create;exec=PodExecOptions:create,get;log=:get;portforward=PodPortForwardOptions:create,get;proxy=PodProxyOptions:create,delete,get,patch,update;status
podtemplates PodTemplate n * - - -
replicationcontrollers ReplicationController n * rc all scale=autoscaling/v1/Scale:get,patch,update;status
resourcequotas ResourceQuota n * quota - status
secrets Secret n * - - -
serviceaccounts ServiceAccount n * sa - token=authentication.k8s.io/v1/TokenRequest:create
services Service n * svc all proxy=ServiceProxyOptions:create,delete,get,patch,update;status
apiregistration.k8s.io/v1
apiservices APIService c * - api-extensions status
apps/v1
controllerrevisions ControllerRevision n * - - -
daemonsets DaemonSet n * ds all status
deployments Deployment n * deploy all scale=autoscaling/v1/Scale:get,patch,update;status
replicasets ReplicaSet n * rs all scale=autoscaling/v1/Scale:get,patch,update;status
statefulsets StatefulSet n * sts all scale=autoscaling/v1/Scale:get,patch,update;status
events.k8s.io/v1
events Event n * ev - - /v1/Event
authentication.k8s.io/v1
tokenreviews TokenReview c create - - -
authorization.k8s.io/v1
localsubjectaccessreviews LocalSubjectAccessReview n create - - -
selfsubjectaccessreviews SelfSubjectAccessReview c create - - -
selfsubjectrulesreviews SelfSubjectRulesReview c create - - -
subjectaccessreviews SubjectAccessReview c create - - -
autoscaling/v2
horizontalpodautoscalers HorizontalPodAutoscaler n * hpa all status autoscaling/v2/HorizontalPodAutoscaler
autoscaling/v1
horizontalpodautoscalers HorizontalPodAutoscaler n * hpa all status autoscaling/v2/HorizontalPodAutoscaler
batch/v1
cronjobs CronJob n * cj all status
jobs Job n * - all status
certificates.k8s.io/v1
certificatesigningrequests CertificateSigningRequest c * csr - approval=:get,patch,update;status
networking.k8s.io/v1
ingressclasses IngressClass c * - - -
ingresses Ingress n * ing - status
networkpolicies NetworkPolicy n * netpol - status
policy/v1
poddisruptionbudgets PodDisruptionBudget n * pdb - status
rbac.authorization.k8s.io/v1
clusterrolebindings ClusterRoleBinding c * - - -
clusterroles ClusterRole c * - - -
rolebindings RoleBinding n * - - -
roles Role n * - - -
storage.k8s.io/v1
csidrivers CSIDriver c * - - -
csinodes CSINode c * - - -
csistoragecapacities CSIStorageCapacity n * - - -
storageclasses StorageClass c * sc - -
volumeattachments VolumeAttachment c * - - status
admissionregistration.k8s.io/v1
mutatingwebhookconfigurations MutatingWebhookConfiguration c * - api-extensions -
validatingwebhookconfigurations ValidatingWebhookConfiguration c * - api-extensions -
apiextensions.k8s.io/v1
customresourcedefinitions CustomResourceDefinition c * crd,crds api-extensions status
scheduling.k8s.io/v1
priorityclasses PriorityClass c * pc - -
coordination.k8s.io/v1
leases Lease n * - - -
node.k8s.io/v1
runtimeclasses RuntimeClass c * - - -
discovery.k8s.io/v1
endpointslices EndpointSlice n * - - -
flowcontrol.apiserver.k8s.io/v1beta3
flowschemas FlowSchema c * - - status
prioritylevelconfigurations PriorityLevelConfiguration c * - - status
flowcontrol.apiserver.k8s.io/v1beta2
flowschemas FlowSchema c * - - status flowcontrol.apiserver.k8s.io/v1beta3/FlowSchema
prioritylevelconfigurations PriorityLevelConfiguration c * - - status flowcontrol.apiserver.k8s.io/v1beta3/PriorityLevelConfiguration
`;

export const resources: readonly Resource[] = read();

const byPath: ReadonlyMap<string, Resource> = new Map(
  resources.map((one) => [`${one.group}/${one.version}/${one.plural}`, one]),
);

export function resourceOf(group: string, version: string, plural: string): Resource | undefined {
  return byPath.get(`${group}/${version}/${plural}`);
}

/** The resource of a kind that is stored. */
export function resourceOfKind(apiVersion: string, kind: string): Resource | undefined {
  return resources.find((one) => one.kind === kind && apiVersionOf(one) === apiVersion);
}

export function apiVersionOf({ group, version }: Pick<Resource, 'group' | 'version'>): string {
  return group === '' ? version : `${group}/${version}`;
}

/** `pods`, `deployments.apps`: as messages name a resource. */
export function qualifiedName({ group, plural }: Pick<Resource, 'group' | 'plural'>): string {
  return group === '' ? plural : `${plural}.${group}`;
}

function read(): Resource[] {
  const found: Resource[] = [];
  let [group, version] = ['', 'v1'];
  for (const line of table.trim().split('\n')) {
    const words = line.split(' ');
    if (words.length === 1) {
      [group = '', version = ''] = line.split('/');
      continue;
    }
    const [
      plural = '',
      kind = '',
      scope,
      verbs = '',
      names = '-',
      categories = '-',
      subresources = '-',
      stored,
    ] = words;
    const isStored = verbs === '*' || verbs.includes('watch');
    found.push({
      group,
      version,
      plural,
      singular: kind.toLowerCase(),
      kind,
      isNamespaced: scope === 'n',
      verbs: (verbs === '*' ? all : verbs).split(','),
      shortNames: listOf(names),
      categories: listOf(categories),
      subresources: subresources === '-' ? [] : subresources.split(';').map(subresource),
      ...(isStored && { storageHash: storageHash(stored ?? `${group}/${version}/${kind}`) }),
    });
  }

  /** `exec=PodExecOptions:create,get`, `scale=autoscaling/v1/Scale:get`; a kind that is not told is the resource's. */
  function subresource(text: string): Subresource {
    const whole = text === 'status' ? status : text;
    const [name = '', rest = ''] = whole.split('=');
    const [type = '', verbs = ''] = rest.split(':');
    const parts = type.split('/');
    const isForeign = parts.length > 1;
    return {
      name,
      kind: parts.at(-1) ?? '',
      group: isForeign ? parts[0]! : group,
      version: isForeign ? parts[1]! : version,
      verbs: verbs.split(','),
      isForeign,
    };
  }

  return found.map((one) => ({
    ...one,
    subresources: one.subresources.map((sub) => (sub.kind === '' ? { ...sub, kind: one.kind } : sub)),
  }));
}

function listOf(text: string): string[] {
  return text === '-' ? [] : text.split(',');
}

/** discovery.StorageVersionHash of k8s.io/apiserver. */
function storageHash(name: string): string {
  return createHash('sha256').update(name).digest().subarray(0, 8).toString('base64');
}
