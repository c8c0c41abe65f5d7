/** Networks, and the place that a container has in them. */
import { goTime, type Moment, momentOf, sorted } from '../json/encode.ts';
import { type Container, type Endpoint, isRunning, noEndpoint } from './container.ts';
import { type Engine, newId } from './engine.ts';
import { badRequest, broken, conflict, DockerError, forbidden, notFound } from './failure.ts';

export interface Network {
  readonly name: string;
  readonly id: string;
  readonly created: Moment;
  readonly driver: string;
  readonly internal: boolean;
  readonly attachable: boolean;
  readonly scope: 'local' | 'swarm';
  readonly options: Readonly<Record<string, string>>;
  readonly labels: Readonly<Record<string, string>>;
  /** `172.18`; absent where containers get no address. */
  readonly prefix?: string;
  /** Of addresses given out. */
  last: number;
}

const predefined = new Set(['bridge', 'host', 'none']);
const mostNetworks = 31;

export function networkOf(engine: Engine, name: string): Network {
  const found = engine.networks.get(name);
  if (found !== undefined) return found;
  for (const network of engine.networks.values())
    if (network.name === name || (name.length > 0 && network.id.startsWith(name))) return network;
  throw notFound(`network ${name} not found`);
}

export interface NetworkRequest {
  readonly Name?: string;
  readonly Driver?: string;
  readonly Internal?: boolean;
  readonly Attachable?: boolean;
  readonly Labels?: Readonly<Record<string, string>>;
  readonly Options?: Readonly<Record<string, string>>;
}

export function createNetwork(engine: Engine, told: NetworkRequest): Network {
  const name = told.Name ?? '';
  const driver = told.Driver || 'bridge';
  if (predefined.has(name)) throw forbidden(`operation is not permitted on predefined ${name} network `);
  for (const network of engine.networks.values())
    if (network.name === name) throw conflict(`network with name ${name} already exists`);
  if (driver === 'overlay' && engine.swarm === undefined)
    throw new DockerError(
      503,
      'This node is not a swarm manager. Use "docker swarm init" or "docker swarm join" to connect this node to swarm and try again.',
    );
  if (!/^(bridge|overlay|macvlan|ipvlan|null|host)$/.test(driver))
    throw notFound(`could not find plugin ${driver} in v1 plugin registry: plugin not found`);
  if (driver === 'host' || driver === 'null')
    throw forbidden(`only one instance of "${driver}" network is allowed`);
  if (name.trim() === '') throw broken(`invalid name: ${name}`);
  const prefix = freePrefix(engine);
  if (prefix === undefined)
    throw broken(
      'could not find an available, non-overlapping IPv4 address pool among the defaults to assign to the network',
    );
  const network: Network = {
    name,
    id: newId(),
    created: momentOf(Date.now()),
    driver,
    internal: told.Internal ?? false,
    attachable: told.Attachable ?? false,
    scope: driver === 'overlay' ? 'swarm' : 'local',
    options: told.Options ?? {},
    labels: told.Labels ?? {},
    prefix,
    last: 1,
  };
  engine.networks.set(network.id, network);
  engine.events.add({
    type: 'network',
    action: 'create',
    id: network.id,
    attributes: { name, type: driver },
  });
  return network;
}

/** From 172.18 to 172.31, then 192.168.0 and on: docker's own pools. */
function freePrefix(engine: Engine): string | undefined {
  if (engine.networks.size >= mostNetworks) return undefined;
  const taken = new Set([...engine.networks.values()].map((network) => network.prefix));
  for (let second = 18; second < 32; second++) if (!taken.has(`172.${second}`)) return `172.${second}`;
  for (let third = 0; third < 256; third += 16) if (!taken.has(`192.168.${third}`)) return `192.168.${third}`;
  return undefined;
}

export function removeNetwork(engine: Engine, name: string): void {
  const network = networkOf(engine, name);
  if (predefined.has(network.name))
    throw forbidden(`${network.name} is a pre-defined network and cannot be removed`);
  if (membersOf(engine, network).length > 0)
    throw forbidden(
      `error while removing network: network ${network.name} id ${network.id} has active endpoints`,
    );
  engine.networks.delete(network.id);
  engine.events.add({
    type: 'network',
    action: 'destroy',
    id: network.id,
    attributes: { name: network.name, type: network.driver },
  });
}

export function connect(
  engine: Engine,
  network: Network,
  container: Container,
  aliases: readonly string[] | null,
): void {
  if (container.hostConfig.NetworkMode === 'host')
    throw badRequest(
      'container cannot be connected to host network - container is running in host network mode',
    );
  if (container.endpoints.has(network.name) && isRunning(container))
    throw forbidden(`endpoint with name ${container.name} already exists in network ${network.name}`);
  const isPlain = network.name === 'bridge';
  const names = isPlain ? aliases : [...(aliases ?? []), container.id.slice(0, 12)];
  container.endpoints.set(network.name, { ...noEndpoint, networkId: network.id, aliases: names });
  if (isRunning(container)) joinNetwork(engine, network, container);
}

