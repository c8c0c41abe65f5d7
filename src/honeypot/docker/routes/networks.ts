/** `/networks`. */
import { type Call, readBody, respondEmpty, respondJson } from '../api/call.ts';
import { filtersOf } from '../api/filters.ts';
import type { Route } from '../api/route.ts';
import { connectShape } from '../engine/config.ts';
import { isRunning } from '../engine/container.ts';
import { charge, containerOf } from '../engine/engine.ts';
import { notFound } from '../engine/failure.ts';
import {
  connect,
  createNetwork,
  disconnect,
  membersOf,
  type NetworkRequest,
  networkJson,
  networkOf,
  removeNetwork,
} from '../engine/networks.ts';
import { any, bool, mapOf, struct, text } from '../json/decode.ts';

export const networkRoutes: readonly Route[] = [
  { method: 'GET', pattern: '/networks', handle: list },
  { method: 'GET', pattern: '/networks/', handle: list },
  { method: 'POST', pattern: '/networks/create', handle: create },
  { method: 'POST', pattern: '/networks/prune', handle: prune },
  { method: 'POST', pattern: '/networks/{name}/connect', handle: join },
  { method: 'POST', pattern: '/networks/{name}/disconnect', handle: leave },
  { method: 'GET', pattern: '/networks/{name}', handle: inspect },
  { method: 'DELETE', pattern: '/networks/{name}', handle: remove },
];

const createShape = struct('types.NetworkCreateRequest', {
  Name: text,
  CheckDuplicate: bool,
  Driver: text,
  Scope: text,
  EnableIPv6: bool,
  IPAM: any,
  Internal: bool,
  Attachable: bool,
  Ingress: bool,
  ConfigOnly: bool,
  ConfigFrom: any,
  Options: mapOf(text),
  Labels: mapOf(text),
});
const disconnectShape = struct('types.NetworkDisconnect', { Container: text, Force: bool });

function list(call: Call): void {
  const { engine } = call;
  const filters = filtersOf(call, ['driver', 'type', 'name', 'id', 'label', 'scope', 'dangling']);
  const isDangling = filters.truth('dangling');
  const shown = [...engine.networks.values()].filter(
    (network) =>
      filters.contains('name', network.name) &&
      filters.contains('id', network.id) &&
      filters.matches('driver', network.driver) &&
      filters.matches('scope', network.scope) &&
      filters.matchesLabels(network.labels) &&
      (isDangling === undefined || isDangling === (membersOf(engine, network).length === 0)) &&
      (!filters.has('type') ||
        filters.get('type').includes(/^(bridge|host|none)$/.test(network.name) ? 'builtin' : 'custom')),
  );
  respondJson(
    call,
    200,
    shown.map((network) => networkJson(engine, network, false)),
  );
}

function inspect(call: Call): void {
  respondJson(call, 200, networkJson(call.engine, networkOf(call.engine, call.name), true));
}

async function create(call: Call): Promise<void> {
  const told = (await readBody(call, createShape, 'strict')) as NetworkRequest;
  charge(call.engine, (await call.exchange.body()).length);
  respondJson(call, 201, { Id: createNetwork(call.engine, told).id, Warning: '' });
}

async function join(call: Call): Promise<void> {
  const { engine } = call;
  const told = (await readBody(call, connectShape, 'strict')) as {
    Container?: string;
    EndpointConfig?: { Aliases?: readonly string[] };
  };
  const network = [...engine.networks.values()].find(
    ({ name, id }) => name === call.name || id.startsWith(call.name),
  );
  const container = containerOf(engine, told.Container ?? '');
  if (network !== undefined) connect(engine, network, container, told.EndpointConfig?.Aliases ?? null);
  else if (isRunning(container)) throw notFound(`network ${call.name} not found`);
  respondEmpty(call, 200);
}

async function leave(call: Call): Promise<void> {
  const { engine } = call;
  const told = (await readBody(call, disconnectShape, 'strict')) as { Container?: string };
  const container = containerOf(engine, told.Container ?? '');
  disconnect(engine, networkOf(engine, call.name), container);
  respondEmpty(call, 200);
}

function remove(call: Call): void {
  removeNetwork(call.engine, call.name);
  respondEmpty(call, 204);
}

function prune(call: Call): void {
  const { engine } = call;
  const filters = filtersOf(call, ['label', 'label!', 'until']);
  const removed: string[] = [];
  for (const network of engine.networks.values()) {
    if (/^(bridge|host|none)$/.test(network.name) || membersOf(engine, network).length > 0) continue;
    if (!filters.matchesLabels(network.labels)) continue;
    removeNetwork(engine, network.id);
    removed.push(network.name);
  }
  respondJson(call, 200, { NetworksDeleted: removed.length === 0 ? null : removed });
}
