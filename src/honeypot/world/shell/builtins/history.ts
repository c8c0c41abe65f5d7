/** `history`, `help`, `enable`: what people ask an interactive shell. */
import { badOption, type Call, fail, hasOption, optionsOf } from './builtin.ts';
import { builtinNames } from './list.ts';

export async function history(call: Call): Promise<number> {
  const { shell, args } = call;
  const options = optionsOf(args, 'cd:anrwps');
  if (options.unknown !== '') return fail(call, `-${options.unknown}: invalid option`, 2);
  if (hasOption(options, 'c')) {
    shell.history.clear();
    return 0;
  }
  const lines = shell.history.lines(shell);
  if (hasOption(options, 'w')) shell.history.overwrite(shell);
  const deleted = options.found.find(([letter]) => letter === 'd')?.[1];
  if (deleted !== undefined) {
    const at = Number(deleted) < 0 ? lines.length + Number(deleted) : Number(deleted) - 1;
    if (!(at in lines)) return fail(call, `${deleted}: history position out of range`);
    lines.splice(at, 1);
    return 0;
  }
  if (options.found.length > 0) return 0;
  const [count] = options.rest;
  if (count !== undefined && !/^\d{1,9}$/.test(count))
    return fail(call, `${count}: numeric argument required`);
  const first = count === undefined ? 0 : Math.max(0, lines.length - Number(count));
  const rows = lines.slice(first).map((line, index) => `${String(first + index + 1).padStart(5)}  ${line}\n`);
  await shell.write(1, rows.join(''));
  return 0;
}

export async function help({ shell, args }: Call): Promise<number> {
  if (!shell.dialect.isBash) {
    const names = builtinNames(shell).join(' ');
    await shell.write(1, `Built-in commands:\n------------------\n\t${names}\n`);
    return 0;
  }
  const [topic] = args;
  if (topic !== undefined && !builtinNames(shell).includes(topic)) {
    const advice = `Try \`help help' or \`man -k ${topic}' or \`info ${topic}'.`;
    await shell.complain(`no help topics match \`${topic}'.  ${advice}`, 'help');
    return 1;
  }
  await shell.write(1, topic === undefined ? introduction : `${topic}: ${topic} [arguments]\n`);
  return 0;
}

const introduction = `GNU bash, version 5.2.15(1)-release (x86_64-pc-linux-gnu)
These shell commands are defined internally.  Type \`help' to see this list.
Type \`help name' to find out more about the function \`name'.
Use \`info bash' to find out more about the shell in general.
Use \`man -k' or \`info' to find out more about commands not in this list.

A star (*) next to a name means that the command is disabled.

`;

export async function enable(call: Call): Promise<number> {
  const { shell } = call;
  const options = optionsOf(call.args, 'adnpsf:');
  if (options.unknown !== '')
    return badOption(call, options.unknown, 'enable [-a] [-dnps] [-f filename] [name ...]');
  const args = options.rest;
  const bad = args.find((arg) => !builtinNames(shell).includes(arg));
  if (bad !== undefined) return fail(call, `${bad}: not a shell builtin`);
  if (args.length === 0)
    await shell.write(
      1,
      builtinNames(shell)
        .map((name) => `enable ${name}\n`)
        .join(''),
    );
  return 0;
}
