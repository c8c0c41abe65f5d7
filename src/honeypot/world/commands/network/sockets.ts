/** netstat, ss, lsof and fuser: who listens. */
import type { Run } from '../../program.ts';
import { isKernelThread, nameOfProcess } from '../../systems/process-facts.ts';
import { type Socket, socketsOf } from '../../systems/sockets.ts';
import type { Tool } from '../tool.ts';
import { route } from './interfaces.ts';

/** Those of the machine, or of a container that shares its network. */
function all(run: Run): readonly Socket[] {
  const { world } = run;
  if (world.container === undefined) return socketsOf(world);
  return world.container.hasHostNetwork && world.host !== undefined ? socketsOf(world.host) : [];
}

const services: Readonly<Record<number, string>> = {
  22: 'ssh',
  53: 'domain',
  68: 'bootpc',
  80: 'http',
  123: 'ntp',
  443: 'https',
  5432: 'postgresql',
  6379: 'redis',
};

interface Wanted {
  readonly tcp: boolean;
  readonly udp: boolean;
  readonly listening: boolean;
  readonly everything: boolean;
  readonly numeric: boolean;
  readonly programs: boolean;
}

function wanted(run: Run): Wanted {
  const letters = run.args
    .slice(1)
    .flatMap((arg) => {
      if (arg.startsWith('--'))
        return [
          {
            '--tcp': 't',
            '--udp': 'u',
            '--listening': 'l',
            '--all': 'a',
            '--numeric': 'n',
            '--programs': 'p',
            '--program': 'p',
            '--processes': 'p',
          }[arg] ?? '',
        ];
      return arg.startsWith('-') ? [arg.slice(1)] : [];
    })
    .join('');
  const has = (letter: string): boolean => letters.includes(letter);
  return {
    tcp: has('t') || !has('u'),
    udp: has('u') || !has('t'),
    listening: has('l'),
    everything: has('a'),
    numeric: has('n'),
    programs: has('p'),
  };
}

function chosen(run: Run, wish: Wanted): readonly Socket[] {
  return all(run).filter(({ protocol, state }) => {
    const isUdp = protocol === 'udp';
    if (isUdp ? !wish.udp : !wish.tcp) return false;
    if (wish.everything) return true;
    return wish.listening === (state === 'LISTEN' || isUdp);
  });
}

function port(number: number, isNumeric: boolean): string {
  return number === 0 ? '*' : isNumeric ? `${number}` : (services[number] ?? `${number}`);
}

export const netstat: Tool = async (run, flavour) => {
  const letters = run.args.slice(1).join('');
  if (/r/.test(letters) && !/t|u|l|a/.test(letters)) return route(run, flavour);
  if (/i/.test(letters)) {
    await run.stdout.write(
      'Kernel Interface table\nIface      MTU    RX-OK RX-ERR RX-DRP RX-OVR    TX-OK TX-ERR TX-DRP TX-OVR Flg\n',
    );
    return 0;
  }
  const wish = wanted(run);
  const isRoot = run.user.uid === 0;
  // As it reads them: /proc/net/tcp, tcp6, udp.
  const sockets = [...chosen(run, wish)].sort((a, b) => a.protocol.localeCompare(b.protocol));
  const lines = sockets.map((socket) => {
    const { protocol, local, localPort, remote, state } = socket;
    const here = `${local}:${port(localPort, wish.numeric)}`;
    const there = `${remote}:*`;
    const owner = wish.programs ? ` ${programOf(socket, isRoot)}` : '';
    return `${protocol.padEnd(5)}      0      0 ${here.padEnd(23)} ${there.padEnd(23)} ${state.padEnd(wish.programs || flavour === 'busybox' ? 11 : 11)}${owner}\n`;
  });
  if (wish.programs && !isRoot)
    await run.stderr.write(
      '(Not all processes could be identified, non-owned process info\n will not be shown, you would have to be root to see it all.)\n',
    );
  const what = wish.everything ? 'servers and established' : wish.listening ? 'only servers' : 'w/o servers';
  await run.stdout.write(
    `Active Internet connections (${what})\nProto Recv-Q Send-Q Local Address           Foreign Address         State      ${wish.programs ? ` PID/Program name${flavour === 'gnu' ? '    ' : ''}` : flavour === 'gnu' ? '' : ' '}\n${lines.join('')}`,
  );
  if (flavour === 'gnu' && !/[tu]/.test(letters))
    await run.stdout.write(
      `Active UNIX domain sockets (${what})\nProto RefCnt Flags       Type       State         I-Node   Path\nunix  2      [ ACC ]     STREAM     LISTENING     18342    /run/docker.sock\nunix  2      [ ACC ]     STREAM     LISTENING     16910    /run/systemd/private\n`,
    );
  return 0;
};

function programOf({ process }: Socket, isRoot: boolean): string {
  if (process === undefined || !isRoot) return '-                   ';
  const name = process.args[0]?.startsWith('sshd:') ? 'sshd: /usr/sbin/sshd' : nameOfProcess(process);
  return `${process.pid}/${name}`.slice(0, 19).padEnd(20);
}

