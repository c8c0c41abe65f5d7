/** Which processes ps shows, and in which order. */
import type { Run } from '../../program.ts';
import { accountsOf } from '../../systems/account-database.ts';
import { isKernelThread, nameOfProcess } from '../../systems/process-facts.ts';
import { now, type Process } from '../../world.ts';
import type { PsRequest } from './ps-request.ts';

export function chosenBy(run: Run, request: PsRequest): Process[] {
  const { processes } = run.world;
  const accounts = accountsOf(run.files);
  const { pids, parents, names, users } = request;
  const reader = processes.find(({ pid }) => pid === run.pid);
  const uid = run.user.name;
  const isChosen = (process: Process): boolean => {
    if (
      pids !== undefined ||
      parents !== undefined ||
      names !== undefined ||
      (users !== undefined && !request.everybody)
    ) {
      return (
        pids?.includes(process.pid) === true ||
        parents?.includes(process.ppid) === true ||
        names?.includes(nameOfProcess(process)) === true ||
        users?.some(
          (user) => user === process.user || accounts.byName(process.user)?.uid === Number(user),
        ) === true
      );
    }
    if (request.everybody) return true;
    if (request.withTerminal) return process.tty !== undefined;
    if (request.own) return process.user === uid;
    if (process.tty !== undefined) return process.tty === reader?.tty;
    return (
      reader?.tty === undefined &&
      process.user === uid &&
      process.pid >= Math.min(run.pid, reader?.ppid ?? run.pid) &&
      !isKernelThread(process)
    );
  };
  return processes.filter((process) => isChosen(process) !== request.isNegated);
}

export function sorted(run: Run, chosen: readonly Process[], { sort, isForest }: PsRequest): Process[] {
  const list = [...chosen].sort((a, b) => a.pid - b.pid);
  if (sort.length === 0) return isForest ? inForest(list) : list;
  const value = (process: Process, key: string): number | string => {
    switch (key) {
      case '%cpu':
      case 'pcpu':
      case 'c':
        return process.cpu / Math.max(1, now(run.world) - process.startedAt);
      case '%mem':
      case 'pmem':
      case 'rss':
      case 'vsz':
        return process.memory;
      case 'time':
      case 'cputime':
        return process.cpu;
      case 'start_time':
      case 'start':
      case 'lstart':
        return process.startedAt;
      case 'user':
        return process.user;
      case 'comm':
      case 'cmd':
      case 'args':
        return process.args.join(' ');
      case 'ppid':
        return process.ppid;
      default:
        return process.pid;
    }
  };
  return list.sort((a, b) => {
    for (const key of sort) {
      const [x, y] = [value(a, key.replace(/^[-+]/, '')), value(b, key.replace(/^[-+]/, ''))];
      if (x !== y) return (x < y ? -1 : 1) * (key.startsWith('-') ? -1 : 1);
    }
    return 0;
  });
}

/** Children behind their parents. */
function inForest(list: readonly Process[]): Process[] {
  const result: Process[] = [];
  const isIn = new Set(list.map(({ pid }) => pid));
  const visit = (process: Process, depth: number): void => {
    result.push(process);
    if (depth < 40)
      for (const child of list) if (child.ppid === process.pid && child !== process) visit(child, depth + 1);
  };
  for (const process of list) if (!isIn.has(process.ppid)) visit(process, 0);
  return result;
}

export function forestIndent(list: readonly Process[]): (process: Process) => string {
  const byPid = new Map(list.map((process) => [process.pid, process]));
  return (process) => {
    let depth = 0;
    for (let one = byPid.get(process.ppid); one !== undefined && depth < 40; one = byPid.get(one.ppid)) {
      // The tree of a service begins with itself.
      if (one.pid === 1) break;
      depth += 1;
    }
    return depth === 0 ? '' : ` ${'    '.repeat(depth - 1)}\\_ `;
  };
}
