import assert from 'node:assert/strict';
import { test } from 'node:test';
import { splitShell } from '../../indicator/shell.ts';
import { unwrapCommands } from '../../indicator/shell-unwrap.ts';
import { quiet, samples } from './fixtures/samples.ts';
import { argumentLine, commandLine } from './line.ts';

test('a line reads again as the same command', () => {
  const texts = [
    ...samples.map(({ text }) => text),
    ...quiet,
    `a 'b c' "d'e" $'x\\ny' '$x"\\'"'" "" ~/x *.sh $U/x`,
  ];
  for (const text of texts)
    for (const command of unwrapCommands(splitShell(text))) {
      const line = commandLine(command);
      if (command.words.length === 0 || line.length >= 2048 || /[^\x20-\x7e]/.test(line)) continue;
      assert.deepEqual(splitShell(line)[0]?.words, command.words, line);
    }
});

test('an argument list reads again as it was', () => {
  const words = ['sh', '-c', `echo 'a "b"' > $X; {c,d}\n`, '', '*', '`e`'];
  assert.deepEqual(splitShell(argumentLine(words))[0]?.words, words);
});

test('settings, files and substitutions are shown, what goes nowhere is not', () => {
  const line = (text: string) => commandLine(splitShell(text)[0]!);
  assert.equal(line(`A=1 x "b c" >> /tmp/y 2>&1 < z`), `A=1 x 'b c' >> /tmp/y < z`);
  assert.equal(line('x > /dev/null 2>&1'), 'x');
  assert.equal(line('> /var/log/wtmp'), '> /var/log/wtmp');
  assert.equal(line('kill -9 "$(pidof x)" <(y z)'), 'kill -9 $(pidof x) <(y z)');
});

test('a line is one line of at most 2,048 characters', () => {
  assert.equal(commandLine(splitShell("echo 'a\nb\x1b'")[0]!), "echo $'a\\nb\\x1b'");
  assert.equal(commandLine(splitShell(`echo ${'x'.repeat(9999)}`)[0]!).length, 2048);
});
