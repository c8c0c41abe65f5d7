/** Techniques of ATT&CK that commands are, by what they do. */
import { isPoolHost } from '../../indicator/lists.ts';
import { remembered } from '../../indicator/remembered.ts';
import { type Command, splitShell } from '../../indicator/shell.ts';
import { withoutBox } from '../../indicator/shell-output.ts';
import { programName, unwrapCommands } from '../../indicator/shell-unwrap.ts';
import { parseMinerUser } from '../../indicator/wallet.ts';
import type { Norm } from '../../model/event.ts';
import { minerCommand } from '../../stratum/miner-command.ts';
import { isDownloader, mentionsOnly } from './contact.ts';
import { metadata, miners, proxyware, type TechniqueRule, techniqueRules } from './technique-rules.ts';

/** Rules by program; those for any program under the empty string. */
const byProgram = new Map<string, TechniqueRule[]>();
for (const rule of techniqueRules) {
  for (const program of rule.programs?.split(' ') ?? ['']) {
    const rules = byProgram.get(program);
    if (rules === undefined) byProgram.set(program, [rule]);
    else rules.push(rule);
  }
}

/** Rules of files by which somebody stays; others are also left by programs of their own accord, as histories are. */
const stays = techniqueRules.filter(
  ({ id, writes }) =>
    writes !== undefined && /^T(?:1053|1098|1136|1543|1546|1037|1547|1548|1574)(?:\.|$)/.test(id),
);

/** Longest arguments that are looked at, in characters. */
const longest = 4096;

/**
 * @param commands lines of shell text, as `decodePayload` gives them or as they were typed
 * @param norm what else is known of the same payload
 * @param left paths of files that were left
 * @returns ids in order, each once: `T1053.003`, `T1105`
 */
export function techniquesOf(
  commands: readonly string[],
  norm: Pick<Norm, 'hosts' | 'urls'> & Partial<Pick<Norm, 'images'>>,
  left: readonly string[] = [],
): string[] {
  const found = new Set<string>();
  if (isScript(commands)) found.add('T1059.004');
  for (const [at, line] of commands.entries()) {
    for (const id of techniquesOfLine(line)) found.add(id);
    if (sender.test(line) && receiver.test(commands[at + 1] ?? '')) found.add('T1048');
  }
  for (const { id, writes } of stays) if (left.some((path) => writes?.test(path))) found.add(id);
  const images = norm.images ?? [];
  if (norm.hosts.some(isPoolHost) || images.some((name) => miners.test(name))) found.add('T1496.001');
  if (images.some((name) => proxyware.test(name))) found.add('T1496.002');
  if (norm.urls.some((url) => metadata.test(url))) found.add('T1552.005');
  return [...found].sort();
}

/** More than one command is a script, and a shell runs it; a command in the words of another is a part of that. */
function isScript([first = '', ...others]: readonly string[]): boolean {
  const outer = withoutQuotes(first);
  return others.some((one) => outer.indexOf(withoutQuotes(one)) <= 0);
}

function withoutQuotes(line: string): string {
  return line.replace(/['"\\]/g, '');
}

/** `tar cz /root | nc HOST PORT`: the next command is the one that it hands its output to. */
const sender = /^(?:tar|cat|gzip|zip|7z|base64|dd|mysqldump|pg_dump) /;
const receiver =
  /^(?:nc|ncat|netcat|socat) (?!(?:\S{1,200} ){0,9}(?:-\w{0,6}[lec]|\S{0,20}(?:exec:|listen)))[^|]{0,200}\d(?: |$)/i;

/** Attackers repeat themselves. */
const techniquesOfLine = remembered(
  (line: string): ReadonlySet<string> => {
    const found = new Set<string>();
    const outer = splitShell(line);
    for (const command of new Set([...outer, ...unwrapCommands(outer)])) addTechniques(command, found);
    return found;
  },
  { most: 2000, longest: 512 },
);

function addTechniques(command: Command, found: Set<string>): void {
  const words = withoutBox(command.words);
  addMatching(
    words[0] ?? '',
    words.slice(1).join(' ').slice(0, longest),
    filesWritten(command, words),
    found,
  );
  for (const [name, value] of Object.entries(command.assignments))
    addMatching('export', `${name}=${value}`.slice(0, longest), [], found);
  if (minerCommand(words) !== undefined || isHandedWallet(words)) found.add('T1496.001');
}

/** `bash -s WALLET`, `./x -u WALLET.worker`: a program that is told whom to mine for. */
function isHandedWallet(words: readonly string[]): boolean {
  if (mentionsOnly({ words }) || /^(?:echo|printf)$/.test(words[0] ?? '')) return false;
  return words
    .slice(1, 200)
    .some((word) => word.length >= shortestWallet && parseMinerUser(word)?.wallet.verified);
}

/** Characters of the shortest address. */
const shortestWallet = 26;

function addMatching(run: string, args: string, written: readonly string[], found: Set<string>): void {
  for (const rules of [byProgram.get(knownAs(programName(run))), byProgram.get('')])
    for (const rule of rules ?? []) if (meets(rule, run, args, written)) found.add(rule.id);
}

/** `python` for `python3.11`, `sh` for a script, `curl` for what attackers call it. */
function knownAs(name: string): string {
  if (name.endsWith('.sh')) return 'sh';
  const plain = name.replace(/^(python[23]?|perl|php|ruby|lua)[\d.]{1,8}$/, '$1');
  return isDownloader(plain) && !byProgram.has(plain) ? 'curl' : plain;
}

function meets(
  { run, args: first, also, unless, writes }: TechniqueRule,
  program: string,
  args: string,
  written: readonly string[],
): boolean {
  if (run !== undefined && !run.test(program)) return false;
  if (writes !== undefined && !written.some((path) => writes.test(path))) return false;
  for (const pattern of [first, also]) if (pattern !== undefined && !pattern.test(args)) return false;
  return unless === undefined || !unless.test(args);
}

/** Paths that a command writes to. */
function filesWritten({ redirects }: Command, words: readonly string[]): readonly string[] {
  const paths = redirects.filter(({ operator }) => operator.includes('>')).map(({ target }) => target);
  const args = words.slice(1, 50);
  const plain = args.filter((word) => !word.startsWith('-'));
  switch (programName(words[0])) {
    case 'tee':
    case 'sponge':
      return [...paths, ...plain];
    case 'cp':
    case 'mv':
    case 'ln':
    case 'install':
      return [...paths, ...plain.slice(-1)];
    case 'sed':
      return args.some((word) => word.startsWith('-i')) ? [...paths, ...plain.slice(1)] : paths;
    case 'curl':
    case 'wget':
      return [
        ...paths,
        ...args.filter((_, at) => /^(?:-\w{0,8}[oO]|--output(?:-document)?)$/.test(args[at - 1] ?? '')),
      ];
    case 'dd':
      return [...paths, ...args.filter((word) => word.startsWith('of=')).map((word) => word.slice(3))];
    default:
      return paths;
  }
}
