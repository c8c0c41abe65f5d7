/** Interfaces and routes: what `ip`, `ifconfig`, `route` and /proc/net show. */
import type { World } from '../world.ts';
import { now } from '../world.ts';
import { runningContainers } from './running-containers.ts';
import { trafficOf } from './sockets.ts';

interface Traffic {
  readonly bytes: number;
  readonly packets: number;
}

export interface Interface {
  readonly index: number;
  readonly name: string;
  readonly flags: readonly string[];
  readonly mtu: number;
  readonly mac: string;
  readonly address?: string;
  readonly prefix: number;
  readonly broadcast?: string;
  readonly master?: string;
  readonly isUp: boolean;
  readonly received: Traffic;
  readonly sent: Traffic;
}

export interface Route {
  readonly to: string;
  readonly mask: string;
  readonly prefix: number;
  readonly via?: string;
  readonly device: string;
  readonly source: string;
  readonly metric: number;
}

const none: Traffic = { bytes: 0, packets: 0 };

/** @param uptime seconds, for what went over them */
export function interfacesOf(world: World, uptime: number): readonly Interface[] {
  const { network } = world.persona;
  const { received, sent, local } = trafficOf(world.persona, uptime);
  const loopback: Interface = {
    index: 1,
    name: 'lo',
    flags: ['LOOPBACK', 'UP', 'LOWER_UP'],
    mtu: 65_536,
    mac: '00:00:00:00:00:00',
    address: '127.0.0.1',
    prefix: 8,
    isUp: true,
    received: local,
    sent: local,
  };
  const usual = ['BROADCAST', 'MULTICAST', 'UP', 'LOWER_UP'];
  if (world.container !== undefined && world.container.hasHostNetwork !== true) {
    const last = Number.parseInt(world.container.id.slice(0, 2), 16) % 200;
    const address = `172.17.0.${2 + last}`;
    const mac = `02:42:ac:11:00:${(2 + last).toString(16).padStart(2, '0')}`;
    const few = { bytes: 1_296, packets: 16 };
    return [
      { ...loopback, received: none, sent: none },
      {
        index: 31,
        name: 'eth0',
        flags: usual,
        mtu: 1500,
        mac,
        address,
        prefix: 16,
        broadcast: '172.17.255.255',
        isUp: true,
        received: few,
        sent: none,
      },
    ];
  }
  const running = runningContainers(world.persona, now(world));
  const random = world.persona.random('interfaces');
  const bridge = `br-${random.hex(12)}`;
  const docker = { flags: usual, mtu: 1500, prefix: 16, received: none, sent: none };
  return [
    loopback,
    {
      index: 2,
      name: 'ens5',
      flags: usual,
      mtu: 9001,
      mac: network.mac,
      address: network.address,
      prefix: network.prefix,
      broadcast: broadcastOf(network.address, network.prefix),
      isUp: true,
      received,
      sent,
    },
    {
      ...docker,
      index: 3,
      name: 'docker0',
      flags: ['NO-CARRIER', 'BROADCAST', 'MULTICAST', 'UP'],
      mac: `02:42:${random.hex(8).replace(/(..)(?=.)/g, '$1:')}`,
      address: '172.17.0.1',
      broadcast: '172.17.255.255',
      isUp: false,
    },
    {
      ...docker,
      index: 4,
      name: bridge,
      mac: `02:42:${random.hex(8).replace(/(..)(?=.)/g, '$1:')}`,
      address: '172.18.0.1',
      broadcast: '172.18.255.255',
      isUp: true,
      received: { bytes: Math.round(received.bytes / 3), packets: Math.round(received.packets / 3) },
      sent: { bytes: Math.round(sent.bytes / 3), packets: Math.round(sent.packets / 3) },
    },
    ...running.map((_, index) => ({
      ...docker,
      index: 6 + index * 2,
      name: `veth${random.hex(7)}`,
      mac: `${random.pick(['2a', '3e', '5e', 'c6', 'e2'])}:${random.hex(10).replace(/(..)(?=.)/g, '$1:')}`,
      master: bridge,
      isUp: true,
    })),
  ];
}

export function routesOf(world: World): readonly Route[] {
  const { network } = world.persona;
  const faces = interfacesOf(world, 0);
  const outer = faces[1]!;
  const isInside = world.container !== undefined && world.container.hasHostNetwork !== true;
  const metric = isInside ? 0 : 1024;
  return [
    {
      to: '0.0.0.0',
      mask: '0.0.0.0',
      prefix: 0,
      via: isInside ? '172.17.0.1' : network.gateway,
      device: outer.name,
      source: outer.address!,
      metric,
    },
    ...faces
      .slice(1)
      .filter(({ address }) => address !== undefined)
      .map(({ name, address = '', prefix }) => ({
        to: networkOf(address, prefix),
        mask: dotted(maskOf(prefix)),
        prefix,
        device: name,
        source: address,
        metric: name === 'ens5' ? metric : 0,
      })),
  ];
}

function numberOf(address: string): number {
  return address.split('.').reduce((sum, byte) => ((sum << 8) | Number(byte)) >>> 0, 0);
}

function maskOf(prefix: number): number {
  return prefix === 0 ? 0 : (-1 << (32 - prefix)) >>> 0;
}

export function dotted(value: number): string {
  return [24, 16, 8, 0].map((shift) => (value >>> shift) & 255).join('.');
}

export function networkOf(address: string, prefix: number): string {
  return dotted((numberOf(address) & maskOf(prefix)) >>> 0);
}

export function netmaskOf(prefix: number): string {
  return dotted(maskOf(prefix));
}

function broadcastOf(address: string, prefix: number): string {
  return dotted((numberOf(address) | ~maskOf(prefix)) >>> 0);
}
