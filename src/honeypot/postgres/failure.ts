/**
 * What PostgreSQL says when it will not: a message and, as its errors have them, where in its sources (15.18) it comes
 * from, which tells versions apart.
 */

export interface Details {
  readonly detail?: string;
  readonly hint?: string;
  /** Of the place in the query, from 1. */
  readonly position?: number;
  /** The query in which that place is, where it is not the client's own. */
  readonly inner?: string;
  /** What was being done: `COPY t, line 1, column a: "x"`. */
  readonly context?: string;
  /** What it is about, where that is one thing. */
  readonly schema?: string;
  readonly table?: string;
  readonly column?: string;
  readonly constraint?: string;
}

export class PgError extends Error {
  readonly code: string;
  /** File, line and routine, as `scan.l:1188:scanner_yyerror`. */
  readonly place: string;
  readonly details: Details;
  readonly severity: 'ERROR' | 'FATAL';

  constructor(
    code: string,
    message: string,
    place: string,
    details: Details = {},
    severity: PgError['severity'] = 'ERROR',
  ) {
    super(message);
    this.code = code;
    this.place = place;
    this.details = details;
    this.severity = severity;
  }

  with(details: Details): PgError {
    return new PgError(this.code, this.message, this.place, { ...this.details, ...details }, this.severity);
  }

  at(position: number | undefined): PgError {
    if (position === undefined || this.details.position !== undefined) return this;
    return this.with({ position });
  }
}

export interface Notice {
  readonly severity: 'NOTICE' | 'WARNING' | 'INFO';
  readonly code: string;
  readonly message: string;
  readonly place: string;
  readonly details?: Details;
}

/** Errors that several places raise. */
export const failures = {
  syntax: (near: string, position: number): PgError =>
    near === ''
      ? new PgError('42601', 'syntax error at end of input', 'scan.l:1180:scanner_yyerror', { position })
      : new PgError('42601', `syntax error at or near "${near}"`, 'scan.l:1188:scanner_yyerror', {
          position,
        }),
  scanner: (what: string, near: string, position: number): PgError =>
    new PgError('42601', `${what} at or near "${near}"`, 'scan.l:1188:scanner_yyerror', { position }),
  noRelation: (name: string, position?: number): PgError =>
    new PgError(
      '42P01',
      `relation "${name}" does not exist`,
      `parse_relation.c:${name.includes('.') ? 1371 : 1392}:parserOpenTable`,
    ).at(position),
  noColumn: (name: string, position?: number): PgError =>
    new PgError('42703', `column ${name} does not exist`, 'parse_relation.c:3665:errorMissingColumn').at(
      position,
    ),
  noFunction: (signature: string, position?: number): PgError =>
    new PgError('42883', `function ${signature} does not exist`, 'parse_func.c:629:ParseFuncOrColumn', {
      hint: 'No function matches the given name and argument types. You might need to add explicit type casts.',
    }).at(position),
  noProcedure: (signature: string, position?: number): PgError =>
    new PgError('42883', `procedure ${signature} does not exist`, 'parse_func.c:620:ParseFuncOrColumn', {
      hint: 'No procedure matches the given name and argument types. You might need to add explicit type casts.',
    }).at(position),
  noOperator: (signature: string, position?: number): PgError =>
    new PgError('42883', `operator does not exist: ${signature}`, 'parse_oper.c:647:op_error', {
      hint: 'No operator matches the given name and argument types. You might need to add explicit type casts.',
    }).at(position),
  noType: (name: string, position?: number): PgError =>
    new PgError('42704', `type "${name}" does not exist`, 'parse_type.c:270:typenameType').at(position),
  noSchema: (name: string, position?: number): PgError =>
    new PgError('3F000', `schema "${name}" does not exist`, 'namespace.c:3099:get_namespace_oid').at(
      position,
    ),
  noParameter: (name: string): PgError =>
    new PgError('42704', `unrecognized configuration parameter "${name}"`, 'guc.c:5734:find_option'),
  tooMuch: (): PgError =>
    new PgError('53200', 'out of memory', 'mcxt.c:1004:MemoryContextAllocExtended', {
      detail: 'Failed on request of size 4194304 in memory context "ExecutorState".',
    }),
  tooDeep: (): PgError =>
    new PgError('54001', 'stack depth limit exceeded', 'postgres.c:3514:check_stack_depth', {
      hint: 'Increase the configuration parameter "max_stack_depth" (currently 2048kB), after ensuring the platform\'s stack depth limit is adequate.',
    }),
  canceled: (by: 'statement timeout' | 'user request'): PgError =>
    new PgError(
      '57014',
      `canceling statement due to ${by}`,
      `postgres.c:${by === 'user request' ? 3354 : 3319}:ProcessInterrupts`,
    ),
} as const;

/**
 * What there is no room for may show itself only where it is made: expressions in each other exhaust the stack here as
 * they do there, and texts become longer than they can be.
 *
 * @returns undefined for what is a fault of ours
 */
export function failureOf(error: unknown): PgError | undefined {
  if (error instanceof PgError) return error;
  if (!(error instanceof RangeError)) return undefined;
  if (/call stack/.test(error.message)) return failures.tooDeep();
  return /string length|allocation failed|BigInt size/.test(error.message) ? failures.tooMuch() : undefined;
}
