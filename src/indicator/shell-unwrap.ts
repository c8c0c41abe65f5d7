/**
 * What a command line really starts: `sudo -u x nohup sh -c "a; b"` starts `a` and `b`. Start paths, history lines
 * and decoys all look behind wrappers and shells this way.
 */
import { type Command, splitShell } from './shell.ts';

/** Programs that run their arguments, with their options that take a value. */
const wrappers: Readonly<Record<string, readonly string[]>> = {
  chroot: ['--userspec'],
  command: [],
  doas: ['-u', '-C'],
  'dumb-init': ['-r', '--rewrite'],
  env: ['-u', '--unset', '-C', '--chdir', '-S'],
  eval: [],
  exec: ['-a'],
  gosu: [],
  ionice: ['-c', '-n', '--class', '--classdata'],
  nice: ['-n', '--adjustment'],
  nohup: [],
  proot: ['-r', '-b', '-w'],
  screen: ['-S', '-t', '-c', '-s', '-T', '-p', '-h', '-L'],
  setarch: [],
  setsid: [],
  stdbuf: ['-i', '-o', '-e'],
  su: [],
  'su-exec': [],
  sudo: ['-u', '-g', '-h', '-p', '-C', '-D', '-r', '-t', '--user', '--group'],
  taskset: [],
  time: ['-f', '-o'],
  timeout: ['-k', '-s', '--kill-after', '--signal'],
  tini: ['-p', '-e'],
  unshare: [],
  xargs: ['-n', '-P', '-I', '-d', '-L', '-s', '-a', '-E'],
};

/** Wrappers whose first plain arguments are their own (user, duration, mask, root), with how many. */
const ownArguments: Readonly<Record<string, number>> = {
  chroot: 1,
  gosu: 1,
  'su-exec': 1,
  taskset: 1,
  timeout: 1,
};

const shells = new Set(['sh', 'bash', 'dash', 'ash', 'zsh', 'ksh', 'busybox']);

/**
 * Bounds of one list. Without them, `sh -c "$(` repeated 22 times gives 200,000 commands: each level is read as a
 * command of its own and again inside every level around it. Behind them commands stay as they are.
 */
const bounds = { depth: 6, commands: 5000, text: 1024 * 1024 } as const;

/** What is left of the bounds: commands that come out of others, and the characters in them. */
interface Budget {
  commands: number;
  text: number;
}

/**
 * The commands behind the wrappers and `sh -c` arguments of each; the command itself where there are none. Offsets
 * stay those of the outer command.
 * @param commands all of a text: they share the bounds
 */
export function unwrapCommands(commands: readonly Command[]): Command[] {
  const budget: Budget = { commands: bounds.commands, text: bounds.text };
  return commands.flatMap((command) => unwrap(command, 0, budget));
}

function unwrap(command: Command, depth: number, budget: Budget): Command[] {
  const bare = unwrapArguments(command.words);
  const script = depth < bounds.depth ? shellText(bare, command.input) : undefined;
  const inner =
    script === undefined || script.length > budget.text || budget.commands <= 0 ? [] : splitShell(script);
  if (inner.length === 0) return [{ ...command, words: bare }];
  const all: Command[] = [];
  for (const one of inner) {
    budget.text -= one.words.reduce((sum, word) => sum + word.length, 0);
    if (budget.commands-- <= 0 || budget.text <= 0) break;
    all.push(...unwrap({ ...one, offset: command.offset }, depth + 1, budget));
  }
  return all;
}

/** The last part of a path: `xmrig` for `/opt/xmrig`. */
export function programName(word: string | undefined): string {
  return (word ?? '').slice((word ?? '').lastIndexOf('/') + 1);
}

function unwrapArguments(words: readonly string[]): readonly string[] {
  let rest = words;
  for (let round = 0; round < 8; round++) {
    const name = programName(rest[0]);
    const valued = Object.hasOwn(wrappers, name) ? wrappers[name] : undefined;
    if (valued === undefined || rest.length < 2) return rest;
    const next = behindOptions(rest, name, valued);
    if (next.length === 0) return rest;
    rest = next;
  }
  return rest;
}

function behindOptions(words: readonly string[], name: string, valued: readonly string[]): readonly string[] {
  let own = ownArguments[name] ?? 0;
  let at = 1;
  for (; at < words.length; at++) {
    const word = words[at]!;
    if (word === '--') continue;
    if (word.startsWith('-') && word.length > 1) {
      // `su user -c 'command'`: the value is shell text.
      if (name === 'su' && (word === '-c' || word === '--command'))
        return ['sh', '-c', ...words.slice(at + 1, at + 2)];
      if (valued.includes(word)) at++;
    } else if (name === 'env' && /^[A-Za-z_][A-Za-z0-9_]{0,255}=/.test(word)) {
      // a variable
    } else if (name === 'su') {
      // the user; the command stands behind `-c`
    } else if (own > 0) {
      own--;
    } else if (name === 'eval') {
      return ['sh', '-c', words.slice(at).join(' ')];
    } else {
      return words.slice(at);
    }
  }
  return [];
}

/** What a shell is told to run: behind `-c` (also `-lc`, `-exc`), or its here-document. */
function shellText(words: readonly string[], input: string | undefined): string | undefined {
  let name = programName(words[0]);
  let at = 1;
  if (name === 'busybox') name = programName(words[at++]);
  if (!shells.has(name)) return undefined;
  for (; at < words.length; at++) {
    const word = words[at]!;
    if (/^-[a-z]{0,8}c$/.test(word)) return words[at + 1];
    if (!word.startsWith('-') && !word.startsWith('+')) return undefined;
    if (word === '-o' || word === '+o') at++;
  }
  return input;
}
