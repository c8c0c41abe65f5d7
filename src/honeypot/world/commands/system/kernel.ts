/** Settings, modules and power: sysctl, lsmod, modprobe, insmod, rmmod, modinfo, getenforce, setenforce, reboot. */
import { Ended, type Run } from '../../program.ts';
import { modules } from '../../systems/proc/machine-files.ts';
import { now } from '../../world.ts';
import { optionsOf } from '../options.ts';
import { complain, type Flavour, fault, latin, nameOf, reasonOf, shortNameOf, type Tool } from '../tool.ts';

export const sysctl: Tool = async (run, flavour) => {
  const options = optionsOf(run, flavour, {
    short: 'abdefhnNp::qr:wxAV',
    long: {
      all: 'a',
      values: 'n',
      write: 'w',
      'load=?': 'p',
      quiet: 'q',
      ignore: 'e',
      system: 'system',
      names: 'N',
      'pattern=': 'r',
    },
  });
  if (options.has('a')) {
    await run.stdout.write(
      all(run, '/proc/sys')
        .filter(([name]) => name.includes(options.value('r') ?? ''))
        .map(([name, value]) => `${name} = ${value}\n`)
        .join(''),
    );
    return 0;
  }
  const operands = [...options.operands];
  if (options.has('p', 'f')) {
    const path = options.value('p') || operands.shift() || '/etc/sysctl.conf';
    if (!run.files.exists(path)) throw fault(run, `cannot open "${path}": No such file or directory`);
    operands.push(
      ...latin(run.files.read(path))
        .split('\n')
        .filter((line) => /^\s*[\w.*/-]+\s*=/.test(line))
        .map((line) => line.replace(/\s*=\s*/, '=').trim()),
    );
  }
  let exitCode = 0;
  for (const operand of operands)
    exitCode = Math.max(
      exitCode,
      await one(run, flavour, operand, options.has('n'), options.has('q'), options.has('e')),
    );
  return exitCode;
};

async function one(
  run: Run,
  flavour: Flavour,
  operand: string,
  isBare: boolean,
  isQuiet: boolean,
  isLenient: boolean,
): Promise<number> {
  const [name = '', ...rest] = operand.split('=');
  const path = `/proc/sys/${name.trim().replaceAll('.', '/')}`;
  try {
    if (rest.length > 0) run.files.write(path, Buffer.from(`${rest.join('=')}\n`), { now: now(run.world) });
    const value = latin(run.files.read(path)).trimEnd();
    if (!isQuiet) await run.stdout.write(isBare ? `${value}\n` : `${name.trim()} = ${value}\n`);
    return 0;
  } catch (error) {
    const reason = reasonOf(error);
    if (isLenient) return 0;
    if (flavour === 'busybox')
      await complain(
        run,
        `error: '${name}' is an unknown key`.replace(
          'is an unknown key',
          reason === 'No such file or directory' ? 'is an unknown key' : `${reason}`,
        ),
      );
    else if (reason === 'No such file or directory')
      await complain(run, `cannot stat ${path}: No such file or directory`);
    else
      await complain(
        run,
        rest.length > 0 ? `permission denied on key "${name}"` : `reading key "${name}": ${reason}`,
      );
    return 1;
  }
}

function all(run: Run, folder: string): [string, string][] {
  return run.files.list(folder).flatMap(({ name, node }) => {
    const path = `${folder}/${name}`;
    if (node.kind === 'directory') return all(run, path);
    const key = path.slice('/proc/sys/'.length).replaceAll('/', '.');
    return latin(run.files.read(path))
      .trimEnd()
      .split('\n')
      .map((value): [string, string] => [key, value]);
  });
}

export const lsmod: Tool = async (run, flavour) => {
  const lines = modules.map(([name, size, users = '']) => {
    const count = users === '' ? (flavour === 'gnu' ? 1 : 0) : users.split(',').length;
    return `${name.padEnd(flavour === 'gnu' ? 22 : 19)} ${`${size}`.padStart(flavour === 'gnu' ? 7 : 8)}  ${count}${users === '' ? '' : ` ${users}`}\n`;
  });
  await run.stdout.write(
    `Module                  Size  Used by${flavour === 'gnu' ? '' : '    Not tainted'}\n${lines.join('')}`,
  );
  return 0;
};

