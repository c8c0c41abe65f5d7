import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { type JudgedEntry, layerReport } from '../../test/fixtures/target-facts.ts';
import { startFact } from '../detect/start/detector.ts';
import { createBases } from './bases.ts';
import type { LayerReport } from './layer-report.ts';
import type { StartConfig } from './reach-walk.ts';

const bare: StartConfig = { entrypoint: [], cmd: [], env: [], healthcheck: [], user: '', workingDir: '' };

let layers = 0;

function layer(...entries: readonly JudgedEntry[]): LayerReport {
  return { ...layerReport(entries), diffId: `sha256:${layers++}` };
}

const script = (path: string, text: string): JudgedEntry => ({ path, start: startFact(text, path) });
const base = (): LayerReport =>
  layer(
    { path: '/etc/', type: 'directory' },
    { path: '/usr/bin/', type: 'directory' },
    script('/etc/cron.d/job', '* * * * * root $TOOL; job\n'),
    { path: '/usr/bin/job' },
    { path: '/opt/a' },
  );

describe('bases', () => {
  /** What starts, asked of a base where one is known. */
  function starts(above: LayerReport, config: Partial<StartConfig> = {}, below = base()) {
    const bases = createBases();
    bases.merge([below, layer({ path: '/first' })], 1);
    const { view, startsOfBase } = bases.merge([below, above], 1);
    return { view, known: startsOfBase?.({ ...bare, ...config }) };
  }

  it('gives on a base what merging at once gives', () => {
    const below = base();
    const { view } = starts(
      layer({ path: '/usr/bin/.wh.job', type: 'whiteout' }, { path: '/new' }),
      {},
      below,
    );
    const plain = createBases().merge([below], 0).view;
    assert.equal(plain.resolve('/usr/bin/job')?.path, '/usr/bin/job');
    assert.equal(view.resolve('/new')?.layer, 1);
    assert.equal(view.resolve('/opt/a')?.layer, 0);
  });

  it('knows what starts where the layers above touch nothing that it depends on', () => {
    const { known } = starts(layer({ path: '/srv/app' }, { path: '/etc/', type: 'directory' }));
    assert.deepEqual(
      [...(known?.steps ?? [])],
      [
        ['/etc/cron.d/job', 'cron'],
        ['/usr/bin/job', '/etc/cron.d/job'],
      ],
    );
  });

  it('does not where they add, replace or remove it', () => {
    for (const entry of [
      { path: '/etc/cron.d/other' },
      { path: '/usr/local/bin/job' },
      { path: '/usr/bin/job', content: 'another' },
      { path: '/etc/cron.d/job', type: 'whiteout' },
      { path: '/etc/cron.d', type: 'symlink', link: '/opt' },
      { path: '/usr', type: 'opaque' },
    ] as const) {
      assert.equal(starts(layer(entry)).known, undefined, JSON.stringify(entry));
    }
  });

  it('asks again for other surroundings', () => {
    const below = base();
    const bases = createBases();
    bases.merge([below], 1);
    const ask = (config: Partial<StartConfig>) =>
      bases.merge([below, layer({ path: '/x' })], 1).startsOfBase?.({ ...bare, ...config })?.steps;
    assert.ok(!ask({})?.has('/opt/a'));
    assert.ok(ask({ env: ['TOOL=/opt/a'] })?.has('/opt/a'));
    assert.ok(!ask({ env: ['TOOL=/opt/b', 'OTHER=1'] })?.has('/opt/a'));
    assert.ok(!ask({ env: ['PATH=/nowhere'] })?.has('/usr/bin/job'));
  });

  it('stands on the longest base that it knows, and on none for another order', () => {
    const [one, two, three] = [base(), layer({ path: '/two' }), layer({ path: '/three' })];
    const bases = createBases();
    bases.merge([one, two], 2);
    const { view } = bases.merge([one, two, three], 0);
    assert.deepEqual(
      ['/opt/a', '/two', '/three'].map((path) => view.resolve(path)?.layer),
      [0, 1, 2],
    );
    assert.equal(bases.merge([two, one], 0).startsOfBase, undefined);
  });
});
