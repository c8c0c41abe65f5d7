/** Schemas, tables and functions of one database, and how much of it a visitor may fill. */
import type { Quota } from '../world/files/quota.ts';
import { failures } from './failure.ts';
import type { Expression, Select } from './sql/ast.ts';
import { isList, type Type, type Value } from './types.ts';

export interface Column {
  readonly name: string;
  readonly type: Type;
  /** `(3)` of varchar(3). */
  readonly modifiers: readonly number[];
  readonly notNull: boolean;
  readonly default?: Expression;
  /** As it was written. */
  readonly defaultText?: string;
  /** Counts for itself. */
  readonly isSerial: boolean;
  /** That it counts with, by schema and name. */
  readonly sequence?: string;
}

export type Row = readonly Value[];

/** A primary key, or columns that are UNIQUE together. */
export interface Key {
  readonly name: string;
  /** Places of its columns. */
  readonly columns: readonly number[];
  readonly isPrimary: boolean;
  /** Of its index, and of the constraint. */
  readonly oid: number;
  readonly constraint: number;
}

export interface Table {
  readonly oid: number;
  readonly schema: string;
  readonly name: string;
  readonly owner: string;
  readonly columns: readonly Column[];
  readonly keys: readonly Key[];
  /** Bytes of all this, the rows apart. */
  readonly size: number;
  /** Grows at its end; what changes in it is replaced as a whole. */
  rows: Row[];
}

export interface ViewDefinition {
  readonly oid: number;
  readonly schema: string;
  readonly name: string;
  readonly owner: string;
  readonly select: Select;
  readonly columns: readonly { readonly name: string; readonly type: Type }[];
  /** Oids of the tables and views that it is made of. */
  readonly uses: ReadonlySet<number>;
  /** Bytes of all this. */
  readonly size: number;
}

export interface Sequence {
  readonly oid: number;
  readonly schema: string;
  readonly name: string;
  readonly owner: string;
  readonly start: bigint;
  value: bigint;
  /** The value was given out already. */
  isCalled: boolean;
}

export interface Routine {
  readonly oid: number;
  readonly schema: string;
  readonly name: string;
  readonly owner: string;
  readonly args: readonly { readonly name?: string; readonly type: Type }[];
  readonly returns: Type;
  readonly language: string;
  readonly body: readonly string[];
  readonly isProcedure: boolean;
  /** Bytes of all this. */
  readonly size: number;
}

export interface Extension {
  readonly oid: number;
  readonly name: string;
  readonly version: string;
  readonly schema: string;
  readonly comment: string;
}

export interface Role {
  readonly oid: number;
  readonly name: string;
  /** What it was told to be; undefined where it has none. */
  password: string | undefined;
  readonly flags: Record<string, boolean>;
}

export class Database {
  readonly oid: number;
  readonly name: string;
  readonly owner: string;
  schemas = new Map<string, { readonly oid: number; readonly owner: string }>();
  /** By schema and name. */
  tables = new Map<string, Table>();
  views = new Map<string, ViewDefinition>();
  sequences = new Map<string, Sequence>();
  routines: readonly Routine[] = [];
  extensions = new Map<string, Extension>();

  constructor(oid: number, name: string, owner: string) {
    this.oid = oid;
    this.name = name;
    this.owner = owner;
    this.schemas.set('public', { oid: 2200, owner: 'pg_database_owner' });
  }

  table(schema: string, name: string): Table | undefined {
    return this.tables.get(`${schema}.${name}`);
  }

  addTable(table: Table): void {
    this.tables.set(`${table.schema}.${table.name}`, table);
  }
}

/** What a row costs beside its values. */
export const rowCost = 60;
/** Bytes of a query that was read, for each of its characters. */
export const readCost = 30;
/** Milliseconds between two counts, where it is nearly full. */
const recountEvery = 200;

/** Memory of one source: what is held is counted again when what was ever added comes near the bound. */
export class Room {
  private readonly quota: Quota;
  private readonly most: number;
  private readonly count: () => number;
  private used = 0;
  private countedAt = 0;

  /** @param count what is really held now */
  constructor(quota: Quota, most: number, count: () => number) {
    this.quota = quota;
    this.most = most;
    this.count = count;
  }

  get size(): number {
    return this.used;
  }

  /** @throws PgError where there is no room */
  take(bytes: number): void {
    if (this.used + bytes > this.most && Date.now() - this.countedAt > recountEvery) {
      this.countedAt = Date.now();
      const before = this.used;
      this.used = this.count();
      this.quota.take(Math.min(0, this.used - before));
    }
    if (this.used + bytes > this.most) throw failures.tooMuch();
    try {
      this.quota.take(bytes);
    } catch {
      throw failures.tooMuch();
    }
    this.used += bytes;
  }

  /** What was taken and is not held any more. */
  give(bytes: number): void {
    const given = Math.min(bytes, this.used);
    this.quota.take(-given);
    this.used -= given;
  }
}

export function sizeOfRows(rows: readonly Row[]): number {
  return rows.reduce((sum, row) => sum + sizeOf(row), 0);
}

export function sizeOf(row: Row): number {
  return row.reduce<number>((sum, value) => sum + sizeOfValue(value), rowCost);
}

function sizeOfValue(value: Value): number {
  if (typeof value === 'string') return 16 + value.length;
  if (Buffer.isBuffer(value)) return 64 + value.length;
  return isList(value) ? sizeOf(value) : 16;
}
