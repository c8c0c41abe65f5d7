/** What `waterguard db` does. PostgreSQL has its own tools for backups, which know its users and its settings. */
import { randomBytes } from 'node:crypto';
import { existsSync, renameSync, rmSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { messageOf, WaterguardError } from '../model/error.ts';
import { safeJson } from '../report/safe-text.ts';
import { byteWords } from '../report/wording.ts';
import { newestMigration, schemaOf } from '../store/migrate.ts';
import { dataFolder, isStore, openStore, type Store, type StoreOptions } from '../store/open.ts';
import { readStatus } from '../store/status.ts';
import type { DbFlags } from './db.ts';
import { exit } from './exit.ts';
import { checkWritable, writeResult } from './output.ts';

export async function status({ data, format, output }: DbFlags): Promise<number> {
  await using resources = new AsyncDisposableStack();
  const store = await open(resources, { data, migrate: false, mustExist: true });
  const schema = await schemaOf(store.db);
  const holder = store.embedded?.servedBy();
  const state = schema === undefined ? undefined : await readStatus(store);
  const facts = {
    schemaVersion: 1,
    kind: store.kind,
    place: store.place,
    schema,
    newest: newestMigration,
    holder,
    ...state,
  };
  const lines = [
    `${store.kind} store at ${store.place}`,
    schema === undefined
      ? 'it is empty'
      : `schema ${schema}${schema === newestMigration ? '' : `, this version has ${newestMigration}: run waterguard db migrate`}`,
    ...(holder === undefined
      ? []
      : [`held by waterguard ${holder.command} (process ${holder.pid}, since ${holder.since})`]),
    ...(state === undefined
      ? []
      : [
          `${byteWords(state.size)}`,
          ...Object.entries(state.counts).map(
            ([name, count]) => `  ${name.padEnd(14)}${count.toLocaleString('en').padStart(12)}`,
          ),
        ]),
  ];
  await writeResult(`${format === 'json' ? safeJson(facts, 2) : lines.join('\n')}\n`, output);
  return exit.done;
}

export async function migrateStore({ data, format, output }: DbFlags): Promise<number> {
  await using resources = new AsyncDisposableStack();
  const store = await open(resources, { data, migrate: false });
  const before = await schemaOf(store.db);
  const { migrate } = await import('../store/migrate.ts');
  const done = await migrate(store.db);
  const text =
    format === 'json'
      ? safeJson({ schemaVersion: 1, before, now: newestMigration, done }, 2)
      : done.length === 0
        ? `the schema is ${newestMigration} already`
        : `done: ${done.join(', ')}`;
  await writeResult(`${text}\n`, output);
  return exit.done;
}

export async function backup(file: string, { data, quiet }: DbFlags): Promise<number> {
  checkWritable(file);
  await using resources = new AsyncDisposableStack();
  const store = await open(resources, { data, migrate: false, mustExist: true });
  if (store.backUp === undefined) throw ofServer('pg_dump "$DATABASE_URL" --format=custom --file=FILE');
  const draft = join(dirname(file), `.waterguard-${randomBytes(6).toString('hex')}`);
  try {
    await store.backUp(draft);
    renameSync(draft, file);
  } catch (error) {
    rmSync(draft, { force: true });
    throw error;
  }
  if (!quiet) process.stderr.write(`waterguard: ${byteWords(statSync(file).size)} written\n`);
  return exit.done;
}

/** Into a place where there is no store yet: what is there is never overwritten. */
export async function restore(file: string, { data, quiet }: DbFlags): Promise<number> {
  if (process.env.DATABASE_URL) throw ofServer('pg_restore --dbname="$DATABASE_URL" FILE');
  const folder = dataFolder(process.env, data);
  if (!existsSync(file)) throw new WaterguardError('usage', `There is no file ${file}.`);
  if (isStore(folder)) {
    throw new WaterguardError(
      'usage',
      `There is a store at ${folder} already: give an empty place with --data DIR.`,
    );
  }
  await using resources = new AsyncDisposableStack();
  let store: Store;
  try {
    store = await open(resources, { data, migrate: true, restore: file });
  } catch (error) {
    rmSync(join(folder, 'database'), { recursive: true, force: true });
    throw new WaterguardError('usage', `${file} cannot be restored: ${messageOf(error)}`, { cause: error });
  }
  const { counts } = await readStatus(store);
  if (!quiet)
    process.stderr.write(
      `waterguard: restored at ${folder}: ${counts.images} images, ${counts.hunts} hunts\n`,
    );
  return exit.done;
}

async function open(
  resources: AsyncDisposableStack,
  options: Omit<StoreOptions, 'env' | 'command'>,
): Promise<Store> {
  const store = await openStore({ env: process.env, command: 'db', ...options });
  resources.defer(() => store.close());
  return store;
}

function ofServer(command: string): WaterguardError {
  return new WaterguardError('usage', `PostgreSQL has its own tools for that, e.g. ${command}`);
}
