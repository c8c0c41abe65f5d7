/** Programs that run what they read. */
import type { Command } from '../../indicator/shell.ts';
import { withoutBox } from '../../indicator/shell-output.ts';
import { isInput, programName } from '../../indicator/shell-unwrap.ts';

export const shells: ReadonlySet<string> = new Set('sh bash dash ash ksh zsh mksh rbash'.split(' '));

export const interpreter =
  /^(?:python|pypy|perl|ruby|node|nodejs|php|lua|pwsh|powershell|bun|deno|Rscript)[\d.]*$/;

/** Runs what it reads: `sh`, `bash -s -- x`, `python3 -`. */
export function readsProgram(command: Command): boolean {
  const words = withoutBox(command.words);
  const name = programName(words[0]);
  if (!shells.has(name) && !interpreter.test(name))
    return name === 'source' || name === '.' ? isInput(words[1]) : false;
  const args = words.slice(1);
  if (
    args.some(
      (arg) => /^-[a-z]*[ecm]$/.test(arg) && (arg !== '-e' || !shells.has(name)) && !/^-[a-z]*s/.test(arg),
    )
  )
    return false;
  const first = args.find((arg) => !/^[-+]./.test(arg) && arg !== 'pipefail');
  return first === undefined || isInput(first) || args.some((arg) => /^-[a-z]*s$/.test(arg));
}

/** A file of settings that a script reads: `. /app/.env`. */
export function isSettings(program: string, path: string): boolean {
  return (
    (program === '.' || program === 'source') &&
    /(?:^|[./_-])env(?:\.sh)?$|\.(?:conf|cfg|vars|properties)$/.test(path)
  );
}

/** What code decodes is code again, or shell text for a call that starts programs. */
export function codeLanguage(text: string, language: string): string {
  const isShell =
    /^\s{0,20}(?:#!|[a-z./]{1,64}[ \t]|\()/.test(text) &&
    !/^\s{0,20}(?:import|from|use|require|const|var|let|print)\b/.test(text);
  return isShell ? 'sh' : language;
}
