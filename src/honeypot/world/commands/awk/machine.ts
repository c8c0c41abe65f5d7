/** Runs programs of awk. */
import { Ended, type Run } from '../../program.ts';
import { fault } from '../tool.ts';
import { AwkEvaluation } from './evaluation.ts';
import type { AwkArray, Frame } from './memory.ts';
import type { AwkFunction, AwkProgram, Expression, Statement } from './syntax.ts';
import { inputValue, isTrue, numberOf, sprintf, textOf, type Value } from './values.ts';

/** How a statement ended that leaves what it is in. */
type Leave = 'next' | 'nextfile' | 'break' | 'continue' | 'exit' | 'return' | undefined;

/** Functions in each other. */
const deepestCall = 200;
const killed = 137;

export class AwkMachine extends AwkEvaluation {
  private readonly program: AwkProgram;
  private readonly ranges = new Set<number>();
  private returned: Value;
  private exitCode = 0;
  private steps = 0;

  constructor(run: Run, program: AwkProgram) {
    super(run);
    this.program = program;
  }

  /** An exit goes on to END, and one in END ends it. @returns the exit code */
  async all(): Promise<number> {
    const leave = await this.phase('begin');
    const needsInput = this.program.rules.some(({ pattern }) => pattern.kind !== 'begin');
    if (leave !== 'exit' && needsInput) await this.records();
    await this.phase('end');
    await this.output.closeAll();
    return this.exitCode;
  }

  private async phase(kind: 'begin' | 'end'): Promise<Leave> {
    for (const { pattern, action } of this.program.rules) {
      if (pattern.kind !== kind || action === undefined) continue;
      const leave = await this.execute(action);
      if (leave === 'exit') return leave;
    }
    return undefined;
  }

  private async records(): Promise<void> {
    for (;;) {
      const record = await this.input.nextRecord();
      if (record === undefined) return;
      this.setRecord(record);
      const leave = await this.rules();
      if (leave === 'exit') return;
      if (leave === 'nextfile') this.input.skipFile();
    }
  }

  private async rules(): Promise<Leave> {
    for (const [index, { pattern, action }] of this.program.rules.entries()) {
      if (pattern.kind === 'begin' || pattern.kind === 'end') continue;
      if (pattern.kind === 'test' && !isTrue(await this.value(pattern.test))) continue;
      if (pattern.kind === 'range' && !(await this.isInRange(index, pattern.first, pattern.last))) continue;
      if (action === undefined) {
        await this.output.write(undefined, this.whole() + textOf(this.globals.get('ORS')));
        continue;
      }
      const leave = await this.execute(action);
      if (leave === 'next' || leave === 'nextfile' || leave === 'exit') return leave;
    }
    return undefined;
  }

  private async isInRange(index: number, first: Expression, last: Expression): Promise<boolean> {
    if (!this.ranges.has(index)) {
      if (!isTrue(await this.value(first))) return false;
      this.ranges.add(index);
    }
    if (isTrue(await this.value(last))) this.ranges.delete(index);
    return true;
  }

  private async execute(statement: Statement): Promise<Leave> {
    this.steps += 1;
    if (this.steps % 50 === 0) await this.run.work(200);
    switch (statement.kind) {
      case 'expression':
        await this.value(statement.value);
        return undefined;
      case 'block':
        for (const one of statement.list) {
          const leave = await this.execute(one);
          if (leave !== undefined) return leave;
        }
        return undefined;
      case 'print':
      case 'printf':
        await this.print(statement);
        return undefined;
      case 'if':
        if (isTrue(await this.value(statement.test))) return this.execute(statement.yes);
        return statement.no === undefined ? undefined : this.execute(statement.no);
      case 'while':
      case 'do':
      case 'for':
        return this.loop(statement);
      case 'each':
        return this.each(statement);
      case 'next':
      case 'nextfile':
      case 'break':
      case 'continue':
        return statement.kind;
      case 'exit':
        if (statement.value !== undefined)
          this.exitCode = Math.trunc(numberOf(await this.value(statement.value))) & 255;
        return 'exit';
      case 'return':
        this.returned = statement.value === undefined ? undefined : await this.value(statement.value);
        return 'return';
      case 'delete': {
        const array = this.array(statement.name);
        const keys = statement.keys === undefined ? [...array.keys()] : [await this.key(statement.keys)];
        for (const key of keys) this.deleteElement(array, key);
        return undefined;
      }
    }
  }

