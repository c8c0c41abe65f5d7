/** pstree, of psmisc. */
import { nameOfProcess } from '../../systems/process-facts.ts';
import type { Process } from '../../world.ts';
import type { Tool } from '../tool.ts';

export const pstree: Tool = async (run) => {
  const { processes } = run.world;
  const lines: string[] = [];
  const visit = (process: Process, prefix: string, depth: number): void => {
    const children = processes.filter(
      ({ ppid, pid }) => ppid === process.pid && pid !== process.pid && pid !== 2,
    );
    for (const [index, child] of children.entries()) {
      const isLast = index === children.length - 1;
      lines.push(`${prefix}${isLast ? '`-' : '|-'}${nameOfProcess(child)}`);
      if (depth < 20) visit(child, prefix + (isLast ? '  ' : '| '), depth + 1);
    }
  };
  const first = processes.find(({ pid }) => pid === 1) ?? processes[0];
  if (first === undefined) return 1;
  visit(first, ' ', 0);
  await run.stdout.write(`${nameOfProcess(first)}\n${lines.map((text) => `${text}\n`).join('')}`);
  return 0;
};
