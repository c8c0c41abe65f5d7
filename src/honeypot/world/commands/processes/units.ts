/** Units that the server has, and those that visitors write. */
import type { Run } from '../../program.ts';
import { nameOfProcess } from '../../systems/process-facts.ts';
import type { Process } from '../../world.ts';

interface Unit {
  readonly name: string;
  readonly description: string;
  /** Of its main process. */
  readonly program: string;
}

export const units: readonly Unit[] = [
  { name: 'chrony', description: 'chrony, an NTP client/server', program: 'chronyd' },
  { name: 'containerd', description: 'containerd container runtime', program: 'containerd' },
  { name: 'cron', description: 'Regular background program processing daemon', program: 'cron' },
  { name: 'docker', description: 'Docker Application Container Engine', program: 'dockerd' },
  { name: 'postgresql', description: 'PostgreSQL RDBMS', program: 'postgres' },
  { name: 'redis-server', description: 'Advanced key-value store', program: 'redis-server' },
  { name: 'rsyslog', description: 'System Logging Service', program: 'rsyslogd' },
  { name: 'ssh', description: 'OpenBSD Secure Shell server', program: 'sshd' },
  { name: 'systemd-journald', description: 'Journal Service', program: 'systemd-journal' },
  { name: 'systemd-logind', description: 'User Login Management', program: 'systemd-logind' },
  { name: 'systemd-networkd', description: 'Network Configuration', program: 'systemd-network' },
  {
    name: 'systemd-udevd',
    description: 'Rule-based Manager for Device Events and Files',
    program: 'systemd-udevd',
  },
];

const aliases: Readonly<Record<string, string>> = {
  sshd: 'ssh',
  redis: 'redis-server',
  crond: 'cron',
  syslog: 'rsyslog',
  chronyd: 'chrony',
};
const folders = [
  '/etc/systemd/system',
  '/run/systemd/system',
  '/lib/systemd/system',
  '/usr/lib/systemd/system',
];

export function unitOf(name: string): Unit | undefined {
  const plain = name.replace(/\.(service|socket|timer)$/, '');
  return units.find((unit) => unit.name === (aliases[plain] ?? plain));
}

/** Of a file that a visitor, or a package, put there. */
export function fileOf(run: Run, name: string): string | undefined {
  const file = name.includes('.') ? name : `${name}.service`;
  return folders.map((folder) => `${folder}/${file}`).find((path) => run.files.exists(path));
}

export function mainProcess(run: Run, unit: Unit): Process | undefined {
  return run.world.processes.find((process) => nameOfProcess(process) === unit.program && process.ppid === 1);
}
