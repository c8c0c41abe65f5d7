/** Functions of times, and waiting. */
import { setTimeout } from 'node:timers/promises';
import { now } from '../../../world/world.ts';
import { parseDecimal } from '../../decimal.ts';
import { failures, PgError } from '../../failure.ts';
import { momentText } from '../../moments.ts';
import type { Server } from '../../server.ts';
import type { Session } from '../../session.ts';
import { types } from '../../types.ts';
import { spanText } from '../arithmetic.ts';
import type { Context } from '../context.ts';
import { define, type SqlFunction } from './define.ts';

/** Seconds, as long as a timer can be; the connection is over before. */
const maxSleep = 2_147_483;

/** When the transaction began. */
function begun({ now: time, micros: rest }: Session): string {
  return momentText(time, types.timestamptz, String(rest).padStart(3, '0'));
}

function microsOf({ persona }: Server, what: string): string {
  return String(persona.random(`postgres/micros/${what}`).int(0, 999)).padStart(3, '0');
}

const micros = (): string => String(Math.floor(performance.now() * 1000) % 1000).padStart(3, '0');

async function sleep({ session }: Context, seconds: number): Promise<string> {
  const timeout = milliseconds(session.settings.get('statement_timeout'));
  const wanted = Math.max(0, Math.min(seconds, maxSleep)) * 1000;
  const isLate = timeout > 0 && wanted > timeout;
  const wait = isLate ? timeout : wanted;
  try {
    await setTimeout(wait, undefined, { signal: session.cancel.signal });
  } catch {
    throw failures.canceled('user request');
  }
  if (isLate) throw failures.canceled('statement timeout');
  return '';
}

/** Of `10ms`, `5s`, `1min`; a number alone is milliseconds. */
function milliseconds(text: string): number {
  const [, count = '0', unit = ''] = /^(\d{1,9})\s*(ms|s|min|h)?$/.exec(text) ?? [];
  return Number(count) * ({ s: 1000, min: 60_000, h: 3_600_000 }[unit] ?? 1);
}

export const timeFunctions: readonly SqlFunction[] = [
  define('now() timestamptz', ({ session }) => begun(session)),
  define('transaction_timestamp() timestamptz', ({ session }) => begun(session)),
  define('statement_timestamp() timestamptz', ({ session }) => begun(session)),
  define('clock_timestamp() timestamptz', ({ server }) =>
    momentText(now(server.world), types.timestamptz, micros()),
  ),
  define('localtimestamp() timestamp', ({ session }) => begun(session).replace('+00', '')),
  define('timeofday() text', ({ session }) => new Date(session.now).toUTCString()),
  define('current_date() date', ({ session }) => momentText(session.now, types.date)),
  define('current_time() text', ({ session }) => `${new Date(session.now).toISOString().slice(11, 23)}+00`),
  define('pg_sleep(float8) void', (context, seconds: number) => sleep(context, seconds)),
  define('pg_sleep_for(interval) void', (context) => sleep(context, 1)),
  define('pg_sleep_until(timestamptz) void', (context) => sleep(context, 1)),
  define('pg_postmaster_start_time() timestamptz', ({ server }) =>
    momentText(server.startedAt, types.timestamptz, microsOf(server, 'start')),
  ),
  define('pg_conf_load_time() timestamptz', ({ server }) =>
    momentText(
      server.startedAt - server.persona.random('postgres/load').int(20, 90),
      types.timestamptz,
      microsOf(server, 'load'),
    ),
  ),
  define('age(timestamptz, timestamptz) interval', (_, a: string, b: string) =>
    spanText(Date.parse(a) - Date.parse(b)),
  ),
  define('age(timestamptz) interval', ({ session }, a: string) => spanText(session.now - Date.parse(a))),
  define('age(xid) int4', ({ server }, xid: number) => server.lastTransaction - xid),
  define('date_part(text, timestamptz) float8', (_, field: string, time: string) => partOf(field, time)),
  define(
    'extract(text, timestamptz) numeric',
    (_, field: string, time: string) =>
      parseDecimal(
        /^(?:epoch|seconds?)$/i.test(field) ? partOf(field, time).toFixed(6) : String(partOf(field, time)),
      ) ?? null,
  ),
  define('date_trunc(text, timestamp) timestamp', (_, field: string, time: string) => truncated(field, time)),
  define(
    'date_trunc(text, timestamptz) timestamptz',
    (_, field: string, time: string) => `${truncated(field, time)}+00`,
  ),
  define('to_char(timestamptz, text) text', (_, time: string, format: string) => written(time, format)),
  define('to_char(numeric, text) text', (_, value: { digits: bigint }) => ` ${value.digits}`),
  define('to_timestamp(float8) timestamptz', (_, seconds: number) =>
    momentText(Math.min(seconds * 1000, 8.64e15), types.timestamptz),
  ),
  define('timezone(text, timestamptz) timestamp', (_, _zone: string, time: string) =>
    time.replace(/\+00$/, ''),
  ),
  define('timezone(text, timestamp) timestamptz', (_, _zone: string, time: string) => `${time}+00`),
  define('make_date(int4, int4, int4) date', (_, year: number, month: number, day: number) =>
    momentText(dateOf(year, month, day), types.date),
  ),
];

/** @throws PgError where there is no such day */
function dateOf(year: number, month: number, day: number): number {
  const time = Date.UTC(year, month - 1, day);
  if (new Date(time).getUTCDate() === day && month >= 1 && month <= 12) return time;
  const shown = [year, ...[month, day].map((one) => String(one).padStart(2, '0'))].join('-');
  throw new PgError('22008', `date field value out of range: ${shown}`, 'date.c:259:make_date');
}

function partOf(field: string, text: string): number {
  const time = new Date(text);
  switch (field.toLowerCase()) {
    case 'epoch':
      return time.getTime() / 1000;
    case 'year':
      return time.getUTCFullYear();
    case 'month':
      return time.getUTCMonth() + 1;
    case 'day':
      return time.getUTCDate();
    case 'hour':
      return time.getUTCHours();
    case 'minute':
      return time.getUTCMinutes();
    case 'dow':
      return time.getUTCDay();
    default:
      return time.getUTCSeconds() + time.getUTCMilliseconds() / 1000;
  }
}

function written(text: string, format: string): string | null {
  const date = new Date(text);
  if (Number.isNaN(date.getTime())) return null;
  const time = date.toISOString();
  const parts: Readonly<Record<string, string>> = {
    YYYY: time.slice(0, 4),
    MM: time.slice(5, 7),
    DD: time.slice(8, 10),
    HH24: time.slice(11, 13),
    HH: time.slice(11, 13),
    MI: time.slice(14, 16),
    SS: time.slice(17, 19),
    MS: time.slice(20, 23),
  };
  return format.replace(/YYYY|HH24|MM|DD|HH|MI|SS|MS/g, (part) => parts[part]!);
}

/** The beginning of the year, the month … in which it is. */
function truncated(field: string, time: string): string {
  const lengths: Readonly<Record<string, number>> = {
    year: 4,
    month: 7,
    day: 10,
    hour: 13,
    minute: 16,
    second: 19,
  };
  const length = lengths[field] ?? 10;
  return `${time.slice(0, length)}${'0000-01-01 00:00:00'.slice(length)}`;
}
