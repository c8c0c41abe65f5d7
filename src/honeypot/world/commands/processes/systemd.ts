/** systemctl, service, journalctl, update-rc.d, loginctl. */
import type { Run } from '../../program.ts';
import { nameOfProcess } from '../../systems/process-facts.ts';
import { now } from '../../world.ts';
import { makeAll } from '../files/make.ts';
import { formatTime } from '../time.ts';
import { Fault, latin, type Tool } from '../tool.ts';
import { fileOf, mainProcess, unitOf, units } from './units.ts';

export const notBooted =
  "System has not been booted with systemd as init system (PID 1). Can't operate.\nFailed to connect to bus: Host is down\n";

export const systemctl: Tool = async (called) => {
  const run = managed(called);
  const args = called.args
    .slice(1)
    .filter(
      (arg) =>
        !/^-(-no-pager|-quiet|q|-user|-system|l|-full|-force|f|-no-ask-password|-no-block|a|-all|-plain|-no-legend|-type=.*|-state=.*)$/.test(
          arg,
        ),
    );
  if (called.args.includes('--version')) {
    await called.stdout.write(
      'systemd 252 (252.38-1~deb12u1)\n+PAM +AUDIT +SELINUX +APPARMOR +IMA +SMACK +SECCOMP +GCRYPT -GNUTLS +OPENSSL +ACL +BLKID +CURL +ELFUTILS +FIDO2 +IDN2 -IDN +IPTC +KMOD +LIBCRYPTSETUP +LIBFDISK +PCRE2 -PWQUALITY +P11KIT +QRENCODE +TPM2 +BZIP2 +LZ4 +XZ +ZLIB +ZSTD -BPF_FRAMEWORK -XKBCOMMON +UTMP +SYSVINIT default-hierarchy=unified\n',
    );
    return 0;
  }
  if (run === undefined) throw new Fault(notBooted, 1);
  const isNow = args.includes('--now');
  const [verb = 'list-units', ...names] = args.filter((arg) => arg !== '--now');
  switch (verb) {
    case 'list-units':
    case 'list-unit-files':
      return listed(run, verb);
    case 'daemon-reload':
    case 'daemon-reexec':
    case 'reset-failed':
      return 0;
    case 'is-system-running':
      await run.stdout.write('running\n');
      return 0;
    case 'status':
      return status(run, names);
    case 'is-active':
    case 'is-enabled':
    case 'is-failed':
      return asked(run, verb, names);
    case 'cat':
    case 'show':
      return shown(run, verb, names);
    case 'start':
    case 'stop':
    case 'restart':
    case 'reload':
    case 'try-restart':
    case 'reload-or-restart':
    case 'kill':
      return changed(run, verb, names);
    case 'enable':
    case 'disable':
    case 'reenable':
    case 'mask':
    case 'unmask':
      return enabled(run, verb, names, isNow);
    case 'reboot':
    case 'poweroff':
    case 'halt':
      return run.exec([verb]);
    default:
      throw new Fault(`Unknown command verb ${verb}.\n`, 1);
  }
};

/**
 * What it manages: a container has nothing of the kind, but in the host's root, as `chroot /mnt` leads there, the host's
 * systemd is reached by its socket.
 */
function managed(run: Run): Run | undefined {
  const { container, host } = run.world;
  if (container === undefined) return run;
  return host !== undefined && run.files.exists('/run/systemd/system') ? { ...run, world: host } : undefined;
}

async function mayManage(run: Run, verb: string, name: string): Promise<void> {
  if (run.user.uid === 0) return;
  throw new Fault(
    `Failed to ${verb} ${full(name)}: Interactive authentication required.\nSee system logs and 'systemctl status ${full(name)}' for details.\n`,
    1,
  );
}

function full(name: string): string {
  return /\.(service|socket|timer|target|mount)$/.test(name) ? name : `${name}.service`;
}

