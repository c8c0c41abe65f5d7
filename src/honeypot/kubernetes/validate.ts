/** Refuses what the API server refuses of the objects that visitors send (pkg/apis/{core,apps,batch}/validation, 1.27). */
import { at, isObject, type Json, type JsonObject, listAt, mapAt, textAt } from '../cluster/json.ts';
import type { Resource } from '../cluster/resources.ts';
import { matchesSelector } from './selector.ts';
import { type Cause, invalid } from './status.ts';

const subdomain = /^[a-z0-9](?:[-a-z0-9]*[a-z0-9])?(?:\.[a-z0-9](?:[-a-z0-9]*[a-z0-9])?)*$/;
const label = /^[a-z0-9](?:[-a-z0-9]*[a-z0-9])?$/;

const words = {
  subdomain:
    "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character (e.g. 'example.com', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')",
  label:
    "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end with an alphanumeric character (e.g. 'my-name',  or '123-abc', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?')",
} as const;

/** Kinds whose names are part of a host's name, or of a path only. */
const labelKinds: ReadonlySet<string> = new Set(['Namespace', 'Service']);
const pathKinds: ReadonlySet<string> = new Set(['Role', 'ClusterRole', 'RoleBinding', 'ClusterRoleBinding']);

/** @throws Refused with all that is wrong */
export function validate(resource: Resource, object: JsonObject): void {
  const causes: Cause[] = [];
  const name = textAt(object, 'metadata', 'name');
  checkName(resource.kind, name, causes);
  switch (resource.kind) {
    case 'Pod':
      checkPodSpec(object.spec, 'spec', causes);
      break;
    case 'Deployment':
    case 'DaemonSet':
    case 'StatefulSet':
    case 'ReplicaSet':
      checkTemplate(object, causes);
      break;
    case 'ReplicationController':
      checkPodSpec(at(object, 'spec', 'template', 'spec'), 'spec.template.spec', causes);
      break;
    case 'Job':
      checkJob(at(object, 'spec', 'template', 'spec'), 'spec.template.spec', causes);
      break;
    case 'CronJob':
      if (textAt(object, 'spec', 'schedule') === '') causes.push(required('spec.schedule'));
      checkJob(
        at(object, 'spec', 'jobTemplate', 'spec', 'template', 'spec'),
        'spec.jobTemplate.spec.template.spec',
        causes,
      );
      break;
    case 'Service':
      if (
        listAt(object, 'spec', 'ports').length === 0 &&
        !['ExternalName', 'ClusterIP'].includes(textAt(object, 'spec', 'type'))
      )
        causes.push(required('spec.ports'));
      break;
    case 'RoleBinding':
    case 'ClusterRoleBinding':
      if (textAt(object, 'roleRef', 'name') === '') causes.push(required('roleRef.name'));
      break;
    default:
      break;
  }
  if (causes.length > 0) throw invalid(resource, name, causes);
}

function required(field: string, more = ''): Cause {
  return { reason: 'FieldValueRequired', message: `Required value${more}`, field };
}

function checkName(kind: string, name: string, causes: Cause[]): void {
  const field = 'metadata.name';
  if (name === '') {
    causes.push(required(field, ': name or generateName is required'));
    return;
  }
  if (pathKinds.has(kind)) {
    if (name === '.' || name === '..' || /[/%]/.test(name))
      causes.push({
        reason: 'FieldValueInvalid',
        message: `Invalid value: ${JSON.stringify(name)}: may not contain '${/%/.test(name) ? '%' : '/'}'`,
        field,
      });
    return;
  }
  const isLabel = labelKinds.has(kind);
  const most = isLabel ? 63 : 253;
  const bad = (why: string): void => {
    causes.push({
      reason: 'FieldValueInvalid',
      message: `Invalid value: ${JSON.stringify(name)}: ${why}`,
      field,
    });
  };
  if (name.length > most) bad(`must be no more than ${most} characters`);
  else if (!(isLabel ? label : subdomain).test(name)) bad(isLabel ? words.label : words.subdomain);
}

const maxContainers = 200;

function checkPodSpec(spec: Json | undefined, path: string, causes: Cause[]): void {
  const containers = listAt(spec, 'containers');
  const volumes = new Set(listAt(spec, 'volumes').map((one) => textAt(one, 'name')));
  if (containers.length === 0) causes.push(required(`${path}.containers`));
  for (const [index, one] of containers.slice(0, maxContainers).entries()) {
    const where = `${path}.containers[${index}]`;
    const name = textAt(one, 'name');
    if (name === '') causes.push(required(`${where}.name`));
    else if (!label.test(name) || name.length > 63)
      causes.push({
        reason: 'FieldValueInvalid',
        message: `Invalid value: ${JSON.stringify(name)}: ${words.label}`,
        field: `${where}.name`,
      });
    if (textAt(one, 'image') === '') causes.push(required(`${where}.image`));
    for (const [at, mount] of listAt(one, 'volumeMounts').entries()) {
      const volume = textAt(mount, 'name');
      if (!volumes.has(volume))
        causes.push({
          reason: 'FieldValueInvalid',
          message: `Not found: ${JSON.stringify(volume)}`,
          field: `${where}.volumeMounts[${at}].name`,
        });
      if (textAt(mount, 'mountPath') === '') causes.push(required(`${where}.volumeMounts[${at}].mountPath`));
      if (causes.length > maxContainers) return;
    }
  }
  const policy = textAt(spec, 'restartPolicy');
  if (policy !== '' && !['Always', 'OnFailure', 'Never'].includes(policy))
    causes.push({
      reason: 'FieldValueNotSupported',
      message: `Unsupported value: ${JSON.stringify(policy)}: supported values: "Always", "OnFailure", "Never"`,
      field: `${path}.restartPolicy`,
    });
}

function checkTemplate(object: JsonObject, causes: Cause[]): void {
  const selector = at(object, 'spec', 'selector');
  const labels = mapAt(object, 'spec', 'template', 'metadata', 'labels');
  if (!isObject(selector)) causes.push(required('spec.selector'));
  else if (!matchesSelector(selector, labels)) {
    const shown = Object.entries(labels).map(
      ([key, value]) => `${JSON.stringify(key)}:${JSON.stringify(value)}`,
    );
    causes.push({
      reason: 'FieldValueInvalid',
      message: `Invalid value: map[string]string{${shown.sort().join(', ')}}: \`selector\` does not match template \`labels\``,
      field: 'spec.template.metadata.labels',
    });
  }
  checkPodSpec(at(object, 'spec', 'template', 'spec'), 'spec.template.spec', causes);
  const policy = textAt(object, 'spec', 'template', 'spec', 'restartPolicy');
  if (policy !== 'Always' && ['OnFailure', 'Never'].includes(policy))
    causes.push({
      reason: 'FieldValueNotSupported',
      message: `Unsupported value: ${JSON.stringify(policy)}: supported values: "Always"`,
      field: 'spec.template.spec.restartPolicy',
    });
}

function checkJob(spec: Json | undefined, path: string, causes: Cause[]): void {
  checkPodSpec(spec, path, causes);
  if (textAt(spec, 'restartPolicy') === 'Always' || textAt(spec, 'restartPolicy') === '')
    causes.push(required(`${path}.restartPolicy`, ': valid values: "OnFailure", "Never"'));
}
