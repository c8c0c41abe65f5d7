/**
 * Where a Linux system or a container looks for things to start. One table serves three readers: the `start`
 * detector (how to read the file), the `persistence` detector (what an attacker would plant there) and the
 * judge's walk (where it begins). Source: the manual pages of cron, systemd.unit, init, bash, ld.so, pam_exec,
 * udev, logrotate, apt.conf, s6-overlay, runit and supervisord, 2026-11.
 */

/** How the file is written, which decides how commands are read from it. */
export type StartFormat =
  | 'crontab' // m h dom mon dow user command
  | 'user-crontab' // m h dom mon dow command
  | 'anacrontab' // period delay id command
  | 'shell' // a script or something that a shell sources
  | 'unit' // systemd, [Service] Exec…=
  | 'ini' // supervisord, [program:x] command=
  | 'desktop' // XDG autostart, Exec=
  | 'procfile' // name: command
  | 'inittab' // id:levels:action:process
  | 'preload' // library paths
  | 'pam' // pam_exec.so command
  | 'udev' // RUN+="command"
  | 'hook' // shell or quoted commands inside another syntax: logrotate, apt, monit
  | 'environment'; // NAME=value, as pam_env reads it

/** Who starts what lies there, for the reader of a report. */
export type StartedBy = 'cron' | 'service' | 'preload' | 'profile' | 'login' | 'hook' | 'other';

export interface StartPlace {
  /** A path with `*` for any part of one component. */
  readonly pattern: string;
  readonly format: StartFormat;
  readonly by: StartedBy;
  /** Starts by itself; false where something else must refer to it first (an init script without a link). */
  readonly starts: boolean;
}

/** The place that a path belongs to; a path belongs to at most one. */
export function startPlace(path: string): StartPlace | undefined {
  if (!roots.test(path) || !anyPlace.test(path)) return undefined;
  return matchers.find((one) => one.matcher.test(path))?.place;
}

const cron: readonly StartPlace[] = [
  ...places('cron', 'crontab', ['/etc/crontab', '/etc/cron.d/*']),
  ...places('cron', 'anacrontab', ['/etc/anacrontab']),
  ...places('cron', 'user-crontab', ['/etc/crontabs/*', '/var/spool/cron/*', '/var/spool/cron/crontabs/*']),
  ...places('cron', 'shell', [
    '/etc/cron.hourly/*',
    '/etc/cron.daily/*',
    '/etc/cron.weekly/*',
    '/etc/cron.monthly/*',
    '/etc/periodic/*/*',
    '/var/spool/cron/atjobs/*',
    '/var/spool/at/*',
  ]),
];

const unitFolders = ['/etc/systemd/*', '/usr/lib/systemd/*', '/lib/systemd/*', '/usr/local/lib/systemd/*'];
const userUnitFolders = ['/root/.config/systemd/user', '/home/*/.config/systemd/user'];
const unitKinds = ['*.service', '*.timer', '*.socket', '*.path'];

const services: readonly StartPlace[] = [
  ...[...unitFolders, ...userUnitFolders].flatMap((folder) => [
    ...places('service', 'unit', [
      `${folder}/*.wants/*`,
      `${folder}/*.requires/*`,
      `${folder}/*.service.d/*.conf`,
    ]),
    ...idle(
      'service',
      'unit',
      unitKinds.map((kind) => `${folder}/${kind}`),
    ),
  ]),
  ...idle('service', 'shell', ['/etc/init.d/*', '/etc/sv/*/run']),
  ...places('service', 'shell', [
    '/etc/rc.local',
    '/etc/rc.d/rc.local',
    '/etc/rc*.d/S*',
    '/etc/runlevels/*/*',
    '/etc/local.d/*.start',
    '/etc/service/*/run',
    '/etc/services.d/*/run',
    '/etc/cont-init.d/*',
    '/etc/s6-overlay/s6-rc.d/*/run',
    '/etc/s6-overlay/s6-rc.d/*/up',
    '/etc/my_init.d/*',
  ]),
  ...places('service', 'inittab', ['/etc/inittab']),
  ...idle('service', 'ini', [
    '/etc/supervisord.conf',
    '/etc/supervisor/*.conf',
    '/etc/supervisor/conf.d/*',
    '/etc/supervisor.d/*',
    '/etc/supervisord.d/*',
  ]),
  ...idle('service', 'hook', ['/etc/monitrc', '/etc/monit/monitrc', '/etc/monit/conf.d/*', '/etc/monit.d/*']),
];

const homes = ['/root', '/home/*'];
const profileNames = [
  '.profile',
  '.bash_profile',
  '.bash_login',
  '.bashrc',
  '.zshrc',
  '.zprofile',
  '.zshenv',
];

const logins: readonly StartPlace[] = [
  ...places('preload', 'preload', ['/etc/ld.so.preload']),
  ...places('profile', 'shell', [
    '/etc/profile',
    '/etc/profile.d/*',
    '/etc/bash.bashrc',
    '/etc/bashrc',
    '/etc/zsh/*',
    ...homes.flatMap((home) => profileNames.map((name) => `${home}/${name}`)),
  ]),
  ...places('profile', 'environment', ['/etc/environment']),
  ...places('login', 'pam', ['/etc/pam.d/*']),
  ...places('login', 'shell', ['/etc/update-motd.d/*', '/etc/ssh/sshrc']),
  ...places('login', 'desktop', [
    '/etc/xdg/autostart/*.desktop',
    ...homes.map((home) => `${home}/.config/autostart/*.desktop`),
  ]),
];

const hooks: readonly StartPlace[] = [
  ...places('hook', 'udev', ['/etc/udev/rules.d/*', '/usr/lib/udev/rules.d/*', '/lib/udev/rules.d/*']),
  ...places('hook', 'hook', ['/etc/logrotate.conf', '/etc/logrotate.d/*', '/etc/apt/apt.conf.d/*']),
  ...places('hook', 'shell', ['/etc/network/if-up.d/*', '/etc/NetworkManager/dispatcher.d/*']),
  ...idle('other', 'procfile', ['/Procfile', '/*/Procfile', '/*/*/Procfile', '/*/*/*/Procfile']),
];

export const startPlaces: readonly StartPlace[] = [...cron, ...services, ...logins, ...hooks];

function places(by: StartedBy, format: StartFormat, patterns: readonly string[]): StartPlace[] {
  return patterns.map((pattern) => ({ pattern, format, by, starts: true }));
}

function idle(by: StartedBy, format: StartFormat, patterns: readonly string[]): StartPlace[] {
  return patterns.map((pattern) => ({ pattern, format, by, starts: false }));
}

/** `*` stops at a slash and every pattern is anchored, so the match is linear per component. */
function expression(pattern: string): string {
  return pattern.replace(/[.+?^${}()|[\]\\]/g, '\\$&').replaceAll('*', '[^/]*');
}

/** Cheap: most files of an image are in none of these. */
const roots = /^\/(?:etc|root|home|var\/spool|(?:usr\/(?:local\/)?)?lib\/(?:systemd|udev))\/|\/Procfile$/;

const matchers = startPlaces.map((place) => ({
  place,
  matcher: new RegExp(`^${expression(place.pattern)}$`),
}));
const anyPlace = new RegExp(`^(?:${startPlaces.map((place) => expression(place.pattern)).join('|')})$`);
