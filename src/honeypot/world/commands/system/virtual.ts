/** hostnamectl and systemd-detect-virt: what kind of machine it is, which miners ask before they settle. */
import type { Run } from '../../program.ts';
import { notBooted } from '../processes/systemd.ts';
import { Fault, type Tool } from '../tool.ts';

export const detectVirt: Tool = async (run) => {
  const isInside = run.world.container !== undefined && !run.args.some((arg) => /^(?:-v|--vm)$/.test(arg));
  const found = isInside ? run.world.container!.runtime : 'amazon';
  const isAsked = run.args.some((arg) => /^(?:-c|--container)$/.test(arg));
  const shown = isAsked && !isInside ? 'none' : found;
  if (!run.args.some((arg) => /^(?:-q|--quiet)$/.test(arg))) await run.stdout.write(`${shown}\n`);
  return shown === 'none' ? 1 : 0;
};

export const hostnamectl: Tool = async (run) => {
  if (run.world.container !== undefined) throw new Fault(notBooted, 1);
  const { hostname, persona } = run.world;
  const [verb = 'status', name] = run.args.slice(1).filter((arg) => !arg.startsWith('-'));
  if (verb === 'set-hostname' || (verb === 'hostname' && name !== undefined))
    return run.exec(['hostname', name ?? '']);
  if (verb === 'hostname') {
    await run.stdout.write(`${hostname}\n`);
    return 0;
  }
  const facts = [
    ['Static hostname', hostname],
    ['Icon name', 'computer-vm'],
    ['Chassis', 'vm 🖴'],
    ['Machine ID', textOf(run, '/etc/machine-id')],
    ['Boot ID', textOf(run, '/proc/sys/kernel/random/boot_id').replaceAll('-', '')],
    ['Virtualization', 'amazon'],
    ['Operating System', 'Debian GNU/Linux 12 (bookworm)'],
    ['Kernel', `Linux ${persona.kernel.release}`],
    ['Architecture', 'x86-64'],
    ['Hardware Vendor', textOf(run, '/sys/class/dmi/id/sys_vendor')],
    ['Hardware Model', textOf(run, '/sys/class/dmi/id/product_name')],
  ];
  const width = 'Operating System'.length;
  await run.stdout.write(facts.map(([title = '', fact]) => `${title.padStart(width)}: ${fact}\n`).join(''));
  return 0;
};

function textOf(run: Run, path: string): string {
  return run.files.exists(path) ? Buffer.from(run.files.read(path)).toString('utf8').trim() : '';
}
