/** What crontabs, units, profiles and scripts would do that no administrator does. */
import { type Command, splitShell } from '../../indicator/shell.ts';
import { startedCommands } from '../configuration/attack-tool.ts';
import { loadersOf } from '../configuration/loader.ts';
import type { Deadline, OpenFile } from '../detector.ts';
import { splitFormat } from '../start/formats.ts';
import { startPlace } from '../start/locations.ts';
import { programFact } from '../start/program-text.ts';
import { allAnchors, toolAnchors } from './anchors.ts';
import {
  hiddenStart,
  isRivals,
  isThreat,
  ofControls,
  ofLoader,
  ofTools,
  startsMiner,
  type Where,
  weighRivals,
} from './command.ts';
import { type Found, strongest } from './kinds.ts';
import { type Part, partSize, partsOf } from './text.ts';

const shellScript = /^#![ \t]{0,4}\S{0,60}(?:sh|env[ \t]{1,4}(?:ba|da|z|k|a)?sh)\b/;
/** Programs of other languages by their first line, and by name where there is none. */
const otherScript = /^#!/;
export const programSource = /\.(?:py|js|mjs|cjs|ts|rb|pl|php|lua)$|\/package\.json$/;

/**
 * A script without any of the anchors has to put its commands together, or hand them to a shell: half of the scripts of
 * a distribution do neither, and to read those costs more than all else here.
 */
function isPutTogether(text: string): boolean {
  return puttingTogether.some((one) => one.test(text));
}

const puttingTogether: readonly RegExp[] = [
  // `| sh`, `| "$x"`, `| \sh`
  /\|&?[ \t]{0,8}(?:["'\\$`]|(?:[\w.-]{0,20}\/){0,6}(?:ba|da|a|z|k)?sh\b)/,
  // `$A$B`, `${a:1:4}`, `${a/X/}`, `"${a[@]}"` where a command begins
  /(?:^|[;&|(`]|\bthen\b|\bdo\b|\belse\b)[ \t]{0,40}["']?\$(?:\{\w{1,40}[:/#%@^,[]|\{?\w{1,40}\}?["']{0,2}\$)/m,
  // `eval "$A$B"`, `eval $(…)`
  /\beval[ \t]{1,8}["']?(?:\$\{?\w{1,40}\}?["']{0,2}\$|\$\(|`)/,
  // `cu""rl`, `w\get`, `ba's'h`
  /[a-z](?:""|''|\\(?![nrtb])|"[a-z]"|'[a-z]'|\$[@*])[a-z]/,
  // `{curl,-s,URL}`
  /(?:^|[;&|(])[ \t]{0,40}\{[^\s{},]{1,200},[^\s{}]{1,500}\}/m,
  // `/u?r/b?n/cu?l`
  /(?:^|[;&|(`])[ \t]{0,40}\/[\w/]{0,40}[?*[][\w/?*[\]]{0,40}[ \t]/m,
];

export interface Inspected {
  readonly found: readonly Found[];
  /** Bytes of a file that starts by itself of which only the surroundings of anchors were read. */
  readonly unread: number;
}

export function inspectStartFile(file: OpenFile, deadline: Deadline): Inspected {
  const isStart = startPlace(file.path) !== undefined;
  const head = file.bytes.toString('latin1', 0, 200);
  const isShell = shellScript.test(head);
  if (!isStart && !isShell && (otherScript.test(head) || programSource.test(file.path)))
    return { found: inspectProgramText(file), unread: 0 };
  const hits = hitsOf(file, allAnchors);
  if (!isStart && !isShell && hits.length === 0) return { found: [], unread: 0 };
  const text = file.bytes.toString('latin1');
  if (!isStart && hits.length === 0 && !isPutTogether(text)) return { found: [], unread: 0 };

  const as = isStart ? 'start' : isShell && file.offset === 0 ? 'script' : 'text';
  const parts = partsOf(text, { as, hits, offset: file.offset });
  let found: readonly Found[] = [];
  let mines = false;
  let part = parts.next();
  for (; part.done !== true; part = parts.next()) {
    for (const list of commandLists(part.value, file.path)) {
      if (!found.some(isThreat)) deadline.check();
      const flat = startedCommands(list.commands);
      const more = ofCommands(list, flat, isStart ? 'start' : 'script');
      found = strongest([...found, ...more.map((one) => ({ ...one, offset: list.at(one.offset ?? 0) }))]);
      mines ||= found.some(isRivals) && startsMiner(flat);
    }
  }
  return { found: weighRivals(found, mines), unread: isStart ? text.length - part.value : 0 };
}

function ofCommands(
  { commands, text }: CommandList,
  flat: readonly Command[],
  where: Where,
): readonly Found[] {
  return [
    ...loadersOf(commands, text.length).map((loader) => ofLoader(loader, text, where)),
    ...ofTools(flat, where),
    ...ofControls(flat),
    ...(where === 'start' ? hiddenStart(flat) : []),
  ];
}

function hitsOf(file: OpenFile, names: readonly string[]): readonly number[] {
  const hits = names.flatMap((name) => file.hits(name));
  return hits.sort((a, b) => a - b);
}

/** More commands than that are not weighed at once: what looks behind `sh -c` has bounds of its own. */
const mostCommands = 4000;

interface CommandList extends Part {
  readonly commands: readonly Command[];
}

/** A text with too many commands is read in eighths: otherwise idle ones would hide the rest behind some bound. */
function commandLists(part: Part, path: string): readonly CommandList[] {
  const { text, at } = part;
  const place = startPlace(path);
  const commands = place === undefined ? splitShell(text) : splitFormat(text, place.format, path);
  if (commands.length < mostCommands) return [{ ...part, commands }];
  const ends = endsOf(text);
  if (ends.length === 1) return [{ ...part, commands }];
  return ends.flatMap((end, index) => {
    const start = ends[index - 1] ?? 0;
    return commandLists({ text: text.slice(start, end), at: (offset) => at(start + offset) }, path);
  });
}

/** Where about eight pieces of a text end: behind a line, or behind a command where a line is long. */
function endsOf(text: string): readonly number[] {
  const ends: number[] = [];
  const size = Math.ceil(text.length / 8);
  for (let end = 0; end < text.length; ) {
    const next = end + size;
    end = text.indexOf('\n', next) + 1 || text.indexOf(';', next) + 1 || text.length;
    ends.push(end);
  }
  return ends;
}

/** What a program in another language calls; read only where it names a tool. */
function inspectProgramText(file: OpenFile): readonly Found[] {
  const [first] = hitsOf(file, toolAnchors);
  if (first === undefined) return [];
  const offset = file.offset + first;
  const text = file.bytes.toString('latin1', 0, 4 * partSize);
  if (file.path.endsWith('/package.json')) return ofPackage(text, offset);
  const commands = programFact(text, file.path).commands.map(
    (words): Command => ({ words, assignments: {}, offset, joined: ';', redirects: [], depth: 0 }),
  );
  const flat = startedCommands(commands);
  return [...ofTools(flat, 'script'), ...ofControls(flat)];
}

/** `npm start` names no tool; the package that it starts does. */
function ofPackage(text: string, offset: number): readonly Found[] {
  const [, name] = /"name"\s{0,8}:\s{0,8}"([\w.@/-]{1,100})"/.exec(text) ?? [];
  const started: Command = {
    words: [name ?? '', 'start'],
    assignments: {},
    offset,
    joined: ';',
    redirects: [],
    depth: 0,
  };
  return ofTools([started], 'script');
}
