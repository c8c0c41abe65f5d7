/**
 * Attack tools by how they are started: flooders, mass scanners, tunnels, proxyware, and containers started on
 * hosts of others. Source: the projects' own usage texts and public reports, 2026-11.
 */
import { parseIp } from '../../indicator/ip.ts';
import type { Command } from '../../indicator/shell.ts';
import { programName, unwrapCommands } from '../../indicator/shell-unwrap.ts';
import { flooderOf } from './flooder.ts';
import { isLocalHost, worstOrigin } from './origin.ts';
import { proxywareOf } from './proxyware.ts';
import { tunnelOf } from './tunnel.ts';

export interface AttackTool {
  readonly kind: 'flooder' | 'scanner' | 'remote-docker' | 'tunnel' | 'proxyware';
  readonly name: string;
  /** 0..1 when a container starts it. */
  readonly confidence: number;
  /** 0..1 where nothing is known to start it; half of `confidence` unless told otherwise. */
  readonly unstarted?: number;
}

/** A command as the tools' readers take it: program name in lower case, without an interpreter in front. */
export interface Started {
  readonly name: string;
  readonly args: readonly string[];
  readonly line: string;
  /** Run by an interpreter: `python3 start.py`. */
  readonly interpreted: boolean;
  /** Whether an argument is a host or target that was downloaded: whoever wrote the list says where it goes. */
  isListed(arg: string): boolean;
}

/** What commands start, behind wrappers and shells; `command -v x` only asks whether `x` is there. */
export function startedCommands(commands: readonly Command[]): readonly Command[] {
  return unwrapCommands(
    commands.filter(({ words: [name, option = ''] }) => name !== 'command' || !/^-[vV]$/.test(option)),
  );
}

/**
 * @param words of a command, already unwrapped
 * @param lists names of variables that hold what was downloaded from outside
 */
export function attackToolOf(
  words: readonly string[],
  lists: ReadonlySet<string> = new Set(),
): AttackTool | undefined {
  const started = readStarted(words, lists);
  return (
    flooderOf(started) ?? scannerOf(started) ?? dockerOf(started) ?? tunnelOf(started) ?? proxywareOf(started)
  );
}

/** Most arguments and characters of one that are read. */
const maxArguments = 200;
const maxArgument = 500;

function readStarted(words: readonly string[], lists: ReadonlySet<string>): Started {
  const list = words.slice(0, maxArguments).map((word) => word.slice(0, maxArgument));
  const [program = '', ...args] = list;
  const interpreted = /^(?:python|pypy|perl|node|ruby|php|go|java|npx)[\d.]*$/.test(programName(program));
  const operand = interpreted ? args.findIndex((arg) => !arg.startsWith('-') && arg !== 'run') : -1;
  const script = interpreted ? (args[operand] ?? '') : program;
  const rest = interpreted ? args.slice(operand + 1) : args;
  const name = programName(script)
    .toLowerCase()
    .replace(/\.(?:py|pl|go|js|php|sh|jar)$/, '');
  const line = rest.join(' ');
  return { name, args: rest, line, interpreted, isListed: (arg) => isListed(arg, line, lists) };
}

/** `$u` where `u` was filled by a download, or `$(curl …)` itself, of which the first word may be all that `arg` has. */
function isListed(arg: string, line: string, lists: ReadonlySet<string>): boolean {
  const [, inline, variable = ''] =
    /^(?:[a-z]{2,10}:\/\/)?(?:((?:\$\(|`)[ \t]{0,4}(?:curl|wget)\b)|\$\{?([A-Za-z_]\w{0,100}))/.exec(arg) ??
    [];
  return inline === undefined ? lists.has(variable) : isOutsideList(line);
}

/** A text with `$(curl URL)` whose URL is that of another host. */
export function isOutsideList(text: string): boolean {
  const [, inside] = /(?:\$\(|`)[ \t]{0,4}(?:curl|wget)\b([^)`]{0,2000})/.exec(text) ?? [];
  return inside !== undefined && isOutside(inside.match(/\b(?:https?|ftp):\/\/[^\s"'|]{1,500}/g) ?? []);
}

export function isOutside(urls: readonly string[]): boolean {
  return !['local', 'variable'].includes(worstOrigin(urls));
}

/** Scans of the whole network; whoever names private ranges alone looks at his own. */
function scannerOf({ name, args }: Started): AttackTool | undefined {
  if (!/^(?:masscan|zmap|pnscan)$/.test(name) || args.length === 0) return undefined;
  if (args.every((arg) => /^(?:-V|-h|--version|--help|--readscan|--echo|--regress|--iflist)$/.test(arg)))
    return undefined;
  const ranges = args.filter((arg) => /^\d{1,3}(?:\.\d{1,3}){3}(?:[/-][\d.]{1,15})?$/.test(arg));
  const own = ranges.length > 0 && ranges.every((range) => isLocalHost(range.split(/[/-]/, 1)[0] ?? ''));
  const all = ranges.some((range) => range === '0.0.0.0/0');
  return { kind: 'scanner', name, confidence: all ? 0.75 : own ? 0.3 : 0.65 };
}

/** `docker -H tcp://HOST:2375 run …`: the unprotected interface of another host's Docker. */
function dockerOf({ name, args, line, isListed }: Started): AttackTool | undefined {
  if (name !== 'docker' || /--tls\b|--tlsverify/.test(line)) return undefined;
  const at = args.findIndex((arg) => arg === '-H' || arg.startsWith('--host') || /^-H./.test(arg));
  const given = at < 0 ? undefined : /^(?:-H|--host)$/.test(args[at] ?? '') ? args[at + 1] : args[at];
  if (given === undefined || !/\b(?:run|create|start|exec|cp|pull|load)\b/.test(line)) return undefined;
  const found = (confidence: number): AttackTool => ({ kind: 'remote-docker', name, confidence });
  const place = given.replace(/^(?:-H|--host=)/, '');
  if (isListed(place)) return found(0.75);
  const address = place.replace(/^(?:tcp|https?):\/\//, '');
  if (address.includes('://') || address.startsWith('/')) return undefined;
  const host = address.replace(/:\d{1,5}$/, '');
  if (host.startsWith('$')) return address.endsWith(':2375') ? found(0.45) : undefined;
  if (isLocalHost(host) || !host.includes('.')) return undefined;
  return found(parseIp(host) === undefined ? 0.5 : 0.65);
}
