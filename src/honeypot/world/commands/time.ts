/** Times as strftime writes them, all in UTC, which is the servers' zone; and as `date -d` and `touch -d` are told. */

const days = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday'];
const months = 'January February March April May June July August September October November December'.split(
  ' ',
);

const day = 86_400_000;

/** Longest text that is made. */
const mostCharacters = 10_000;

/** @param time milliseconds since 1970 @param nanoseconds below the millisecond, which only chance knows */
export function formatTime(format: string, time: number, nanoseconds = 0): string {
  const date = new Date(time);
  let text = '';
  for (const [whole, flag = '', width = '', letter, plain] of format.matchAll(
    /%([-_0^#]?)(\d{0,3})(::?z|[EO]?[A-Za-z%+])|([\s\S])/g,
  )) {
    if (letter === undefined) text += plain;
    else text += padded(fieldOf(letter, date, nanoseconds) ?? whole, flag, width);
    if (text.length > mostCharacters) break;
  }
  return text;
}

/** What a file's time has below the millisecond: nothing where it came out of an archive. */
export function nanosecondsOf(time: number): number {
  return time % 1000 === 0 ? 0 : (time * 7919) % 1_000_000;
}

function padded(field: string, flag: string, width: string): string {
  const isNumber = /^[\s\d]+$/.test(field);
  let text = field;
  if (flag === '-' && isNumber) text = field.replace(/^[0\s]+(?=.)/, '');
  if (flag === '_' && isNumber) text = field.replace(/^0+(?=.)/, (zeros) => ' '.repeat(zeros.length));
  if (flag === '^' || flag === '#') text = text.toUpperCase();
  if (width === '') return text;
  return text.padStart(Number(width), isNumber && flag !== '_' ? '0' : ' ');
}

function fieldOf(letter: string, date: Date, nanoseconds: number): string | undefined {
  const two = (value: number): string => `${value}`.padStart(2, '0');
  const blank = (value: number): string => `${value}`.padStart(2, ' ');
  const [year, month, dayOfMonth, weekday] = [
    date.getUTCFullYear(),
    date.getUTCMonth(),
    date.getUTCDate(),
    date.getUTCDay(),
  ];
  const [hour, minute, second] = [date.getUTCHours(), date.getUTCMinutes(), date.getUTCSeconds()];
  const dayOfYear = Math.floor((date.getTime() - Date.UTC(year, 0, 1)) / day);
  const format = (text: string): string => formatTime(text, date.getTime(), nanoseconds);
  switch (letter) {
    case '%':
      return '%';
    case 'a':
      return days[weekday]!.slice(0, 3);
    case 'A':
      return days[weekday]!;
    case 'b':
    case 'h':
      return months[month]!.slice(0, 3);
    case 'B':
      return months[month]!;
    case 'c':
      return format('%a %b %e %H:%M:%S %Y');
    case 'C':
      return two(Math.floor(year / 100));
    case 'd':
      return two(dayOfMonth);
    case 'D':
    case 'x':
      return format('%m/%d/%y');
    case 'e':
      return blank(dayOfMonth);
    case 'F':
      return format('%Y-%m-%d');
    case 'g':
      return two(isoWeek(date).year % 100);
    case 'G':
      return `${isoWeek(date).year}`;
    case 'H':
      return two(hour);
    case 'I':
      return two(hour % 12 || 12);
    case 'j':
      return `${dayOfYear + 1}`.padStart(3, '0');
    case 'k':
      return blank(hour);
    case 'l':
      return blank(hour % 12 || 12);
    case 'm':
      return two(month + 1);
    case 'M':
      return two(minute);
    case 'n':
      return '\n';
    case 'N':
      return `${(date.getTime() % 1000) * 1_000_000 + nanoseconds}`.padStart(9, '0');
    case 'p':
      return hour < 12 ? 'AM' : 'PM';
    case 'P':
      return hour < 12 ? 'am' : 'pm';
    case 'q':
      return `${Math.floor(month / 3) + 1}`;
    case 'r':
      return format('%I:%M:%S %p');
    case 'R':
      return format('%H:%M');
    case 's':
      return `${Math.floor(date.getTime() / 1000)}`;
    case 'S':
      return two(second);
    case 't':
      return '\t';
    case 'T':
    case 'X':
      return format('%H:%M:%S');
    case 'u':
      return `${weekday || 7}`;
    case 'U':
      return two(Math.floor((dayOfYear + 7 - weekday) / 7));
    case 'V':
      return two(isoWeek(date).week);
    case 'w':
      return `${weekday}`;
    case 'W':
      return two(Math.floor((dayOfYear + 7 - ((weekday + 6) % 7)) / 7));
    case 'y':
      return two(year % 100);
    case 'Y':
      return `${year}`;
    case 'z':
      return '+0000';
    case ':z':
      return '+00:00';
    case '::z':
      return '+00:00:00';
    case 'Z':
      return 'UTC';
    default:
      return /^[EO]./.test(letter) ? fieldOf(letter.slice(1), date, nanoseconds) : undefined;
  }
}

/** ISO 8601: weeks begin on Monday, the first is the one with the year's first Thursday. */
function isoWeek(date: Date): { readonly year: number; readonly week: number } {
  const thursday = new Date(date.getTime() + (4 - (date.getUTCDay() || 7)) * day);
  const year = thursday.getUTCFullYear();
  const week = Math.floor((thursday.getTime() - Date.UTC(year, 0, 1)) / day / 7) + 1;
  return { year, week };
}

const units: Readonly<Record<string, number>> = {
  sec: 1000,
  second: 1000,
  min: 60_000,
  minute: 60_000,
  hour: 3_600_000,
  day,
  week: 7 * day,
  fortnight: 14 * day,
};

/**
 * What people write for a time: `@1700000000`, `2024-05-01 10:00`, `20240501`, `yesterday`, `2 days ago`, `+1 hour`,
 * `1 May 2024`. @returns milliseconds since 1970, undefined for what is none
 */
export function parseTime(text: string, now: number): number | undefined {
  const stamp = /^@(-?\d{1,12})(?:\.\d+)?$/.exec(text.trim());
  if (stamp !== null) return Number(stamp[1]) * 1000;
  let rest = ` ${text.trim().toLowerCase()} `;
  const take = (pattern: RegExp): RegExpExecArray | undefined => {
    const match = pattern.exec(rest);
    if (match !== null) rest = `${rest.slice(0, match.index)} ${rest.slice(match.index + match[0].length)}`;
    return match ?? undefined;
  };
  let time = now;
  let isTimeGiven = false;
  const iso = take(/ (\d{4})-(\d{1,2})-(\d{1,2})(?=[t ])t?/) ?? take(/ (\d{4})(\d\d)(\d\d)(?= )/);
  const named =
    iso === undefined
      ? (take(/ (\d{1,2}) ([a-z]{3})[a-z]*,? (\d{4})?(?=[ ])/) ??
        take(/ ([a-z]{3})[a-z]* (\d{1,2}),? (\d{4})?(?=[ ])/))
      : undefined;
  const american = take(/ (\d{1,2})\/(\d{1,2})\/(\d{4})(?= )/);
  if (iso !== undefined) time = Date.UTC(Number(iso[1]), Number(iso[2]) - 1, Number(iso[3]));
  else if (american !== undefined)
    time = Date.UTC(Number(american[3]), Number(american[1]) - 1, Number(american[2]));
  else if (named !== undefined) {
    const [first = '', second = ''] = named.slice(1);
    const [name, number] = /^\d/.test(first) ? [second, first] : [first, second];
    const month = months.findIndex((one) => one.toLowerCase().startsWith(name));
    if (month < 0) return parseRelative(text, now);
    time = Date.UTC(Number(named[3] ?? new Date(now).getUTCFullYear()), month, Number(number));
  }
  const isDateGiven = iso !== undefined || american !== undefined || named !== undefined;
  const clock = take(/ ?(\d{1,2}):(\d\d)(?::(\d\d)(?:\.\d+)?)?(z|utc|gmt|[+-]\d\d:?\d\d)?(?= )/);
  if (clock !== undefined) {
    const midnight = isDateGiven ? time : now - (now % day);
    const zone = /^([+-])(\d\d):?(\d\d)$/.exec(clock[4] ?? '');
    const offset =
      zone === null ? 0 : (zone[1] === '-' ? -1 : 1) * (Number(zone[2]) * 60 + Number(zone[3])) * 60_000;
    time =
      midnight +
      Number(clock[1]) * 3_600_000 +
      Number(clock[2]) * 60_000 +
      Number(clock[3] ?? 0) * 1000 -
      offset;
    isTimeGiven = true;
  }
  take(/ (utc|gmt|z)(?= )/);
  if (rest.trim() === '') return isDateGiven || isTimeGiven || text.trim() === '' ? time : undefined;
  return parseRelative(rest, time);
}

function parseRelative(text: string, from: number): number | undefined {
  let time = from;
  let rest = text.trim().toLowerCase();
  const names: Readonly<Record<string, number>> = { now: 0, today: 0, yesterday: -day, tomorrow: day };
  while (rest !== '') {
    const word = /^(now|today|yesterday|tomorrow)\b\s*/.exec(rest);
    if (word !== null) {
      time += names[word[1]!]!;
      rest = rest.slice(word[0].length);
      continue;
    }
    const span =
      /^([+-]?\s*\d{1,9}|next|last|a)?\s*(sec|second|min|minute|hour|day|week|fortnight|month|year)s?\b\s*(ago\b\s*)?/.exec(
        rest,
      );
    if (span === null) return undefined;
    const [whole, count = '1', unit = '', ago] = span;
    const written =
      count === 'next' || count === 'a' ? 1 : count === 'last' ? -1 : Number(count.replace(/\s/g, ''));
    const amount = ago === undefined ? written : -written;
    if (unit === 'month' || unit === 'year') {
      const date = new Date(time);
      date.setUTCMonth(date.getUTCMonth() + amount * (unit === 'year' ? 12 : 1));
      time = date.getTime();
    } else time += amount * units[unit]!;
    rest = rest.slice(whole.length);
  }
  return Math.abs(time) < 8e15 ? time : undefined;
}