  private async loop(
    statement: Extract<Statement, { readonly kind: 'while' | 'do' | 'for' }>,
  ): Promise<Leave> {
    if (statement.kind === 'for' && statement.first !== undefined) await this.execute(statement.first);
    let isFirst = statement.kind === 'do';
    for (;;) {
      if (!isFirst && statement.test !== undefined && !isTrue(await this.value(statement.test)))
        return undefined;
      isFirst = false;
      const leave = await this.execute(statement.body);
      if (leave === 'break') return undefined;
      if (leave !== undefined && leave !== 'continue') return leave;
      if (statement.kind === 'for' && statement.step !== undefined) await this.execute(statement.step);
    }
  }

  private async each({
    variable,
    array,
    body,
  }: Extract<Statement, { readonly kind: 'each' }>): Promise<Leave> {
    for (const key of [...this.array(array).keys()]) {
      this.setVariable(variable, inputValue(key));
      const leave = await this.execute(body);
      if (leave === 'break') return undefined;
      if (leave !== undefined && leave !== 'continue') return leave;
    }
    return undefined;
  }

  private async print({
    kind,
    args,
    output,
  }: Extract<Statement, { readonly kind: 'print' | 'printf' }>): Promise<void> {
    const values: Value[] = [];
    for (const arg of args) values.push(await this.value(arg));
    const ofmt = textOf(this.globals.get('OFMT'));
    const text =
      kind === 'printf'
        ? sprintf(this.text(values[0]), values.slice(1))
        : (values.length === 0
            ? this.whole()
            : values.map((value) => textOf(value, ofmt)).join(textOf(this.globals.get('OFS')))) +
          textOf(this.globals.get('ORS'));
    const to = output && { operator: output.operator, name: this.text(await this.value(output.name)) };
    await this.output.write(to, text);
  }

  protected async call(name: string, args: readonly Expression[]): Promise<Value> {
    const called = this.program.functions.get(name);
    if (called === undefined) throw fault(this.run, `function ${name} never defined`, 2);
    if (this.frames.length >= deepestCall) throw new Ended(killed);
    const frame = await this.frameFor(called, args);
    this.frames.push(frame);
    this.returned = undefined;
    const leave = await this.execute(called.body);
    this.frames.pop();
    const value = this.returned;
    this.returned = undefined;
    if (leave === 'exit') throw new ExitInFunction(this.exitCode);
    return value;
  }

  /** Arrays are handed over as they are, everything else by its value. */
  private async frameFor({ parameters }: AwkFunction, args: readonly Expression[]): Promise<Frame> {
    const scalars = new Map<string, Value>();
    const arrays = new Map<string, AwkArray>();
    for (const [index, parameter] of parameters.entries()) {
      const arg = args[index];
      if (arg === undefined) continue;
      const isArray = arg.kind === 'variable' && this.isArray(arg.name);
      if (isArray) arrays.set(parameter, this.array(arg.name));
      else {
        const value = await this.value(arg);
        scalars.set(parameter, value);
        // What was never used may turn out to be an array there, and is then the caller's.
        if (arg.kind === 'variable' && value === undefined) arrays.set(parameter, this.array(arg.name));
      }
    }
    return { scalars, arrays, names: new Set(parameters) };
  }
}

/** An exit inside a function: it unwinds expressions. */
export class ExitInFunction extends Error {
  readonly exitCode: number;

  constructor(exitCode: number) {
    super('exit');
    this.exitCode = exitCode;
  }
}
