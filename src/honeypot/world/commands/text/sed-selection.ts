/** Which lines a command of sed is for. */
import type { Regex } from '../regex.ts';
import type { SedInput } from './sed-input.ts';
import type { Address, Command } from './sed-syntax.ts';

/** What of the machine addresses look at. */
export interface Addressed {
  readonly input: SedInput;
  readonly space: string;
  /** The regular expression, or the last one where it is empty. */
  remembered(regex: Regex | undefined): Regex | undefined;
}

export class Selection {
  private readonly machine: Addressed;
  /** Ranges that are open, with the line that ends them, or 0 where an address tells. */
  private readonly open = new Map<Command, number>();
  private readonly started = new Set<Command>();

  constructor(machine: Addressed) {
    this.machine = machine;
  }

  isOpen(range: Command): boolean {
    return this.open.has(range);
  }

  async applies(command: Command): Promise<boolean> {
    const { first, second, isNegated } = command;
    if (first === undefined) return !isNegated;
    const holds =
      second === undefined ? await this.matches(first) : await this.isInRange(command, first, second);
    return holds !== isNegated;
  }

  private async matches(address: Address): Promise<boolean> {
    switch (address.kind) {
      case 'line':
        return this.machine.input.number === address.number;
      case 'last':
        return this.machine.input.isLast();
      case 'regex':
        return this.machine.remembered(address.regex)?.test(this.machine.space) ?? false;
      case 'step':
        return address.step === 0
          ? this.machine.input.number === address.first
          : this.machine.input.number >= address.first &&
              (this.machine.input.number - address.first) % address.step === 0;
      default:
        return false;
    }
  }

  private async isInRange(command: Command, first: Address, second: Address): Promise<boolean> {
    const end = this.open.get(command);
    if (end === undefined) {
      // `0,/x/` may end on the first line already.
      const isFromZero = first.kind === 'line' && first.number === 0 && !this.started.has(command);
      if (!isFromZero && !(await this.matches(first))) return false;
      this.started.add(command);
      if (isFromZero && (await this.matches(second))) return true;
      const last = this.endOf(second);
      if (last === 0 || last > this.machine.input.number) this.open.set(command, last);
      return true;
    }
    if (end > 0) {
      if (this.machine.input.number >= end) this.open.delete(command);
      return this.machine.input.number <= end;
    }
    if (await this.matches(second)) this.open.delete(command);
    return true;
  }

  private endOf(second: Address): number {
    switch (second.kind) {
      case 'line':
        return Math.max(second.number, 1);
      case 'more':
        return this.machine.input.number + second.count;
      case 'multiple':
        return second.of === 0
          ? this.machine.input.number
          : Math.ceil(this.machine.input.number / second.of) * second.of;
      default:
        return 0;
    }
  }
}
