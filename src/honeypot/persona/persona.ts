/**
 * Who a sensor pretends to be: one machine of a cloud, all of it out of a seed, so that it is the same after a restart
 * and shares no name, key, number or address with another sensor. What only one decoy needs (containers, pods, pages)
 * that decoy derives itself from `random`.
 */
import {
  type Kernel,
  kernels,
  type Machine,
  machines,
  placeNames,
  projectNames,
  regions,
  serverNames,
} from './choices.ts';
import { type Random, randomOf } from './random.ts';

export interface Persona {
  readonly seed: string;
  readonly hostname: string;
  /** Of the network that it is in, `eu-west-1.compute.internal`. */
  readonly domain: string;
  readonly kernel: Kernel;
  readonly machine: Machine;
  /** Milliseconds since 1970; a machine that ran for long enough has been started again. */
  bootedAt(now: number): number;
  /** When its system was installed, in milliseconds since 1970. */
  readonly installedAt: number;
  /** Who works on it beside root. */
  readonly account: string;
  /** The application that it serves: of its folder, its containers and its databases. */
  readonly project: string;
  readonly network: {
    readonly address: string;
    readonly prefix: number;
    readonly gateway: string;
    readonly mac: string;
    readonly publicAddress: string;
  };
  readonly cloud: {
    readonly region: string;
    readonly zone: string;
    readonly instance: string;
    readonly image: string;
    readonly account: string;
    readonly role: string;
  };
  /** A stream of its own for each label. */
  random(label: string): Random;
}

const day = 86_400_000;
const lower = 'abcdefghijklmnopqrstuvwxyz';

/** @param seed any text; as secret as the persona is to be hard to recognise */
export function personaOf(seed: string): Persona {
  const random = (label: string): Random => randomOf(seed, label);
  const place = random('place');
  const region = place.pick(regions);
  const [second, third, fourth] = [
    place.int(0, 255),
    place.int(0, 15) * 16 + place.int(0, 15),
    place.int(5, 250),
  ];
  const first = place.pick([`10.${second}`, '172.31']);
  const address = `${first}.${third}.${fourth}`;
  const names = random('names');
  const hostname = names.pick([
    `ip-${address.replaceAll('.', '-')}`,
    `${names.pick(serverNames)}-${String(names.int(1, 12)).padStart(2, '0')}`,
    `${names.pick(placeNames)}-${names.pick(serverNames)}${names.int(1, 9)}`,
    `${names.pick(serverNames)}-${names.text(`${lower}0123456789`, 5)}`,
  ]);
  const time = random('time');
  const kernel = time.pick(kernels);
  // A machine is restarted when its kernel is renewed: after two to six months, and once at the earliest since then.
  const period = time.int(60, 180) * day + time.int(0, day - 1);
  const phase = time.int(0, period);
  const released = Date.parse(kernel.released);
  const cloud = random('cloud');
  return {
    seed,
    random,
    hostname,
    domain: region === 'us-east-1' ? 'ec2.internal' : `${region}.compute.internal`,
    kernel,
    machine: time.pick(machines),
    bootedAt: (now) => Math.max(now - ((now + phase) % period), released + day),
    installedAt: released - time.int(30 * 86_400, 400 * 86_400) * 1000,
    account: names.pick(['admin', 'deploy', 'ops', names.pick(placeNames), `svc-${names.text(lower, 4)}`]),
    project: random('project').pick([...projectNames, ...placeNames]),
    network: {
      address,
      prefix: 20,
      gateway: `${first}.${third & 0xf0}.1`,
      mac: `0a:${cloud.hex(10).replace(/(..)(?=.)/g, '$1:')}`,
      publicAddress: `${cloud.pick([3, 13, 18, 34, 35, 52, 54])}.${cloud.int(8, 250)}.${cloud.int(1, 250)}.${cloud.int(2, 250)}`,
    },
    cloud: {
      region,
      zone: `${region}${cloud.pick(['a', 'b', 'c'])}`,
      instance: `i-0${cloud.hex(16)}`,
      image: `ami-0${cloud.hex(16)}`,
      account: cloud.text('0123456789', 12).replace(/^0/, '4'),
      role: `${cloud.pick(serverNames)}-${cloud.pick(['instance', 'node', 'ec2', 'worker'])}-role`,
    },
  };
}
