/** What single commands and loaders of a script weigh, by whether the file starts by itself. */
import type { Command } from '../../indicator/shell.ts';
import { programName } from '../../indicator/shell-unwrap.ts';
import { minerCommand } from '../../stratum/miner-command.ts';
import { attackToolOf, isOutside, isOutsideList } from '../configuration/attack-tool.ts';
import { type Control, controlOf } from '../configuration/control.ts';
import { readDownload } from '../configuration/download.ts';
import { excerptOf } from '../configuration/excerpt.ts';
import type { Loader } from '../configuration/loader.ts';
import type { Origin } from '../configuration/origin.ts';
import { proxywareAccount } from '../configuration/proxyware.ts';
import { type Found, kinds } from './kinds.ts';

/** `start` in a file that starts by itself, `script` in any other text. */
export type Where = 'start' | 'script';

/** How sure one can be of a loader: `start` in a file that starts by itself, `script` in any other script. */
const fetched: Readonly<Record<Where, Readonly<Record<Origin, number>>>> = {
  start: {
    local: 0.2,
    official: 0.45,
    variable: 0.5,
    named: 0.7,
    hosted: 0.75,
    plain: 0.8,
    address: 0.88,
    anonymous: 0.88,
  },
  script: {
    local: 0.1,
    official: 0.1,
    variable: 0.2,
    named: 0.3,
    hosted: 0.3,
    plain: 0.5,
    address: 0.7,
    anonymous: 0.75,
  },
};

/** The same in a script that turns out to be started with the container: what it fetches is what runs. */
export const fetchedWhenStarted: Readonly<Record<Origin, number>> = {
  local: 0.1,
  official: 0.2,
  variable: 0.3,
  named: 0.5,
  hosted: 0.65,
  plain: 0.7,
  address: 0.88,
  anonymous: 0.88,
};

/** Of what a script installs first, as scripts do with most software; a container that does so at each start is told. */
const installed: Readonly<Record<Origin, number>> = {
  local: 0.1,
  official: 0.1,
  variable: 0.1,
  named: 0.1,
  hosted: 0.1,
  plain: 0.2,
  address: 0.6,
  anonymous: 0.6,
};

/** How sure one can be of a program that is decoded, by what it turns out to be. */
const decoded: Readonly<Record<Where, Readonly<Record<Loader['content'], number>>>> = {
  start: { hostile: 0.85, unknown: 0.5, harmless: 0.25 },
  script: { hostile: 0.6, unknown: 0.2, harmless: 0.1 },
};

const decodedWhenStarted: Readonly<Record<Loader['content'], number>> = {
  hostile: 0.8,
  unknown: 0.3,
  harmless: 0.2,
};

export function ofLoader(loader: Loader, text: string, where: Where): Found {
  const { offset, length } = loader;
  const excerpt = () => (loader.decoded ? excerptOf(loader.decoded) : excerptOf(text, offset, length));
  const place = { subject: 'text', excerpt, offset, length } as const;
  const kind = where === 'start' ? kinds.startLoader : kinds.scriptLoader;
  switch (loader.kind) {
    case 'reverse-shell':
      return { kind: kinds.reverseShell, confidence: where === 'start' ? 0.88 : 0.75, ...place };
    case 'payload':
      return {
        kind,
        confidence: decoded[where][loader.content],
        ...(where === 'script' && { whenStarted: decodedWhenStarted[loader.content] }),
        ...place,
      };
    case 'download':
      return {
        kind,
        confidence: (loader.installed && where === 'script' ? installed : fetched[where])[loader.origin],
        ...(where === 'script' && { whenStarted: fetchedWhenStarted[loader.origin] }),
        ...place,
      };
    default:
      return loader.kind satisfies never;
  }
}

/** Flooders, scanners, tunnels and the like; a script that nothing starts may lie there to be used with care. */
export function ofTools(commands: readonly Command[], where: Where): readonly Found[] {
  const lists = fetchedLists(commands);
  return commands.flatMap((command) => {
    const { words } = command;
    const tool = isIdle(words[0]) || isLabel(words) ? undefined : attackToolOf(words, lists);
    if (tool === undefined) return accountsIn(command);
    const unstarted = tool.unstarted ?? tool.confidence / 2;
    const sure =
      where === 'start'
        ? { confidence: tool.confidence }
        : { confidence: unstarted, whenStarted: tool.confidence };
    return [{ kind: kinds[tool.kind], ...sure, ...placeOf(command) }];
  });
}

/** Commands that by themselves do nothing to a host; they are most of what scripts consist of. */
const idle: ReadonlySet<string | undefined> = new Set([
  undefined,
  ...'[ [[ : . test true false echo printf local return exit shift cd set for case read break continue'.split(
    ' ',
  ),
]);

function isIdle(name: string | undefined): boolean {
  return idle.has(name);
}

/** `hulk)` of a `case` reads like a command of one word; a name with a digit or dash is no such word. */
function isLabel(words: readonly string[]): boolean {
  return words.length === 1 && /^[a-z]+$/i.test(words[0] ?? '');
}

/** `EARNAPP_UUID=sdk-node-…`, alone, in front of a command or exported. */
function accountsIn(command: Command): readonly Found[] {
  const exported = command.words[0] === 'export' ? command.words.slice(1) : [];
  if (exported.length === 0 && Object.keys(command.assignments).length === 0) return [];
  const settings = [...Object.entries(command.assignments), ...exported.map(settingOf)];
  const isAccount = settings.some(([name = '', value = '']) => proxywareAccount(name, value) !== undefined);
  return isAccount ? [{ kind: kinds.proxyware, confidence: 0.4, ...placeOf(command) }] : [];
}

