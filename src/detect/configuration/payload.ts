/** What a hidden text must do to be called hostile although it fetches nothing. */

import type { Command } from '../../indicator/shell.ts';
import { minerCommand } from '../../stratum/miner-command.ts';
import { attackToolOf } from './attack-tool.ts';
import { controlOf } from './control.ts';

/** @param command of a decoded text, without wrappers */
export function isHostile(command: Command): boolean {
  if (command.words.length === 0) return false;
  if (minerCommand(command.words)?.pool !== undefined) return true;
  const tool = attackToolOf(command.words);
  return (tool !== undefined && tool.confidence >= 0.5) || controlOf(command) !== undefined;
}
