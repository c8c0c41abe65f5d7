/**
 * Variables of one shell. Values never change in place but arrays, which a forked shell copies before it writes to
 * them. Local variables are kept as dash does it: a function remembers what was there before, and puts it back.
 */
import { type Computed, computed } from './computed.ts';
import { Failure } from './failure.ts';
import type { Shell } from './shell.ts';

/** Of an array: by number, or by key for `declare -A`. */
export interface Elements {
  readonly owner: symbol;
  readonly isKeyed: boolean;
  readonly map: Map<number | string, string>;
}

export interface Variable {
  /** Absent where it is only declared. */
  readonly value?: string | Elements;
  readonly isExported?: boolean;
  readonly isReadonly?: boolean;
  /** `declare -i`. */
  readonly isInteger?: boolean;
  /** `declare -l` and `declare -u`. */
  readonly letters?: 'lower' | 'upper';
  /** `declare -n`: the name of another. */
  readonly isReference?: boolean;
}

/** What one variable costs beside its text, in bytes. */
const cost = 64;

export class Variables {
  private readonly shell: Shell;
  private readonly owner = Symbol('variables');
  private readonly map: Map<string, Variable>;
  /** For each function that runs: what its local variables were before. */
  private readonly frames: Map<string, Variable | undefined>[];
  private held = 0;

  constructor(shell: Shell, from?: Variables) {
    this.shell = shell;
    this.map = new Map(from?.map);
    this.frames = from?.frames.map((frame) => new Map(frame)) ?? [];
  }

  /** Gives back what was held beyond the shell that it was forked from. */
  close(): void {
    this.shell.kernel.budget.hold(-this.held);
    this.held = 0;
  }

  find(name: string): Variable | undefined {
    const variable = this.map.get(this.target(name));
    const source = variable?.value === undefined ? this.computed(name) : undefined;
    if (source === undefined) return variable;
    const value = source.get(this.shell);
    return source.isReadonly ? { ...variable, value, isReadonly: true } : { ...variable, value };
  }

  /** Its text: of an array what is at 0. */
  get(name: string): string | undefined {
    const value = this.find(name)?.value;
    return typeof value === 'object' ? value.map.get(value.isKeyed ? '0' : 0) : value;
  }

  /** @throws Failure where it is read-only */
  set(name: string, text: string): void {
    const target = this.target(name);
    const source = this.computed(target);
    const before = this.map.get(target);
    this.requireWritable(target, before);
    if (source?.isReadonly) throw new ReadonlyFailure(target);
    if (source?.set !== undefined) source.set(this.shell, text);
    else if (typeof before?.value === 'object') this.setElement(target, before.value.isKeyed ? '0' : 0, text);
    else this.put(target, { ...before, value: cased(text, before) });
  }

  setElement(name: string, key: number | string, text: string): void {
    const target = this.target(name);
    const before = this.map.get(target);
    this.requireWritable(target, before);
    const elements = this.ownElements(before?.value, typeof key === 'string');
    const old = elements.map.get(key);
    this.hold(text.length - (old?.length ?? -cost));
    elements.map.set(key, cased(text, before));
    this.map.set(target, { ...before, value: elements });
  }

  /** In place of all that was in it. */
  setElements(name: string, entries: Iterable<readonly [number | string, string]>, isKeyed: boolean): void {
    const target = this.target(name);
    const before = this.map.get(target);
    this.requireWritable(target, before);
    const elements: Elements = { owner: this.owner, isKeyed, map: new Map() };
    for (const [key, text] of entries) elements.map.set(key, cased(text, before));
    this.put(target, { ...before, value: elements });
  }

  /** Changes attributes, and makes the variable if there is none. */
  declare(name: string, attributes: Omit<Variable, 'value'>): void {
    const target = attributes.isReference === undefined ? this.target(name) : name;
    const before = this.map.get(target);
    if (before?.isReadonly && attributes.isReadonly === false) this.requireWritable(target, before);
    this.put(target, { ...before, ...attributes });
  }

  /** @returns false where it is read-only */
  unset(name: string): boolean {
    const target = this.target(name);
    if (this.map.get(target)?.isReadonly || this.computed(target)?.isReadonly) return false;
    this.drop(target);
    return true;
  }

