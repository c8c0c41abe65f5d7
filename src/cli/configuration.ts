/**
 * What the command line leaves open: `WATERGUARD_*` of the environment, and under it `waterguard.yaml` of the working
 * directory. One place for every option of a command: `--fail-on` is `WATERGUARD_FAIL_ON` and `fail-on`, `--no-cache`
 * is `WATERGUARD_CACHE=false` and `cache: false`; what is asked for wins over both.
 *
 * The file may be that of a repository which is only being looked at. So its use is told, and it can say neither where
 * to write nor whom to ask on the network, nor where to listen.
 */
import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { type Command, InvalidArgumentError, type Option } from 'commander';
import { messageOf, WaterguardError } from '../model/error.ts';
import { printable } from '../model/printable.ts';

export const configurationFile = 'waterguard.yaml';

/** Such a file has a line for each option. */
const largestFile = 64 * 1024;

/** Options that the file cannot set. */
const notOfFiles: readonly string[] = [
  'output',
  'rdap',
  'server',
  'token-file',
  'broker',
  'secret-file',
  'data',
  'listen',
  'decoy',
  'events',
  'spool',
  'public-url',
];

/**
 * @param command parsed; its options are filled in
 * @param folder where the file is looked for
 * @returns the names of the settings that the file has decided
 * @throws WaterguardError `usage` for an unknown or impossible setting
 */
export async function configure(
  command: Command,
  env: Readonly<Record<string, string | undefined>>,
  folder: string,
): Promise<readonly string[]> {
  const file = await readConfiguration(folder);
  refuseUnknown(file, command.options.map(nameOf));
  const decided: string[] = [];
  for (const option of command.options) {
    const name = nameOf(option);
    const given = file[name];
    const fromFile =
      given === undefined ? undefined : settingOf(option, given, `./${configurationFile}: ${name}`);
    const key = option.attributeName();
    if (command.getOptionValueSource(key) === 'cli') continue;
    const variable = variableOf(name);
    const text = env[variable];
    if (text !== undefined && text !== '') {
      command.setOptionValueWithSource(key, settingOf(option, fromText(option, text), variable), 'env');
    } else if (fromFile !== undefined) {
      command.setOptionValueWithSource(key, fromFile, 'config');
      decided.push(name);
    }
  }
  return decided;
}

/** Before a command: fills in what is left open. Silent only where the user, and not the file, asks for that. */
export async function tellConfiguration(command: Command): Promise<void> {
  const decided = await configure(command, process.env, process.cwd());
  const isQuiet =
    command.opts<{ quiet?: boolean }>().quiet === true && command.getOptionValueSource('quiet') !== 'config';
  if (decided.length === 0 || isQuiet) return;
  process.stderr.write(`waterguard: configuration from ./${configurationFile}: ${decided.join(', ')}\n`);
}

/** `--no-cache` is the setting `cache`. */
function nameOf({ long }: Option): string {
  return (long ?? '').replace(/^--(?:no-)?/, '');
}

function variableOf(name: string): string {
  return `WATERGUARD_${name.toUpperCase().replaceAll('-', '_')}`;
}

async function readConfiguration(folder: string): Promise<Readonly<Record<string, unknown>>> {
  const path = join(folder, configurationFile);
  const known = statSync(path, { throwIfNoEntry: false });
  if (known === undefined) return {};
  if (!known.isFile()) throw wrong(`./${configurationFile}`, 'it is not a file');
  if (known.size > largestFile)
    throw wrong(`./${configurationFile}`, `it has more than ${largestFile} bytes`);
  const { parse } = await import('yaml');
  let content: unknown;
  try {
    content = parse(readFileSync(path, 'utf8'), { maxAliasCount: 0, logLevel: 'error' }) ?? {};
  } catch (error) {
    const [first = ''] = messageOf(error).split('\n', 1);
    throw wrong(`./${configurationFile}`, `it cannot be read: ${printable(first, 300)}`);
  }
  if (typeof content !== 'object' || Array.isArray(content)) {
    throw wrong(`./${configurationFile}`, 'it is not a map of settings such as `fail-on: high`');
  }
  return content as Readonly<Record<string, unknown>>;
}

function refuseUnknown(file: Readonly<Record<string, unknown>>, names: readonly string[]): void {
  const possible = names.filter((one) => !notOfFiles.includes(one));
  for (const key of Object.keys(file)) {
    if (possible.includes(key)) continue;
    const shown = printable(key, 60);
    const why = notOfFiles.includes(key)
      ? `'${shown}' cannot be set here: give --${shown} or ${variableOf(shown)}`
      : `there is no setting '${shown}'; there is: ${possible.join(', ')}`;
    throw wrong(`./${configurationFile}`, why);
  }
}

/** A variable's text as the file would have it. */
function fromText(option: Option, text: string): unknown {
  if (isRepeatable(option)) return text.split(',').filter((one) => one !== '');
  if (!isSwitch(option) && !option.optional) return text;
  return text === 'true' || text === '1' ? true : text === 'false' || text === '0' ? false : text;
}

/** @param origin names the setting in messages */
function settingOf(option: Option, given: unknown, origin: string): unknown {
  if (isSwitch(option)) {
    if (typeof given !== 'boolean') throw wrong(origin, `${quoted(given)} is neither true nor false`);
    return given;
  }
  if (option.optional && typeof given === 'boolean') return given ? true : undefined;
  if (!isRepeatable(option)) return parsed(option, given, undefined, origin);
  let all: unknown = option.defaultValue;
  for (const one of Array.isArray(given) ? given : [given]) all = parsed(option, one, all, origin);
  return all;
}

function parsed(option: Option, given: unknown, before: unknown, origin: string): unknown {
  const text = typeof given === 'number' ? String(given) : given;
  if (typeof text !== 'string' || text === '') throw wrong(origin, `${quoted(given)} is not a text`);
  if (option.parseArg === undefined) return text;
  try {
    return option.parseArg(text, before);
  } catch (error) {
    if (!(error instanceof InvalidArgumentError)) throw error;
    throw wrong(origin, `${quoted(given)} is not possible. ${error.message}`);
  }
}

function isSwitch(option: Option): boolean {
  return option.negate || option.isBoolean();
}

function isRepeatable({ defaultValue }: Option): boolean {
  return Array.isArray(defaultValue) || defaultValue instanceof Map;
}

function quoted(given: unknown): string {
  return printable(typeof given === 'string' ? `'${given}'` : JSON.stringify(given), 60);
}

function wrong(origin: string, why: string): WaterguardError {
  return new WaterguardError('usage', `${origin}: ${why}`);
}
