/** ip, ifconfig, route, arp, ethtool: what `systems/network.ts` says the machine has. */
import type { Run } from '../../program.ts';
import { uptimeOf } from '../../systems/machine.ts';
import { type Interface, interfacesOf, netmaskOf, type Route, routesOf } from '../../systems/network.ts';
import { Fault, type Flavour, fault, type Tool } from '../tool.ts';

function faces(run: Run): readonly Interface[] {
  return interfacesOf(run.world, uptimeOf(run.world));
}

const ipUsage = `Usage: ip [ OPTIONS ] OBJECT { COMMAND | help }
       ip [ -force ] -batch filename
where  OBJECT := { address | addrlabel | fou | help | ila | ioam | l2tp | link |
                   macsec | maddress | monitor | mptcp | mroute | mrule |
                   neighbor | neighbour | netconf | netns | nexthop | ntable |
                   ntbl | route | rule | sr | tap | tcpmetrics |
                   token | tunnel | tuntap | vrf | xfrm }
`;

export const ip: Tool = async (run, flavour) => {
  const words = run.args.slice(1);
  const isBrief = words.some((word) => /^-br(ief)?$/.test(word));
  const isOneLine = words.some((word) => /^-o(neline)?$/.test(word));
  const [object = '', verb = 'show', ...rest] = words.filter((word) => !word.startsWith('-'));
  if (object === '') throw new Fault(ipUsage, 255);
  const isListing =
    /^(s|sh|show|l|ls|list|get)$/.test(verb) ||
    !/^(add|a|del|d|delete|set|flush|replace|change|append)$/.test(verb);
  if (!isListing) {
    if (run.user.uid !== 0 || run.world.container?.privileged === false)
      throw new Fault(
        flavour === 'gnu'
          ? 'RTNETLINK answers: Operation not permitted\n'
          : 'ip: RTNETLINK answers: Operation not permitted\n',
        2,
      );
    return 0;
  }
  const named = [verb, ...rest]
    .filter((word) => !/^(s|sh|show|l|ls|list|dev|up|scope|global|to|get)$/.test(word))
    .at(-1);
  const chosen = faces(run).filter(({ name }) => named === undefined || name === named);
  if (named !== undefined && /^(a|l)/.test(object) && chosen.length === 0)
    throw new Fault(
      flavour === 'gnu' ? `Device "${named}" does not exist.\n` : `ip: can't find device '${named}'\n`,
      1,
    );
  if ('address'.startsWith(object))
    await run.stdout.write(
      chosen
        .map((face) =>
          isBrief ? brief(face) : isOneLine ? oneLine(face) : link(face, flavour) + addresses(face),
        )
        .join(''),
    );
  else if ('link'.startsWith(object))
    await run.stdout.write(chosen.map((face) => (isBrief ? briefLink(face) : link(face, flavour))).join(''));
  else if ('route'.startsWith(object))
    await run.stdout.write(
      verb === 'get'
        ? routeTo(run, rest[0] ?? '0.0.0.0')
        : routesOf(run.world)
            .map((route) => routeLine(route, flavour, faces(run)))
            .join(''),
    );
  else if ('neighbour'.startsWith(object) || 'neighbor'.startsWith(object))
    await run.stdout.write(neighbours(run));
  else if ('rule'.startsWith(object))
    await run.stdout.write(
      '0:\tfrom all lookup local\n32766:\tfrom all lookup main\n32767:\tfrom all lookup default\n',
    );
  else if (object !== 'netns') throw new Fault(`Object "${object}" is unknown, try "ip help".\n`, 1);
  return 0;
};

function state({ name, isUp }: Interface): string {
  return name === 'lo' ? 'UNKNOWN' : isUp ? 'UP' : 'DOWN';
}

function shownName({ name, index }: Interface): string {
  return name.startsWith('veth') ? `${name}@if${index - 1}` : name;
}

function link(face: Interface, flavour: Flavour): string {
  const { index, flags, mtu, mac, name, master } = face;
  const kind = name === 'lo' ? 'loopback' : 'ether';
  const queue = name === 'ens5' ? 'mq' : 'noqueue';
  const over = master === undefined ? '' : `master ${master} `;
  const end =
    flavour === 'gnu'
      ? `${over}state ${state(face)} group default qlen 1000`
      : `${over}state ${state(face)} ${name === 'lo' ? 'qlen 1000' : ''}`.trimEnd();
  const names = name === 'ens5' && flavour === 'gnu' ? '    altname enp0s5\n' : '';
  return `${index}: ${shownName(face)}: <${flags.join(',')}> mtu ${mtu} qdisc ${queue} ${name === 'ens5' || name === 'lo' || flavour === 'busybox' ? end : end.replace(' qlen 1000', '')}\n    link/${kind} ${mac} brd ${name === 'lo' ? '00:00:00:00:00:00' : 'ff:ff:ff:ff:ff:ff'}${name.startsWith('veth') ? ' link-netnsid 0' : ''}\n${names}`;
}

