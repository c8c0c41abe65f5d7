/** What a query runs with: whose it is, what it may still use up, and where it tells what it did. */

import { setImmediate } from 'node:timers/promises';
import type { Recorded } from '../../decoy.ts';
import { failures, PgError } from '../failure.ts';
import type { Server } from '../server.ts';
import type { Session } from '../session.ts';
import type { Type, Value } from '../types.ts';
import type { Environment } from './scope.ts';

/** Steps of one query; about a microsecond each. */
const maxSteps = 1_000_000;
/** Steps after which others have their turn. */
const turn = 5000;
/** Bytes of all rows that a query holds or gives. */
const maxBytes = 16 << 20;
/** Views that one query is made of, views in views counted. */
const maxViews = 100;
/** Parameters of one query. */
const maxParams = 1000;
/** Functions that call functions. */
const maxDepth = 20;

/** What a query and all that it calls use up together. */
interface Budget {
  steps: number;
  views: number;
  sinceTurn: number;
  bytes: number;
}

export class Context {
  readonly session: Session;
  readonly server: Server;
  readonly params: readonly Value[];
  /** Of parameters; those that nobody told are found out. */
  readonly paramTypes: Type[];
  readonly told: (readonly [type: string, what: Recorded])[];
  /** How many parameters there may be: none in a query that comes alone. */
  readonly mostParams: number;
  /** Functions within functions. */
  readonly depth: number;
  /** Of what is the same whatever the rows are; computed before the first of them. */
  readonly constants = new Set<(environment: Environment) => unknown>();
  private readonly budget: Budget;

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
    this.told = outer?.told ?? [];
    this.depth = outer === undefined ? 0 : outer.depth + 1;
    this.budget = outer?.budget ?? { steps: maxSteps, views: maxViews, sinceTurn: 0, bytes: maxBytes };
  }

  /** Of what a query calls, which has parameters of its own. @throws PgError where it is too deep */
  inside(params: readonly Value[] = [], paramTypes: readonly Type[] = []): Context {
    if (this.depth >= maxDepth)
      throw new PgError('54001', 'stack depth limit exceeded', 'postgres.c:3541:check_stack_depth', {
        hint: 'Increase the configuration parameter "max_stack_depth" (currently 2048kB), after ensuring the platform\'s stack depth limit is adequate.',
      });
    return new Context(this.session, params, paramTypes, this);
  }

  /** @returns what to wait for before going on, where others wait. @throws PgError where it was too much */
  step(count = 1): Promise<void> | undefined {
    const { budget } = this;
    budget.steps -= count;
    if (budget.steps < 0) throw failures.canceled('statement timeout');
    if (this.session.cancel.signal.aborted) throw failures.canceled('user request');
    budget.sinceTurn += count;
    if (budget.sinceTurn < turn) return undefined;
    budget.sinceTurn = 0;
    return setImmediate();
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

  /** @throws PgError */
  hold(bytes: number): void {
    this.budget.bytes -= bytes;
    if (this.budget.bytes < 0) throw failures.tooMuch();
  }

  tell(type: string, what: Recorded): void {
    this.told.push([type, what]);
  }
}