/** Modules that miners and rootkits ask for are there; others are not. */
export const modprobe: Tool = async (run, flavour) => {
  const names = run.args.slice(1).filter((arg) => !arg.startsWith('-') && !arg.includes('='));
  if (run.user.uid !== 0 || run.world.container?.privileged === false) {
    const [name = ''] = names;
    throw fault(
      run,
      flavour === 'gnu'
        ? `ERROR: could not insert '${name}': Operation not permitted`
        : `can't load module ${name}: Operation not permitted`,
    );
  }
  const known = new Set([
    ...modules.map(([name]) => name),
    'msr',
    'cpuid',
    'tun',
    'fuse',
    'nbd',
    'dm_mod',
    'ip_vs',
    'nf_tables',
    'xt_multiport',
    'iptable_nat',
    'iptable_filter',
    'ip6_tables',
    'vhost_net',
  ]);
  const missing = names.find((name) => !known.has(name.replaceAll('-', '_')));
  if (missing === undefined) return 0;
  const { release } = run.world.persona.kernel;
  await complain(
    run,
    flavour === 'gnu'
      ? `FATAL: Module ${missing} not found in directory /lib/modules/${release}`
      : `module ${missing} not found in modules.dep`,
  );
  return 1;
};

export const insmod: Tool = async (run) => {
  const [path] = run.args.slice(1);
  const name = nameOf(run);
  if (path === undefined) {
    await run.stderr.write(`${name}: ERROR: missing module name.\n`);
    return 1;
  }
  if (run.user.uid !== 0 || run.world.container?.privileged === false) {
    await run.stderr.write(`${name}: ERROR: could not insert module ${path}: Operation not permitted\n`);
    return 1;
  }
  if (run.files.exists(path)) return 0;
  await run.stderr.write(`${name}: ERROR: could not load module ${path}: No such file or directory\n`);
  return 1;
};

export const rmmod: Tool = async (run) => {
  const [name = ''] = run.args.slice(1).filter((arg) => !arg.startsWith('-'));
  if (modules.some(([one]) => one === name)) {
    await run.stderr.write(`rmmod: ERROR: Module ${name} is in use\n`);
    return 1;
  }
  await run.stderr.write(`rmmod: ERROR: Module ${name} is not currently loaded\n`);
  return 1;
};

export const modinfo: Tool = async (run) => {
  const [name = ''] = run.args.slice(1).filter((arg) => !arg.startsWith('-'));
  if (!modules.some(([one]) => one === name)) throw fault(run, `ERROR: Module ${name} not found.`);
  const { release } = run.world.persona.kernel;
  await run.stdout.write(
    `filename:       /lib/modules/${release}/kernel/${name}.ko\nlicense:        GPL\nname:           ${name}\nvermagic:       ${release} SMP preempt mod_unload modversions \n`,
  );
  return 0;
};

/** SELinux is not there on Debian. */
export const getenforce: Tool = async (run) => {
  await run.stdout.write('Disabled\n');
  return 0;
};

export const setenforce: Tool = async (run) => {
  await complain(run, 'SELinux is disabled');
  return 1;
};

/** The machine goes down, and with it the visitor's session; it comes up as it was. */
export const power: Tool = async (run, flavour) => {
  const name = shortNameOf(run);
  const { args } = run;
  if (run.user.uid !== 0) {
    await run.stderr.write(
      `Failed to set wall message, ignoring: Interactive authentication required.\nFailed to ${name === 'reboot' ? 'reboot system' : 'power off system'} via logind: Interactive authentication required.\n`,
    );
    return 1;
  }
  if (name === 'shutdown') {
    if (args.includes('-c')) return 0;
    const time = args.slice(1).find((arg) => !arg.startsWith('-'));
    if (time !== 'now' && time !== '+0' && flavour === 'gnu') {
      await run.stderr.write(
        `Shutdown scheduled for ${new Date(now(run.world) + 60_000).toUTCString().replace('GMT', 'UTC')}, use 'shutdown -c' to cancel.\n`,
      );
      return 0;
    }
  }
  if (run.world.container !== undefined) {
    if (flavour === 'busybox') return 0;
    await run.stderr.write(
      "System has not been booted with systemd as init system (PID 1). Can't operate.\nFailed to connect to bus: Host is down\n",
    );
    return 1;
  }
  throw new Ended(hangup);
};

/** 128 + SIGHUP. */
const hangup = 129;
