/** Notes the visitor among those who set an object's fields. */
import { type KubeObject, listAt, textAt } from '../cluster/json.ts';
import { managedEntry } from '../cluster/managed-fields.ts';
import type { Exchange } from '../http/serve.ts';

/** In place of the entry that the visitor's program had before. */
export function managed(object: KubeObject, exchange: Exchange, operation: 'Update' | 'Apply'): KubeObject {
  const agent = exchange.header('user-agent') ?? 'unknown';
  const name = (exchange.query.get('fieldManager') ?? agent.split('/')[0]!).slice(0, 128);
  const others = listAt(object.metadata, 'managedFields').filter((one) => textAt(one, 'manager') !== name);
  const entry = managedEntry(object, { name, operation, at: Date.now() });
  return { ...object, metadata: { ...object.metadata, managedFields: [...others, entry] } };
}
