import assert from 'node:assert/strict';
import { test } from 'node:test';
import { configOf } from '../engine/config.ts';
import { applyChanges } from './changes.ts';
import { expand, parseDockerfile, wordsOf } from './dockerfile.ts';

test('lines are joined, comments left out, flags and lists taken apart', () => {
  const steps = parseDockerfile(
    '# a comment\nFROM alpine AS x\n\nRUN echo a \\\n  # in between\n  && echo b\nCOPY --from=x --chown=1 a b\nCMD ["sh", "-c"]\n',
  );
  assert.deepEqual(steps, [
    { name: 'FROM', text: 'alpine AS x', list: undefined, flags: [] },
    { name: 'RUN', text: 'echo a   && echo b', list: undefined, flags: [] },
    { name: 'COPY', text: 'a b', list: undefined, flags: ['--from=x', '--chown=1'] },
    { name: 'CMD', text: '["sh", "-c"]', list: ['sh', '-c'], flags: [] },
  ]);
});

test('what is no instruction is refused in the words of dockerd', () => {
  assert.throws(() => parseDockerfile('\nFRM alpine\n'), {
    status: 400,
    message: 'dockerfile parse error line 2: unknown instruction: FRM',
  });
  assert.throws(() => parseDockerfile('# nothing\n'), {
    message: 'the Dockerfile (Dockerfile) cannot be empty',
  });
});

test('variables are put in, with words for those that are not there', () => {
  const variables = new Map([['A', '1']]);
  assert.equal(expand('$A ${A} ${B:-2} ${A:+3} \\$A $C.', variables), '1 1 2 3 $A .');
});

test('words lose their quotes', () => {
  assert.deepEqual(wordsOf(`a "b c" 'd "e"' f\\ g ""`), ['a', 'b c', 'd "e"', 'f g', '']);
});

test('instructions that only set something change the config', () => {
  const changed = applyChanges(configOf({ Env: ['A=1'] }), [
    'ENV A=2 B="c d"',
    'EXPOSE 80 53/udp',
    'WORKDIR /srv',
    'WORKDIR app',
    'CMD echo hi',
    'ENTRYPOINT ["/x"]',
    'LABEL z=1 a=2',
  ]);
  const expected = configOf({
    Env: ['A=2', 'B=c d'],
    ExposedPorts: { '53/udp': {}, '80/tcp': {} },
    WorkingDir: '/srv/app',
    Entrypoint: ['/x'],
    Labels: { a: '2', z: '1' },
  });
  assert.deepEqual(changed, expected);
  assert.throws(() => applyChanges(configOf({}), ['RUN id']), {
    message: 'RUN is not a valid change command',
  });
});
