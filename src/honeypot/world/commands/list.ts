/**
 * The programs that the world knows, and which of them a file is. A program is found by what its file is made of, not
 * by its name, so that one that was moved, copied or linked is still itself; a few files hold several programs, and
 * ask by which name they were called.
 */
import type { File } from '../files/node.ts';
import { View } from '../files/view.ts';
import type { Program, Run } from '../program.ts';
import { busyboxOf } from '../systems/busybox.ts';
import { programIn } from '../systems/program-file.ts';
import type { World } from '../world.ts';
import { aboutOf } from './about.ts';
import { files } from './files/list.ts';
import { network } from './network/list.ts';
import { system } from './system/list.ts';
import { text } from './text/list.ts';
import { Fault, type Flavour, programOf, shortNameOf, type Tool } from './tool.ts';

const tools: ReadonlyMap<string, Tool> = new Map(
  [files, text, system, network].flatMap((group) => Object.entries(group)),
);

/** Files that hold several programs, as Debian packages them. */
const multiple: Readonly<Record<string, readonly string[]>> = {
  coreutils: [...Object.keys(files), ...Object.keys(text), ...Object.keys(system)],
  killall5: ['pidof'],
  kmod: ['insmod', 'lsmod', 'modinfo', 'modprobe', 'rmmod'],
  systemctl: ['halt', 'poweroff', 'reboot', 'shutdown'],
};

/**
 * The program in a file of a world, or of the host under it, where a container was left for its host.
 * @param path without links, or as it was called
 * @returns undefined for what the world does not know: scripts, and what visitors brought
 */
export function programAt(world: World, path: string): Program | undefined {
  const name = nameAt(world, path) ?? (world.host && nameAt(world.host, path));
  return name === undefined ? undefined : programNamed(name);
}

function nameAt(world: World, path: string): string | undefined {
  const view = new View(world.files);
  const node = view.exists(path) ? view.stat(path) : undefined;
  return node?.kind === 'file' ? programIn((node as File).content) : undefined;
}

/** @param name of the file, as its package calls it */
export function programNamed(name: string): Program {
  if (name === 'busybox') return programOf(busybox, 'busybox');
  return programOf((run, flavour) => answered(run, flavour, toolFor(name, run)), 'gnu');
}

function toolFor(name: string, run: Run): Tool {
  const called = shortNameOf(run);
  const chosen = multiple[name]?.includes(called) ? called : name;
  return tools.get(chosen) ?? unknown;
}

const answered = async (run: Run, flavour: Flavour, tool: Tool): Promise<number> => {
  const about = aboutOf(run);
  if (about === undefined) return tool(run, flavour);
  await run.stdout.write(about);
  return 0;
};

/** A program of the distribution that nobody has asked for yet: it does what it does without a word. */
const unknown: Tool = async (run) => {
  if (run.args[1] === '--version') await run.stdout.write(`${shortNameOf(run)} 1.0\n`);
  return 0;
};

const busybox: Tool = async (run, flavour) => {
  const called = shortNameOf(run);
  const { banner, applets } = busyboxOf(run.world);
  if (!called.startsWith('busybox')) {
    if (!applets.has(called) && !tools.has(called)) throw new Fault(`${called}: applet not found\n`, 127);
    return applet(run, called);
  }
  const [first, ...rest] = run.args.slice(1);
  if (first === undefined || first === '--help') {
    const names = [...applets].sort().join(', ');
    await run.stdout.write(
      `${banner}\nBusyBox is copyrighted by many authors between 1998-2015.\nLicensed under GPLv2. See source distribution for detailed\ncopyright notices.\n\nUsage: busybox [function [arguments]...]\n   or: busybox --list[-full]\n   or: busybox --show SCRIPT\n   or: busybox --install [-s] [DIR]\n   or: function [arguments]...\n\n\tBusyBox is a multi-call binary that combines many common Unix\n\tutilities into a single executable.  Most people will create a\n\tlink to busybox for each function they wish to use and BusyBox\n\twill act like whatever it was invoked as.\n\nCurrently defined functions:\n${wrapped(names)}\n`,
    );
    return 0;
  }
  if (first === '--list') {
    await run.stdout.write(
      [...applets]
        .sort()
        .map((name) => `${name}\n`)
        .join(''),
    );
    return 0;
  }
  if (first.startsWith('--')) return 0;
  if (!applets.has(first)) throw new Fault(`${first}: applet not found\n`, 127);
  return programOf((made) => applet(made, first), flavour)({ ...run, args: [first, ...rest] });
};

function applet(run: Run, name: string): Promise<number> | number {
  return (tools.get(name) ?? unknown)(run, 'busybox');
}

/** Lines of names, as busybox sets them. */
function wrapped(names: string): string {
  return names.replace(/(.{1,68})(?: |$)/g, '\t$1\n').trimEnd();
}
