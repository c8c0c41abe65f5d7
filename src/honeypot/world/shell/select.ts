/** bash's `select`: a menu, and a loop over what is chosen. */

import { textOf } from './bytes.ts';
import { runLoop } from './compound.ts';
import { assign } from './expansion/scope.ts';
import type { Shell } from './shell.ts';
import type { List } from './syntax/syntax.ts';

export async function chooseFrom(
  shell: Shell,
  name: string,
  words: readonly string[],
  body: List,
): Promise<void> {
  if (words.length === 0) return;
  let isShown = false;
  let isEnded = false;
  await runLoop(shell, body, async () => {
    for (;;) {
      if (!isShown) await shell.write(2, words.map((word, index) => `${index + 1}) ${word}\n`).join(''));
      isShown = true;
      await shell.write(2, shell.variables.get('PS3') ?? '#? ');
      const line = await shell.descriptors.get(0)?.input?.readLine(shell.life);
      if (line === undefined) {
        isEnded = true;
        await shell.write(1, '\n');
        return false;
      }
      const reply = textOf(line).trim();
      assign(shell, 'REPLY', reply);
      if (reply === '') {
        isShown = false;
        continue;
      }
      assign(shell, name, words[Number(reply) - 1] ?? '');
      return true;
    }
  });
  if (isEnded) shell.status = 1;
}