function addresses({ name, address, prefix, broadcast }: Interface): string {
  if (address === undefined) return '';
  const scope = name === 'lo' ? 'host' : 'global';
  const around = broadcast === undefined ? '' : ` brd ${broadcast}`;
  const isLeased = name === 'ens5';
  const life = isLeased ? '3017sec' : 'forever';
  return `    inet ${address}/${prefix}${around} scope ${scope} ${isLeased ? 'dynamic ' : ''}${name}\n       valid_lft ${life} preferred_lft ${life}\n`;
}

function brief(face: Interface): string {
  return `${shownName(face).padEnd(16)} ${state(face).padEnd(14)} ${face.address === undefined ? '' : `${face.address}/${face.prefix} `}\n`;
}

function briefLink(face: Interface): string {
  return `${shownName(face).padEnd(16)} ${state(face).padEnd(14)} ${face.mac} <${face.flags.join(',')}> \n`;
}

function oneLine({ index, name, address, prefix, broadcast }: Interface): string {
  if (address === undefined) return '';
  return `${index}: ${name}    inet ${address}/${prefix}${broadcast === undefined ? '' : ` brd ${broadcast}`} scope ${name === 'lo' ? 'host' : 'global'} ${name}\\       valid_lft forever preferred_lft forever\n`;
}

function routeLine(
  { to, prefix, via, device, source, metric }: Route,
  flavour: Flavour,
  all: readonly Interface[],
): string {
  const isDown = all.find(({ name }) => name === device)?.isUp === false;
  if (via !== undefined) {
    const lease = metric > 0 ? `proto dhcp src ${source} metric ${metric} ` : '';
    return `default via ${via} dev ${device} ${flavour === 'gnu' ? lease : ''}\n`;
  }
  const how =
    metric > 0
      ? `proto kernel scope link src ${source} metric ${metric} `
      : flavour === 'gnu'
        ? `proto kernel scope link src ${source} `
        : `scope link  src ${source} `;
  return `${to}/${prefix} dev ${device} ${how}${isDown ? 'linkdown ' : ''}\n`;
}

function routeTo(run: Run, target: string): string {
  const [first] = routesOf(run.world);
  return `${target} via ${first?.via} dev ${first?.device} src ${first?.source} uid ${run.user.uid} \n    cache \n`;
}

function gatewayMac(run: Run): string {
  return `0a:${run.world.persona
    .random('gateway')
    .hex(10)
    .replace(/(..)(?=.)/g, '$1:')}`;
}

function neighbours(run: Run): string {
  if (run.world.container !== undefined) return '';
  return `${run.world.persona.network.gateway} dev ens5 lladdr ${gatewayMac(run)} REACHABLE\n`;
}

export const ifconfig: Tool = async (run, flavour) => {
  const words = run.args.slice(1);
  const isAll = words.includes('-a');
  const [name, ...settings] = words.filter((word) => !word.startsWith('-'));
  if (settings.length > 0) {
    if (run.user.uid === 0 && run.world.container?.privileged !== false) return 0;
    throw new Fault('SIOCSIFFLAGS: Operation not permitted\n', 255);
  }
  const chosen = faces(run).filter((face) =>
    name === undefined ? isAll || face.isUp || face.name === 'docker0' : face.name === name,
  );
  if (chosen.length === 0)
    throw new Fault(
      flavour === 'gnu'
        ? `${name}: error fetching interface information: Device not found\n`
        : `ifconfig: ${name}: error fetching interface information: Device not found\n`,
      1,
    );
  // Of ens5 before lo, as both sort them.
  const sorted = [...chosen].sort((a, b) => (a.name < b.name ? -1 : 1));
  await run.stdout.write(sorted.map(flavour === 'gnu' ? ifconfigBlock : busyboxBlock).join('\n') + '\n');
  return 0;
};

function inUnits(bytes: number): string {
  let value = bytes;
  let power = 0;
  while (value >= 1024 && power < 4) {
    value /= 1024;
    power += 1;
  }
  return `${value.toFixed(1)} ${['B', 'KiB', 'MiB', 'GiB', 'TiB'][power]}`;
}

