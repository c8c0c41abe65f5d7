/** What the machine is: uname, arch, hostname, nproc, getconf, uptime. */

import type { Run } from '../../program.ts';
import { loadOf, uptimeOf } from '../../systems/machine.ts';
import { now } from '../../world.ts';
import { countOf, optionsOf } from '../options.ts';
import { quoteAlways } from '../quote.ts';
import { formatTime } from '../time.ts';
import { fault, type Tool } from '../tool.ts';

export const uname: Tool = async (run, flavour) => {
  const options = optionsOf(run, flavour, {
    short: 'asnrvmpio',
    long: {
      all: 'a',
      'kernel-name': 's',
      nodename: 'n',
      'kernel-release': 'r',
      'kernel-version': 'v',
      machine: 'm',
      processor: 'p',
      'hardware-platform': 'i',
      'operating-system': 'o',
    },
  });
  const { kernel } = run.world.persona;
  const system = flavour === 'gnu' ? 'GNU/Linux' : 'Linux';
  const fields: readonly (readonly [string, string])[] = [
    ['s', 'Linux'],
    ['n', run.world.hostname],
    ['r', kernel.release],
    ['v', kernel.version],
    ['m', 'x86_64'],
    ['p', 'unknown'],
    ['i', 'unknown'],
    ['o', system],
  ];
  const isAll = options.has('a');
  const shown = fields.filter(([letter]) => (isAll ? letter !== 'p' && letter !== 'i' : options.has(letter)));
  const values = (shown.length === 0 ? fields.slice(0, 1) : shown).map(([, value]) => value);
  await run.stdout.write(`${values.join(' ')}\n`);
  return 0;
};

export const arch: Tool = async (run) => {
  await run.stdout.write('x86_64\n');
  return 0;
};

const hostnameUsage = `Usage: hostname [-b] {hostname|-F file}         set host name (from file)
       hostname [-a|-A|-d|-f|-i|-I|-s|-y]       display formatted name
       hostname                                 display host name

       {yp,nis,}domainname {nisdomain|-F file}  set NIS domain name (from file)
       {yp,nis,}domainname                      display NIS domain name

       dnsdomainname                            display dns domain name

`;

export const hostname: Tool = async (run, flavour) => {
  const options = optionsOf(run, flavour, {
    short: 'aAbdfF:iIsyv',
    long: {
      fqdn: 'f',
      long: 'f',
      short: 's',
      domain: 'd',
      'ip-address': 'i',
      'all-ip-addresses': 'I',
      'file=': 'F',
    },
    usage: hostnameUsage,
  });
  const { persona, container, hostname: name } = run.world;
  const domain = container === undefined ? persona.domain : '';
  const address =
    container === undefined || container.hasHostNetwork ? persona.network.address : '172.17.0.2';
  if (run.args[0]?.endsWith('dnsdomainname') || options.has('d'))
    await run.stdout.write(domain === '' ? '' : `${domain}\n`);
  else if (options.has('I'))
    await run.stdout.write(`${address}${container === undefined ? ' 172.17.0.1 172.18.0.1' : ''} \n`);
  else if (options.has('i'))
    await run.stdout.write(`${flavour === 'gnu' && container === undefined ? '127.0.1.1' : address}\n`);
  else if (options.has('f')) await run.stdout.write(`${domain === '' ? name : `${name}.${domain}`}\n`);
  else if (options.operands.length > 0) {
    if (run.user.uid === 0 && container?.privileged !== false) return 0;
    throw fault(
      run,
      flavour === 'gnu' ? 'you must be root to change the host name' : 'sethostname: Operation not permitted',
    );
  } else await run.stdout.write(`${options.has('s') ? name.split('.')[0] : name}\n`);
  return 0;
};

export const nproc: Tool = async (run, flavour) => {
  const options = optionsOf(run, flavour, { short: '', long: { all: 'all', 'ignore=': 'ignore' } });
  const { cores } = run.world.persona.machine;
  await run.stdout.write(
    `${Math.max(1, cores - countOf(run, flavour, options.value('ignore'), 0, (text) => `invalid number: ${quoteAlways(text)}`))}\n`,
  );
  return 0;
};