export function disconnect(engine: Engine, network: Network, container: Container): void {
  if (!container.endpoints.delete(network.name))
    throw forbidden(`container ${container.id} is not connected to the network ${network.name}`);
  tell(engine, 'disconnect', network, container);
}

/** Gives a container that starts its address. */
export function joinNetwork(engine: Engine, network: Network, container: Container): void {
  const before = container.endpoints.get(network.name) ?? noEndpoint;
  network.last += 1;
  const prefix = network.prefix;
  const [third, fourth] =
    network.name === 'bridge' ? [0, lastByteOf(container)] : [(network.last >> 8) & 255, network.last & 255];
  const address = prefix === undefined ? '' : addressIn(prefix, third, fourth);
  container.endpoints.set(network.name, {
    ...before,
    networkId: network.id,
    endpointId: newId(),
    ...(prefix !== undefined && {
      address,
      gateway: addressIn(prefix, 0, 1),
      prefix: bitsOf(prefix),
      mac: macOf(address),
    }),
  });
  tell(engine, 'connect', network, container);
}

/** As the container's own interface has it on the default bridge. */
function lastByteOf({ id }: Container): number {
  return 2 + (Number.parseInt(id.slice(0, 2), 16) % 200);
}

/** What is left of its places when it stops. */
export function leaveNetworks(engine: Engine, container: Container): void {
  for (const [name, endpoint] of container.endpoints) {
    const network = engine.networks.get(endpoint.networkId);
    if (network !== undefined) tell(engine, 'disconnect', network, container);
    container.endpoints.set(name, {
      ...noEndpoint,
      networkId: endpoint.networkId,
      aliases: endpoint.aliases,
    });
  }
}

function tell(engine: Engine, action: string, network: Network, container: Container): void {
  engine.events.add({
    type: 'network',
    action,
    id: network.id,
    attributes: { container: container.id, name: network.name, type: network.driver },
  });
}

function addressIn(prefix: string, third: number, fourth: number): string {
  return prefix.startsWith('172') ? `${prefix}.${third}.${fourth}` : `${prefix}.${fourth}`;
}

function bitsOf(prefix: string): number {
  return prefix.startsWith('172') ? 16 : 20;
}

/** Docker's: 02:42 and the address. */
export function macOf(address: string): string {
  return ['02', '42', ...address.split('.').map((byte) => Number(byte).toString(16).padStart(2, '0'))].join(
    ':',
  );
}

export function membersOf(engine: Engine, network: Network): readonly (readonly [Container, Endpoint])[] {
  const members: (readonly [Container, Endpoint])[] = [];
  for (const container of engine.containers.values()) {
    const endpoint = container.endpoints.get(network.name);
    if (endpoint !== undefined && endpoint.endpointId !== '') members.push([container, endpoint]);
  }
  return members;
}

/** @param isWhole with the containers that are in it, as inspecting one network tells */
export function networkJson(engine: Engine, network: Network, isWhole: boolean): object {
  const { name, id, created, scope, driver, internal, attachable, options, labels, prefix } = network;
  const config =
    prefix === undefined
      ? []
      : [
          {
            Subnet: `${addressIn(prefix, 0, 0)}/${bitsOf(prefix)}`,
            Gateway: addressIn(prefix, 0, 1),
          },
        ];
  const members = isWhole ? membersOf(engine, network) : [];
  return {
    Name: name,
    Id: id,
    Created: goTime(created),
    Scope: scope,
    Driver: driver,
    EnableIPv6: false,
    IPAM: { Driver: 'default', Options: null, Config: config },
    Internal: internal,
    Attachable: attachable,
    Ingress: false,
    ConfigFrom: { Network: '' },
    ConfigOnly: false,
    Containers: sorted(
      Object.fromEntries(
        members.map(([container, endpoint]) => [
          container.id,
          {
            Name: container.name,
            EndpointID: endpoint.endpointId,
            MacAddress: endpoint.mac,
            IPv4Address: endpoint.address === '' ? '' : `${endpoint.address}/${endpoint.prefix}`,
            IPv6Address: '',
          },
        ]),
      ),
    ),
    Options: sorted(options),
    Labels: sorted(labels),
  };
}

export function endpointJson(endpoint: Endpoint): object {
  return {
    IPAMConfig: null,
    Links: null,
    Aliases: endpoint.aliases,
    NetworkID: endpoint.networkId,
    EndpointID: endpoint.endpointId,
    Gateway: endpoint.gateway,
    IPAddress: endpoint.address,
    IPPrefixLen: endpoint.prefix,
    IPv6Gateway: '',
    GlobalIPv6Address: '',
    GlobalIPv6PrefixLen: 0,
    MacAddress: endpoint.mac,
    DriverOpts: null,
  };
}
