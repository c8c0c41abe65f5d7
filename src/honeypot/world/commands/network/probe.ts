/** ping, traceroute, nslookup, dig, host. */

import type { Run } from '../../program.ts';
import { busyboxOf } from '../../systems/busybox.ts';
import { nameServer } from '../../systems/etc.ts';
import { now } from '../../world.ts';
import { formatTime } from '../time.ts';
import { Fault, fault, nameOf, type Tool } from '../tool.ts';
import { ipOf } from './transfer.ts';
import { isIpAddress } from './url.ts';

export const ping: Tool = async (run, flavour) => {
  const rest = run.args.slice(1);
  let [count, interval] = [Number.POSITIVE_INFINITY, 1];
  let [host, isQuiet] = ['', false];
  while (rest.length > 0) {
    const arg = rest.shift()!;
    const value = /^-\w*([ciwWsItlpQSmMTF])$/.exec(arg);
    if (value !== null) {
      const number = Number(rest.shift());
      if (value[1] === 'c') count = number || 1;
      if (value[1] === 'i') interval = number || 1;
    } else if (/^-c\d+$/.test(arg)) count = Number(arg.slice(2));
    else if (arg.startsWith('-')) isQuiet ||= arg.includes('q');
    else host = arg;
  }
  if (host === '')
    throw flavour === 'gnu'
      ? new Fault('ping: usage error: Destination address required\n', 1)
      : fault(run, 'no host');
  const ip = ipOf(run, host.toLowerCase());
  run.note({ kind: 'connect', tool: 'ping', host });
  if (ip === undefined)
    throw new Fault(
      flavour === 'gnu' ? `ping: ${host}: Name or service not known\n` : `ping: bad address '${host}'\n`,
      flavour === 'gnu' ? 2 : 1,
    );
  const random = run.world.persona.random(`ping/${ip}`);
  const base = /^127\./.test(ip) ? 0.03 : random.int(800, 42_000) / 1000;
  const ttl = /^127\./.test(ip) ? 64 : random.int(42, 57);
  await run.stdout.write(
    flavour === 'gnu'
      ? `PING ${host} (${ip}) 56(84) bytes of data.\n`
      : `PING ${host} (${ip}): 56 data bytes\n`,
  );
  const times: number[] = [];
  for (let sequence = 0; sequence < Math.min(count, 100_000); sequence++) {
    const time = base * (1 + random.int(0, 120) / 1000);
    times.push(time);
    if (!isQuiet) {
      const shown =
        flavour === 'gnu'
          ? `64 bytes from ${ip}: icmp_seq=${sequence + 1} ttl=${ttl} time=${places(time)} ms\n`
          : `64 bytes from ${ip}: seq=${sequence} ttl=${ttl} time=${time.toFixed(3)} ms\n`;
      await run.stdout.write(shown);
    }
    if (sequence < count - 1) await run.sleep(interval * 1000);
    await run.work(20);
  }
  const [least, most] = [Math.min(...times), Math.max(...times)];
  const average = times.reduce((sum, time) => sum + time, 0) / times.length;
  const deviation = Math.sqrt(times.reduce((sum, time) => sum + (time - average) ** 2, 0) / times.length);
  await run.stdout.write(
    flavour === 'gnu'
      ? `\n--- ${host} ping statistics ---\n${times.length} packets transmitted, ${times.length} received, 0% packet loss, time ${(times.length - 1) * 1001}ms\nrtt min/avg/max/mdev = ${least.toFixed(3)}/${average.toFixed(3)}/${most.toFixed(3)}/${deviation.toFixed(3)} ms\n`
      : `\n--- ${host} ping statistics ---\n${times.length} packets transmitted, ${times.length} packets received, 0% packet loss\nround-trip min/avg/max = ${least.toFixed(3)}/${average.toFixed(3)}/${most.toFixed(3)} ms\n`,
  );
  return 0;
};

/** Three places that count. */
function places(time: number): string {
  return time < 1
    ? time.toFixed(3)
    : time < 10
      ? time.toFixed(2)
      : time < 100
        ? time.toFixed(1)
        : time.toFixed(0);
}

export const traceroute: Tool = async (run) => {
  const [host = ''] = run.args.slice(1).filter((arg) => !arg.startsWith('-'));
  const ip = ipOf(run, host.toLowerCase());
  if (ip === undefined)
    throw new Fault(
      `${host}: Name or service not known\nCannot handle "host" cmdline arg \`${host}' on position 1 (argc 1)\n`,
      2,
    );
  run.note({ kind: 'connect', tool: 'traceroute', host });
  await run.stdout.write(`traceroute to ${host} (${ip}), 30 hops max, 60 byte packets\n`);
  for (let hop = 1; hop <= 30; hop++) await run.stdout.write(`${`${hop}`.padStart(2)}  * * *\n`);
  return 0;
};

interface Question {
  readonly name: string;
  readonly type: string;
  readonly server: string;
}

