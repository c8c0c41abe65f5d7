/** What listens and is connected: the same for /proc/net, `netstat`, `ss` and `lsof`. */
import type { Persona } from '../../persona/persona.ts';
import type { Process, World } from '../world.ts';

export interface Socket {
  readonly protocol: 'tcp' | 'tcp6' | 'udp';
  readonly local: string;
  readonly localPort: number;
  readonly remote: string;
  /** 0 where nobody is connected. */
  readonly remotePort: number;
  readonly state: 'LISTEN' | 'ESTABLISHED' | '';
  readonly uid: number;
  readonly inode: number;
  readonly process?: Process;
}

export function socketsOf(world: World): readonly Socket[] {
  const { persona } = world;
  const random = persona.random('sockets');
  let inode = random.int(15_000, 19_000);
  const sockets: Socket[] = [];
  const add = (
    protocol: Socket['protocol'],
    local: string,
    localPort: number,
    process?: Process,
    uid = 0,
  ) => {
    inode += random.int(3, 900);
    sockets.push({
      protocol,
      local,
      localPort,
      remote: protocol === 'tcp6' ? '::' : '0.0.0.0',
      remotePort: 0,
      state: protocol === 'udp' ? '' : 'LISTEN',
      uid,
      inode,
      ...(process && { process }),
    });
  };
  for (const process of world.processes) {
    const line = process.args.join(' ');
    if (line.startsWith('sshd: ') && line.includes('[listener]')) {
      add('tcp', '0.0.0.0', 22, process);
      add('tcp6', '::', 22, process);
    } else if (line.startsWith('/usr/bin/redis-server')) add('tcp', '0.0.0.0', 6379, process, 100);
    else if (line.includes('/bin/postgres -D')) add('tcp', '0.0.0.0', 5432, process, 103);
    else if (line.startsWith('/usr/bin/containerd') && !line.includes('shim'))
      add('tcp', '127.0.0.1', random.int(33_000, 46_000), process);
    else if (line.startsWith('/usr/sbin/dockerd')) add('tcp6', '::', 2375, process);
    else if (line.includes('docker-proxy')) add('tcp', '0.0.0.0', portOf(line), process);
    else if (line.startsWith('/usr/sbin/chronyd') && process.ppid === 1)
      add('udp', '127.0.0.1', 323, process, 101);
    else if (line.startsWith('/lib/systemd/systemd-networkd'))
      add('udp', persona.network.address, 68, process, 998);
  }
  return sockets;
}

function portOf(line: string): number {
  return Number(/-host-port (\d+)/.exec(line)?.[1]);
}

/** Bytes and packets that went over the network since the start, as /proc/net/dev counts them. */
export function trafficOf(persona: Persona, uptime: number) {
  const random = persona.random('traffic');
  const share = (perSecond: number): number => Math.round((uptime * perSecond * random.int(70, 130)) / 100);
  return {
    received: { bytes: share(2_300), packets: share(6.1) },
    sent: { bytes: share(1_700), packets: share(5.2) },
    local: { bytes: share(190), packets: share(1.3) },
  };
}
