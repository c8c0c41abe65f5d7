/**
 * What expressions of program code come to, as far as the code alone tells: strings joined, sliced, reversed, decoded,
 * put together from character codes. Nothing is run; loops, conditions and input are unknown. Every call is reported
 * with the arguments that are known.
 */
import { formatted, functions, longestText, type Value } from './code-function.ts';
import type { Node } from './code-syntax.ts';

export interface Call {
  /** `os.system`, with what is before it resolved: `__import__('os').system`, `getattr(os, 'sys' + 'tem')`. */
  readonly path: string;
  readonly args: readonly Value[];
  /** What stands before the dot. */
  readonly self: Value;
}

export interface Evaluation {
  readonly calls: readonly Call[];
  /** Texts that no call was given whole: assigned, joined, between backticks. */
  readonly texts: readonly string[];
  /** Shell text between backticks. */
  readonly shell: readonly string[];
}

/** Steps of one piece of code, calls that are kept, characters that joins and functions are given and make, functions in functions. */
const limits = { steps: 60_000, calls: 2000, output: 2 << 20, applications: 8 } as const;

interface Lambda {
  readonly names: readonly string[];
  readonly body: Node;
}

export function evaluateCode(program: readonly Node[]): Evaluation {
  const calls: Call[] = [];
  const texts: string[] = [];
  const shell: string[] = [];
  const values = new Map<string, Value>();
  const lambdas = new Map<string, Lambda>();
  /** `s = os.system`: another name for the same. */
  const aliases = new Map<string, string>();
  let steps: number = limits.steps;
  let applications = 0;
  let output: number = limits.output;

  for (const statement of program) {
    if (steps <= 0) break;
    const value = evaluate(statement);
    if (typeof value === 'string' && texts.length < limits.calls) texts.push(value);
  }
  return { calls, texts, shell };

  function evaluate(node: Node): Value {
    if (steps-- <= 0) return undefined;
    switch (node.kind) {
      case 'value':
        return node.fills === undefined ? node.value : filled(`${node.value}`, node.fills);
      case 'shell':
        if (shell.length < limits.calls) shell.push(node.text);
        return undefined;
      case 'name':
        return values.get(node.name);
      case 'member':
        evaluate(node.of);
        return undefined;
      case 'call':
        return call(node);
      case 'index':
        return indexed(node);
      case 'list':
        return node.items.map(evaluate);
      case 'each':
        return each(node);
      case 'lambda':
        return undefined;
      case 'binary':
        return chain(node);
      case 'assign':
        return assign(node);
      case 'unknown':
        return undefined;
    }
  }

  /** A text with the variables that are known in their places. */
  function filled(text: string, fills: RegExp): Value {
    let room = Math.min(longestText, output) - text.length;
    return bounded(
      text.replace(fills, (whole, name: string) => {
        const value = values.get(name);
        const shown = typeof value === 'string' || typeof value === 'number' ? `${value}` : whole;
        room -= shown.length;
        return room < 0 ? whole : shown;
      }),
    );
  }

  function assign({ name, sign, value }: Node & { kind: 'assign' }): Value {
    const known = evaluate(value);
    const before = values.get(name);
    const whole = sign === '=' ? known : joinedPair(before, known);
    values.set(name, whole);
    if (value.kind === 'lambda') lambdas.set(name, value);
    else if (whole === undefined && value.kind !== 'call') aliases.set(name, pathOf(value));
    return whole;
  }

  function call({ of, args: nodes }: Node & { kind: 'call' }): Value {
    const args = nodes.map(evaluate);
    const path = pathOf(of);
    const self = of.kind === 'member' ? evaluate(of.of) : undefined;
    if (of.kind === 'call') evaluate(of);
    if (calls.length < limits.calls) calls.push({ path, args, self });
    const lambda = of.kind === 'lambda' ? of : lambdas.get(path);
    if (lambda !== undefined) return applied(lambda, args);
    const last = path.slice(path.lastIndexOf('.') + 1);
    if (last === 'map') return mapped(nodes[0], args[1]);
    const work = functions.get(last);
    if (work === undefined || output < 0) return undefined;
    for (const one of [self, ...args]) output -= sizeOf(one);
    return bounded(work(args, self));
  }

  /** `map(chr, [104, 105])`. */
  function mapped(work: Node | undefined, over: Value): Value {
    if (work === undefined || !Array.isArray(over)) return undefined;
    if (work.kind === 'lambda') return over.map((one) => applied(work, [one]));
    const known = functions.get(pathOf(work));
    return known === undefined
      ? undefined
      : over.map((one) => (steps-- > 0 ? known([one], undefined) : undefined));
  }

  function applied({ names, body }: Lambda, args: readonly Value[]): Value {
    // A function that calls itself has no end here, since conditions are not followed.
    if (applications >= limits.applications) return undefined;
    applications++;
    const before = names.map((name) => values.get(name));
    for (const [index, name] of names.entries()) values.set(name, args[index]);
    const result = evaluate(body);
    for (const [index, name] of names.entries()) values.set(name, before[index]);
    applications--;
    return result;
  }

  function each({ body, name, over }: Node & { kind: 'each' }): Value {
    const list = evaluate(over);
    const elements =
      typeof list === 'string' ? [...list.slice(0, limits.steps)] : Array.isArray(list) ? list.flat() : [];
    // `map { chr } LIST` of Perl leaves the element out.
    const isBare = body.kind === 'name' && functions.has(body.name) && name === '$_';
    const call: Node = { kind: 'call', of: body, args: [{ kind: 'name', name }] };
    return elements.map((element) =>
      steps > 0 ? applied({ names: [name], body: isBare ? call : body }, [element]) : undefined,
    );
  }

  /** Long joins lean to the left: followed in a loop, because each is a level of the tree. */
  function chain(node: Node & { kind: 'binary' }): Value {
    const rights: (readonly [sign: string, right: Node])[] = [];
    let left: Node = node;
    while (left.kind === 'binary') {
      rights.push([left.sign, left.right]);
      left = left.left;
    }
    let value = evaluate(left);
    for (const [sign, right] of rights.reverse()) value = operated(sign, value, evaluate(right));
    return value;
  }

  function operated(sign: string, left: Value, right: Value): Value {
    if (typeof left === 'number' && typeof right === 'number') return calculated(sign, left, right);
    if (sign === '%' && typeof left === 'string') {
      const list = (Array.isArray(right) ? right : [right]).filter(
        (one) => typeof one === 'string' || typeof one === 'number',
      );
      return bounded(formatted(left, list));
    }
    if ((sign === '*' || sign === 'x') && typeof left === 'string' && typeof right === 'number')
      return left.length * right > longestText
        ? undefined
        : bounded(left.repeat(Math.max(0, Math.floor(right))));
    return sign === '+' || sign === '.' || sign === '..' ? joinedPair(left, right) : undefined;
  }

  function joinedPair(left: Value, right: Value): Value {
    if (output < 0) return undefined;
    if (Array.isArray(left) && Array.isArray(right)) return bounded([...left, ...right]);
    const isText = typeof left === 'string' || typeof right === 'string';
    if (!isText || left === undefined || right === undefined || Array.isArray(left) || Array.isArray(right)) {
      // What is known of the end of a text may be a URL all the same.
      return typeof left === 'string' ? left : undefined;
    }
    return bounded(`${left}${right}`);
  }

  function bounded(value: Value): Value {
    const size = sizeOf(value);
    output -= size;
    return size > longestText || output < 0 ? undefined : value;
  }

  function indexed({ of, from, slice }: Node & { kind: 'index' }): Value {
    const value = evaluate(of);
    if (typeof value !== 'string' && !Array.isArray(value)) return undefined;
    const start = from && evaluate(from);
    if (slice === undefined) {
      if (typeof start !== 'number') return undefined;
      return typeof value === 'string' ? value.at(start) : (value.at(start) as Value);
    }
    const end = slice.to && evaluate(slice.to);
    const step = slice.step && evaluate(slice.step);
    const whole = typeof step === 'number' && step < 0 ? reversedOf(value) : value;
    const part = whole.slice(
      typeof start === 'number' ? start : 0,
      typeof end === 'number' ? end : undefined,
    );
    const every = typeof step === 'number' ? Math.max(1, Math.abs(Math.floor(step))) : 1;
    if (every === 1) return bounded(part);
    return typeof part === 'string'
      ? [...part].filter((_, at) => at % every === 0).join('')
      : part.filter((_, at) => at % every === 0);
  }

  /** Dotted; `__import__('os')` and `require('os')` are `os`, `x['a' + 'b']` and `getattr(x, 'ab')` are `x.ab`. */
  function pathOf(node: Node): string {
    switch (node.kind) {
      case 'name':
        return aliases.get(node.name) ?? node.name;
      case 'member':
        return `${pathOf(node.of)}.${node.name}`.slice(-maxPath);
      case 'index':
        return `${pathOf(node.of)}.${textOf(node.from)}`.slice(-maxPath);
      case 'call': {
        const outer = pathOf(node.of);
        const [first, second] = node.args;
        if (/(?:^|\.)(?:__import__|import_module|require)$/.test(outer)) return textOf(first);
        return outer === 'getattr' && first !== undefined
          ? `${pathOf(first)}.${textOf(second)}`.slice(-maxPath)
          : outer;
      }
      default:
        return '';
    }
  }

  function textOf(node: Node | undefined): string {
    const value = node && evaluate(node);
    return typeof value === 'string' ? value.slice(0, maxPath) : '';
  }
}

const maxPath = 200;

function sizeOf(value: Value): number {
  return typeof value === 'string' || Array.isArray(value) ? value.length : 0;
}

function reversedOf(value: string | readonly Value[]): string | readonly Value[] {
  return typeof value === 'string' ? [...value].reverse().join('') : value.toReversed();
}

function calculated(sign: string, left: number, right: number): number | undefined {
  switch (sign) {
    case '+':
      return left + right;
    case '-':
      return left - right;
    case '*':
      return left * right;
    case '/':
      return right === 0 ? undefined : left / right;
    case '%':
      return right === 0 ? undefined : left % right;
    case '^':
      return left ^ right;
    case '&':
      return left & right;
    case '|':
      return left | right;
    default:
      return undefined;
  }
}
