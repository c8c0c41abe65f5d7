/** What the decoy's `scp -t` and `scp -f` say and do, beside the machine's own, which get the same bytes. */
import assert from 'node:assert/strict';
import { execFileSync, spawn } from 'node:child_process';
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Sensor, startSensor, without } from './sensor.ts';

/** By what they show: arguments, in which `@` is the folder, and what is sent, piece by piece. */
const talks: Readonly<Record<string, readonly [args: string, ...pieces: readonly string[]]>> = {
  'a file': ['-t @/d', 'C0644 5 a.txt\n', 'hello\0'],
  'a file by another name': ['-t @/d/new', 'C0755 5 a.txt\n', 'hello\0'],
  'times and mode': ['-p -t @/d', 'T1700000000 0 1700000000 0\n', 'C0600 2 t\n', 'hi\0'],
  'times that are none': ['-p -t @/d', 'T17000x 0 1700000000 0\n'],
  'a folder without -r': ['-t @/d', 'D0755 0 sub\n'],
  'folders in folders': [
    '-r -t @/d',
    ...['D0755 0 sub\n', 'C0644 1 x\n', '1\0', 'D0700 0 deep\n', 'E\n', 'E\n', 'C0644 1 y\n', '2\0'],
  ],
  'no folder, with -d': ['-d -t @/none', 'C0644 1 x\n'],
  'a file, with -d': ['-d -t @/f', 'C0644 1 x\n'],
  'a folder that is not there': ['-t @/none/x', 'C0644 1 x\n'],
  'a way up': ['-t @/d', 'C0644 1 ../x\n'],
  'two dots': ['-t @/d', 'C0644 1 ..\n'],
  'no mode': ['-t @/d', 'C06a4 1 x\n'],
  'a long mode': ['-t @/d', 'C06441 x\n'],
  'no size': ['-t @/d', 'C0644 1x\n'],
  'an empty line': ['-t @/d', '\n'],
  'other words first': ['-t @/d', 'hello there\n'],
  'other words later': ['-t @/d', 'C0644 1 x\n', '1\0', 'hello there\n'],
  'a warning': ['-t @/d', '\u0001some warning\n', 'C0644 1 x\n', '1\0'],
  'the end of it': ['-t @/d', '\u0002fatal\n'],
  'an error behind the content': ['-t @/d', 'C0644 1 x\n', '1\u0001oops\n'],
  'a file over a folder': ['-t @/d', 'C0644 1 dir\n', '1\0'],
  'two targets': ['-t @/d @/e'],
  'an empty file': ['-t @/d', 'C0644 0 e\n', '\0'],
  'a file back': ['-f @/f', '\0', '\0', '\0'],
  'a file back with its times': ['-p -f @/f', '\0', '\0', '\0', '\0'],
  'what is not there': ['-f @/none', '\0'],
  'a folder back without -r': ['-f @/d', '\0'],
  'a folder back': ['-r -f @/d', ...'\0'.repeat(8)],
  'a file that nobody takes': ['-f @/f', '\0', '\u0001no\n'],
  'several back': ['-f @/f @/none @/g', ...'\0'.repeat(6)],
};

interface Ended {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

describe('scp by its own protocol', { skip: without('ssh', 'scp', 'ssh-keygen') }, () => {
  let sensor: Sensor;
  let folder = '';
  let ssh: readonly string[] = [];

  before(async () => {
    folder = mkdtempSync(join(tmpdir(), 'waterguard-scp-'));
    execFileSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-f', join(folder, 'key')]);
    writeFileSync(join(folder, 'askpass'), '#!/bin/sh\necho admin123\n');
    chmodSync(join(folder, 'askpass'), 0o700);
    sensor = await startSensor(['ssh']);
    const options = ['-oStrictHostKeyChecking=no', '-oUserKnownHostsFile=/dev/null', '-oLogLevel=ERROR'];
    ssh = [...options, '-i', join(folder, 'key'), `-p${sensor.port('ssh')}`, 'root@127.0.0.1'];
    const key = readFileSync(join(folder, 'key.pub'), 'utf8').trim();
    await talk('ssh', [...ssh, `mkdir -p /root/.ssh; echo '${key}' >> /root/.ssh/authorized_keys`], []);
  });
  after(async () => {
    await sensor[Symbol.asyncDispose]();
    rmSync(folder, { recursive: true, force: true });
  });

  async function talk(program: string, args: readonly string[], pieces: readonly string[]): Promise<Ended> {
    const env = {
      PATH: process.env.PATH,
      SSH_ASKPASS: join(folder, 'askpass'),
      SSH_ASKPASS_REQUIRE: 'force',
    };
    const child = spawn(program, args, { env });
    let [out, err] = ['', ''];
    child.stdout.setEncoding('latin1').on('data', (text: string) => {
      out += text;
    });
    child.stderr.setEncoding('latin1').on('data', (text: string) => {
      err += text;
    });
    child.stdin.on('error', () => {});
    const ended = new Promise<number | null>((resolve) => child.once('close', resolve));
    await sleep(300);
    for (const piece of pieces) {
      child.stdin.write(Buffer.from(piece, 'latin1'));
      await sleep(100);
    }
    child.stdin.end();
    return { code: await ended, out, err };
  }

  for (const [name, [args, ...pieces]] of Object.entries(talks)) {
    it(`takes and gives as scp does: ${name}`, async () => {
      const place = join(folder, 'tree');
      const begin = `umask 022; rm -rf ${place}; mkdir -p ${place}/d/dir; printf abc > ${place}/f; : > ${place}/g; touch -d @1600000000 ${place}/f; chmod 640 ${place}/f`;
      const look = `cd ${place} && find . -printf '%p %m %y\\n' | sort; cat d/a.txt d/new d/t d/sub/x d/y 2>/dev/null`;
      const full = args.replaceAll('@', place);
      const onBoth = async (line: string): Promise<readonly [Ended, Ended]> => [
        await talk('sh', ['-c', line], []),
        await talk('ssh', [...ssh, line], []),
      ];
      await onBoth(begin);
      const real = await talk('sh', ['-c', `umask 022; exec scp ${full}`], pieces);
      const decoy = await talk('ssh', [...ssh, `scp ${full}`], pieces);
      assert.deepEqual(decoy, real);
      const [there, here] = await onBoth(look);
      assert.deepEqual(here, there);
    });
  }
});
