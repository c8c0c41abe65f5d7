/** `set`, `shopt`, and the positional parameters. */
import type { Shell } from '../shell.ts';
import { badOption, type Call, fail, hasOption, isNumber, optionsOf } from './builtin.ts';
import { showVariables } from './declare.ts';
import { ended } from './flow.ts';

/** Letters of `set` and of the command line, with the names that `set -o` has for them. */
export const optionLetters: Readonly<Record<string, string>> = {
  a: 'allexport',
  b: 'notify',
  e: 'errexit',
  f: 'noglob',
  h: 'hashall',
  k: 'keyword',
  m: 'monitor',
  n: 'noexec',
  p: 'privileged',
  t: 'onecmd',
  u: 'nounset',
  v: 'verbose',
  x: 'xtrace',
  B: 'braceexpand',
  C: 'noclobber',
  E: 'errtrace',
  H: 'histexpand',
  P: 'physical',
  T: 'functrace',
};

const namesOfBash =
  'allexport braceexpand emacs errexit errtrace functrace hashall histexpand history ignoreeof interactive-comments keyword monitor noclobber noexec noglob nolog notify nounset onecmd physical pipefail posix privileged verbose vi xtrace'.split(
    ' ',
  );
const namesOfDash =
  'errexit noglob ignoreeof interactive monitor noexec stdin xtrace verbose vi emacs noclobber allexport notify nounset nolog debug'.split(
    ' ',
  );
const namesOfAsh =
  'errexit noglob ignoreeof monitor noexec xtrace verbose noclobber allexport notify nounset vi pipefail'.split(
    ' ',
  );

export function optionNames({ dialect }: Shell): readonly string[] {
  return { bash: namesOfBash, dash: namesOfDash, ash: namesOfAsh }[dialect.name];
}

const lettersOf = { bash: 'abefhkmnptuvxBCEHPT', dash: 'abefmnuvxCIV', ash: 'abefmnuvxC' };

export async function set(call: Call): Promise<number> {
  const { shell, args } = call;
  if (args.length === 0) {
    await showVariables(shell);
    return 0;
  }
  for (let at = 0; at < args.length; at++) {
    const arg = args[at]!;
    if (arg === '--' || (arg === '-' && shell.dialect.isBash)) {
      if (arg === '-') for (const name of ['xtrace', 'verbose']) shell.options.delete(name);
      if (arg === '--' || at + 1 < args.length) shell.parameters = args.slice(at + 1);
      return 0;
    }
    if (!/^[-+]./.test(arg)) {
      shell.parameters = args.slice(at);
      return 0;
    }
    const turn = arg.startsWith('-') ? 'add' : 'delete';
    for (const letter of arg.slice(1)) {
      if (letter === 'o') {
        at += 1;
        const status = await setNamed(call, args[at], turn);
        if (status !== 0) return status;
      } else if (!lettersOf[shell.dialect.name].includes(letter))
        return badLetter(call, letter, arg.charAt(0));
      else shell.options[turn](optionLetters[letter] ?? letter);
    }
  }
  return 0;
}

async function badLetter(call: Call, letter: string, sign: string): Promise<number> {
  const usage = 'set [-abefhkmnptuvxBCEHPT] [-o option-name] [--] [-] [arg ...]';
  if (call.shell.dialect.isBash) {
    await call.shell.complain(`${sign}${letter}: invalid option`, 'set');
    await call.shell.write(2, `set: usage: ${usage}\n`);
    return 2;
  }
  throw await ended(call, `${call.shell.dialect.name === 'dash' ? 'I' : 'i'}llegal option ${sign}${letter}`);
}

async function setNamed(call: Call, name: string | undefined, turn: 'add' | 'delete'): Promise<number> {
  const { shell } = call;
  if (name === undefined) return showOptions(shell, turn === 'delete');
  if (!optionNames(shell).includes(name)) {
    if (shell.dialect.isBash) return fail(call, `${name}: invalid option name`, 2);
    const sign = turn === 'add' ? '-' : '+';
    if (shell.dialect.name === 'dash') throw await ended(call, `Illegal option ${sign}o ${name}`);
    return fail(call, `illegal option ${sign}o ${name}`, 1);
  }
  shell.options[turn](name);
  return 0;
}

async function showOptions(shell: Shell, asCommands: boolean): Promise<number> {
  const lines = optionNames(shell).map((name) => {
    const isOn = shell.has(name);
    if (asCommands) return `set ${isOn ? '-' : '+'}o ${name}\n`;
    return shell.dialect.isBash
      ? `${name.padEnd(15)}\t${isOn ? 'on' : 'off'}\n`
      : `${name.padEnd(16)}${isOn ? 'on' : 'off'}\n`;
  });
  const head = shell.dialect.name === 'dash' && !asCommands ? 'Current option settings\n' : '';
  await shell.write(1, head + lines.join(''));
  return 0;
}

/** Options of bash 5.2, with those that are on in a script. */
const shoptNames =
  'assoc_expand_once autocd cdable_vars cdspell checkhash checkjobs checkwinsize cmdhist compat31 compat32 compat40 compat41 compat42 compat43 compat44 complete_fullquote direxpand dirspell dotglob execfail expand_aliases extdebug extglob extquote failglob force_fignore globasciiranges globskipdots globstar gnu_errfmt histappend histreedit histverify hostcomplete huponexit inherit_errexit interactive_comments lastpipe lithist localvar_inherit localvar_unset login_shell mailwarn no_empty_cmd_completion nocaseglob nocasematch noexpand_translation nullglob patsub_replacement progcomp progcomp_alias promptvars restricted_shell shift_verbose sourcepath varredir_close xpg_echo'.split(
    ' ',
  );
