/**
 * Who holds an embedded store. PGlite takes no lock: a second process would open the same folder without a word and
 * lose rows. So whoever opens it first takes the write lock of a small SQLite file: the kernel keeps that lock, gives
 * it to one process only, and drops it the moment the process ends, however it ends. The holder's name is a row that
 * others can read meanwhile.
 */
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';

export interface Holder {
  readonly pid: number;
  /** What it runs: `up`, `hunt`. */
  readonly command: string;
  /** RFC 3339. */
  readonly since: string;
}

export interface Lock {
  release(): void;
}

/** @returns the lock, or who has it */
export function takeLock(folder: string, holder: Holder): Lock | { readonly heldBy: Holder } {
  const file = new DatabaseSync(join(folder, 'holder.db'));
  try {
    // Of two that come at the same time one waits for a moment, which is how long naming itself takes.
    file.exec('pragma busy_timeout = 100; pragma journal_mode = delete; pragma synchronous = off');
    if (!begin(file)) return { heldBy: readHolder(file) };
    name(file, holder);
    // In the moment between the two, another process may have begun.
    if (!begin(file)) return { heldBy: readHolder(file) };
  } catch (error) {
    file.close();
    throw error;
  }
  return { release: () => file.close() };
}

/** Without room for a name the lock is as good: what lies on a full disk has to be used to be taken away from there. */
function name(file: DatabaseSync, holder: Holder): void {
  try {
    file.exec('create table if not exists holder (pid int, command text, since text); delete from holder');
    const insert = file.prepare('insert into holder values (?, ?, ?)');
    insert.run(holder.pid, holder.command, holder.since);
    file.exec('commit');
  } catch (error) {
    if (!isFull(error)) throw error;
    if (file.isTransaction) file.exec('rollback');
  }
}

/** `immediate` takes the write lock and leaves reading to others. */
function begin(file: DatabaseSync): boolean {
  try {
    file.exec('begin immediate');
    return true;
  } catch (error) {
    if (isBusy(error)) return false;
    throw error;
  }
}

/** The one that is about to hold it may not have written its name yet. */
function readHolder(file: DatabaseSync): Holder {
  try {
    const row = file.prepare('select pid, command, since from holder').get();
    if (row !== undefined)
      return { pid: Number(row.pid), command: String(row.command), since: String(row.since) };
  } catch (error) {
    if (!isBusy(error) && !/no such table/.test(String(error))) throw error;
  } finally {
    file.close();
  }
  return { pid: 0, command: 'another command', since: '' };
}

function isBusy(error: unknown): boolean {
  return primaryCode(error) === 5;
}

function isFull(error: unknown): boolean {
  return primaryCode(error) === 13;
}

/** SQLITE_BUSY is 5, SQLITE_FULL 13, with whatever extension in the upper bits (sqlite.org/rescode.html). */
function primaryCode(error: unknown): number | undefined {
  const code = (error as { errcode?: unknown }).errcode;
  return typeof code === 'number' ? code & 0xff : undefined;
}