  unsetElement(name: string, key: number | string): void {
    const target = this.target(name);
    const before = this.map.get(target);
    this.requireWritable(target, before);
    if (typeof before?.value !== 'object') return;
    const elements = this.ownElements(before.value, before.value.isKeyed);
    elements.map.delete(key);
    this.map.set(target, { ...before, value: elements });
  }

  isKeyed(name: string): boolean {
    const value = this.find(name)?.value;
    return typeof value === 'object' && value.isKeyed;
  }

  /** For the environment of a program. */
  exported(): Map<string, string> {
    const found = new Map<string, string>();
    for (const [name, { isExported, value }] of this.map)
      if (isExported && typeof value === 'string') found.set(name, value);
    return found;
  }

  /** All that are set, in the order of their names. */
  names(): string[] {
    return [...new Set([...this.map.keys(), ...computed[this.shell.dialect.name].keys()])].sort();
  }

  enterFunction(): void {
    this.frames.push(new Map());
  }

  leaveFunction(): void {
    const frame = this.frames.pop();
    for (const [name, before] of frame ?? []) {
      if (before === undefined) this.drop(name);
      else this.put(name, before);
    }
  }

  get isInFunction(): boolean {
    return this.frames.length > 0;
  }

  /** Until the function returns. @param keeps its value, as dash does */
  makeLocal(name: string, keeps: boolean): void {
    const frame = this.frames.at(-1)!;
    const before = this.map.get(name);
    if (frame.has(name)) return;
    frame.set(name, before);
    if (!keeps) this.drop(name);
  }

  /** For the time of one command. @returns puts back what was there */
  replaceFor(names: readonly string[]): () => void {
    const before = names.map((name) => [name, this.map.get(name)] as const);
    return () => {
      for (const [name, variable] of before) {
        if (variable === undefined) this.drop(name);
        else this.put(name, variable);
      }
    };
  }

  private computed(name: string): Computed | undefined {
    return computed[this.shell.dialect.name].get(name);
  }

  private requireWritable(name: string, variable: Variable | undefined): void {
    if (variable?.isReadonly) throw new ReadonlyFailure(name);
  }

  /** What a reference leads to. */
  private target(name: string): string {
    let target = name;
    for (let hops = 0; hops < 8; hops++) {
      const variable = this.map.get(target);
      if (!variable?.isReference || typeof variable.value !== 'string' || variable.value === '') break;
      target = variable.value;
    }
    return target;
  }

  private ownElements(value: Variable['value'], isKeyed: boolean): Elements {
    if (typeof value === 'object' && value.owner === this.owner) return value;
    const map = typeof value === 'object' ? new Map(value.map) : new Map<number | string, string>();
    if (typeof value === 'string') map.set(isKeyed ? '0' : 0, value);
    return { owner: this.owner, isKeyed: typeof value === 'object' ? value.isKeyed : isKeyed, map };
  }

  private put(name: string, variable: Variable): void {
    this.hold(sizeOf(variable) - sizeOf(this.map.get(name)));
    this.map.set(name, variable);
  }

  private drop(name: string): void {
    this.hold(-sizeOf(this.map.get(name)));
    this.map.delete(name);
  }

  private hold(bytes: number): void {
    this.shell.kernel.budget.hold(bytes);
    this.held += bytes;
  }
}

export class ReadonlyFailure extends Failure {
  readonly variable: string;

  constructor(variable: string) {
    super(`${variable}: readonly variable`);
    this.variable = variable;
  }
}

/** In the order of their numbers, or in which they came. */
export function keysOf({ map, isKeyed }: Elements): (number | string)[] {
  const keys = [...map.keys()];
  return isKeyed ? keys : keys.sort((a, b) => Number(a) - Number(b));
}

function cased(text: string, variable: Variable | undefined): string {
  if (variable?.letters === 'lower') return text.toLowerCase();
  return variable?.letters === 'upper' ? text.toUpperCase() : text;
}

function sizeOf(variable: Variable | undefined): number {
  if (variable === undefined) return 0;
  const { value } = variable;
  if (typeof value !== 'object') return cost + (value?.length ?? 0);
  let size = cost;
  for (const text of value.map.values()) size += cost + text.length;
  return size;
}