async function listed(run: Run, verb: string): Promise<number> {
  if (verb === 'list-unit-files') {
    const lines = units.map(({ name }) => `${`${name}.service`.padEnd(40)} enabled         enabled\n`);
    await run.stdout.write(
      `${'UNIT FILE'.padEnd(40)} STATE           PRESET\n${lines.join('')}\n${units.length} unit files listed.\n`,
    );
    return 0;
  }
  const running = units.filter((unit) => mainProcess(run, unit) !== undefined);
  const lines = running.map(
    ({ name, description }) => `  ${`${name}.service`.padEnd(26)} loaded active running ${description}\n`,
  );
  await run.stdout.write(
    `  ${'UNIT'.padEnd(26)} LOAD   ACTIVE SUB     DESCRIPTION\n${lines.join('')}\nLOAD   = Reflects whether the unit definition was properly loaded.\nACTIVE = The high-level unit activation state, i.e. generalization of SUB.\nSUB    = The low-level unit activation state, values depend on unit type.\n${running.length} loaded units listed. Pass --all to see loaded but inactive units, too.\nTo show all installed unit files use 'systemctl list-unit-files'.\n`,
  );
  return 0;
}

async function status(run: Run, names: readonly string[]): Promise<number> {
  if (names.length === 0) {
    const booted = run.world.persona.bootedAt(now(run.world));
    await run.stdout.write(
      `● ${run.world.hostname}\n    State: running\n    Units: 271 loaded (incl. loaded aliases)\n     Jobs: 0 queued\n   Failed: 0 units\n    Since: ${formatTime('%a %Y-%m-%d %H:%M:%S UTC', booted)}\n  systemd: 252.38-1~deb12u1\n`,
    );
    return 0;
  }
  let exitCode = 0;
  for (const name of names) {
    const unit = unitOf(name);
    const path = fileOf(run, name);
    const process = unit === undefined ? startedBy(run, path) : mainProcess(run, unit);
    if (unit === undefined && path === undefined) {
      await run.stderr.write(`Unit ${full(name)} could not be found.\n`);
      exitCode = 4;
      continue;
    }
    const file = path ?? `/lib/systemd/system/${unit!.name}.service`;
    const isOn = process !== undefined;
    const since = isOn
      ? ` since ${formatTime('%a %Y-%m-%d %H:%M:%S UTC', process.startedAt)}; ${ago(now(run.world) - process.startedAt)} ago`
      : '';
    const label = unit?.name ?? name.replace(/\.service$/, '');
    const isEnabled = unit === undefined ? run.files.exists(linkOf(name)) : isOn;
    await run.stdout.write(
      `${isOn ? '●' : '○'} ${full(label)} - ${unit?.description ?? describedBy(run, file) ?? label}\n     Loaded: loaded (${file}; ${isEnabled ? 'enabled' : 'disabled'}; preset: enabled)\n     Active: ${isOn ? `active (running)${since}` : 'inactive (dead)'}\n`,
    );
    if (isOn)
      await run.stdout.write(
        `   Main PID: ${process.pid} (${nameOfProcess(process)})\n      Tasks: 1 (limit: 9354)\n     Memory: ${(process.memory / 1024).toFixed(1)}M\n        CPU: ${process.cpu}s\n     CGroup: /system.slice/${full(label)}\n             └─${process.pid} ${process.args.join(' ')}\n`,
      );
    else exitCode = 3;
  }
  return exitCode;
}

function ago(milliseconds: number): string {
  const minutes = Math.floor(milliseconds / 60_000);
  const days = Math.floor(minutes / 1440);
  if (days >= 30) return `${Math.floor(days / 30)} month${days >= 60 ? 's' : ''} ${days % 30} days`;
  if (days >= 1) return `${days} day${days > 1 ? 's' : ''}`;
  return minutes >= 60 ? `${Math.floor(minutes / 60)}h ${minutes % 60}min` : `${minutes}min`;
}

async function asked(run: Run, verb: string, names: readonly string[]): Promise<number> {
  let exitCode = 0;
  for (const name of names) {
    const unit = unitOf(name);
    const isOn =
      (unit === undefined ? startedBy(run, fileOf(run, name)) : mainProcess(run, unit)) !== undefined;
    if (verb === 'is-enabled') {
      const link = run.files.exists(linkOf(name));
      if (unit === undefined && fileOf(run, name) === undefined)
        await run.stderr.write(
          `Failed to get unit file state for ${full(name)}: No such file or directory\n`,
        );
      else await run.stdout.write(unit !== undefined || link ? 'enabled\n' : 'disabled\n');
      if (unit === undefined && !link) exitCode = 1;
    } else {
      await run.stdout.write(isOn ? 'active\n' : 'inactive\n');
      if (!isOn) exitCode = verb === 'is-active' ? 3 : 1;
    }
  }
  return exitCode;
}

