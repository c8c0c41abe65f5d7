/**
 * One step of the walk: from a command, a text or a reference to the files that are run or read by it, and from these
 * to what they refer to in turn.
 */
import { hash } from 'node:crypto';
import type { StartFact } from '../detect/detector.ts';
import { wantsCommand } from '../detect/image-list.ts';
import { readCommand, type Use } from '../detect/start/command.ts';
import { expandWord, expandWords } from '../detect/start/expand.ts';
import { programFact } from '../detect/start/program-text.ts';
import { shellFact } from '../detect/start/shell-script.ts';
import {
  besideProgram,
  expandGlob,
  findFile,
  findFolder,
  findModule,
  findProgram,
  join,
  serviceFiles,
} from './reach-files.ts';
import type { ReachedFile, Visit, Walk } from './reach-walk.ts';

/**
 * Bounds of the walk, besides its budget: most files, most surroundings in which one file is followed, most levels
 * of `sh -c` inside each other, longest text of one; where one of these is reached, the walk is not complete. Most
 * commands kept for inspections.
 */
const bounds = { files: 20_000, surroundings: 256, nesting: 12, text: 64 * 1024, commands: 100 } as const;

export function followFact(walk: Walk, fact: StartFact, visit: Visit): void {
  readAll(walk, fact.refs, visit);
  for (const words of fact.commands) {
    if (walk.budget.isSpent) return;
    const expanded = expandWords(words, walk.variable, visit.args);
    if (expanded !== words) noteCommand(walk, expanded, visit);
    followCommand(walk, expanded, visit);
  }
}

/** Whoever looked at the file saw the variable, not what it stands for. */
function noteCommand(walk: Walk, words: readonly string[], visit: Visit): void {
  if (walk.commands.length < bounds.commands && wantsCommand(words))
    walk.commands.push({ words, by: visit.name });
}

export function followCommand(walk: Walk, words: readonly string[], visit: Visit): void {
  let size = 0;
  for (const word of words) size += 16 + word.length;
  walk.budget.spend(size >> 4);
  for (const use of readCommand(words)) followUse(walk, use, visit);
}

function followUse(walk: Walk, use: Use, visit: Visit): void {
  switch (use.kind) {
    case 'run':
      run(walk, use.name, use.args, visit);
      break;
    case 'read':
      readAll(walk, [use.path], visit);
      break;
    case 'enter':
      visit.cwd = findFolder(use.path, visit, walk.lookup);
      break;
    case 'shell':
      followText(walk, use.text, shellFact, { ...visit, args: use.args.slice(1) });
      break;
    case 'code':
      followText(walk, use.text, programFact, { ...visit, folder: visit.cwd });
      break;
    case 'module':
      for (const path of findModule(use.name, visit, walk.lookup, walk.variable('PYTHONPATH')))
        reach(walk, path, visit, 'run');
      break;
    case 'service':
      for (const path of serviceFiles(walk.view, use.name))
        reach(walk, path, { ...visit, args: ['start'] }, 'run');
      break;
    case 'folder':
      for (const path of expandGlob(walk.view, join(visit.cwd, `${use.path}/*`), walk.budget))
        reach(walk, path, visit, 'listed');
      break;
    default:
      use satisfies never;
  }
}

/** Text inside a command: `sh -c`, `python -c`. */
function followText(
  walk: Walk,
  text: string,
  read: (text: string, path: string) => StartFact,
  visit: Visit,
): void {
  if (visit.nesting >= bounds.nesting || text.length > bounds.text) walk.complete = false;
  if (visit.nesting >= bounds.nesting) return;
  // Text is read anew each time.
  if (!walk.budget.spend(text.length)) return;
  const fact = read(text.slice(0, bounds.text), `${visit.folder}/`);
  if (fact.cut === true) walk.complete = false;
  followFact(walk, fact, { ...visit, nesting: visit.nesting + 1 });
}

function run(walk: Walk, name: string, args: readonly string[], visit: Visit): void {
  const paths = name.includes('*') ? expandGlob(walk.view, join(visit.cwd, name), walk.budget) : [];
  const program = paths.length > 0 ? undefined : findProgram(name, visit, walk.lookup);
  if (program !== undefined) paths.push(program);
  for (const path of paths) {
    const file = reach(walk, path, { ...visit, args }, 'run');
    if (file === undefined) continue;
    for (const beside of filesBeside(walk, path, visit))
      reach(walk, beside, { ...visit, name: file }, 'read');
  }
}

function filesBeside(walk: Walk, program: string, visit: Visit): readonly string[] {
  const key = `${program}\0${visit.cwd}`;
  const known = walk.beside.get(key) ?? besideProgram(program, visit, walk.lookup);
  walk.beside.set(key, known);
  return known;
}

export function readAll(walk: Walk, refs: readonly string[], visit: Visit): void {
  for (const ref of refs) {
    if (walk.budget.isSpent) return;
    const path = expandWord(ref, walk.variable);
    if (path === '' || path.length > 4096) continue;
    if (/[*?[]/.test(path)) {
      for (const one of expandGlob(walk.view, join(visit.cwd, path), walk.budget))
        reach(walk, one, visit, 'listed');
    } else {
      const file = findFile(path, visit, walk.lookup);
      if (file !== undefined) reach(walk, file, visit, 'read');
    }
  }
}

/**
 * How a file is come to: a program is run, a configuration is read; of the files of a folder it is not known.
 * A text that nothing calls a program is one where it is run.
 */
type Manner = 'run' | 'read' | 'listed';

/** Marks a file and, in these surroundings for the first time, queues what it refers to. @returns its path */
export function reach(walk: Walk, path: string, visit: Visit, manner: Manner): string | undefined {
  const file = walk.view.resolve(path)?.path;
  if (file === undefined) return undefined;
  let reached = walk.reached.get(file);
  if (reached === undefined) {
    if (walk.reached.size >= bounds.files) {
      walk.complete = false;
      return undefined;
    }
    reached = { from: visit.name, fact: walk.starts(file), seen: new Set() };
    walk.reached.set(file, reached);
  }
  const { fact } = reached;
  if (manner === 'run' && (fact === 'left' || fact?.cut === true)) walk.partly.add(file);
  const isFollowed = fact !== undefined && fact !== 'left' && !(fact.plain === true && manner === 'read');
  if (isFollowed && isNew(walk, reached, visit, takesArguments(fact))) {
    const folder = file.slice(0, file.lastIndexOf('/')) || '/';
    walk.queue.push({ name: file, fact, cwd: visit.cwd, args: visit.args, folder, nesting: 0 });
  }
  return file;
}

/** Arguments that repeat count once: scripts that call themselves with one more each time come to an end. */
function isNew(walk: Walk, { seen }: ReachedFile, visit: Visit, withArguments: boolean): boolean {
  const surroundings = withArguments ? [visit.cwd, ...new Set(visit.args)] : [visit.cwd];
  const size = surroundings.reduce((sum, word) => sum + word.length, 0);
  if (!walk.budget.spend(size >> 4)) return false;
  const key = hash('sha1', surroundings.join('\0'), 'base64');
  if (seen.has(key)) return false;
  if (seen.size >= bounds.surroundings) walk.complete = false;
  else seen.add(key);
  return seen.has(key);
}

const argument = /\$\{?(?:[0-9@*]|#)/;

function takesArguments({ commands, refs }: StartFact): boolean {
  return (
    refs.some((one) => argument.test(one)) ||
    commands.some((words) => words.some((one) => argument.test(one)))
  );
}