function ifconfigBlock({
  name,
  flags,
  mtu,
  mac,
  address,
  prefix,
  broadcast,
  received,
  sent,
  isUp,
}: Interface): string {
  const known: Readonly<Record<string, number>> = {
    UP: 1,
    BROADCAST: 2,
    LOOPBACK: 8,
    RUNNING: 64,
    MULTICAST: 4096,
  };
  const shown = ['UP', 'BROADCAST', 'LOOPBACK', ...(isUp ? ['RUNNING'] : []), 'MULTICAST'].filter(
    (flag) => flag === 'RUNNING' || flags.includes(flag),
  );
  const value = shown.reduce((sum, flag) => sum + known[flag]!, 0);
  const inet =
    address === undefined
      ? ''
      : `        inet ${address}  netmask ${netmaskOf(prefix)}${broadcast === undefined ? '' : `  broadcast ${broadcast}`}\n`;
  const hardware =
    name === 'lo'
      ? '        loop  txqueuelen 1000  (Local Loopback)\n'
      : `        ether ${mac}  txqueuelen ${name === 'ens5' ? 1000 : 0}  (Ethernet)\n`;
  return `${name}: flags=${value}<${shown.join(',')}>  mtu ${mtu}\n${inet}${hardware}        RX packets ${received.packets}  bytes ${received.bytes} (${inUnits(received.bytes)})\n        RX errors 0  dropped 0  overruns 0  frame 0\n        TX packets ${sent.packets}  bytes ${sent.bytes} (${inUnits(sent.bytes)})\n        TX errors 0  dropped 0 overruns 0  carrier 0  collisions 0\n`;
}

function busyboxBlock({ name, mtu, mac, address, prefix, broadcast, received, sent }: Interface): string {
  const head =
    name === 'lo' ? 'Link encap:Local Loopback  ' : `Link encap:Ethernet  HWaddr ${mac.toUpperCase()}  `;
  const inet =
    address === undefined
      ? ''
      : `          inet addr:${address}${broadcast === undefined ? '' : `  Bcast:${broadcast}`}  Mask:${netmaskOf(prefix)}\n`;
  return `${name.padEnd(9)} ${head}\n${inet}          UP ${name === 'lo' ? 'LOOPBACK RUNNING' : 'BROADCAST RUNNING MULTICAST'}  MTU:${mtu}  Metric:1\n          RX packets:${received.packets} errors:0 dropped:0 overruns:0 frame:0\n          TX packets:${sent.packets} errors:0 dropped:0 overruns:0 carrier:0\n          collisions:0 txqueuelen:${name === 'lo' ? 1000 : 0} \n          RX bytes:${received.bytes} (${inUnits(received.bytes)})  TX bytes:${sent.bytes} (${inUnits(sent.bytes)})\n`;
}

export const route: Tool = async (run, flavour) => {
  if (run.args.some((arg) => /^(add|del)$/.test(arg))) {
    if (run.user.uid === 0 && run.world.container?.privileged !== false) return 0;
    throw new Fault('SIOCADDRT: Operation not permitted\n', 7);
  }
  const isNumeric = run.args.some((arg) => /^-\w*n/.test(arg)) || flavour === 'busybox';
  const lines = routesOf(run.world).map(({ to, via, mask, metric, device }) => {
    const shown = to === '0.0.0.0' && !isNumeric ? 'default' : to;
    return `${shown.padEnd(15)} ${(via ?? '0.0.0.0').padEnd(15)} ${mask.padEnd(15)} ${(via === undefined ? 'U' : 'UG').padEnd(5)} ${`${metric}`.padEnd(6)} 0        0 ${device}\n`;
  });
  await run.stdout.write(
    `Kernel IP routing table\nDestination     Gateway         Genmask         Flags Metric Ref    Use Iface\n${lines.join('')}`,
  );
  return 0;
};

export const arp: Tool = async (run, flavour) => {
  if (run.world.container !== undefined) return 0;
  const { gateway } = run.world.persona.network;
  if (flavour === 'busybox' || run.args.some((arg) => /^-\w*a/.test(arg)))
    await run.stdout.write(
      `? (${gateway}) at ${gatewayMac(run)} [ether]${flavour === 'busybox' ? ' ' : ''} on ens5\n`,
    );
  else
    await run.stdout.write(
      `Address                  HWtype  HWaddress           Flags Mask            Iface\n${gateway.padEnd(24)} ether   ${gatewayMac(run)}   C                     ens5\n`,
    );
  return 0;
};

export const ethtool: Tool = async (run) => {
  const [name = ''] = run.args.slice(1).filter((arg) => !arg.startsWith('-'));
  if (!faces(run).some((face) => face.name === name))
    throw fault(run, `Cannot get device ${name} settings: No such device`, 75);
  await run.stdout.write(
    run.args.includes('-i')
      ? `driver: ena\nversion: ${run.world.persona.kernel.release}\nfirmware-version: \nbus-info: 0000:00:05.0\n`
      : `Settings for ${name}:\n\tLink detected: yes\n`,
  );
  return 0;
};
