/** top: one screen, or as many as asked for. */
import type { Run } from '../../program.ts';
import { accountsOf } from '../../systems/account-database.ts';
import { loadOf, memoryOf } from '../../systems/machine.ts';
import { isKernelThread, nameOfProcess, stateOf, virtualKiB } from '../../systems/process-facts.ts';
import { now, type Process } from '../../world.ts';
import { uptimeLine } from '../system/machine.ts';
import { Fault, type Tool } from '../tool.ts';

export const top: Tool = async (run, flavour) => {
  const args = run.args.slice(1).join(' ');
  const bad = /(?:^| )-([^bcdEeHhinOopSsUuVwm1]\w*)/.exec(args);
  if (bad !== null && flavour === 'gnu')
    throw new Fault(
      `top: unknown option '${bad[1]![0]}'\nUsage:\n  top -hv | -bcEeHiOSs1 -d secs -n max -u|U user -p pid(s) -o field -w [cols]\n`,
      1,
    );
  const isBatch = /(?:^| )-\w*b/.test(args);
  const count = Number(/-\w*n ?(\d+)/.exec(args)?.[1] ?? Number.POSITIVE_INFINITY);
  const delay = Number(/-\w*d ?([\d.]+)/.exec(args)?.[1] ?? (flavour === 'gnu' ? 3 : 5)) || 3;
  if (!isBatch && !run.stdout.isTerminal)
    throw new Fault(flavour === 'gnu' ? 'top: failed tty get\n' : '', 1);
  const screen = flavour === 'gnu' ? gnuScreen : busyboxScreen;
  if (isBatch) {
    for (let time = 0; time < Math.min(count, 10_000); time++) {
      if (time > 0) await run.sleep(delay * 1000);
      await run.stdout.write(`${screen(run, undefined)}${time < count - 1 ? '\n' : ''}`);
    }
    return 0;
  }
  const { rows = 24 } = run.terminal ?? {};
  await run.stdout.write(
    `\x1b[H\x1b[2J${screen(run, rows)
      .split('\n')
      .slice(0, rows - 1)
      .join('\r\n')}\r\n`,
  );
  // It stays until a key is pressed that ends it.
  for (;;) {
    const part = await run.stdin.read();
    if (part === undefined || /[q\x03]/.test(Buffer.from(part).toString('latin1'))) break;
  }
  await run.stdout.write(`\x1b[${rows};1H\r\n`);
  return 0;
};

/** How busy it is at the moment, in percent: most are not. */
function busyness(run: Run, process: Process): number {
  const age = Math.max(1, (now(run.world) - process.startedAt) / 1000);
  const average = (process.cpu / age) * 100;
  // What a visitor started and left running is what they came for.
  if (
    process.cpu === 0 &&
    process.memory > 7000 &&
    !isKernelThread(process) &&
    process.pid > 5000 &&
    process.ppid === 1
  )
    return 100 * run.world.persona.machine.cores - 1.3;
  return average > 0.04 ? Math.round(average * 10) / 10 : 0;
}

function gnuScreen(run: Run, rows: number | undefined): string {
  const { world } = run;
  const memory = memoryOf(world);
  const { processes } = world;
  const accounts = accountsOf(run.files);
  const running = processes.filter(({ pid }) => pid === run.pid).length;
  const mib = (kib: number): string => (kib / 1024).toFixed(1).padStart(8);
  const busy =
    processes.reduce((sum, process) => sum + busyness(run, process), 0) / world.persona.machine.cores;
  const user = Math.min(99.3, busy * 0.8);
  const cache = memory.buffers + memory.cached + memory.reclaimable;
  const used = memory.total - memory.available;
  const percent = (value: number): string => value.toFixed(1).padStart(5);
  const head = [
    `top -${uptimeLine(run)}`,
    `Tasks: ${`${processes.length}`.padStart(3)} total, ${`${Math.max(1, running)}`.padStart(3)} running, ${`${processes.length - Math.max(1, running)}`.padStart(3)} sleeping,   0 stopped,   0 zombie`,
    `%Cpu(s):${percent(user)} us,${percent(busy * 0.2)} sy,  0.0 ni,${percent(Math.max(0, 100 - user - busy * 0.2))} id,  0.0 wa,  0.0 hi,  0.0 si,  0.0 st `,
    `MiB Mem :${mib(memory.total)} total,${mib(memory.free)} free,${mib(used)} used,${mib(cache)} buff/cache     `,
    `MiB Swap:${mib(0)} total,${mib(0)} free,${mib(0)} used.${mib(memory.available)} avail Mem `,
    '',
    '    PID USER      PR  NI    VIRT    RES    SHR S  %CPU  %MEM     TIME+ COMMAND',
  ];
  const list = [...processes].sort((a, b) => busyness(run, b) - busyness(run, a) || a.pid - b.pid);
  const lines = list.slice(0, rows === undefined ? undefined : rows - head.length).map((process) => {
    const name = accounts.byName(process.user)?.name ?? process.user;
    const isHigh = stateOf(process).endsWith('<');
    const seconds = process.cpu;
    const time = `${Math.floor(seconds / 60)}:${`${Math.floor(seconds) % 60}`.padStart(2, '0')}.${`${process.pid % 100}`.padStart(2, '0')}`;
    return [
      `${process.pid}`.padStart(7),
      (name.length > 8 ? `${name.slice(0, 7)}+` : name).padEnd(8),
      (isHigh ? '0' : '20').padStart(3),
      (isHigh ? '-20' : '0').padStart(3),
      size(virtualKiB(process)).padStart(7),
      size(process.memory).padStart(6),
      size(Math.round(process.memory * 0.6)).padStart(6),
      process.pid === run.pid ? 'R' : stateOf(process)[0],
      busyness(run, process).toFixed(1).padStart(5),
      ((process.memory / memory.total) * 100).toFixed(1).padStart(5),
      time.padStart(9),
      nameOfProcess(process),
    ].join(' ');
  });
  return `${[...head, ...lines].join('\n')}\n`;
}

function size(kib: number): string {
  return kib > 999_999 ? `${(kib / 1_048_576).toFixed(1)}g` : `${kib}`;
}

function busyboxScreen(run: Run, rows: number | undefined): string {
  const { world } = run;
  const memory = memoryOf(world);
  const load = loadOf(world)
    .map((value) => value.toFixed(2))
    .join(' ');
  const used = memory.total - memory.free;
  const head = [
    `Mem: ${used}K used, ${memory.free}K free, ${memory.shared}K shrd, ${memory.buffers}K buff, ${memory.cached}K cached`,
    'CPU:   0% usr   0% sys   0% nic 100% idle   0% io   0% irq   0% sirq',
    `Load average: ${load} 1/${world.processes.length + 120} ${run.pid}`,
    '  PID  PPID USER     STAT   VSZ %VSZ CPU %CPU COMMAND',
  ];
  const lines = world.processes
    .slice(0, rows === undefined ? undefined : rows - 4)
    .map((process) =>
      [
        `${process.pid}`.padStart(5),
        `${process.ppid}`.padStart(5),
        process.user.padEnd(8).slice(0, 8),
        (process.pid === run.pid ? 'R' : 'S').padEnd(4),
        `${virtualKiB(process)}`.padStart(5),
        `${Math.round((virtualKiB(process) / memory.total) * 100)}%`.padStart(4),
        `${process.pid % world.persona.machine.cores}`.padStart(3),
        '  0%',
        process.args.join(' '),
      ].join(' '),
    );
  return `${[...head, ...lines].join('\n')}\n`;
}
