/**
 * `waterguard rules add` and `update`: third-party rules in the user's own rule folder. A copy is taken, so that
 * a scan is repeatable whatever happens to the original, and a manifest beside it says where it came from.
 */
import { copyFile, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { basename, dirname, join, relative, resolve } from 'node:path';
import { z } from 'zod';
import { makeFolder } from '../../cache-folder.js';
import { messageOf, WaterguardError } from '../../model/error.ts';
import { engineAvailable } from '../yara/engine.ts';
import { licenceOfFolder } from '../yara/licence.ts';
import { readRuleFiles } from './files.ts';
import { prepareRules } from './prepare.ts';

const manifest = z.object({
  schemaVersion: z.literal(1),
  /** Folder name below the user's rules. */
  name: z.string(),
  /** Absolute path that was copied. */
  origin: z.string(),
  /** RFC 3339, UTC. */
  addedAt: z.string(),
  licence: z.string().optional(),
  files: z.int(),
  /** Rules that can run, and those that cannot. */
  accepted: z.int(),
  refused: z.array(z.object({ origin: z.string(), rule: z.string(), message: z.string() })),
});
export type RuleManifest = z.infer<typeof manifest>;

/** Kept beside the rules; the loader ignores it. */
const manifestName = 'manifest.json';

/**
 * Copies the rule files of `from` (YARA, YAML, TOML, and licences) to `to/NAME`.
 *
 * @param to the user's rule folder, made where it is missing
 * @throws WaterguardError `usage` where `from` holds no rules, NAME is taken, or it cannot be written
 */
export async function addRules(from: string, to: string, now: Date = new Date()): Promise<RuleManifest> {
  const origin = resolve(from);
  const name = basename(origin);
  const target = join(to, name);
  if (await exists(target)) {
    throw new WaterguardError(
      'usage',
      `${target} is there already; run \`waterguard rules update\` to renew it`,
    );
  }
  return await place(origin, target, now);
}

/** Renews every added folder from its origin. One whose origin is gone stays as it is and is named. */
export async function updateRules(
  to: string,
  now: Date = new Date(),
): Promise<{ updated: readonly RuleManifest[]; kept: readonly { name: string; message: string }[] }> {
  const updated: RuleManifest[] = [];
  const kept: { name: string; message: string }[] = [];
  for (const name of await foldersOf(to)) {
    try {
      const old = manifest.parse(JSON.parse(await readFile(join(to, name, manifestName), 'utf8')));
      updated.push(await place(old.origin, join(to, name), now));
    } catch (error) {
      kept.push({ name, message: messageOf(error) });
    }
  }
  return { updated, kept };
}

async function foldersOf(to: string): Promise<readonly string[]> {
  const names = (await exists(to)) ? await readdir(to) : [];
  return names.filter((name) => !name.startsWith('.')).sort();
}

async function place(origin: string, target: string, now: Date): Promise<RuleManifest> {
  const files = await ruleFilesOf(origin);
  if (!files.some((file) => !isLicence(file))) {
    throw new WaterguardError('usage', `${origin}: no rule files (*.yar, *.yara, *.yaml, *.toml)`);
  }
  const counts = compileAll(origin);
  const licence = licenceOfFolder(origin);
  const made: RuleManifest = {
    schemaVersion: 1,
    name: basename(target),
    origin,
    addedAt: now.toISOString(),
    ...(licence !== undefined && { licence }),
    files: files.filter((file) => !isLicence(file)).length,
    ...counts,
  };
  try {
    await write(files, made, target);
  } catch (error) {
    throw new WaterguardError('usage', `${target} cannot be written: ${messageOf(error)}`, { cause: error });
  }
  return made;
}

/** Builds the copy aside and moves it into place whole, so that a scan never sees half a folder. */
async function write(files: readonly string[], made: RuleManifest, target: string): Promise<void> {
  // A leading dot keeps the loader out of a copy that a crash left behind.
  const building = join(dirname(target), `.${basename(target)}.${process.pid}`);
  try {
    await rm(building, { recursive: true, force: true });
    for (const file of files) {
      const copy = join(building, relative(made.origin, file));
      makeFolder(dirname(copy));
      await copyFile(file, copy);
    }
    await writeFile(join(building, manifestName), JSON.stringify(made, null, 2) + '\n');
    await rm(target, { recursive: true, force: true });
    await rename(building, target);
  } finally {
    await rm(building, { recursive: true, force: true });
  }
}

function compileAll(folder: string): Pick<RuleManifest, 'accepted' | 'refused'> {
  const files = readRuleFiles({ folders: [folder], shippedYara: false, shippedText: false });
  const engine = engineAvailable();
  if ('missing' in engine && files.yara.length > 0) throw new WaterguardError('engine', engine.missing);
  const { accepted, refused } = prepareRules(files, 'missing' in engine ? undefined : engine).summary;
  return { accepted, refused: [...refused] };
}

/** Regular files only; links could lead out of the folder. */
async function ruleFilesOf(folder: string): Promise<string[]> {
  const found = await stat(folder).catch(() => undefined);
  if (!found?.isDirectory()) throw new WaterguardError('usage', `${folder}: not a folder`);
  const files: string[] = [];
  for (const entry of await readdir(folder, { withFileTypes: true, recursive: true })) {
    const path = join(entry.parentPath, entry.name);
    if (
      !entry.isFile() ||
      relative(folder, path)
        .split('/')
        .some((part) => part.startsWith('.'))
    )
      continue;
    if (isLicence(path) || /\.(?:yara?|ya?ml|toml)$/i.test(entry.name)) files.push(path);
  }
  return files.sort();
}

function isLicence(path: string): boolean {
  return /^(?:licen[cs]e|copying|notice)(?:\.(?:txt|md))?$/i.test(basename(path));
}

async function exists(path: string): Promise<boolean> {
  return await stat(path).then(
    () => true,
    () => false,
  );
}
