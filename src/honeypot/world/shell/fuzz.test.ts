import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { randomOf } from '../../persona/random.ts';
import { defaultLimits } from './process/budget.ts';
import { run } from './run.ts';
import { programs } from './testing/programs.ts';
import { kept, testWorld } from './testing/real.ts';
import { bashScripts, faultyScripts, posixScripts } from './testing/scripts.ts';
import { watchTurns } from './testing/turns.ts';

const random = randomOf('a fixed seed', 'scripts');
const seeds = [...posixScripts, ...faultyScripts, ...bashScripts];
const signs = [
  ...'$(){}[]"\'`\\;&|<>!*?~#=+-@%^,:/ \n\t',
  '$((',
  '${',
  '<<',
  'do ',
  'fi\n',
  'in ',
  '\0',
  '\udc80',
];

/** A script with pieces cut out, doubled, swapped with another's, and signs put in. */
function mutated(): string {
  let text = random.pick(seeds);
  for (let count = random.int(1, 5); count > 0; count--) {
    const at = random.int(0, text.length);
    const end = Math.min(text.length, at + random.int(0, 12));
    const piece = random.pick([
      '',
      text.slice(at, end).repeat(random.int(1, 4)),
      random.pick(signs).repeat(random.int(1, 40)),
      random.pick(seeds).slice(0, random.int(1, 30)),
    ]);
    text = text.slice(0, at) + piece + text.slice(end);
  }
  return text;
}

function garbage(): string {
  return Array.from({ length: random.int(1, 60) }, () =>
    random.pick([...signs, random.text('abcxyz019', 3)]),
  ).join('');
}

describe('hostile scripts', () => {
  it('neither throw, nor hang, nor hold up the event loop', async () => {
    const world = testWorld();
    const limits = { ...defaultLimits, work: 100_000, commands: 2000 };
    const end = performance.now() + 2500;
    let count = 0;
    const faults: unknown[] = [];
    const turns = watchTurns();
    while (performance.now() < end) {
      const script = count % 4 === 3 ? garbage() : mutated();
      const { exitCode } = await run(world, {
        argv: [random.pick(['bash', 'dash']), '-c', script],
        stdout: kept(),
        stderr: kept(),
        pace: 'skip',
        signal: AbortSignal.timeout(5000),
        limits,
        programs,
        onFault: (error) => faults.push({ script, error }),
      });
      assert.ok(exitCode >= 0 && exitCode <= 255 && exitCode !== 129, script);
      count += 1;
      if (count % 10 === 0) await new Promise((resolve) => setTimeout(resolve, 1));
    }
    const longest = turns.stop();
    assert.deepEqual(faults, []);
    assert.ok(count > 50, `${count} scripts`);
    assert.ok(longest < 250, `${longest} ms`);
  });
});
