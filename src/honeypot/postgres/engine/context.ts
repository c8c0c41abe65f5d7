/** What a query runs with: whose it is, what it may still use up, and where it tells what it did. */
import { setImmediate } from 'node:timers/promises';
import type { Recorded } from '../../decoy.ts';
import { failures, PgError } from '../failure.ts';
import type { Server } from '../server.ts';
import type { Session } from '../session.ts';
import { isList, type Type, type Value } from '../types.ts';
import type { Environment } from './scope.ts';

/** Steps of one query; about a microsecond each. */
const maxSteps = 1_000_000;
/** Steps after which others have their turn. */
const turn = 2500;
/** Bytes of all rows that a query holds or gives. */
const maxBytes = 20 << 20;
/** Views that one query is made of, views in views counted. */
const maxViews = 100;
/** Parts of the expressions that one statement is made of, of its views as well. */
const maxParts = 100_000;
/** Parameters of one query. */
const maxParams = 1000;
/** Functions that call functions. */
const maxDepth = 20;
/** Events of one kind that one query makes; more are counted. */
const maxTold = 50;
/** Characters of a text that one step gets through. */
const charsPerStep = 100;

/** What a query and all that it calls use up together. */
interface Budget {
  steps: number;
  views: number;
  sinceTurn: number;
  bytes: number;
  held: number;
}

/** Events of a query, and how many of each kind there would have been. */
class Telling {
  private readonly events: (readonly [type: string, what: Recorded])[] = [];
  private readonly counts = new Map<string, number>();

  add(type: string, what: Recorded): void {
    const count = (this.counts.get(type) ?? 0) + 1;
    this.counts.set(type, count);
    if (count <= maxTold) this.events.push([type, what]);
  }

  all(): (readonly [type: string, what: Recorded])[] {
    const more = [...this.counts].filter(([, count]) => count > maxTold);
    return [
      ...this.events,
      ...more.map(([type, count]) => [type, { texts: [], data: { more: count - maxTold } }] as const),
    ];
  }
}

export class Context {
  readonly session: Session;
  readonly server: Server;
  readonly params: readonly Value[];
  /** Of parameters; those that nobody told are found out. */
  readonly paramTypes: Type[];
  /** How many parameters there may be: none in a query that comes alone. */
  readonly mostParams: number;
  /** Parameters have their values, which are constants therefore. */
  isBound = false;
  /** Functions within functions. */
  readonly depth: number;
  /** Of what is the same whatever the rows are; computed before the first of them. */
  readonly constants = new Set<(environment: Environment) => unknown>();
  private readonly telling: Telling;
  private readonly budget: Budget;
  private parts = maxParts;

  constructor(
    session: Session,
    params?: readonly Value[],
    paramTypes: readonly Type[] = [],
    outer?: Context,
  ) {
    this.session = session;
    this.server = session.server;
    this.params = params ?? [];
    this.mostParams = params === undefined ? 0 : maxParams;
    this.paramTypes = [...paramTypes];
    this.telling = outer?.telling ?? new Telling();
    this.depth = outer === undefined ? 0 : outer.depth + 1;
    this.budget = outer?.budget ?? {
      steps: maxSteps,
      views: maxViews,
      sinceTurn: 0,
      bytes: maxBytes,
      held: 0,
    };
  }

  /** Of what a query calls, which has parameters of its own. @throws PgError where it is too deep */
  inside(params: readonly Value[] = [], paramTypes: readonly Type[] = []): Context {
    if (this.depth >= maxDepth) throw failures.tooDeep();
    return new Context(this.session, params, paramTypes, this);
  }

  /** @returns what to wait for before going on, where others wait. @throws PgError where it was too much */
  step(count = 1): Promise<void> | undefined {
    this.budget.steps -= count;
    if (this.budget.steps < 0) throw failures.canceled('statement timeout');
    if (this.session.cancel.signal.aborted) throw failures.canceled('user request');
    return this.pause(count);
  }

  /** For work whose amount other steps bound. @returns as `step` */
  pause(count = 1): Promise<void> | undefined {
    const { budget } = this;
    budget.sinceTurn += count;
    if (budget.sinceTurn < turn) return undefined;
    budget.sinceTurn = 0;
    return setImmediate();
  }

  /** The steps that texts and lists take beside those of the work itself. */
  stepThrough(values: readonly Value[], count: number): Promise<void> | undefined {
    let length = 0;
    for (const value of values)
      if (typeof value === 'string' || Buffer.isBuffer(value)) length += value.length;
      else if (value !== null && isList(value)) length += 8 * value.length;
    return this.step(count + Math.floor(length / charsPerStep));
  }

  /** A statement begins, or one that it runs. */
  beginStatement(): void {
    this.parts = maxParts;
  }

  /** A part of an expression is made ready; that goes on without a pause. @throws PgError */
  countPart(): void {
    this.parts -= 1;
    this.budget.steps -= 1;
    this.budget.sinceTurn += 1;
    if (this.parts < 0 || this.budget.steps < 0) throw failures.tooMuch();
  }

  /** @throws PgError where views go in circles */
  enterView(name: string): void {
    this.budget.views -= 1;
    if (this.budget.views < 0)
      throw new PgError(
        '42P17',
        `infinite recursion detected in rules for relation "${name}"`,
        'rewriteHandler.c:2019:fireRIRrules',
      );
  }

  /** @throws PgError where this query, or all queries together, hold too much */
  hold(bytes: number): void {
    this.budget.bytes -= bytes;
    if (this.budget.bytes < 0) throw failures.tooMuch();
    try {
      this.server.working.take(bytes);
    } catch {
      throw failures.tooMuch();
    }
    this.budget.held += bytes;
  }

  /** Nothing of the query is needed any more. */
  release(): void {
    this.server.working.take(-this.budget.held);
    this.budget.held = 0;
  }

  tell(type: string, what: Recorded): void {
    this.telling.add(type, what);
  }

  get told(): readonly (readonly [type: string, what: Recorded])[] {
    return this.telling.all();
  }
}
