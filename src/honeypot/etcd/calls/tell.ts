/** What of keys becomes known: which were asked for, what was written, and when that is a secret or a pod. */
import { bytesIn, type Message } from '../wire/schema.ts';
import type { Call } from './call.ts';

/** Characters of a key, and of a value. */
const most = { key: 1000, value: 8000, decoded: 65_536 };

const secrets = '/registry/secrets/';
/** What the cluster would run. */
const workloads = /^\/registry\/(?:pods|daemonsets|deployments|statefulsets|replicasets|jobs|cronjobs)\//;
/** What gives somebody rights. */
const rights = /^\/registry\/(?:clusterrolebindings|rolebindings|clusterroles|roles|serviceaccounts)\//;

export function tellRange({ tell }: Call, request: Message): void {
  const { key, rangeEnd } = shown(request);
  const isSecret = mayCover(request, secrets);
  tell('range', {
    texts: [],
    data: { key, rangeEnd },
    ...(isSecret && { attack: ['T1552.007'], severity: 'high' as const }),
  });
}

export function tellPut({ tell }: Call, request: Message): void {
  const { key } = shown(request);
  const value = bytesIn(request, 'value');
  const attack = [...(workloads.test(key) ? ['T1610'] : []), ...(rights.test(key) ? ['T1098.006'] : [])];
  tell('put', {
    texts: [printable(value.subarray(0, most.decoded))],
    data: { key, value: printable(value.subarray(0, most.value)), size: value.length },
    ...(attack.length > 0 && { attack, severity: 'critical' as const }),
    ...(value.length > most.value && { artefacts: [{ name: key, content: value }] }),
  });
}

export function tellDelete({ tell }: Call, request: Message): void {
  tell('delete', { texts: [], data: shown(request) });
}

export function shown(request: Message): { readonly key: string; readonly rangeEnd: string } {
  const text = (name: string): string => printable(bytesIn(request, name)).slice(0, most.key);
  return { key: text('key'), rangeEnd: text('range_end') };
}

/** Texts within protobuf stay readable. */
export function printable(bytes: Buffer): string {
  return bytes.toString('utf8').replace(/[\0-\x08\x0b\x0c\x0e-\x1f\x7f\ufffd]/g, ' ');
}

function mayCover(request: Message, prefix: string): boolean {
  const key = bytesIn(request, 'key').toString('latin1');
  const end = bytesIn(request, 'range_end').toString('latin1');
  if (end === '') return key.startsWith(prefix);
  return (key <= prefix || key.startsWith(prefix)) && (end === '\0' || end > prefix);
}
