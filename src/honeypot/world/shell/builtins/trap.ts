/** `trap`: what is to be done when a signal comes, or the shell ends. */
import { quoted } from '../quoting.ts';
import { signalOf } from '../signals.ts';
import { badOption, type Call, fail, hasOption, optionsOf } from './builtin.ts';

/** bash's, beside the signals. */
const conditions: ReadonlySet<string> = new Set(['ERR', 'DEBUG', 'RETURN']);

export async function trap(call: Call): Promise<number> {
  const { shell, args } = call;
  const { isBash } = shell.dialect;
  const options = optionsOf(args, isBash ? 'lp' : '');
  if (options.unknown !== '') return badOption(call, options.unknown, 'trap [-lp] [[arg] signal_spec ...]');
  const { rest } = options;
  if (rest.length === 0 || hasOption(options, 'p')) return show(call, rest);
  const [first = ''] = rest;
  // A number first, or one argument alone, takes traps away.
  const takesAway = rest.length === 1 || (/^\d+$/.test(first) && signalOf(first) !== undefined);
  const action = takesAway ? '-' : first;
  let status = 0;
  for (const text of takesAway ? rest : rest.slice(1)) {
    const name = nameOf(text, isBash);
    if (name === undefined) {
      status = 1;
      if (shell.dialect.name === 'dash') await shell.write(2, `trap: ${text}: bad trap\n`);
      else await fail(call, `${text}: invalid signal specification`);
    } else if (action === '-') shell.traps.delete(name);
    else shell.traps.set(name, action);
  }
  return status;
}

function nameOf(text: string, isBash: boolean): string | undefined {
  return isBash && conditions.has(text) ? text : signalOf(text)?.name;
}

async function show({ shell }: Call, wanted: readonly string[]): Promise<number> {
  const { isBash } = shell.dialect;
  const names = wanted.map((text) => nameOf(text, isBash));
  const traps = [...shell.traps]
    .filter(([name]) => names.length === 0 || names.includes(name))
    .sort(([a], [b]) => numberOf(a) - numberOf(b));
  const shown = (name: string): string =>
    isBash && name !== 'EXIT' && !conditions.has(name) ? `SIG${name}` : name;
  await shell.write(1, traps.map(([name, action]) => `trap -- ${quoted(action)} ${shown(name)}\n`).join(''));
  return 0;
}

function numberOf(name: string): number {
  return signalOf(name)?.number ?? 100;
}
