/** Functions of sequences: `nextval` and its kin. */
import type { Sequence } from '../../database.ts';
import { PgError } from '../../failure.ts';
import type { Value } from '../../types.ts';
import { types } from '../../types.ts';
import type { Context } from '../context.ts';
import { nameOfOid } from '../resolve.ts';
import { define, type SqlFunction } from './define.ts';

/** @throws PgError where something else has that number */
function sequenceOf(context: Context, oid: number): Sequence {
  for (const sequence of context.session.database.sequences.values())
    if (sequence.oid === oid) return sequence;
  throw new PgError(
    '42809',
    `"${nameOfOid(oid, types.regclass, context)}" is not a sequence`,
    'sequence.c:1177:init_sequence',
  );
}

function next(context: Context, oid: number): bigint {
  return nextOf(sequenceOf(context, oid), context);
}

export function nextOf(sequence: Sequence, context: Context): bigint {
  if (sequence.isCalled) sequence.value += 1n;
  sequence.isCalled = true;
  context.session.lastSequence = sequence;
  context.session.usedSequences.add(sequence);
  return sequence.value;
}

function undefinedYet(message: string, place: string): PgError {
  return new PgError('55000', message, place);
}

export const sequenceFunctions: readonly SqlFunction[] = [
  define('nextval(regclass) int8', next),
  define('currval(regclass) int8', (context, oid: number): Value => {
    const sequence = sequenceOf(context, oid);
    if (context.session.usedSequences.has(sequence)) return sequence.value;
    throw undefinedYet(
      `currval of sequence "${sequence.name}" is not yet defined in this session`,
      'sequence.c:897:currval_oid',
    );
  }),
  define('lastval() int8', ({ session }): Value => {
    if (session.lastSequence !== undefined) return session.lastSequence.value;
    throw undefinedYet('lastval is not yet defined in this session', 'sequence.c:922:lastval');
  }),
  define('setval(regclass, int8, [bool]) int8', (context, oid: number, value: bigint, isCalled = true) => {
    Object.assign(sequenceOf(context, oid), { value, isCalled });
    return value;
  }),
];
