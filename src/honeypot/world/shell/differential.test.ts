import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { after, describe, it } from 'node:test';
import type { Dialect } from './dialect.ts';
import { hasReal, type Outcome, runOurs, runReal, type Way } from './testing/real.ts';
import { bashScripts, faultyScripts, posixScripts } from './testing/scripts.ts';

const folder = mkdtempSync(`${tmpdir()}/shells-`);
after(() => rmSync(folder, { recursive: true }));

/** What both shells printed, said and returned, where that is not the same. */
async function differences(name: Dialect['name'], way: Way, scripts: readonly string[]): Promise<unknown[]> {
  const place = `${folder}/${name}-${way}`;
  const real = runReal(name, way, scripts, place);
  const ours: Outcome[] = [];
  for (const [index, script] of scripts.entries())
    ours.push(await runOurs(name, way, script, `${place}/${index}`));
  const wanted = await real;
  return scripts.flatMap((script, index) => {
    const [want, got] = [wanted[index], ours[index]];
    return JSON.stringify(want) === JSON.stringify(got) ? [] : [{ script, want, got }];
  });
}

describe('our shells print, say and return what the real ones do', () => {
  const posix = [...posixScripts, ...faultyScripts];
  for (const [name, way, scripts] of [
    ['bash', 'argument', [...posix, ...bashScripts]],
    ['bash', 'file', faultyScripts],
    ['bash', 'input', faultyScripts],
    ['dash', 'argument', posix],
    ['dash', 'file', faultyScripts],
    ['dash', 'input', faultyScripts],
    ['ash', 'argument', posix],
    ['ash', 'file', faultyScripts],
  ] as const) {
    const title = `${name}, for ${scripts.length} scripts given as ${way}`;
    it(title, { skip: !hasReal(name) && `no ${name} of that version here` }, async () => {
      assert.deepEqual(await differences(name, way, scripts), []);
    });
  }
});