export const getconf: Tool = async (run) => {
  const { machine } = run.world.persona;
  const values: Readonly<Record<string, string | number>> = {
    LONG_BIT: 64,
    PAGE_SIZE: 4096,
    PAGESIZE: 4096,
    _NPROCESSORS_ONLN: machine.cores,
    _NPROCESSORS_CONF: machine.cores,
    _PHYS_PAGES: Math.floor(machine.memoryKiB / 4),
    ARG_MAX: 2_097_152,
    OPEN_MAX: 1024,
    CLK_TCK: 100,
    PATH_MAX: 4096,
    NAME_MAX: 255,
    GNU_LIBC_VERSION: 'glibc 2.36',
  };
  const [name] = run.args.slice(1);
  if (name === undefined) {
    await run.stderr.write(
      'Usage: getconf [-v specification] variable_name [pathname]\n       getconf -a [pathname]\n',
    );
    return 2;
  }
  if (name === '-a') {
    await run.stdout.write(
      Object.entries(values)
        .map(([key, value]) => `${key.padEnd(35)}${value}\n`)
        .join(''),
    );
    return 0;
  }
  if (!Object.hasOwn(values, name)) throw fault(run, `Unrecognized variable \`${name}'`, 2);
  await run.stdout.write(`${values[name]}\n`);
  return 0;
};

/** ` 16:31:33 up 1 day, 41 min,  0 user,  load average: 7.50, 8.43, 7.72`. */
export function uptimeLine(run: Run, isBusybox = false): string {
  const { world } = run;
  const minutes = Math.floor(uptimeOf(world) / 60);
  const [days, hours, rest] = [Math.floor(minutes / 1440), Math.floor(minutes / 60) % 24, minutes % 60];
  const people = terminals(run).length;
  const upDays = days === 0 ? '' : `${days} day${days === 1 ? '' : 's'}, `;
  const clock =
    hours === 0
      ? `${rest} min`
      : `${hours.toString().padStart(isBusybox ? 2 : days > 0 ? 2 : 2)}:${`${rest}`.padStart(2, '0')}`;
  const load = loadOf(world)
    .map((value) => value.toFixed(2))
    .join(', ');
  const users = isBusybox
    ? `${people} users`
    : `${people} user${people === 1 ? '' : people === 0 ? '' : 's'}`;
  return ` ${formatTime('%H:%M:%S', now(world))} up ${upDays}${clock},  ${users},  load average: ${load}`;
}

/** Terminals that somebody sits at: those of the processes. */
export function terminals({ world }: Run): readonly string[] {
  return [...new Set(world.processes.flatMap(({ tty }) => (tty?.startsWith('pts') ? [tty] : [])))];
}

const uptimeUsage =
  '\nUsage:\n uptime [options]\n\nOptions:\n -p, --pretty   show uptime in pretty format\n -h, --help     display this help and exit\n -s, --since    system up since\n -V, --version  output version information and exit\n\nFor more details see uptime(1).\n';

export const uptime: Tool = async (run, flavour) => {
  const options = optionsOf(run, flavour, {
    short: 'psV',
    long: { pretty: 'p', since: 's', version: 'V' },
    usage: uptimeUsage,
  });
  const { world } = run;
  if (options.has('V')) await run.stdout.write('uptime from procps-ng 4.0.2\n');
  else if (options.has('s'))
    await run.stdout.write(`${formatTime('%Y-%m-%d %H:%M:%S', world.persona.bootedAt(now(world)))}\n`);
  else if (options.has('p')) {
    const minutes = Math.floor(uptimeOf(world) / 60);
    const parts: readonly (readonly [number, string])[] = [
      [Math.floor(minutes / 10_080), 'week'],
      [Math.floor(minutes / 1440) % 7, 'day'],
      [Math.floor(minutes / 60) % 24, 'hour'],
      [minutes % 60, 'minute'],
    ];
    const said = parts
      .filter(([count]) => count > 0)
      .map(([count, name]) => `${count} ${name}${count === 1 ? '' : 's'}`);
    await run.stdout.write(`up ${said.join(', ')}\n`);
  } else await run.stdout.write(`${uptimeLine(run, flavour === 'busybox')}\n`);
  return 0;
};
