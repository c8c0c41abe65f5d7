import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { expandHistory } from './history-expansion.ts';

const history = ['echo one two', 'ls -la /tmp', 'cat f'];

function expanded(line: string): string {
  const found = expandHistory(line, history);
  return found.kind === 'text' ? found.text : `${found.event}: event not found`;
}

describe('history expansion', () => {
  it('finds lines and words as bash does', () => {
    const cases: readonly (readonly [string, string])[] = [
      ['!!', 'cat f'],
      ['sudo !!', 'sudo cat f'],
      ['echo !$ !^ !*', 'echo f f f'],
      ['!1', 'echo one two'],
      ['!-2', 'ls -la /tmp'],
      ['!ls', 'ls -la /tmp'],
      ['echo !ec:2', 'echo two'],
      ['echo "a!1b!"', 'echo "aecho one twob!"'],
    ];
    for (const [line, wanted] of cases) assert.equal(expanded(line), wanted, line);
  });

  it('leaves alone what is quoted or means something else', () => {
    for (const line of [`echo 'a!b' a\\!b "c!" ! =!= x!`, 'echo $!x ${!y} [!a] # !x', 'test ! -e f'])
      assert.equal(expanded(line), line);
  });

  it('tells which event there is none of', () => {
    assert.equal(expanded('!nosuch arg'), '!nosuch: event not found');
    assert.equal(expanded('echo "root:Pass!word123"|cat'), '!word123: event not found');
    assert.equal(expanded('echo a!(b)'), '!: event not found');
    assert.equal(expanded('!99'), '!99: event not found');
  });
});
