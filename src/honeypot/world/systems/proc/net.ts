/** Files of /proc/net. */
import type { Node } from '../../files/node.ts';
import type { World } from '../../world.ts';
import { uptimeOf } from '../machine.ts';
import { interfacesOf, routesOf } from '../network.ts';
import { type Socket, socketsOf } from '../sockets.ts';
import { type Entries, made } from './fresh.ts';

export function netEntries(world: World, at: () => number): Entries {
  const file = (text: () => string): Node => made(at, text);
  const of = (protocol: Socket['protocol']): Socket[] =>
    socketsOf(world).filter((socket) => socket.protocol === protocol);
  return new Map([
    ['tcp', file(() => table(tcpHead, 149, of('tcp').map(tcpLine)))],
    ['tcp6', file(() => tcp6Head + of('tcp6').map(tcp6Line).join(''))],
    ['udp', file(() => table(udpHead, 127, of('udp').map(udpLine)))],
    ['udp6', file(() => udp6Head)],
    ['raw', file(() => table(udpHead, 127, []))],
    ['unix', file(() => 'Num       RefCount Protocol Flags    Type St Inode Path\n')],
    ['dev', file(() => devices(world))],
    ['route', file(() => routes(world))],
    ['arp', file(() => arp(world))],
    ['if_inet6', file(() => '')],
  ]);
}

const tcpHead =
  '  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode';
const tcp6Head =
  '  sl  local_address                         remote_address                        st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode\n';
const udpHead =
  '   sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode ref pointer drops';
const udp6Head = `  sl  local_address                         remote_address                        st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode ref pointer drops\n`;

function table(head: string, width: number, lines: readonly string[]): string {
  return [head, ...lines].map((line) => `${line.padEnd(width)}\n`).join('');
}

function tcpLine(socket: Socket, index: number): string {
  const ends = `${hexAddress(socket.local)}:${hex(socket.localPort, 4)} ${hexAddress(socket.remote)}:${hex(socket.remotePort, 4)}`;
  return `${`${index}`.padStart(4)}: ${ends} ${stateOf(socket)} ${rest(socket)} 1 0000000000000000 100 0 0 10 0`;
}

function tcp6Line(socket: Socket, index: number): string {
  const any = '0'.repeat(32);
  return `${`${index}`.padStart(4)}: ${any}:${hex(socket.localPort, 4)} ${any}:0000 ${stateOf(socket)} ${rest(socket)} 1 0000000000000000 100 0 0 10 0\n`;
}

function udpLine(socket: Socket, index: number): string {
  const ends = `${hexAddress(socket.local)}:${hex(socket.localPort, 4)} ${hexAddress(socket.remote)}:0000`;
  return `${`${index + 400}`.padStart(5)}: ${ends} 07 ${rest(socket)} 2 0000000000000000 0`;
}

function stateOf({ state }: Socket): string {
  return state === 'LISTEN' ? '0A' : '01';
}

function rest({ uid, inode }: Socket): string {
  return `00000000:00000000 00:00000000 00000000 ${`${uid}`.padStart(5)}        0 ${inode}`;
}

/** In the byte order of the machine. */
function hexAddress(address: string): string {
  return address
    .split('.')
    .reverse()
    .map((byte) => hex(Number(byte), 2))
    .join('');
}

function hex(value: number, digits: number): string {
  return value.toString(16).toUpperCase().padStart(digits, '0');
}

function devices(world: World): string {
  const head = `Inter-|   Receive                                                |  Transmit
 face |bytes    packets errs drop fifo frame compressed multicast|bytes    packets errs drop fifo colls carrier compressed
`;
  const pad = (value: number, width: number): string => `${value}`.padStart(width);
  return (
    head +
    interfacesOf(world, uptimeOf(world))
      .map(
        ({ name, received, sent }) =>
          `${name.padStart(6)}: ${pad(received.bytes, 7)} ${pad(received.packets, 7)}    0    0    0     0          0         0 ${pad(sent.bytes, 8)} ${pad(sent.packets, 7)}    0    0    0     0       0          0\n`,
      )
      .join('')
  );
}

function routes(world: World): string {
  const head = 'Iface\tDestination\tGateway \tFlags\tRefCnt\tUse\tMetric\tMask\t\tMTU\tWindow\tIRTT';
  const lines = routesOf(world).map(({ device, to, via, mask, metric }) =>
    [
      device,
      hexAddress(to),
      hexAddress(via ?? '0.0.0.0'),
      via === undefined ? '0001' : '0003',
      0,
      0,
      metric,
      hexAddress(mask),
      0,
      0,
      0,
    ].join('\t'),
  );
  return table(head, 127, lines);
}

function arp(world: World): string {
  const { gateway } = world.persona.network;
  const mac = `0a:${world.persona
    .random('gateway')
    .hex(10)
    .replace(/(..)(?=.)/g, '$1:')}`;
  const head = 'IP address       HW type     Flags       HW address            Mask     Device\n';
  if (world.container !== undefined) return head;
  return `${head}${gateway.padEnd(17)}0x1         0x2         ${mac}     *        ${interfacesOf(world, 0)[1]?.name}\n`;
}