async function shown(run: Run, verb: string, names: readonly string[]): Promise<number> {
  for (const name of names) {
    const path = fileOf(run, name);
    if (path === undefined) {
      if (verb === 'cat') throw new Fault(`No files found for ${full(name)}.\n`, 1);
      continue;
    }
    await run.stdout.write(`# ${path}\n`);
    await run.stdout.write(run.files.read(path));
  }
  return 0;
}

async function changed(run: Run, verb: string, names: readonly string[]): Promise<number> {
  let exitCode = 0;
  for (const name of names) {
    await mayManage(run, verb, name);
    const unit = unitOf(name);
    const path = fileOf(run, name);
    if (unit === undefined && path === undefined) {
      await run.stderr.write(
        `Failed to ${verb} ${full(name)}: Unit ${full(name)} not ${verb === 'stop' ? 'loaded' : 'found'}.\n`,
      );
      exitCode = 5;
      continue;
    }
    const process = unit === undefined ? startedBy(run, path) : mainProcess(run, unit);
    const { processes } = run.world;
    if (verb === 'stop' || verb === 'kill') {
      if (process !== undefined) processes.splice(processes.indexOf(process), 1);
    } else if (path !== undefined && unit === undefined) await startFile(run, path);
  }
  return exitCode;
}

function commandIn(unit: string): string | undefined {
  return /^\s*ExecStart\s*=\s*[-@:+!]*(\S.*?)\s*$/m.exec(unit)?.[1];
}

function describedBy(run: Run, path: string): string | undefined {
  if (!run.files.exists(path)) return undefined;
  return /^\s*Description\s*=\s*(\S.*?)\s*$/m.exec(latin(run.files.read(path)))?.[1];
}

/** What goes on of the command of a unit that a visitor wrote. */
function startedBy(run: Run, path: string | undefined) {
  const [program] = (path && commandIn(latin(run.files.read(path))))?.split(/\s+/) ?? [];
  return run.world.processes.find(({ args }) => args[0] === program);
}

/** Where it is said that it starts with the machine. */
function linkOf(name: string): string {
  return `/etc/systemd/system/multi-user.target.wants/${full(name)}`;
}

/** Runs what a unit that a visitor wrote would start. */
async function startFile(run: Run, path: string): Promise<void> {
  const text = latin(run.files.read(path)).replace(/\\\n\s*/g, ' ');
  const command = commandIn(text);
  if (command === undefined) return;
  const folder = /^\s*WorkingDirectory\s*=\s*(\/\S*)/m.exec(text)?.[1] ?? '/';
  const files = run.files.exists(folder) ? run.files.in(folder) : run.files.in('/');
  const nobody = { isTerminal: false, write: async () => {} };
  void run.exec(['/bin/sh', '-c', `exec ${command}`], {
    isDetached: true,
    files,
    stdout: nobody,
    stderr: nobody,
  });
}

async function enabled(run: Run, verb: string, names: readonly string[], isNow: boolean): Promise<number> {
  for (const name of names) {
    await mayManage(run, verb, name);
    const path = fileOf(run, name);
    const unit = unitOf(name);
    if (path === undefined && unit === undefined)
      throw new Fault(`Failed to ${verb} unit: Unit file ${full(name)} does not exist.\n`, 1);
    const link = linkOf(name);
    if (verb === 'enable' || verb === 'reenable') {
      if (path !== undefined && !run.files.exists(link)) {
        makeAll(run, '/etc/systemd/system/multi-user.target.wants');
        run.files.symlink(path, link, now(run.world));
        await run.stderr.write(`Created symlink ${link} → ${path}.\n`);
      }
      if (isNow) await changed(run, 'start', [name]);
    } else if (verb === 'disable') {
      if (run.files.exists(link)) {
        run.files.unlink(link);
        await run.stderr.write(`Removed "${link}".\n`);
      }
      if (isNow) await changed(run, 'stop', [name]);
    } else if (verb === 'mask') {
      const masked = `/etc/systemd/system/${full(name)}`;
      if (!run.files.exists(masked)) {
        run.files.symlink('/dev/null', masked, now(run.world));
        await run.stderr.write(`Created symlink ${masked} → /dev/null.\n`);
      }
    }
  }
  return 0;
}
