/** `--version` and `--help` of GNU programs: as much as anybody looks at. */
import type { Run } from '../program.ts';
import { aboutPrograms } from './about-data.ts';
import { nameOf, shortNameOf } from './tool.ts';

interface About {
  readonly package: string;
  readonly authors: string;
  readonly help: readonly string[];
}

const packages: Readonly<Record<string, string>> = {
  c: 'GNU coreutils) 9.1',
  d: 'GNU diffutils) 3.8',
  f: 'GNU findutils) 4.9.0',
  g: 'GNU grep) 3.8',
  s: 'GNU sed) 4.9',
  t: 'GNU tar) 1.34',
};

const known: ReadonlyMap<string, About> = new Map(
  aboutPrograms
    .trimEnd()
    .split('\n')
    .map((line) => line.split('\t'))
    .map(([name = '', family = '', authors = '', help = '']) => [
      name,
      { package: family, authors, help: help.split('~') },
    ]),
);

/** @returns undefined for a call that asks for neither, or a program that answers itself */
export function aboutOf(run: Run): string | undefined {
  const [option, ...rest] = run.args.slice(1);
  if (rest.length > 0 || (option !== '--version' && option !== '--help')) return undefined;
  const name = shortNameOf(run);
  const about = known.get(name);
  if (about === undefined) return undefined;
  return option === '--version' ? versionOf(name, about) : helpOf(run, about);
}

function versionOf(name: string, { package: family, authors }: About): string {
  const head = family === 'z' ? 'gzip 1.12' : `${name} (${packages[family]}`;
  return `${head}\nCopyright (C) 2022 Free Software Foundation, Inc.\nLicense GPLv3+: GNU GPL version 3 or later <https://gnu.org/licenses/gpl.html>.\nThis is free software: you are free to change and redistribute it.\nThere is NO WARRANTY, to the extent permitted by law.\n\nWritten by ${authors}.\n`;
}

function helpOf(run: Run, { package: family, help }: About): string {
  const [usage = '', ...lines] = help;
  const name = nameOf(run);
  const end =
    family === 'c'
      ? '\nGNU coreutils online help: <https://www.gnu.org/software/coreutils/>\nReport any translation bugs to <https://translationproject.org/team/>\n'
      : '';
  return `Usage: ${usage.replace(/^\S+/, name)}\n${lines.map((line) => `${line}\n`).join('')}\n      --help        display this help and exit\n      --version     output version information and exit\n${end}`;
}
