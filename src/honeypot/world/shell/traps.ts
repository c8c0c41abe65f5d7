/** What `trap` left to be done, when its time has come. */
import { runText } from './script.ts';
import type { Shell } from './shell.ts';

/** Between commands. */
export async function runTraps(shell: Shell): Promise<void> {
  for (let signal = shell.signals.shift(); signal !== undefined; signal = shell.signals.shift()) {
    const action = shell.traps.get(signal);
    if (action !== undefined) await runAction(shell, action);
  }
}

/** The status of the shell is that of before, if the action does not exit by itself. */
export async function runExitTrap(shell: Shell): Promise<void> {
  const action = shell.traps.get('EXIT');
  if (action === undefined) return;
  shell.traps.delete('EXIT');
  shell.jump = undefined;
  await runAction(shell, action);
}

async function runAction(shell: Shell, action: string): Promise<void> {
  const { status, line } = shell;
  await runText(shell, action, shell.dialect.isBash ? 1 : line);
  if (shell.jump?.kind !== 'exit') shell.status = status;
}