function settingOf(word: string): readonly string[] {
  const equals = word.indexOf('=');
  return equals < 0 ? [] : [word.slice(0, equals), word.slice(equals + 1)];
}

/** Variables that hold what was downloaded from outside: `u=$(curl …)`, `for u in $(curl …)`, `curl … | while read u`. */
function fetchedLists(commands: readonly Command[]): ReadonlySet<string> {
  const names = new Set<string>();
  let flows = false;
  for (const command of commands) {
    const [name = '', ...rest] = command.words;
    for (const [variable, value] of Object.entries(command.assignments))
      if (isOutsideList(value)) names.add(variable);
    if (name === 'for' && rest.slice(2).some(isOutsideList)) names.add(rest[0] ?? '');
    const isPiped: boolean = command.joined === '|' && flows;
    if (name === 'read' && isPiped) for (const word of rest) if (!word.startsWith('-')) names.add(word);
    const download = readDownload(command);
    flows = isPiped || (download?.output === '-' && isOutside(download.urls));
  }
  return names;
}

/** [in a script that nothing is known to start, where one does]; what is not a threat weighs the same in both. */
const weights: Readonly<Record<Control, readonly [unstarted: number, started: number]>> = {
  'agent-removed': [0.6, 0.6],
  'rivals-killed': [0.3, 0.3],
  'protection-off': [0.25, 0.25],
  'traces-hidden': [0.25, 0.25],
  'immutable-file': [0.25, 0.25],
  'mining-preparation': [0.25, 0.45],
  escape: [0.3, 0.5],
  'insecure-install': [0.25, 0.25],
};

export function ofControls(commands: readonly Command[]): readonly Found[] {
  return commands.flatMap((command) => {
    const { words, redirects, assignments } = command;
    if (isIdle(words[0]) && redirects.length === 0 && Object.keys(assignments).length === 0) return [];
    const control = controlOf(command);
    if (control === undefined) return [];
    const [confidence, whenStarted] = weights[control];
    return [{ kind: kinds[control], confidence, whenStarted, ...placeOf(command) }];
  });
}

/**
 * Who cleans up after miners kills them too. That it is done for a miner of one's own is likely where something
 * strong stands in the same file, and possible where many are killed.
 * @param mines the file starts a miner
 */
export function weighRivals(found: readonly Found[], mines: boolean): readonly Found[] {
  const killed = found.filter(isRivals).length;
  if (killed === 0) return found;
  const isAmongOthers = mines || found.some((one) => !isRivals(one) && isThreat(one));
  const confidence = isAmongOthers ? 0.6 : killed > 2 ? 0.45 : 0.3;
  return found.map((one) => (isRivals(one) ? { ...one, confidence, whenStarted: confidence } : one));
}

export function startsMiner(commands: readonly Command[]): boolean {
  return commands.some(({ words }) => minerCommand(words) !== undefined);
}

export function isRivals({ kind }: Found): boolean {
  return kind === kinds['rivals-killed'];
}

export function isThreat({ kind, confidence, whenStarted = 0 }: Found): boolean {
  return threats.has(kind.category) && Math.max(confidence, whenStarted) >= 0.5;
}

const threats: ReadonlySet<string> = new Set(['backdoor', 'cryptomining', 'ddos', 'hacking']);

export function hiddenStart(commands: readonly Command[]): readonly Found[] {
  return commands.flatMap((command) => {
    const confidence = hiding(command.words);
    return confidence > 0 ? [{ kind: kinds.startsHidden, confidence, ...placeOf(command) }] : [];
  });
}

function placeOf(command: Command): Pick<Found, 'subject' | 'excerpt' | 'offset' | 'length'> {
  return { subject: 'text', excerpt: () => excerptOf(wordsOf(command)), offset: command.offset, length: 1 };
}

function wordsOf({ assignments, words, redirects }: Command): string {
  const settings = Object.entries(assignments).map(([name, value]) => `${name}=${value}`);
  return [...settings, ...words, ...redirects.map((one) => `${one.operator} ${one.target}`)].join(' ');
}

const temporary = /^\/(?:tmp|var\/tmp|dev\/shm|dev\/mqueue)\/[^*\s]/;
/** Dotted folders of a home hold programs of users' tools. */
const hiddenPath =
  /^\/[^*]*\/\.(?!local\/|config\/|cargo\/|nvm\/|rvm\/|pyenv\/|rbenv\/|sdkman\/|bun\/|deno\/|asdf\/|npm|yarn\/|ghcup\/|profile|bash|zsh|oh-my|xsession|xinit)[^/]+/;

/** How much the place of the program that a command runs speaks for an intruder. */
function hiding(words: readonly string[]): number {
  const [program = '', ...args] = words;
  const name = programName(program);
  const interpreted = /^(?:(?:ba|da|a|z|k)?sh|python[\d.]*|perl|node|php|ruby|\.|source)$/.test(name);
  const path = interpreted ? (args.find((arg) => !arg.startsWith('-')) ?? '') : program;
  if (!path.startsWith('/')) return 0;
  if (temporary.test(path)) return /\/\./.test(path) ? 0.8 : 0.65;
  return hiddenPath.test(path) || /\/(?:\.{3,}|\s+)\//.test(path) ? 0.6 : 0;
}
