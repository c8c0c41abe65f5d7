/**
 * Decoys are told in every way to connect somewhere, and the kernel counts what they did: each decoy's process has a
 * network of its own, and the whole sensor one that only the attacker shares, whose own connections are known.
 */
import { spawnSync } from 'node:child_process';
import { readFileSync, readlinkSync } from 'node:fs';
import { findIsolation } from '../../honeypot/sensor/isolation.ts';
import type { Ground } from '../parts.ts';
import { said, startFile } from '../processes.ts';
import type { BenchResult } from '../result.ts';
import { none } from './collector.ts';
import { startSensor } from './sensor.ts';

/** A network with nothing but loopback, in which the rest of the command line runs. */
const ownNetwork = ['unshare', '--net', '--', 'sh', '-c', 'ip link set lo up && exec "$@"', 'sh'];

export async function benchOutgoing({ folder, say }: Ground): Promise<BenchResult[]> {
  const reason = reasonAgainst();
  const metric = 'outgoing connections and datagrams';
  if (reason !== undefined)
    return [{ metric, value: null, unit: '', runs: 0, goal: '<= 0', holds: null, reason }];
  const sensor = await startSensor(folder, { prefix: ownNetwork, isGroup: true });
  try {
    const pid = sensor.running.child.pid!;
    const before = sentIn(pid);
    const attacker = startFile(
      new URL(`./attacker${import.meta.url.slice(import.meta.url.lastIndexOf('.'))}`, import.meta.url),
      [JSON.stringify(Object.fromEntries(sensor.ports))],
      { prefix: ['nsenter', '--net', '--target', String(pid), '--'] },
    );
    const told = await said(attacker, /attacks \d+ connections \d+/, 300_000).finally(() => attacker.kill());
    const [attacks = 0, connections = 0] = told.match(/\d+/g)!.map(Number);
    say(`${attacks} attacks over ${connections} connections`);
    const decoys = sensor.processes().slice(1);
    const isOwn = (one: number): boolean => networkOf(one) !== networkOf(pid);
    const sent = decoys.filter(isOwn).reduce((sum, one) => sum + sentIn(one), 0);
    return [
      { metric: 'attacks that make a server connect somewhere', value: attacks, unit: 'attacks', runs: 1 },
      { metric: 'decoy processes', value: decoys.length, unit: 'processes', runs: 1 },
      none('of them without a network of their own', decoys.filter((one) => !isOwn(one)).length, 'processes'),
      none(`${metric} of the decoys, as the kernel counts`, sent, 'packets'),
      none(`${metric} of the sensor's supervisor`, sentIn(pid) - before - connections, 'packets'),
    ];
  } finally {
    await sensor.stop();
  }
}

/** Connections opened and datagrams sent in the network of a process, since it exists. */
function sentIn(pid: number): number {
  const lines = readFileSync(`/proc/${pid}/net/snmp`, 'latin1').split('\n');
  const of = (protocol: string, name: string): number => {
    const [names = '', values = ''] = lines.filter((line) => line.startsWith(`${protocol}: `));
    return Number(values.split(' ')[names.split(' ').indexOf(name)]);
  };
  const six = readFileSync(`/proc/${pid}/net/snmp6`, 'latin1');
  const datagrams = Number(/^Udp6OutDatagrams\s+(\d+)/m.exec(six)?.[1]);
  const sent = of('Tcp', 'ActiveOpens') + of('Udp', 'OutDatagrams') + of('Icmp', 'OutEchos') + datagrams;
  if (!Number.isInteger(sent)) throw new Error(`the kernel does not count what process ${pid} sends`);
  return sent;
}

function networkOf(pid: number): string {
  return readlinkSync(`/proc/${pid}/ns/net`);
}

function reasonAgainst(): string | undefined {
  if (process.getuid?.() !== 0) return 'a network of its own takes root';
  const lack = findIsolation().lack;
  if (lack !== undefined) return lack;
  const missing = ['ip', 'nsenter'].find((one) => spawnSync(one, ['--version'], { stdio: 'ignore' }).error);
  return missing === undefined ? undefined : `${missing} is not installed`;
}
