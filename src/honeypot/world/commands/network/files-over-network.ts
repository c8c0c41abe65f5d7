/** tftp, ftpget, ftpput, ftp and lftp: requests that are noted and answered, or not. */
import type { Run } from '../../program.ts';
import { now } from '../../world.ts';
import { Fault, fault, latin, nameOf, type Tool } from '../tool.ts';
import { transfer } from './transfer.ts';
import type { Address } from './url.ts';

function addressFor(scheme: 'ftp' | 'tftp', host: string, port: number, path: string): Address {
  return {
    scheme,
    host: host.toLowerCase(),
    port,
    path: path.startsWith('/') ? path : `/${path}`,
    user: undefined,
  };
}

async function get(run: Run, tool: string, address: Address, local: string): Promise<void> {
  const answer = await transfer(run, { tool, address, method: 'GET', headers: {}, savedAs: local });
  const { host } = address;
  if (answer.kind === 'unresolved') throw fault(run, `bad address '${host}'`);
  if (answer.kind !== 'answer')
    throw fault(
      run,
      tool === 'tftp' ? 'timeout' : `can't connect to remote host (${answer.ip}): Connection refused`,
    );
  run.files.write(local, answer.content, { now: now(run.world) });
}

/** `tftp -g -r FILE HOST`, as busybox has it; Debian's is a conversation. */
export const tftp: Tool = async (run, flavour) => {
  const rest = run.args.slice(1);
  let [remote, local, isPut, port] = ['', '', false, 69];
  const operands: string[] = [];
  while (rest.length > 0) {
    const arg = rest.shift()!;
    if (arg === '-r') remote = rest.shift() ?? '';
    else if (arg === '-l') local = rest.shift() ?? '';
    else if (arg === '-p') isPut = true;
    else if (arg === '-b') rest.shift();
    else if (arg === '-c') {
      const [verb, name = '', to = ''] = rest.splice(0);
      isPut = verb === 'put';
      remote = name;
      local = to;
    } else if (!arg.startsWith('-')) operands.push(arg);
  }
  const [host, second] = operands;
  if (second !== undefined && /^\d+$/.test(second)) port = Number(second);
  if (host === undefined) {
    if (flavour === 'gnu' && run.stdin.isTerminal) await run.stdout.write('tftp> ');
    return flavour === 'gnu' ? 0 : 1;
  }
  const name = remote || local;
  if (name === '') throw fault(run, 'no files specified');
  if (isPut) {
    run.note({ kind: 'connect', tool: 'tftp', host, port });
    return 0;
  }
  await get(
    run,
    'tftp',
    addressFor('tftp', host, port, name),
    local || name.slice(name.lastIndexOf('/') + 1),
  );
  return 0;
};

/** Of busybox: `ftpget [-u USER] [-p PASS] HOST [LOCAL] REMOTE`, and `ftpput`. */
export const ftpget: Tool = async (run) => {
  const rest = run.args.slice(1);
  const operands: string[] = [];
  let port = 21;
  while (rest.length > 0) {
    const arg = rest.shift()!;
    if (/^-[up]$/.test(arg)) rest.shift();
    else if (arg === '-P') port = Number(rest.shift()) || 21;
    else if (!arg.startsWith('-')) operands.push(arg);
  }
  const [host, local, remote] = operands;
  if (host === undefined || local === undefined)
    throw new Fault(`Usage: ${nameOf(run)} [OPTIONS] HOST [LOCAL_FILE] REMOTE_FILE\n`, 1);
  if (nameOf(run).endsWith('ftpput')) {
    run.note({ kind: 'connect', tool: 'ftpput', host, port });
    await run.sleep(2000);
    throw fault(run, `can't connect to remote host (${host}): Connection refused`);
  }
  await get(
    run,
    'ftpget',
    addressFor('ftp', host, port, remote ?? local),
    local.slice(remote === undefined ? local.lastIndexOf('/') + 1 : 0),
  );
  return 0;
};

/** A conversation on standard input: what it fetches is there afterwards. */
export const ftp: Tool = async (run) => {
  const [host, port] = run.args.slice(1).filter((arg) => !arg.startsWith('-'));
  const script = await wholeInput(run);
  const target = host ?? /^\s*open\s+(\S+)/m.exec(script)?.[1];
  if (target === undefined) return 0;
  run.note({ kind: 'connect', tool: 'ftp', host: target, port: Number(port ?? 21) || 21 });
  for (const [, name = '', to] of script.matchAll(/^\s*(?:get|recv|mget)\s+(\S+)(?:\s+(\S+))?/gm)) {
    const local = to ?? name.slice(name.lastIndexOf('/') + 1);
    await get(run, 'ftp', addressFor('ftp', target, Number(port ?? 21) || 21, name), local);
  }
  await run.stdout.write(`Connected to ${target}.\n`);
  return 0;
};

async function wholeInput(run: Run): Promise<string> {
  let text = '';
  for (;;) {
    const part = await run.stdin.read();
    if (part === undefined || text.length > 65_536) return text;
    text += latin(part);
    if (/^\s*(bye|quit|exit)\s*$/m.test(text)) return text;
  }
}
