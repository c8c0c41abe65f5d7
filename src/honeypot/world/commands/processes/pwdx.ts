/** pwdx, of procps: where processes work. */
import { complain, type Tool } from '../tool.ts';

export const pwdx: Tool = async (run) => {
  let exitCode = 0;
  for (const name of run.args.slice(1)) {
    const [, id] = /^(?:\/proc\/)?(\d+)$/.exec(name) ?? [];
    if (id === undefined) {
      await complain(run, `invalid process id: ${name}`);
      return 1;
    }
    const found = run.world.processes.find(({ pid }) => `${pid}` === id);
    if (found === undefined) {
      await run.stderr.write(`${name}: No such process\n`);
      exitCode = 1;
    } else await run.stdout.write(`${name}: ${found.cwd ?? '/'}\n`);
  }
  return exitCode;
};
