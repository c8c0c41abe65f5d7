/** chroot, nsenter, unshare, setpriv: another root, another machine. */
import { View } from '../../files/view.ts';
import { misuse, optionsOf } from '../options.ts';
import { quoteAlways } from '../quote.ts';
import { complain, fault, nameOf, reasonOf, type Tool } from '../tool.ts';

/** Goes on in another root, which may be that of the host. */
export const chroot: Tool = async (run, flavour) => {
  const options = optionsOf(run, flavour, {
    short: '',
    long: { 'userspec=': 'userspec', 'groups=': 'groups', 'skip-chdir': 'skip' },
    stopsEarly: true,
    misuse: 125,
  });
  const [root, ...words] = options.operands;
  if (root === undefined)
    throw misuse(run, flavour, { misuse: 125 }, flavour === 'gnu' ? 'missing operand' : '');
  let files: View;
  try {
    files = run.files.chroot(root);
  } catch (error) {
    throw fault(
      run,
      `${flavour === 'gnu' ? 'cannot' : "can't"} change root directory to ${flavour === 'gnu' ? quoteAlways(root) : `'${root}'`}: ${reasonOf(error)}`,
      flavour === 'gnu' ? 125 : 1,
    );
  }
  const command = words.length > 0 ? words : [run.env.get('SHELL') || '/bin/sh', '-i'];
  const code = await run.exec(command, { files });
  if (code === 127) {
    const reason = 'No such file or directory';
    await complain(
      run,
      flavour === 'gnu'
        ? `failed to run command ‘${command[0]}’: ${reason}`
        : `can't execute '${command[0]}': ${reason}`,
    );
  }
  return code;
};

/** Into the namespaces of a process: where that is the host's, the host. */
export const nsenter: Tool = async (run, flavour) => {
  const options = optionsOf(run, flavour, {
    short: 'aC::FG:i::m::n::p::r::S:t:T::u::U::w::Z',
    long: {
      'target=': 't',
      all: 'a',
      'mount=?': 'm',
      'uts=?': 'u',
      'ipc=?': 'i',
      'net=?': 'n',
      'pid=?': 'p',
      'cgroup=?': 'C',
      'user=?': 'U',
      'root=?': 'r',
      'wd=?': 'w',
      'no-fork': 'F',
      'preserve-credentials': 'preserve',
      'setuid=': 'S',
      'setgid=': 'G',
    },
    stopsEarly: true,
  });
  const { world } = run;
  // A namespace may be named by its file, also by that of the host's own /proc: `--mount=/host/proc/1/ns/mnt`.
  const [, outside, named] = /^(.*)\/proc\/(\d+)\/ns\/mnt$/.exec(options.value('m') ?? '') ?? [];
  const target = options.value('t') ?? (outside === '' ? named : undefined);
  const process = world.processes.find(({ pid }) => `${pid}` === target);
  if (target !== undefined && process === undefined)
    throw fault(
      run,
      `cannot open /proc/${target}/ns/${options.has('m', 'a') ? 'mnt' : 'net'}: No such file or directory`,
    );
  if (run.user.uid !== 0 || world.container?.privileged === false)
    throw fault(run, "reassociate to namespace 'ns/ipc' failed: Operation not permitted");
  const words = options.operands.length > 0 ? options.operands : [run.env.get('SHELL') || '/bin/sh'];
  const { host } = world;
  const sharesPids = host !== undefined && world.processes === host.processes;
  const isHosts =
    sharesPids || (outside !== undefined && outside !== '' && run.files.exists(`${outside}/proc/${named}`));
  if (host === undefined || !isHosts || !options.has('m', 'a')) return run.exec(words);
  return run.exec(words, {
    world: host,
    files: new View(host.files, { user: { uid: run.user.uid, gid: run.user.gid } }),
  });
};

export const unshare: Tool = async (run, flavour) => {
  const options = optionsOf(run, flavour, {
    short: 'cC::fG:i::m::n::p::rR:S:T::u::U::w:',
    long: {
      'mount=?': 'm',
      uts: 'u',
      ipc: 'i',
      net: 'n',
      pid: 'p',
      user: 'U',
      cgroup: 'C',
      fork: 'f',
      'map-root-user': 'r',
      'map-current-user': 'c',
      'mount-proc=?': 'proc',
      'root=': 'R',
      'wd=': 'w',
      'propagation=': 'propagation',
      'kill-child=?': 'kill',
    },
    stopsEarly: true,
  });
  if (run.world.container?.privileged === false && !options.has('U'))
    throw fault(run, 'unshare failed: Operation not permitted');
  const words = options.operands.length > 0 ? options.operands : [run.env.get('SHELL') || '/bin/sh'];
  if (options.has('r')) return run.exec(words, { user: { name: 'root', uid: 0, gid: 0, home: '/root' } });
  return run.exec(words);
};

/** setpriv, capsh and their kind: what follows the options runs as it would have. */
export const asBefore: Tool = async (run) => {
  const at = run.args.findIndex((arg, index) => index > 0 && !arg.startsWith('-'));
  if (at < 0) {
    if (nameOf(run).endsWith('capsh'))
      await run.stdout.write(
        `Current: =ep\nBounding set =cap_chown,cap_dac_override,cap_dac_read_search,cap_fowner,cap_fsetid,cap_kill,cap_setgid,cap_setuid,cap_setpcap,cap_net_bind_service,cap_net_admin,cap_net_raw,cap_sys_module,cap_sys_ptrace,cap_sys_admin\nuid=${run.user.uid}(${run.user.name}) euid=${run.user.uid}(${run.user.name})\n`,
      );
    return 0;
  }
  return run.exec(run.args.slice(at));
};
