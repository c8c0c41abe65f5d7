/** nc, ncat, netcat, telnet, socat: connections that are noted and refused, or never answered; and nmap, which finds nothing. */

import type { Run } from '../../program.ts';
import { busyboxOf } from '../../systems/busybox.ts';
import { socketsOf } from '../../systems/sockets.ts';
import { now } from '../../world.ts';
import { formatTime } from '../time.ts';
import { Fault, fault, nameOf, shortNameOf, type Tool } from '../tool.ts';
import { ipOf } from './transfer.ts';

/** Most bytes that are taken off standard input and lost. */
const mostSent = 1 << 20;

export const nc: Tool = async (run, flavour) => {
  const rest = run.args.slice(1);
  const operands: string[] = [];
  let [isListening, isVerbose, isScan, isUdp] = [false, false, false, false];
  let [port, program, wait] = ['', '', 0];
  while (rest.length > 0) {
    const arg = rest.shift()!;
    if (!/^-[A-Za-z0-9]/.test(arg)) {
      operands.push(arg);
      continue;
    }
    const letters = arg.replace(/^-+/, '');
    isListening ||= letters.includes('l');
    isVerbose ||= letters.includes('v');
    isScan ||= letters.includes('z');
    isUdp ||= letters.includes('u');
    const last = letters.at(-1)!;
    if ('pwecqisxXTIOmoV'.includes(last)) {
      const value = rest.shift() ?? '';
      if (last === 'p') port = value;
      else if (last === 'e' || last === 'c') program = value;
      else if (last === 'w') wait = Number(value) || 0;
    }
  }
  if (isListening) return listen(run, port || operands.at(-1) || '', isVerbose);
  const [host, service] = operands;
  if (host === undefined || service === undefined) {
    const usage =
      'usage: nc [-46CDdFhklNnrStUuvZz] [-I length] [-i interval] [-M ttl]\n\t  [-m minttl] [-O length] [-P proxy_username] [-p source_port]\n\t  [-q seconds] [-s sourceaddr] [-T keyword] [-V rtable] [-W recvlimit]\n\t  [-w timeout] [-X proxy_protocol] [-x proxy_address[:port]]\n\t  [destination] [port]\n';
    throw new Fault(
      flavour === 'gnu'
        ? usage
        : `${busyboxOf(run.world).banner}\n\nUsage: nc [OPTIONS] HOST PORT  - connect\nnc [OPTIONS] -l -p PORT [HOST] [PORT]  - listen\n`,
      1,
    );
  }
  const first = Number(/^\d{1,5}/.exec(service)?.[0] ?? 0);
  if (first === 0 || first > 65_535)
    throw new Fault(
      flavour === 'gnu' ? `nc: port number invalid: ${service}\n` : `nc: bad port '${service}'\n`,
      1,
    );
  run.note({ kind: 'connect', tool: shortNameOf(run), host, port: first });
  if (program !== '') run.note({ kind: 'command', words: program.split(' ') });
  return connect(run, { host, port: first, isVerbose, isScan, isUdp, wait, isGnu: flavour === 'gnu' });
};

interface Wish {
  readonly host: string;
  readonly port: number;
  readonly isVerbose: boolean;
  readonly isScan: boolean;
  readonly isUdp: boolean;
  readonly wait: number;
  readonly isGnu: boolean;
}

async function connect(
  run: Run,
  { host, port, isVerbose, isScan, isUdp, wait, isGnu }: Wish,
): Promise<number> {
  const ip = ipOf(run, host.toLowerCase());
  if (ip === undefined)
    throw new Fault(
      isGnu
        ? `${nameOf(run)}: getaddrinfo for host "${host}" port ${port}: Name or service not known\n`
        : `nc: bad address '${host}'\n`,
      1,
    );
  const isOwn = /^127\.|^0\.0\.0\.0$/.test(ip) || ip === run.world.persona.network.address;
  const isOpen =
    isOwn &&
    run.world.container === undefined &&
    socketsOf(run.world).some((socket) => socket.localPort === port && socket.state === 'LISTEN');
  if (isOwn && !isOpen && !isUdp)
    throw new Fault(
      isGnu
        ? isVerbose || isScan
          ? `nc: connect to ${host} port ${port} (tcp) failed: Connection refused\n`
          : ''
        : `nc: can't connect to remote host (${ip}): Connection refused\n`,
      1,
    );
  if (isOpen || isUdp) {
    if (isVerbose)
      await run.stderr.write(`Connection to ${host} ${port} port [${isUdp ? 'udp' : 'tcp'}/*] succeeded!\n`);
    if (isScan) return 0;
    if (port === 22) await run.stdout.write('SSH-2.0-OpenSSH_9.2p1 Debian-2+deb12u7\r\n');
    await drain(run);
    return 0;
  }
  // Others are out of reach: what is sent is lost, and in the end the connection times out.
  if (!run.stdin.isTerminal && !isScan) await drain(run);
  await run.sleep((wait > 0 ? wait : 127) * 1000);
  throw new Fault(
    isGnu
      ? isVerbose || isScan
        ? `nc: connect to ${host} port ${port} (tcp) failed: Connection timed out\n`
        : ''
      : `nc: can't connect to remote host (${ip}): Operation timed out\n`,
    1,
  );
}