export const ss: Tool = async (run) => {
  const wish = wanted(run);
  const isTcpOnly = wish.tcp && !wish.udp;
  const rows = chosen(run, wish).map((socket) => {
    const { protocol, local, localPort, state, process } = socket;
    const isUdp = protocol === 'udp';
    const address = protocol === 'tcp6' ? '*' : local;
    const owner =
      wish.programs && process !== undefined && run.user.uid === 0
        ? `users:(("${nameOfProcess(process)}",pid=${process.pid},fd=${3 + (process.pid % 5)}))`
        : '';
    return [
      isUdp ? 'udp' : 'tcp',
      isUdp ? 'UNCONN' : state === 'LISTEN' ? 'LISTEN' : 'ESTAB',
      '0',
      isUdp ? '0' : localPort === 22 ? '128' : '4096',
      `${address}:${port(localPort, wish.numeric)}`,
      `${protocol === 'tcp6' ? '*' : '0.0.0.0'}:*`,
      owner,
    ];
  });
  const hasNetid = !isTcpOnly && !(wish.udp && !wish.tcp);
  const heads = ['Netid', 'State', 'Recv-Q', 'Send-Q', 'Local Address:Port', 'Peer Address:Port', 'Process'];
  const table = [heads, ...rows];
  const width = (index: number): number => Math.max(...table.map((row) => row[index]!.length));
  await run.stdout.write(
    table
      .map((row) => {
        const [netid = '', state = '', received = '', sent = '', here = '', there = '', owner = ''] = row;
        const cells = [
          ...(hasNetid ? [netid.padEnd(Math.max(5, width(0)))] : []),
          state.padEnd(Math.max(6, width(1))),
          received.padEnd(6),
          sent.padEnd(6),
          here.padStart(width(4)),
          there.padStart(width(5)),
          owner,
        ];
        return `${cells.join(' ')}\n`;
      })
      .join(''),
  );
  return 0;
};

export const lsof: Tool = async (run) => {
  const isNetwork = run.args.some((arg) => /^-\w*i/.test(arg));
  const showsIds = run.args.some((arg) => /^-[a-hj-z]*t/i.test(arg));
  const wantedPort = Number(/ (?:-\w*i ?)?(?:[46]|tcp|udp)*:(\d+)/i.exec(run.args.join(' '))?.[1] ?? 0);
  const head = 'COMMAND     PID     USER   FD   TYPE DEVICE SIZE/OFF NODE NAME\n';
  const line = (name: string, pid: number, user: string, rest: string): string =>
    `${name.slice(0, 9).padEnd(9)} ${`${pid}`.padStart(5)} ${user.slice(0, 8).padStart(8)} ${rest}\n`;
  if (isNetwork) {
    const sockets = all(run).filter(({ localPort }) => wantedPort === 0 || localPort === wantedPort);
    if (showsIds) {
      const ids = new Set(sockets.flatMap(({ process }) => (process === undefined ? [] : process.pid)));
      await run.stdout.write([...ids].map((pid) => `${pid}\n`).join(''));
      return ids.size > 0 ? 0 : 1;
    }
    const lines = sockets.map(({ process, protocol, local, localPort, inode, state }) =>
      process === undefined
        ? ''
        : line(
            nameOfProcess(process),
            process.pid,
            process.user,
            `   3u  IPv${protocol === 'tcp6' ? 6 : 4} ${`${inode}`.padStart(6)}      0t0  ${protocol === 'udp' ? 'UDP' : 'TCP'} ${local === '0.0.0.0' || local === '::' ? '*' : local}:${services[localPort] ?? localPort}${state === 'LISTEN' ? ' (LISTEN)' : ''}`,
          ),
    );
    if (lines.length === 0) return 1;
    await run.stdout.write(head + lines.join(''));
    return 0;
  }
  const lines = run.world.processes
    .filter((process) => !isKernelThread(process))
    .map((process) =>
      line(nameOfProcess(process), process.pid, process.user, ' cwd    DIR  259,1     4096    2 /'),
    );
  await run.stdout.write(head + lines.join(''));
  return 0;
};

export const fuser: Tool = async (run) => {
  const ports = run.args
    .slice(1)
    .flatMap((arg) => /^(\d+)\/(?:tcp|udp)$/.exec(arg)?.[1] ?? [])
    .map(Number);
  const holders = all(run).filter(
    ({ localPort, process }) => ports.includes(localPort) && process !== undefined,
  );
  for (const { localPort, process } of holders) {
    await run.stderr.write(`${localPort}/tcp:`.padEnd(21));
    await run.stdout.write(` ${process!.pid}\n`);
    const { processes } = run.world;
    if (run.args.some((arg) => /^-\w*k/.test(arg)) && processes.includes(process!))
      processes.splice(processes.indexOf(process!), 1);
  }
  return holders.length > 0 ? 0 : 1;
};
