/** Dates and times: how they are read and written. */
import { PgError } from './failure.ts';
import type { Type } from './types.ts';

export function moment(text: string, type: Type): string {
  const word = text.trim().toLowerCase();
  const time =
    word === 'now'
      ? Date.now()
      : word === 'today'
        ? Date.now()
        : word === 'epoch'
          ? 0
          : Date.parse(text.trim());
  if (word === 'infinity' || word === '-infinity') return word;
  if (Number.isNaN(time) && /^\d{4}-\d\d-\d\d/.test(word))
    throw new PgError(
      '22008',
      `date/time field value out of range: "${text}"`,
      'datetime.c:4028:DateTimeParseError',
      { hint: 'Perhaps you need a different "datestyle" setting.' },
    );
  if (Number.isNaN(time))
    throw new PgError(
      '22007',
      `invalid input syntax for type ${type.name === 'timestamp' ? type.name : type.title}: "${text}"`,
      'datetime.c:4048:DateTimeParseError',
    );
  return momentText(time, type);
}

export function clock(text: string): string {
  const [, hours, minutes, seconds = '00'] =
    /^\s*([01]?\d|2[0-4]):([0-5]\d)(?::([0-5]\d(?:\.\d{1,6})?))?\s*$/.exec(text) ?? [];
  if (hours === undefined && /^\s*\d+:\d+/.test(text))
    throw new PgError(
      '22008',
      `date/time field value out of range: "${text}"`,
      'datetime.c:4021:DateTimeParseError',
    );
  if (hours === undefined)
    throw new PgError(
      '22007',
      `invalid input syntax for type time: "${text}"`,
      'datetime.c:4048:DateTimeParseError',
    );
  return `${hours.padStart(2, '0')}:${minutes}:${seconds}`;
}

/** Where PostgreSQL says that a moment is none that it knows. */
const placesOfRange: Readonly<Record<string, string>> = {
  date: 'date.c:158:date_in',
  timestamp: 'timestamp.c:195:timestamp_in',
  timestamptz: 'timestamp.c:743:float8_timestamptz',
};

/** @param time milliseconds since 1970. @throws PgError for what is no moment */
export function momentText(time: number, type: Type, micros = ''): string {
  if (Number.isNaN(new Date(time).getTime()))
    throw new PgError(
      '22008',
      `${type.name === 'date' ? 'date' : 'timestamp'} out of range`,
      placesOfRange[type.name] ?? '',
    );
  const iso = new Date(time).toISOString();
  if (type.name === 'date') return iso.slice(0, 10);
  const fraction = (iso.slice(20, 23) + micros).replace(/0+$/, '');
  const text = `${iso.slice(0, 10)} ${iso.slice(11, 19)}${fraction === '' ? '' : `.${fraction}`}`;
  return type.name === 'timestamptz' ? `${text}+00` : text;
}
