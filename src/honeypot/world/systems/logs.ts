/** /var/log: what a server that nobody looks after has written lately. */
import type { Persona } from '../../persona/persona.ts';
import type { Draft } from './draft.ts';
import { neighbours } from './homes.ts';

const day = 86_400_000;

/** @param now milliseconds since 1970; what is told ends some minutes before */
export function addLogs(draft: Draft, persona: Persona, now: number): void {
  const random = persona.random('logs');
  const admin = { mode: 0o640, gid: 4, mtime: now };
  // A week's logs begin on Sunday.
  const weekStart = now - ((now + 4 * day) % (7 * day));
  const start = Math.max(weekStart, persona.bootedAt(now));
  const stamp = (time: number): string =>
    `${new Date(time).toISOString().replace('Z', '000+00:00')} ${persona.hostname}`;
  const auth: string[] = [];
  const sys: string[] = [];
  let session = 40;
  for (let time = start; time < now - 300_000; time += random.int(1_000, 3_500) * 1000) {
    const pid = random.int(1_000, 99_000);
    sys.push(`${stamp(time)} CRON[${pid}]: (root) CMD (cd / && run-parts --report /etc/cron.hourly)`);
    auth.push(
      `${stamp(time)} CRON[${pid}]: pam_unix(cron:session): session opened for user root(uid=0) by (uid=0)`,
      `${stamp(time + 14)} CRON[${pid}]: pam_unix(cron:session): session closed for user root`,
    );
    if (random.int(0, 5) === 0) {
      session += 1;
      const from = random.pick(neighbours(persona));
      const { account } = persona;
      auth.push(
        `${stamp(time + 90_000)} sshd[${pid + 40}]: Accepted publickey for ${account} from ${from} port ${random.int(32_768, 60_999)} ssh2: ED25519 SHA256:${random.text('ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/', 43)}`,
        `${stamp(time + 90_040)} sshd[${pid + 40}]: pam_unix(sshd:session): session opened for user ${account}(uid=1000) by (uid=0)`,
        `${stamp(time + 90_060)} systemd-logind[${random.int(380, 520)}]: New session ${session} of user ${account}.`,
        `${stamp(time + 420_000)} sshd[${pid + 40}]: pam_unix(sshd:session): session closed for user ${account}`,
      );
    }
    if (random.int(0, 3) === 0)
      sys.push(
        `${stamp(time + 12_000)} systemd[1]: Starting apt-daily.service - Daily apt download activities...`,
        `${stamp(time + 13_100)} systemd[1]: apt-daily.service: Deactivated successfully.`,
        `${stamp(time + 13_100)} systemd[1]: Finished apt-daily.service - Daily apt download activities.`,
      );
  }
  const text = (lines: readonly string[]): string =>
    lines
      .slice(-400)
      .map((line) => `${line}\n`)
      .join('');
  draft.file('/var/log/auth.log', text(auth), admin);
  draft.file('/var/log/syslog', text(sys), admin);
  draft.file('/var/log/cron.log', text(sys.filter((line) => line.includes('CRON['))), admin);
  draft.file('/var/log/kern.log', '', admin);
  draft.file('/var/log/wtmp', '', { mode: 0o664, gid: 43, mtime: now });
  draft.file('/var/log/btmp', '', { mode: 0o660, gid: 43, mtime: now });
  draft.file('/var/log/lastlog', '', { mode: 0o664, gid: 43, mtime: now });
  draft.file('/var/log/dpkg.log', '');
  draft.file('/var/log/alternatives.log', '');
  draft.directory('/var/log/journal', { mode: 0o2755, gid: 999 });
  draft.directory('/var/log/apt');
  draft.directory('/var/log/redis', { mode: 0o2750, uid: 100, gid: 4 });
  draft.directory('/var/log/postgresql', { mode: 0o1775, gid: 111 });
  draft.file('/var/log/redis/redis-server.log', '', { mode: 0o660, uid: 100, gid: 4 });
}
