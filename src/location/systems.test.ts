import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import { readSystems, type Systems } from './systems.ts';

const folder = mkdtempSync(join(tmpdir(), 'systems-'));
after(() => rmSync(folder, { recursive: true }));

async function tableOf(version: 4 | 6, lines: readonly string[], end = '\n'): Promise<Systems> {
  const file = join(folder, `${version}.csv`);
  writeFileSync(file, lines.join('\n') + end);
  return readSystems(file, version);
}

function decimal(ip: string): string {
  return BigInt(`0x${ip.replaceAll(':', '').padEnd(32, '0')}`).toString();
}

describe('systems by address', () => {
  it('are those of the range that an address is in, its ends included', async () => {
    const table = await tableOf(4, ['16777216,16777471,64496,First', '16778240,16779263,64497,Second']);
    const names = ['1.0.0.0', '1.0.0.255', '1.0.4.0', '1.0.7.255'].map((ip) => table.of(ip)?.name);
    assert.deepEqual(names, ['First', 'First', 'Second', 'Second']);
    for (const ip of ['0.255.255.255', '1.0.1.0', '1.0.3.255', '1.0.8.0', '255.255.255.255'])
      assert.equal(table.of(ip), undefined, ip);
  });

  it('have names as CSV quotes them, and the same one wherever they come again', async () => {
    const lines = [
      '16777216,16777471,64496,"Example, ""Inc."""',
      '16778240,16779263,64497,Sociedade São João',
      '16779264,16779519,64496,',
    ];
    const table = await tableOf(4, lines, '');
    assert.deepEqual(table.of('1.0.0.1'), { number: 64_496, name: 'Example, "Inc."' });
    assert.deepEqual(table.of('1.0.4.1'), { number: 64_497, name: 'Sociedade São João' });
    assert.deepEqual(table.of('1.0.8.1'), { number: 64_496, name: 'Example, "Inc."' });
  });

  it('are found in IPv6 however the address is shortened', async () => {
    const table = await tableOf(6, [
      `${decimal('2001:0000')},${decimal('2001:0001')},64496,Gap`,
      `${decimal('2a00:1450:4001')},${decimal('2a00:1450:4002')},64497,Groups`,
    ]);
    for (const ip of ['2001::', '2001::1', '2001:0:ffff::1', '2001::ffff:1:2:3:4:5'])
      assert.equal(table.of(ip)?.name, 'Gap', ip);
    for (const ip of ['2a00:1450:4001::', '2a00:1450:4001:1:2:3:4:5', '2a00:1450:4001:ffff::'])
      assert.equal(table.of(ip)?.name, 'Groups', ip);
    for (const ip of ['2000:ffff::', '2002::', '2a00:1450:4000:ffff::', '2a00:1450:4003::', '2a00::'])
      assert.equal(table.of(ip), undefined, ip);
  });

  it('are all read of a file that comes in many pieces', async () => {
    const count = 200_000;
    const lines = Array.from(
      { length: count },
      (_, at) => `${at * 256},${at * 256 + 255},${at + 1},Name ${at}`,
    );
    const table = await tableOf(4, lines);
    for (const at of [0, 1, 13_107, 131_071, 131_072, count - 1]) {
      const ip = [at >> 16, (at >> 8) & 255, at & 255, 7].join('.');
      assert.deepEqual(table.of(ip), { number: at + 1, name: `Name ${at}` });
    }
    assert.equal(table.of([count >> 16, (count >> 8) & 255, count & 255, 0].join('.')), undefined);
  });
});
