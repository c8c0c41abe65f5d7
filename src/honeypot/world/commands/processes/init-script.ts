/** service, journalctl, update-rc.d, loginctl. */
import { now } from '../../world.ts';
import { formatTime } from '../time.ts';
import { Fault, latin, shortNameOf, type Tool } from '../tool.ts';
import { mainProcess, unitOf, units } from './units.ts';

export const service: Tool = async (run) => {
  const [name, verb] = run.args.slice(1);
  if (name === undefined)
    throw new Fault(
      'Usage: service < option > | --status-all | [ service_name [ command | --full-restart ] ]\n',
      1,
    );
  if (name === '--status-all') {
    const lines = units.map(
      (unit) => ` [ ${mainProcess(run, unit) === undefined ? '-' : '+'} ]  ${unit.name}\n`,
    );
    await run.stdout.write(lines.join(''));
    return 0;
  }
  const unit = unitOf(name);
  const script = `/etc/init.d/${name}`;
  if (unit === undefined && !run.files.exists(script)) {
    await run.stderr.write(`${name}: unrecognized service\n`);
    return 1;
  }
  if (verb === undefined) {
    await run.stderr.write(`Usage: ${script} {start|stop|restart|status}\n`);
    return 3;
  }
  if (run.world.container === undefined)
    return run.exec(['systemctl', verb, `${unit?.name ?? name}.service`]);
  await run.stdout.write(
    `${verb === 'stop' ? 'Stopping' : 'Starting'} ${unit?.description ?? name}: ${name}.\n`,
  );
  return 0;
};

export const journalctl: Tool = async (run) => {
  const log = '/var/log/syslog';
  if (!run.files.exists(log)) {
    await run.stderr.write('No journal files were found.\n');
    await run.stdout.write('-- No entries --\n');
    return 0;
  }
  if (run.args.some((arg) => /^--(rotate|vacuum)/.test(arg))) return 0;
  const most = Number(
    /-n ?(\d+)|--lines=(\d+)/
      .exec(run.args.join(' '))
      ?.slice(1)
      .find((one) => one !== undefined) ?? 200,
  );
  const lines = latin(run.files.read(log)).trimEnd().split('\n').slice(-most);
  await run.stdout.write(
    lines
      .map(
        (line) =>
          `${line.replace(/^(\S+) /, (_, stamp: string) => `${formatTime('%b %d %H:%M:%S', Date.parse(stamp) || now(run.world))} `)}\n`,
      )
      .join(''),
  );
  return 0;
};

/** update-rc.d, chkconfig, insserv and rc-update say nothing when it works. */
export const startLinks: Tool = async (run) => {
  const name = shortNameOf(run);
  if (run.args.length > 1) return 0;
  await run.stderr.write(`${name}: error: not enough arguments\n`);
  return 1;
};

export const loginctl: Tool = async (run) => {
  await run.stdout.write(`SESSION UID USER SEAT TTY\n      4   0 root      pts/0\n\n1 sessions listed.\n`);
  return 0;
};
