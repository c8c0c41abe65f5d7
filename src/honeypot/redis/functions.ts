/** Libraries of functions that a server keeps. */
import { Quota } from '../world/files/quota.ts';
import { outOfMemory } from './keyspace.ts';
import { RedisError } from './reply.ts';

export interface LibraryFunction {
  readonly name: string;
  readonly description: string | undefined;
  readonly flags: readonly string[];
}

export interface Library {
  readonly name: string;
  /** With the line that names it. */
  readonly code: string;
  readonly functions: readonly LibraryFunction[];
}

const maxLibraries = 100;
/** Bytes that a library or a function costs beside its texts. */
const partCost = 300;

export class Functions {
  private readonly byName = new Map<string, Library>();
  private readonly quota: Quota;
  private bytes = 0;

  constructor(quota: Quota) {
    this.quota = quota;
  }

  get all(): readonly Library[] {
    return [...this.byName.values()];
  }

  /** Of each library, as FUNCTION DUMP and RDB files have it. */
  get codes(): readonly string[] {
    return this.all.map(({ code }) => code);
  }

  /** Bytes. */
  get size(): number {
    return this.bytes;
  }

  has(name: string): boolean {
    return this.byName.has(name);
  }

  find(name: string): { readonly library: Library; readonly known: LibraryFunction } | undefined {
    for (const library of this.byName.values()) {
      const known = library.functions.find((one) => one.name === name);
      if (known !== undefined) return { library, known };
    }
    return undefined;
  }

  /** In place of one of the same name where that is allowed. @throws RedisError */
  keep(library: Library, replaces: boolean): void {
    const before = this.byName.get(library.name);
    if (before !== undefined && !replaces)
      throw new RedisError(`ERR Library '${library.name}' already exists`);
    for (const { name } of library.functions) {
      const other = this.find(name)?.library;
      if (other !== undefined && other !== before)
        throw new RedisError(`ERR Function ${name} already exists`);
    }
    if (before === undefined && this.byName.size >= maxLibraries) throw outOfMemory();
    this.take(costOf(library) - (before === undefined ? 0 : costOf(before)));
    this.byName.set(library.name, library);
  }

  delete(name: string): boolean {
    const library = this.byName.get(name);
    if (library === undefined) return false;
    this.byName.delete(name);
    this.take(-costOf(library));
    return true;
  }

  /** Others, that take no memory of the server's until it becomes them: those kept here but for some. */
  besides(isLeftOut: (library: Library) => boolean): Functions {
    const others = new Functions(new Quota(Number.POSITIVE_INFINITY));
    for (const library of this.all) if (!isLeftOut(library)) others.keep(library, false);
    return others;
  }

  /** Has those instead of its own. @throws RedisError where there is no memory for them, and then keeps its own */
  become(others: Functions): void {
    this.take(others.size - this.size);
    this.byName.clear();
    for (const library of others.all) this.byName.set(library.name, library);
  }

  clear(): void {
    for (const { name } of this.all) this.delete(name);
  }

  private take(bytes: number): void {
    try {
      this.quota.take(bytes);
    } catch {
      throw outOfMemory();
    }
    this.bytes += bytes;
  }
}

function costOf({ name, code, functions }: Library): number {
  let sum = partCost + name.length + code.length;
  for (const { name: own, description = '', flags } of functions)
    sum += partCost + own.length + description.length + 32 * flags.length;
  return sum;
}