function answersOf(run: Run, { name, type }: Question): readonly string[] {
  if (type === 'AAAA' || type === 'MX' || type === 'TXT' || type === 'NS' || type === 'CNAME') return [];
  if (isIpAddress(name)) return [];
  const ip = ipOf(run, name.toLowerCase());
  return ip === undefined ? [] : [ip];
}

function serverOf(run: Run): string {
  return nameServer(run.world.persona.network.address);
}

/** What is asked of a name server is seen by its owner: text that leaves the machine. */
function noteQuestion(run: Run, { name, server }: Question): void {
  run.note({ kind: 'connect', tool: nameOf(run), host: name });
  if (server !== serverOf(run)) run.note({ kind: 'connect', tool: nameOf(run), host: server, port: 53 });
}

export const nslookup: Tool = async (run, flavour) => {
  const operands = run.args.slice(1).filter((arg) => !arg.startsWith('-'));
  const type =
    /^-(?:type|query|q)=(\w+)/i
      .exec(run.args.slice(1).find((arg) => arg.startsWith('-')) ?? '')?.[1]
      ?.toUpperCase() ?? 'A';
  const [name, server = serverOf(run)] = operands;
  if (name === undefined)
    throw new Fault(
      flavour === 'gnu'
        ? ''
        : `${busyboxOf(run.world).banner}\n\nUsage: nslookup [-type=QUERY_TYPE] [-debug] HOST [DNS_SERVER]\n`,
      1,
    );
  const question = { name, type, server };
  noteQuestion(run, question);
  const answers = answersOf(run, question);
  const head =
    flavour === 'gnu'
      ? `Server:\t\t${server}\nAddress:\t${server}#53\n\n`
      : `Server:\t\t${server}\nAddress:\t${server}:53\n\n`;
  if (answers.length === 0 && ipOf(run, name.toLowerCase()) === undefined) {
    await run.stdout.write(
      `${head}** server can't find ${name}: NXDOMAIN\n\n${flavour === 'gnu' ? '' : `** server can't find ${name}: NXDOMAIN\n\n`}`,
    );
    return 1;
  }
  await run.stdout.write(
    `${head}Non-authoritative answer:\n${answers.map((ip) => `Name:\t${name}\nAddress: ${ip}\n`).join('')}\n`,
  );
  return 0;
};

export const dig: Tool = async (run) => {
  const operands = run.args.slice(1).filter((arg) => !/^[-+@]/.test(arg));
  const server = run.args.find((arg) => arg.startsWith('@'))?.slice(1) ?? serverOf(run);
  const type =
    operands.find((arg) => /^(A|AAAA|MX|TXT|NS|CNAME|SOA|PTR|ANY)$/i.test(arg))?.toUpperCase() ?? 'A';
  const name = operands.find((arg) => arg.toUpperCase() !== type && !/^IN$/i.test(arg)) ?? '.';
  const question = { name, type, server };
  if (name !== '.') noteQuestion(run, question);
  const answers = answersOf(run, question);
  if (run.args.includes('+short')) {
    await run.stdout.write(answers.map((ip) => `${ip}\n`).join(''));
    return 0;
  }
  const status = answers.length === 0 && ipOf(run, name) === undefined ? 'NXDOMAIN' : 'NOERROR';
  const id = 1000 + (run.pid % 60_000);
  const section =
    answers.length === 0
      ? ''
      : `;; ANSWER SECTION:\n${answers.map((ip) => `${name}.\t\t60\tIN\t${type}\t${ip}\n`).join('')}\n`;
  await run.stdout.write(
    `\n; <<>> DiG 9.18.33-1~deb12u2-Debian <<>> ${run.args.slice(1).join(' ')}\n;; global options: +cmd\n;; Got answer:\n;; ->>HEADER<<- opcode: QUERY, status: ${status}, id: ${id}\n;; flags: qr rd ra; QUERY: 1, ANSWER: ${answers.length}, AUTHORITY: 0, ADDITIONAL: 1\n\n;; OPT PSEUDOSECTION:\n; EDNS: version: 0, flags:; udp: 4096\n;; QUESTION SECTION:\n;${name}.\t\t\tIN\t${type}\n\n${section};; Query time: 4 msec\n;; SERVER: ${server}#53(${server}) (UDP)\n;; WHEN: ${formatTime('%a %b %d %H:%M:%S UTC %Y', now(run.world))}\n;; MSG SIZE  rcvd: ${42 + name.length}\n\n`,
  );
  return 0;
};

export const host: Tool = async (run) => {
  const [name, server = serverOf(run)] = run.args.slice(1).filter((arg) => !arg.startsWith('-'));
  if (name === undefined)
    throw new Fault(
      'Usage: host [-aCdilrTvVw] [-c class] [-N ndots] [-t type] [-W time]\n            [-R number] [-m flag] [-p port] hostname [server]\n',
      1,
    );
  const question = { name, type: 'A', server };
  noteQuestion(run, question);
  const answers = answersOf(run, question);
  if (answers.length === 0) {
    await run.stdout.write(`Host ${name} not found: 3(NXDOMAIN)\n`);
    return 1;
  }
  await run.stdout.write(answers.map((ip) => `${name} has address ${ip}\n`).join(''));
  return 0;
};
