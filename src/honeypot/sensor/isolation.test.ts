import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { test } from 'node:test';

/** Debian's nobody. */
const nobody = 65_534;
const isRoot = process.getuid?.() === 0;
const module = new URL('isolation.ts', import.meta.url);

/** What a process says of itself that is started as decoys are, by this user or another. */
const program = `
  const { spawnSync } = await import('node:child_process');
  const { findIsolation } = await import(${JSON.stringify(module.href)});
  const { prefix, lack } = findIsolation();
  const inside = \`
    const status = require('node:fs').readFileSync('/proc/self/status', 'utf8');
    const rights = /^CapEff:\\\\s*(\\\\w+)$/m.exec(status)[1];
    let mayLeave = true;
    require('node:dgram').createSocket('udp4').connect(53, '192.0.2.1', (error) => {
      if (error) mayLeave = false;
      console.log(JSON.stringify({ user: process.getuid(), rights: BigInt('0x' + rights) > 0n, mayLeave }));
      process.exit();
    });\`;
  const [command, ...args] = [...prefix, process.execPath, '-e', inside];
  const { stdout, stderr } = spawnSync(command, args, { encoding: 'utf8' });
  console.log(JSON.stringify({ lack, ...(stdout === '' ? { stderr } : JSON.parse(stdout)) }));`;

function startedBy(user: number) {
  const { stdout, stderr, error } = spawnSync(process.execPath, ['--input-type=module', '-e', program], {
    encoding: 'utf8',
    ...(isRoot && { uid: user, gid: user }),
  });
  if (stdout === '') throw new Error(`no answer: ${error?.message ?? stderr}`);
  return JSON.parse(stdout) as Readonly<Record<string, unknown>>;
}

/** Another user may not be let into the folder of this checkout. */
function canRead(user: number): boolean {
  return spawnSync('test', ['-r', module.pathname], { uid: user, gid: user }).status === 0;
}

test('as root a decoy begins without a network', { skip: !isRoot && 'not root' }, (t) => {
  const { lack, user, mayLeave } = startedBy(0);
  if (lack !== undefined) return t.skip('no network namespaces here');
  assert.deepEqual({ user, mayLeave }, { user: 0, mayLeave: false });
});

test('as anybody else it has none either, stays who it is and has no rights', (t) => {
  const own = isRoot ? nobody : process.getuid!();
  if (isRoot && !canRead(nobody)) return t.skip('nobody may not read this checkout');
  const { lack, ...told } = startedBy(own);
  if (lack !== undefined) return t.skip('no user namespaces here');
  assert.deepEqual(told, { user: own, rights: false, mayLeave: false });
});