async function drain(run: Run): Promise<void> {
  let size = 0;
  while (size < mostSent) {
    const part = await run.stdin.read();
    if (part === undefined) return;
    size += part.length;
  }
}

/** Nobody ever calls. */
async function listen(run: Run, port: string, isVerbose: boolean): Promise<number> {
  run.note({ kind: 'command', words: [...run.args] });
  if (isVerbose) await run.stderr.write(`Listening on 0.0.0.0 ${port}\n`);
  for (;;) await run.sleep(60_000);
}

export const telnet: Tool = async (run) => {
  const [host, service = '23'] = run.args.slice(1).filter((arg) => !arg.startsWith('-'));
  if (host === undefined) {
    await run.stdout.write('telnet> ');
    return 0;
  }
  run.note({ kind: 'connect', tool: 'telnet', host, port: Number(service) || 23 });
  const ip = ipOf(run, host.toLowerCase());
  if (ip === undefined)
    throw new Fault(`telnet: could not resolve ${host}/telnet: Name or service not known\n`, 1);
  await run.stdout.write(`Trying ${ip}...\n`);
  if (!/^127\./.test(ip)) await run.sleep(127_000);
  throw new Fault(
    `telnet: Unable to connect to remote host: Connection ${/^127\./.test(ip) ? 'refused' : 'timed out'}\n`,
    1,
  );
};

export const socat: Tool = async (run) => {
  const target = run.args.slice(1).find((arg) => /^(tcp4?|tcp-connect|openssl|ssl|udp4?):/i.test(arg));
  const [, host = '', port] = target?.split(':') ?? [];
  if (target !== undefined)
    run.note({ kind: 'connect', tool: 'socat', host, port: Number(/^\d+/.exec(port ?? '')?.[0] ?? 0) });
  if (target === undefined) {
    await run.stderr.write(
      `${formatTime('%Y/%m/%d %H:%M:%S', now(run.world))} socat[${run.pid}] E exactly 2 addresses required (there are ${run.args.length - 1}); use option "-h" for help\n`,
    );
    return 1;
  }
  await run.sleep(127_000);
  await run.stderr.write(
    `${formatTime('%Y/%m/%d %H:%M:%S', now(run.world))} socat[${run.pid}] E connect(5, AF=2 ${ipOf(run, host) ?? host}:${port}, 16): Connection timed out\n`,
  );
  return 1;
};

/** Scanners see hosts that are down. */
export const scanner: Tool = async (run) => {
  const hosts = run.args.slice(1).filter((arg) => /^[\w.-]+(\/\d+)?$/.test(arg) && arg.includes('.'));
  for (const host of hosts.slice(0, 20)) run.note({ kind: 'connect', tool: shortNameOf(run), host });
  if (hosts.length === 0) throw fault(run, 'no targets were specified');
  if (shortNameOf(run) === 'masscan') return scanMasses(run, hosts);
  await run.sleep(3000);
  const stamp = formatTime('%Y-%m-%d %H:%M UTC', now(run.world));
  await run.stdout.write(
    `Starting Nmap 7.93 ( https://nmap.org ) at ${stamp}\nNote: Host seems down. If it is really up, but blocking our ping probes, try -Pn\nNmap done: 1 IP address (0 hosts up) scanned in 3.04 seconds\n`,
  );
  return 0;
};

/** masscan 1.3.2: what it does goes to standard error, what it finds, which is nothing, to standard output or a file. */
async function scanMasses(run: Run, hosts: readonly string[]): Promise<number> {
  const line = run.args.join(' ');
  const ports = / (?:-p|--ports?[ =]) ?([\d,-]+)/.exec(line)?.[1];
  if (ports === undefined)
    throw new Fault('FAIL: no ports were specified\n [hint] try something like "-p80,8000-9000"\n', 1);
  const count = ports.split(',').reduce((sum, range) => {
    const [first = 0, last = first] = range.split('-').map(Number);
    return sum + Math.max(1, last - first + 1);
  }, 0);
  const addresses = hosts.reduce((sum, host) => sum + 2 ** (32 - Number(host.split('/')[1] ?? 32)), 0);
  const stamp = formatTime('%Y-%m-%d %H:%M:%S GMT', now(run.world));
  await run.stderr.write(
    `Starting masscan 1.3.2 (http://bit.ly/14GZzcT) at ${stamp}\nInitiating SYN Stealth Scan\nScanning ${addresses} hosts [${count} port${count === 1 ? '' : 's'}/host]\n`,
  );
  const [, path] = / (?:-o\w|--output-file(?:name)?[ =]) ?([^\s-]\S*)/.exec(line) ?? [];
  if (path !== undefined) run.files.write(path, new Uint8Array(), { now: now(run.world) });
  await run.sleep(12_000);
  return 0;
}
