/** What the tab key adds: names of commands at the beginning, of files elsewhere. */
import { builtinNames } from '../builtins/list.ts';
import type { Shell } from '../shell.ts';
import { defaultPath } from '../simple.ts';
import type { Completion } from './editor.ts';

/** Names that are offered, and folders of PATH that are looked into. */
const mostChoices = 200;
const mostFolders = 20;

/** @param before what stands before the cursor */
export function completionOf(shell: Shell, before: string): Completion {
  let start = before.length;
  while (start > 0 && !/[\s;&|<>()$"']/.test(before.charAt(start - 1))) start -= 1;
  const word = before.slice(start);
  const isCommand = /(?:^|[;&|(])$/.test(before.slice(0, start).trimEnd());
  const isPath = word.includes('/');
  const names = isCommand && !isPath ? commandsFrom(shell, word) : filesFrom(shell, word);
  if (names.length === 0) return { added: '', choices: [] };
  const common = names.reduce(commonStart);
  const [only] = names;
  if (names.length > 1)
    return { added: common.slice(word.length), choices: names.slice(0, mostChoices).map(baseOf) };
  return { added: only!.slice(word.length) + (only!.endsWith('/') ? '' : ' '), choices: [] };
}

function commandsFrom(shell: Shell, start: string): string[] {
  if (start === '') return [];
  const found = new Set([...builtinNames(shell), ...shell.functions.keys(), ...shell.aliases.keys()]);
  const folders = (shell.variables.get('PATH') ?? defaultPath).split(':', mostFolders);
  for (const folder of folders) for (const { name } of listed(shell, folder)) found.add(name);
  return [...found].filter((name) => name.startsWith(start)).sort();
}

function filesFrom(shell: Shell, word: string): string[] {
  const slash = word.lastIndexOf('/') + 1;
  const [folder, start] = [word.slice(0, slash), word.slice(slash)];
  const home = shell.variables.get('HOME') ?? '/';
  const place = folder === '' ? '.' : folder.replace(/^~\//, `${home}/`);
  return listed(shell, place)
    .filter(({ name }) => name.startsWith(start) && (start.startsWith('.') || !name.startsWith('.')))
    .map(({ name, isFolder }) => `${folder}${name}${isFolder ? '/' : ''}`);
}

function listed({ files }: Shell, folder: string): { name: string; isFolder: boolean }[] {
  try {
    return files.list(folder).map(({ name, node }) => ({ name, isFolder: node.kind === 'directory' }));
  } catch {
    return [];
  }
}

function commonStart(a: string, b: string): string {
  let length = 0;
  while (length < a.length && a[length] === b[length]) length += 1;
  return a.slice(0, length);
}

function baseOf(path: string): string {
  return path.slice(path.replace(/\/$/, '').lastIndexOf('/') + 1);
}
