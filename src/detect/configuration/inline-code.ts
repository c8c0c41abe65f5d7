/**
 * Program code in a command line: `python -c`, `perl -e`, `node -e`, `awk`, `pwsh -enc`. What it fetches, decodes and
 * runs, by the words of each language that do so; no grammar.
 */
import { decodes } from '../../indicator/code-payload.ts';
import type { Command } from '../../indicator/shell.ts';
import { splitShell } from '../../indicator/shell.ts';
import { withoutBox } from '../../indicator/shell-output.ts';
import { programName } from '../../indicator/shell-unwrap.ts';
import { calledCommands } from '../start/program-text.ts';
import { interpreter } from './program.ts';

export interface InlineCode {
  /** The interpreter without version: `python` for `python3.11`. */
  readonly language: string;
  readonly code: string;
  /** Stood there encoded. */
  readonly encoded: boolean;
}

/** Longest code that is read, in characters. */
const longest = 64 * 1024;

/** Most commands that are taken from one piece of code. */
const maxCommands = 1000;

/** @param all words of a command without wrappers */
export function codeOf(all: readonly string[]): InlineCode | undefined {
  const words = withoutBox(all);
  const name = programName(words[0]);
  if (/^(?:[gmn]?awk)$/.test(name)) {
    const code = words.slice(1).find((word, at) => !word.startsWith('-') && !/^-[vF]$/.test(words[at] ?? ''));
    return words.includes('-f') || code === undefined
      ? undefined
      : { language: 'awk', code: code.slice(0, longest), encoded: false };
  }
  if (!interpreter.test(name)) return undefined;
  const language = name.replace(/[\d.]+$/, '');
  if (/^(?:pwsh|powershell)$/.test(language)) return powerShell(words);
  const parts = words.flatMap((word, at) =>
    /^-[a-zA-Z]{0,3}[cerE]$/.test(word) ||
    word === '--eval' ||
    word === '--print' ||
    (language === 'deno' && word === 'eval')
      ? [words[at + 1] ?? '']
      : [],
  );
  return parts.length === 0
    ? undefined
    : { language, code: parts.join('\n').slice(0, longest), encoded: false };
}

function powerShell(words: readonly string[]): InlineCode | undefined {
  const flag = words.findIndex((word) => /^-(?:c|command|e|ec|enc|encodedcommand)$/i.test(word));
  if (flag < 0) return undefined;
  const encoded = /^-e/i.test(words[flag] ?? '');
  const text = encoded
    ? Buffer.from(words[flag + 1] ?? '', 'base64').toString('utf16le')
    : words.slice(flag + 1).join(' ');
  return { language: 'pwsh', code: text.slice(0, longest), encoded };
}

/** Commands that the code runs: strings in calls, and between backticks where the language runs those. */
export function commandsIn({ language, code }: InlineCode): readonly Command[] {
  const found: Command[] = [];
  for (const command of calledCommands(code)) {
    if (found.length >= maxCommands) break;
    found.push(command);
  }
  if (/^(?:perl|ruby|php)$/.test(language)) {
    for (const match of code.matchAll(
      /`([^`\n]{2,1000})`|(?:\bqx|%x)(?:\{([^{}]{2,1000})\}|\(([^()]{2,1000})\))/g,
    ))
      found.push(...splitShell(match[1] ?? match[2] ?? match[3] ?? ''));
  }
  if (language === 'awk') {
    for (const match of code.matchAll(/"((?:[^"\\]|\\.){2,4000})"[ \t]{0,4}\|[ \t]{0,4}getline/g))
      found.push(...splitShell((match[1] ?? '').replace(/\\(.)/g, '$1')));
  }
  return found;
}

const fetches =
  /urlopen|urlretrieve|requests\.(?:get|post)|httpx\.get|\bLWP|HTTP::Tiny|Net::HTTP|open-uri|URI\.open|https?['"`)]{0,3}\)?\.get\b|file_get_contents|curl_exec|copy\(|\bfetch\(|\baxios|\bgot\(|\bget(?:store)?\(|DownloadString|DownloadFile|DownloadData|Invoke-(?:WebRequest|RestMethod)|\b(?:iwr|irm|wget|curl)\b|socket\.http|download\.file|\bsource\(/i;

/** What is fetched is the program itself. */
const evaluates: Readonly<Record<string, RegExp>> = {
  python: /(?<![.\w])(?:exec|eval|compile)\s{0,4}\(/,
  pypy: /(?<![.\w])(?:exec|eval|compile)\s{0,4}\(/,
  perl: /\beval\b/,
  ruby: /\b(?:instance_|class_)?eval\b/,
  php: /\b(?:eval|assert|create_function)\s{0,4}\(/,
  node: /(?<![.\w])eval\s{0,4}\(|\bFunction\s{0,4}\(|\brunIn(?:This|New)?Context\b|_compile\b/,
  lua: /\b(?:load|loadstring)\s{0,4}\(/,
  Rscript: /\b(?:source|eval)\s{0,4}\(/,
  pwsh: /\b(?:iex|Invoke-Expression)\b|\[scriptblock\]/i,
};

const saves =
  /urlretrieve|getstore|open\([^)]{1,200}['"]wb?\+?['"]|\.write|writeFile|createWriteStream|file_put_contents|copy\(|chmod|DownloadFile|-OutFile|-o\b|download\.file|memfd_create/i;
const launches =
  /os\.system|popen|subprocess|os\.(?:exec|spawn|startfile)|pty\.spawn|\bsystem\b|\bexec\b|spawn|child_process|shell_exec|passthru|proc_open|os\.execute|Start-Process|\bsaps\b|&\s{0,2}["'$]|`/i;

/** URLs of what the code fetches and runs; empty where it does not. */
export function fetchedBy({ language, code }: InlineCode): readonly string[] {
  if (!fetches.test(code)) return [];
  if (!evaluatesText(language, code) && !(saves.test(code) && launches.test(code))) return [];
  return [...code.matchAll(/\b(?:https?|ftp):\/\/[^\s'"`\\)]{1,2000}/g)]
    .map((match) => match[0])
    .slice(0, 20);
}

/** Whether the code runs text that it decodes. */
export function runsDecoded({ language, code }: InlineCode): boolean {
  return decodes(code) && (evaluatesText(language, code) || launches.test(code));
}

function evaluatesText(language: string, code: string): boolean {
  const known = Object.hasOwn(evaluates, language) ? language : 'node';
  return evaluates[known]?.test(code) === true;
}
