import assert from 'node:assert/strict';
import { test } from 'node:test';
import { engineAvailable } from './engine.ts';
import { withoutShortcuts } from './shortcuts.ts';
import { assemble, parseRules } from './source.ts';

const engine = engineAvailable();
const present: { skip: string | false } = { skip: 'missing' in engine ? engine.missing : false };

const conditions = {
  program: 'uint32(0) == 0x464c457f and $a',
  first: '$z at 0 and $a',
  small: '$a and filesize < 20',
  large: '$a and filesize < 2000',
  text: '$a and uint32(0) != 0x464c457f and filesize < 512KB',
};

test('a rule matches whatever other rules have the same pattern and demand of the file', present, () => {
  assert.ok(!('missing' in engine));
  const bytes = Buffer.from(`${'x'.repeat(100)}process_to_filter${'y'.repeat(100)}`);
  for (const one of Object.keys(conditions)) {
    for (const other of Object.keys(conditions)) {
      const names = [...new Set([one, other])];
      const { rules } = parseRules(
        names
          .map(
            (name) => `rule ${name}_file { strings: $a = "process_to_filter" $z = "ELF"
              condition: ${conditions[name as keyof typeof conditions]} and ($a or $z) }`,
          )
          .join('\n'),
      );
      const text = assemble(rules.map(withoutShortcuts), []);
      const compiled = engine.compile([{ origin: 'r.yar', namespace: 'r', text }]);
      assert.deepEqual(compiled.refused, []);
      const found = engine.load(compiled.bytes, 5_000).scan(bytes);
      assert.deepEqual(
        found.map((match) => match.rule).sort(),
        names
          .filter((name) => name === 'large' || name === 'text')
          .map((name) => `${name}_file`)
          .sort(),
      );
    }
  }
});