export const shoptsOn =
  'checkwinsize cmdhist complete_fullquote extquote force_fignore globasciiranges globskipdots hostcomplete interactive_comments patsub_replacement progcomp promptvars sourcepath'.split(
    ' ',
  );

export async function shopt(call: Call): Promise<number> {
  const { shell, args } = call;
  const options = optionsOf(args, 'pqsuo');
  if (options.unknown !== '') return badOption(call, options.unknown, 'shopt [-pqsu] [-o] [optname ...]');
  const isO = hasOption(options, 'o');
  const known = isO ? optionNames(shell) : shoptNames;
  const places = isO ? shell.options : shell.shopts;
  const { rest } = options;
  const bad = rest.find((name) => !known.includes(name));
  if (bad !== undefined) return fail(call, `${bad}: invalid ${isO ? '' : 'shell '}option name`);
  const turn = hasOption(options, 's') ? 'add' : hasOption(options, 'u') ? 'delete' : undefined;
  if (turn !== undefined && rest.length > 0) {
    for (const name of rest) places[turn](name);
    return 0;
  }
  const shown = (rest.length > 0 ? rest : known).filter(
    (name) => turn === undefined || places.has(name) === (turn === 'add'),
  );
  const lines = shown.map((name) => {
    const isOn = places.has(name);
    return hasOption(options, 'p')
      ? `shopt ${isOn ? '-s' : '-u'} ${name}\n`
      : `${name.padEnd(15)}\t${isOn ? 'on' : 'off'}\n`;
  });
  if (!hasOption(options, 'q')) await shell.write(1, lines.join(''));
  return rest.every((name) => places.has(name)) ? 0 : 1;
}

export async function shift(call: Call): Promise<number> {
  const { shell, args } = call;
  const [count = '1'] = args;
  if (!isNumber(count)) {
    if (!shell.dialect.isBash) throw await ended(call, `Illegal number: ${count}`);
    return fail(
      call,
      /^-\d+$/.test(count) ? `${count}: shift count out of range` : `${count}: numeric argument required`,
    );
  }
  if (Number(count) > shell.parameters.length) {
    if (shell.dialect.name === 'dash') throw await ended(call, "can't shift that many");
    return 1;
  }
  shell.parameters = shell.parameters.slice(Number(count));
  return 0;
}

/** `getopts` goes on where it stopped: at OPTIND, and in a group of letters where the shell remembers it. */
export async function getopts(call: Call): Promise<number> {
  const { shell, args } = call;
  const [letters, name] = args;
  if (letters === undefined || name === undefined) return getoptsUsage(call);
  const given = args.length > 2 ? args.slice(2) : shell.parameters;
  const { variables } = shell;
  const index = Math.max(1, Number(variables.get('OPTIND')) || 1);
  const state = shell.optionPlace.index === index ? shell.optionPlace.place : 1;
  const arg = given[index - 1];
  const finish = (place: number, next: number): void => {
    shell.optionPlace = { index: next, place };
    variables.set('OPTIND', String(next));
  };
  if (arg === undefined || !/^-./.test(arg) || arg === '--') {
    finish(1, arg === '--' ? index + 1 : index);
    variables.set(name, '?');
    return 1;
  }
  const letter = arg.charAt(state);
  const isLast = state + 1 >= arg.length;
  const known = letter === ':' ? -1 : letters.replace(/^:/, '').indexOf(letter);
  const isSilent = letters.startsWith(':');
  const behind = isLast ? ([1, index + 1] as const) : ([state + 1, index] as const);
  if (known < 0) {
    finish(...behind);
    return optionFault(shell, name, '?', letter, isSilent, wordingOf(shell, letter, false));
  }
  if (letters.replace(/^:/, '').charAt(known + 1) !== ':') {
    finish(...behind);
    variables.unset('OPTARG');
    variables.set(name, letter);
    return 0;
  }
  const value = isLast ? given[index] : arg.slice(state + 1);
  finish(1, isLast ? index + 2 : index + 1);
  if (value === undefined) {
    variables.set('OPTIND', String(index + 1));
    return optionFault(shell, name, isSilent ? ':' : '?', letter, isSilent, wordingOf(shell, letter, true));
  }
  variables.set('OPTARG', value);
  variables.set(name, letter);
  return 0;
}

async function optionFault(
  shell: Shell,
  name: string,
  value: string,
  letter: string,
  isSilent: boolean,
  message: string,
): Promise<number> {
  shell.variables.set(name, value);
  if (isSilent) shell.variables.set('OPTARG', letter);
  else {
    shell.variables.unset('OPTARG');
    if (shell.variables.get('OPTERR') !== '0') await shell.write(2, `${message}\n`);
  }
  return 0;
}

function wordingOf({ dialect, name }: Shell, letter: string, isArgument: boolean): string {
  switch (dialect.name) {
    case 'bash':
      return `${name}: ${isArgument ? 'option requires an argument' : 'illegal option'} -- ${letter}`;
    case 'dash':
    case 'ash':
      return isArgument ? `No arg for -${letter} option` : `Illegal option -${letter}`;
  }
}

async function getoptsUsage(call: Call): Promise<number> {
  switch (call.shell.dialect.name) {
    case 'bash':
      await call.shell.write(2, 'getopts: usage: getopts optstring name [arg ...]\n');
      return 2;
    case 'dash':
      return fail(call, 'Usage: getopts optstring var [arg...]', 2);
    case 'ash':
      return fail(call, 'usage: getopts optstring var [arg]', 2);
  }
}
