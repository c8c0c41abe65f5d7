/**
 * What a persona's daemon has before anybody comes: the containers that the server's process table shows, one or two
 * that ended, their images, networks and volumes. Made once, and never changed: each source gets a copy of what can.
 */

import type { Persona } from '../../persona/persona.ts';
import type { Quota } from '../../world/files/quota.ts';
import { type RunningContainer, runningContainers } from '../../world/systems/running-containers.ts';
import type { Moment } from '../json/encode.ts';
import { endedOf, runningOf } from './base-containers.ts';
import type { Container } from './container.ts';
import { type Image, pulledImage } from './image.ts';
import { Logs } from './logs.ts';
import type { Network } from './networks.ts';
import { familiar, parseReference, withDefaultTag } from './reference.ts';
import type { Volume } from './volumes.ts';

export interface Base {
  readonly persona: Persona;
  readonly containers: readonly Container[];
  readonly images: readonly Image[];
  readonly tags: readonly (readonly [name: string, id: string])[];
  readonly networks: readonly Network[];
  readonly volumes: readonly Volume[];
}

const others = [
  'alpine:3.18',
  'busybox:latest',
  'debian:bookworm-slim',
  'golang:1.21',
  'hello-world:latest',
  'httpd:2.4',
  'mongo:6',
  'mysql:8.0',
  'node:18-alpine',
  'php:8.2-apache',
  'python:3.9',
  'rabbitmq:3-management',
  'registry:2',
  'traefik:v2.10',
  'ubuntu:22.04',
];
const minute = 60_000;
const volumeOfImage: Readonly<Record<string, string>> = {
  postgres: '/var/lib/postgresql/data',
  redis: '/data',
};

/** @param now milliseconds since 1970 */
export function baseOf(persona: Persona, now: number): Base {
  const random = persona.random('docker/base');
  const running = runningContainers(persona, now);
  const project = running[0]?.name.split('-', 1)[0] ?? 'app';
  const projectNetwork = `${project}_default`;
  const images = new Map<string, Image>();
  const tags: (readonly [string, string])[] = [];

  const imageFor = (name: string): Image => {
    const known = images.get(name);
    if (known !== undefined) return known;
    const reference = withDefaultTag(parseReference(name));
    const image = pulledImage(reference, persona.random(`docker/image/${familiar(reference)}`), now);
    images.set(name, image);
    const digest = `sha256:${persona.random(`docker/digest/${familiar(reference)}`).hex(64)}`;
    tags.push([familiar(reference), image.id], [`${name.split(':', 1)[0]}@${digest}`, image.id]);
    return image;
  };
  for (const { image } of running) imageFor(image);
  for (const name of random.some(others, random.int(6, 9))) imageFor(name);

  const networks = networksOf(persona, projectNetwork, running, now);
  const volumes: Volume[] = [];
  const containers = running.map((one, index) => {
    const what = one.image.split(':', 1)[0]!;
    const place = volumeOfImage[what];
    const volume = place === undefined ? undefined : `${project}_${one.name.split('-')[1]}-data`;
    if (volume !== undefined)
      volumes.push({
        name: volume,
        createdAt: one.createdAt - 900,
        labels: {
          'com.docker.compose.project': project,
          'com.docker.compose.version': '2.17.2',
          'com.docker.compose.volume': volume.slice(project.length + 1),
        },
        options: null,
      });
    const network = networks.find(({ name }) => name === projectNetwork)!;
    const mount = volume === undefined || place === undefined ? undefined : { volume, place };
    return runningOf(one, { persona, now, index, project, network, image: imageFor(one.image), mount });
  });
  containers.push(...endedOf(project, imageFor, persona, random, now));
  containers.sort((a, b) => a.created.at - b.created.at);
  return { persona, containers, images: [...images.values()], tags, networks, volumes };
}

/** Maps of its own for one source, and containers that may change. */
export function copyOf(
  base: Base,
  quota: Quota,
): {
  persona: Persona;
  containers: Map<string, Container>;
  images: Map<string, Image>;
  tags: Map<string, string>;
  networks: Map<string, Network>;
  volumes: Map<string, Volume>;
} {
  return {
    persona: base.persona,
    containers: new Map(
      base.containers.map((one) => [
        one.id,
        {
          ...one,
          endpoints: new Map(one.endpoints),
          logs: new Logs(quota),
          execs: new Set<string>(),
          watchers: new Set(),
        },
      ]),
    ),
    images: new Map(base.images.map((one) => [one.id, one])),
    tags: new Map(base.tags),
    networks: new Map(base.networks.map((one) => [one.id, { ...one }])),
    volumes: new Map(base.volumes.map((one) => [one.name, one])),
  };
}

function networksOf(
  persona: Persona,
  project: string,
  running: readonly RunningContainer[],
  now: number,
): Network[] {
  const random = persona.random('docker/networks');
  const moment = (at: number): Moment => ({ at, nanoseconds: random.int(0, 999_999) });
  const booted = persona.bootedAt(now) + 14_000 + random.int(0, 9000);
  const plain = {
    internal: false,
    attachable: false,
    scope: 'local',
    options: {},
    labels: {},
    last: 1,
  } as const;
  const installed = persona.installedAt + 3 * minute;
  return [
    {
      ...plain,
      name: 'bridge',
      id: random.hex(64),
      created: moment(booted),
      driver: 'bridge',
      prefix: '172.17',
      options: {
        'com.docker.network.bridge.default_bridge': 'true',
        'com.docker.network.bridge.enable_icc': 'true',
        'com.docker.network.bridge.enable_ip_masquerade': 'true',
        'com.docker.network.bridge.host_binding_ipv4': '0.0.0.0',
        'com.docker.network.bridge.name': 'docker0',
        'com.docker.network.driver.mtu': '1500',
      },
    },
    { ...plain, name: 'host', id: random.hex(64), created: moment(installed), driver: 'host' },
    { ...plain, name: 'none', id: random.hex(64), created: moment(installed - 2), driver: 'null' },
    {
      ...plain,
      name: project,
      // The bridge that the host shows is called by its first twelve digits.
      id: `${persona.random('interfaces').hex(12)}${random.hex(52)}`,
      created: moment((running[0]?.createdAt ?? booted) - 1200),
      driver: 'bridge',
      prefix: '172.18',
      labels: {
        'com.docker.compose.network': 'default',
        'com.docker.compose.project': project.replace(/_default$/, ''),
        'com.docker.compose.version': '2.17.2',
      },
      last: running.length + 1,
    },
  ];
}
