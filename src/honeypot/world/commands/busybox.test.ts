import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { describe, it } from 'node:test';
import { run } from '../run.ts';
import { kept } from '../shell/testing/real.ts';
import { compareAll } from './testing/compare.ts';
import { host } from './testing/run.ts';

/** Debian's own, of the version that the world has, up to a rebuild. */
const isHere = spawnSync('busybox', ['--help']).stdout?.toString().includes('BusyBox v1.35.0 (Debian');

describe('the busybox of a Debian server', { skip: isHere ? false : 'no busybox 1.35 of Debian' }, () => {
  compareAll({ m: 'a\nb\n' }, [
    'busybox MIRAI',
    'busybox --list',
    'busybox cat m',
    'busybox wc -l m',
    'busybox cp m n',
    'busybox curl -s x',
  ]);
});

describe('busybox', () => {
  it('is a shell, and the program that a copy of it is called by, or none', async () => {
    const [stdout, stderr] = [kept(), kept()];
    const script =
      "busybox sh -c 'busybox ECCHI; echo $?'; cp /bin/busybox /tmp/cat; cp /bin/busybox /tmp/.b; echo hi | /tmp/cat; /tmp/.b echo x; echo $?";
    const signal = new AbortController().signal;
    await run(host(), { argv: ['sh', '-c', script], stdout, stderr, pace: 'skip', signal });
    assert.equal(stdout.text(), '127\nhi\n127\n');
    assert.equal(stderr.text(), 'ECCHI: applet not found\n.b: applet not found\n');
  });
});
