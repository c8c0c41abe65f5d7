/** Values of expressions. */
import type { Run } from '../../program.ts';
import type { Regex } from '../regex.ts';
import { fault } from '../tool.ts';
import { callBuiltin } from './functions.ts';
import { AwkInput, AwkOutput } from './io.ts';
import { AwkMemory } from './memory.ts';
import type { Expression, Target } from './syntax.ts';
import { compare, inputValue, isTrue, numberOf, textOf, type Value } from './values.ts';

export abstract class AwkEvaluation extends AwkMemory {
  readonly output: AwkOutput;
  /** Of rand and srand. */
  seed = 0;
  previousSeed = 0;
  protected readonly input: AwkInput;

  constructor(run: Run) {
    super(run);
    this.output = new AwkOutput(run);
    this.input = new AwkInput(this);
  }

  /** Of a function that the program defines. */
  protected abstract call(name: string, args: readonly Expression[]): Promise<Value>;

  async key(keys: readonly Expression[]): Promise<string> {
    const parts: string[] = [];
    for (const one of keys) parts.push(this.text(await this.value(one)));
    return parts.join(textOf(this.globals.get('SUBSEP')));
  }

  async assign(target: Target, value: Value): Promise<Value> {
    switch (target.kind) {
      case 'variable':
        this.setVariable(target.name, value);
        break;
      case 'field':
        this.setField(numberOf(await this.value(target.index)), value);
        break;
      case 'element':
        this.setElement(this.array(target.name), await this.key(target.keys), value);
    }
    return value;
  }

  async pattern(expression: Expression): Promise<Regex> {
    return expression.kind === 'regex'
      ? expression.regex
      : this.regexFor(this.text(await this.value(expression)));
  }

  async value(expression: Expression): Promise<Value> {
    switch (expression.kind) {
      case 'number':
      case 'string':
        return expression.value;
      case 'regex':
        return expression.regex.test(this.whole()) ? 1 : 0;
      case 'variable':
        return this.variable(expression.name);
      case 'field':
        return this.field(numberOf(await this.value(expression.index)));
      case 'element': {
        const array = this.array(expression.name);
        const key = await this.key(expression.keys);
        if (!array.has(key)) this.setElement(array, key, undefined);
        return array.get(key);
      }
      case 'assign': {
        const { operator, target } = expression;
        const value = await this.value(expression.value);
        if (operator === '=') return this.assign(target, value);
        const before = numberOf(await this.value(target));
        return this.assign(target, calculated(this.run, operator[0]!, before, numberOf(value)));
      }
      case 'increment': {
        const before = numberOf(await this.value(expression.target));
        await this.assign(expression.target, before + expression.by);
        return expression.isBefore ? before + expression.by : before;
      }
      case 'unary': {
        const one = await this.value(expression.one);
        if (expression.operator === '!') return isTrue(one) ? 0 : 1;
        return expression.operator === '-' ? -numberOf(one) : numberOf(one);
      }
      case 'binary':
        return this.binary(expression);
      case 'match': {
        const text = this.text(await this.value(expression.text));
        const regex = await this.pattern(expression.pattern);
        return regex.test(text) !== expression.isNegated ? 1 : 0;
      }
      case 'in':
        return this.array(expression.name).has(await this.key(expression.keys)) ? 1 : 0;
      case 'choice':
        return this.value(isTrue(await this.value(expression.test)) ? expression.yes : expression.no);
      case 'group': {
        let last: Value;
        for (const one of expression.list) last = await this.value(one);
        return last;
      }
      case 'call':
        return expression.isBuiltin
          ? callBuiltin(this, expression.name, expression.args)
          : this.call(expression.name, expression.args);
      case 'getline':
        return this.getline(expression);
    }
  }

  private async binary({
    operator,
    left,
    right,
  }: Extract<Expression, { readonly kind: 'binary' }>): Promise<Value> {
    if (operator === '&&') return isTrue(await this.value(left)) && isTrue(await this.value(right)) ? 1 : 0;
    if (operator === '||') return isTrue(await this.value(left)) || isTrue(await this.value(right)) ? 1 : 0;
    const a = await this.value(left);
    const b = await this.value(right);
    switch (operator) {
      case ' ':
        return this.bounded(this.text(a) + this.text(b));
      case '<':
        return compare(a, b) < 0 ? 1 : 0;
      case '<=':
        return compare(a, b) <= 0 ? 1 : 0;
      case '==':
        return compare(a, b) === 0 ? 1 : 0;
      case '!=':
        return compare(a, b) !== 0 ? 1 : 0;
      case '>':
        return compare(a, b) > 0 ? 1 : 0;
      case '>=':
        return compare(a, b) >= 0 ? 1 : 0;
      default:
        return calculated(this.run, operator, numberOf(a), numberOf(b));
    }
  }

  private async getline({
    target,
    source,
  }: Extract<Expression, { readonly kind: 'getline' }>): Promise<Value> {
    if (source === undefined) {
      const record = await this.input.nextRecord();
      if (record === undefined) return 0;
      if (target === undefined) this.setRecord(record);
      else await this.assign(target, inputValue(record));
      return 1;
    }
    const name = this.text(await this.value(source.name));
    const line = await this.input.lineOf(source.kind, name);
    if (typeof line === 'number') return line;
    if (target === undefined) {
      this.setRecord(line);
      if (source.kind === 'command') this.globals.set('NR', numberOf(this.globals.get('NR')) + 1);
    } else await this.assign(target, inputValue(line));
    return 1;
  }

  /** @returns 0, or -1 where there is nothing of that name */
  async close(name: string): Promise<number> {
    const isInput = this.input.close(name);
    return (await this.output.close(name)) || isInput ? 0 : -1;
  }
}

function calculated(run: Run, operator: string, a: number, b: number): number {
  switch (operator) {
    case '+':
      return a + b;
    case '-':
      return a - b;
    case '*':
      return a * b;
    case '/':
      if (b === 0) throw fault(run, 'division by zero', 2);
      return a / b;
    case '%':
      if (b === 0) throw fault(run, 'division by zero in %', 2);
      return a % b;
    default:
      return a ** b;
  }
}
