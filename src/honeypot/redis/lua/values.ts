/** Values of Lua. Strings hold bytes. */

export type LuaFunction = (...args: LuaValue[]) => LuaValue[] | Promise<LuaValue[]>;
export type LuaValue = undefined | boolean | number | string | LuaTable | LuaFunction;

/** Entries of one table. */
const maxEntries = 1000;

export class LuaTable {
  private readonly entries: Map<LuaValue, LuaValue>;
  /** `userdata` for open files. */
  readonly typeName: 'table' | 'userdata';
  private readonly isReadOnly: boolean;
  /** What is not there may not be asked for. */
  readonly isClosed: boolean;

  constructor(
    entries: Iterable<readonly [LuaValue, LuaValue]> = [],
    {
      typeName = 'table',
      isReadOnly = false,
      isClosed = false,
    }: { typeName?: 'table' | 'userdata'; isReadOnly?: boolean; isClosed?: boolean } = {},
  ) {
    this.entries = new Map(entries);
    this.typeName = typeName;
    this.isReadOnly = isReadOnly;
    this.isClosed = isClosed;
  }

  /** What is part of the library, and nobody's to change. */
  static library(entries: Readonly<Record<string, LuaValue>>): LuaTable {
    return new LuaTable(Object.entries(entries), { isReadOnly: true });
  }

  static ofList(items: readonly LuaValue[]): LuaTable {
    return new LuaTable(items.map((item, index) => [index + 1, item] as const));
  }

  get(key: LuaValue): LuaValue {
    return this.entries.get(key);
  }

  set(key: LuaValue, value: LuaValue): void {
    if (this.isReadOnly) throw new LuaError('Attempt to modify a readonly table');
    if (this.entries.size >= maxEntries) throw new LuaError('not enough memory');
    if (value === undefined) this.entries.delete(key);
    else this.entries.set(key, value);
  }

  /** Up to the first that is nil. */
  get list(): LuaValue[] {
    const items: LuaValue[] = [];
    for (let index = 1; this.entries.has(index) && this.entries.get(index) !== undefined; index += 1)
      items.push(this.entries.get(index));
    return items;
  }

  get pairs(): (readonly [LuaValue, LuaValue])[] {
    return [...this.entries];
  }
}

/** Thrown by `error` and by what goes wrong. */
export class LuaError extends Error {
  /**
   * A whole error reply, as `redis.call` gets it, which keeps its first word; a message that where it was thrown has yet
   * to be put before; or one that stands for itself.
   */
  readonly kind: 'reply' | 'unplaced' | 'plain';
  /** Of the script, where it is known. */
  line: number | undefined;

  constructor(message: string, kind: LuaError['kind'] = 'plain', line?: number) {
    super(message);
    this.kind = kind;
    this.line = line;
  }
}

export function typeOf(value: LuaValue): string {
  if (value === undefined) return 'nil';
  return value instanceof LuaTable ? value.typeName : typeof value;
}

/** As Lua prints it: `%.14g` for numbers. */
export function textOf(value: LuaValue): string {
  if (value === undefined) return 'nil';
  if (typeof value === 'number') return numberText(value);
  if (value instanceof LuaTable) return `${value.typeName}: 0x7f0000000000`;
  return typeof value === 'function' ? 'function: builtin' : String(value);
}

function numberText(value: number): string {
  if (!Number.isFinite(value)) return Number.isNaN(value) ? '-nan' : value > 0 ? 'inf' : '-inf';
  const rounded = Number(value.toPrecision(14));
  if (Math.abs(rounded) < 1e14) return String(rounded);
  return rounded.toExponential().replace(/e([+-])(\d)$/, 'e$10$2');
}

export function numberIn(value: LuaValue): number | undefined {
  if (typeof value === 'number') return value;
  if (typeof value !== 'string') return undefined;
  const text = value.trim();
  return /^[+-]?(?:0x[0-9a-f]+|(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?)$/i.test(text) ? Number(text) : undefined;
}
