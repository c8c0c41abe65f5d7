/** /dev: of the server, and the few devices of a container. */
import { randomBytes } from 'node:crypto';
import type { Draft } from './draft.ts';

/** How much one reading of an endless device gives, for who does not read it as a stream. */
const gulp = 1 << 16;

export function addDevices(draft: Draft, isServer: boolean): void {
  const always: readonly (readonly [string, number, number, (() => Uint8Array)?])[] = [
    ['null', 1, 3],
    ['zero', 1, 5, () => new Uint8Array(gulp)],
    ['full', 1, 7, () => new Uint8Array(gulp)],
    ['random', 1, 8, () => randomBytes(gulp)],
    ['urandom', 1, 9, () => randomBytes(gulp)],
    ['tty', 5, 0],
  ];
  for (const [name, major, minor, content] of always) {
    const attributes = { mode: 0o666, gid: name === 'tty' ? 5 : 0, ...(content && { content }) };
    draft.device(`/dev/${name}`, { major, minor }, attributes);
  }
  draft.link('/dev/fd', '/proc/self/fd');
  for (const [index, name] of ['stdin', 'stdout', 'stderr'].entries())
    draft.link(`/dev/${name}`, `/proc/self/fd/${index}`);
  draft.directory('/dev/pts');
  draft.directory('/dev/shm', { mode: 0o1777 });
  draft.directory('/dev/mqueue', { mode: 0o1777 });
  draft.device('/dev/pts/ptmx', { major: 5, minor: 2 }, { mode: 0o000 });
  draft.device('/dev/pts/0', { major: 136, minor: 0 }, { mode: 0o620, gid: 5 });
  if (!isServer) {
    draft.link('/dev/ptmx', 'pts/ptmx');
    draft.link('/dev/core', '/proc/kcore');
    draft.device('/dev/console', { major: 136, minor: 0 }, { mode: 0o620, gid: 5 });
    return;
  }
  addServerDevices(draft);
}

function addServerDevices(draft: Draft): void {
  draft.device('/dev/ptmx', { major: 5, minor: 2 }, { mode: 0o666, gid: 5 });
  draft.device('/dev/console', { major: 5, minor: 1 }, { mode: 0o600 });
  draft.device('/dev/kmsg', { major: 1, minor: 11 }, { mode: 0o644 });
  draft.device('/dev/mem', { major: 1, minor: 1 }, { mode: 0o640, gid: 15 });
  draft.device('/dev/port', { major: 1, minor: 4 }, { mode: 0o640, gid: 15 });
  draft.device('/dev/rtc0', { major: 251, minor: 0 }, { mode: 0o600 });
  draft.device('/dev/fuse', { major: 10, minor: 229 }, { mode: 0o666 });
  draft.device('/dev/loop-control', { major: 10, minor: 237 }, { gid: 6 });
  draft.device('/dev/net/tun', { major: 10, minor: 200 }, { mode: 0o666 });
  draft.device('/dev/nvme0', { major: 243, minor: 0 }, { mode: 0o600 });
  const disks = [
    ['nvme0n1', 0],
    ['nvme0n1p1', 1],
    ['nvme0n1p14', 2],
    ['nvme0n1p15', 3],
  ] as const;
  for (const [name, minor] of disks)
    draft.device(`/dev/${name}`, { major: 259, minor, block: true }, { gid: 6 });
  for (let index = 0; index < 8; index++)
    draft.device(`/dev/loop${index}`, { major: 7, minor: index, block: true }, { gid: 6 });
  for (let index = 0; index < 7; index++)
    draft.device(`/dev/tty${index}`, { major: 4, minor: index }, { mode: 0o620, gid: 5 });
  draft.device('/dev/ttyS0', { major: 4, minor: 64 }, { mode: 0o600, gid: 5 });
  draft.link('/dev/rtc', 'rtc0');
  draft.link('/dev/log', '/run/systemd/journal/dev-log');
  draft.link('/dev/core', '/proc/kcore');
}
