/** Label and field selectors, as queries and objects have them (k8s.io/apimachinery, labels and fields). */
import {
  isObject,
  type Json,
  type JsonObject,
  type KubeObject,
  listAt,
  mapAt,
  textAt,
} from '../cluster/json.ts';
import { badRequest } from './status.ts';

type Test = (labels: Readonly<Record<string, string>>) => boolean;

const maxRequirements = 100;

/** @param text `app=web,tier!=db,env in (a,b),!old` @throws Refused where it is none */
export function labelSelector(text: string): Test {
  const tests = requirements(text).map((one) => {
    const test = labelTest(one.trim());
    if (test === undefined)
      throw badRequest(`unable to parse requirement: found '${one}', expected: identifier`);
    return test;
  });
  return (labels) => tests.every((test) => test(labels));
}

/** Apart at commas that stand in no parentheses. */
function requirements(text: string): string[] {
  const found: string[] = [];
  let depth = 0;
  let from = 0;
  for (let at = 0; at <= text.length; at++) {
    if (text[at] === '(') depth += 1;
    else if (text[at] === ')') depth -= 1;
    else if (at === text.length || (text[at] === ',' && depth === 0)) {
      const one = text.slice(from, at);
      if (one.trim() !== '') found.push(one);
      if (found.length > maxRequirements) throw badRequest('unable to parse requirement: too many');
      from = at + 1;
    }
  }
  return found;
}

const key = /^[A-Za-z0-9](?:[A-Za-z0-9._/-]*)$/;

function labelTest(text: string): Test | undefined {
  const set = /^([^\s=!,()]+) +(in|notin) +\(([^()]*)\)$/.exec(text);
  if (set !== null) {
    const [, name = '', operator, list = ''] = set;
    const values = list.split(',').map((one) => one.trim());
    return (labels) => (labels[name] !== undefined && values.includes(labels[name])) === (operator === 'in');
  }
  const equal = /^([^\s=!]+) *(==|=|!=) *([^\s=!]*)$/.exec(text);
  if (equal !== null) {
    const [, name = '', operator, value = ''] = equal;
    return (labels) => (labels[name] === value) !== (operator === '!=');
  }
  const name = text.startsWith('!') ? text.slice(1) : text;
  if (!key.test(name)) return undefined;
  return (labels) => (labels[name] !== undefined) !== text.startsWith('!');
}

/** Of a controller: labels that have to match, and expressions. */
export function matchesSelector(
  selector: Json | undefined,
  labels: Readonly<Record<string, string>>,
): boolean {
  if (!isObject(selector)) return false;
  const wanted =
    'matchLabels' in selector || 'matchExpressions' in selector
      ? mapAt(selector, 'matchLabels')
      : mapAt(selector);
  if (!Object.entries(wanted).every(([name, value]) => labels[name] === value)) return false;
  return listAt(selector, 'matchExpressions').every((one) => {
    const value = labels[textAt(one, 'key')];
    switch (textAt(one, 'operator')) {
      case 'In':
        return value !== undefined && listAt(one, 'values').includes(value);
      case 'NotIn':
        return value === undefined || !listAt(one, 'values').includes(value);
      case 'Exists':
        return value !== undefined;
      default:
        return value === undefined;
    }
  });
}

/** Fields by which objects may be chosen, beside name and name space. */
const fields: Readonly<Record<string, Readonly<Record<string, readonly string[]>>>> = {
  Pod: {
    'spec.nodeName': ['spec', 'nodeName'],
    'spec.restartPolicy': ['spec', 'restartPolicy'],
    'spec.schedulerName': ['spec', 'schedulerName'],
    'spec.serviceAccountName': ['spec', 'serviceAccountName'],
    'status.phase': ['status', 'phase'],
    'status.podIP': ['status', 'podIP'],
  },
  Event: {
    'involvedObject.kind': ['involvedObject', 'kind'],
    'involvedObject.namespace': ['involvedObject', 'namespace'],
    'involvedObject.name': ['involvedObject', 'name'],
    'involvedObject.uid': ['involvedObject', 'uid'],
    'regarding.kind': ['involvedObject', 'kind'],
    'regarding.name': ['involvedObject', 'name'],
    reason: ['reason'],
    type: ['type'],
  },
  Namespace: { 'status.phase': ['status', 'phase'] },
  Node: { 'spec.unschedulable': ['spec', 'unschedulable'] },
  Secret: { type: ['type'] },
};

/** @param text `metadata.name=x,status.phase!=Running` @throws Refused where the kind has no such field */
export function fieldSelector(text: string, kind: string): (object: KubeObject) => boolean {
  const known = fields[kind] ?? {};
  const tests = requirements(text).map((one) => {
    const parts = /^([^=!]+)(==|=|!=)(.*)$/.exec(one.trim());
    if (parts === null) throw badRequest(`invalid selector: '${text}'; can't understand '${one}'`);
    const [, name = '', operator, value = ''] = parts;
    const path = name === 'metadata.name' || name === 'metadata.namespace' ? name.split('.') : known[name];
    if (path === undefined) throw badRequest(`field label not supported: ${name}`);
    return (object: JsonObject): boolean => (textAt(object, ...path) === value) !== (operator === '!=');
  });
  return (object) => tests.every((test) => test(object));
}
