/** `waterguard rules`: what is detected, whether the rules still say what they should, and how to add more. */
import type { Command } from 'commander';

export function addRules(program: Command, _done: (code: number) => void): void {
  program.command('rules').description('detection rules, their tests, third-party rule folders');
}
