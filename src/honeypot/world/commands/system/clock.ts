/** date, sleep, hwclock, timedatectl. */
import { now } from '../../world.ts';
import { misuse, optionsOf } from '../options.ts';
import { quoteWord } from '../quote.ts';
import { formatTime, parseTime } from '../time.ts';
import { complain, fault, type Tool } from '../tool.ts';

export const date: Tool = async (run, flavour) => {
  const options = optionsOf(run, flavour, {
    short: 'd:D:f:I::r:Rs:u',
    long: {
      'date=': 'd',
      'iso-8601=?': 'I',
      'reference=': 'r',
      'rfc-email': 'R',
      'rfc-2822': 'R',
      'rfc-3339=': 'rfc-3339',
      'set=': 's',
      utc: 'u',
      universal: 'u',
      debug: 'debug',
    },
  });
  const current = now(run.world);
  const [operand] = options.operands;
  let time = current;
  const text = options.value('d');
  if (text !== undefined) {
    const parsed = parseTime(text, current);
    if (parsed === undefined)
      throw fault(run, `invalid date ${flavour === 'gnu' ? quoteWord(run, text) : `'${text}'`}`);
    time = parsed;
  }
  const reference = options.value('r');
  if (reference !== undefined) {
    if (/^\d+$/.test(reference) && !run.files.exists(reference)) time = Number(reference) * 1000;
    else if (run.files.exists(reference)) time = run.files.stat(reference).mtime;
    else throw fault(run, `${reference}: No such file or directory`);
  }
  if (options.has('s') || (operand !== undefined && !operand.startsWith('+'))) {
    const set = options.value('s') ?? operand!;
    if (!/^\d{8,12}(\.\d\d)?$/.test(set) && parseTime(set, current) === undefined)
      throw fault(run, `invalid date ${quoteWord(run, set)}`);
    await complain(
      run,
      flavour === 'gnu'
        ? 'cannot set date: Operation not permitted'
        : "can't set date: Operation not permitted",
    );
    if (flavour === 'gnu' && operand === undefined)
      await run.stdout.write(
        `${formatTime('%a %b %e %H:%M:%S UTC %Y', parseTime(set, current) ?? current)}\n`,
      );
    return 1;
  }
  if (operand !== undefined && options.operands.length > 1)
    throw misuse(run, flavour, {}, `extra operand ${quoteWord(run, options.operands[1]!)}`);
  const nanoseconds = text === undefined ? Math.floor(Math.random() * 1_000_000) : 0;
  await run.stdout.write(
    `${formatTime(operand?.slice(1) ?? formatFor(options.value('I'), options.has('R'), options.value('rfc-3339')), time, nanoseconds)}\n`,
  );
  return 0;
};

function formatFor(iso: string | undefined, isEmail: boolean, rfc3339: string | undefined): string {
  if (isEmail) return '%a, %d %b %Y %H:%M:%S %z';
  if (rfc3339 !== undefined)
    return rfc3339 === 'date'
      ? '%Y-%m-%d'
      : rfc3339 === 'ns'
        ? '%Y-%m-%d %H:%M:%S.%N%:z'
        : '%Y-%m-%d %H:%M:%S%:z';
  if (iso === undefined) return '%a %b %e %H:%M:%S %Z %Y';
  const formats: Readonly<Record<string, string>> = {
    hours: '%Y-%m-%dT%H%:z',
    minutes: '%Y-%m-%dT%H:%M%:z',
    seconds: '%Y-%m-%dT%H:%M:%S%:z',
    ns: '%Y-%m-%dT%H:%M:%S,%N%:z',
  };
  return formats[iso] ?? '%Y-%m-%d';
}

const seconds: Readonly<Record<string, number>> = { '': 1, s: 1, m: 60, h: 3600, d: 86_400 };

/** `1`, `0.5`, `2m`, `1d`; undefined for what is none. In milliseconds. */
export function durationOf(text: string): number | undefined {
  const match = /^(\d+\.?\d*|\.\d+)([smhd]?)$/.exec(text);
  if (match === null) return text === 'infinity' || text === 'inf' ? 86_400_000 : undefined;
  return Number(match[1]) * seconds[match[2]!]! * 1000;
}

export const sleep: Tool = async (run, flavour) => {
  const { operands } = optionsOf(run, flavour, { short: '' });
  if (operands.length === 0) throw misuse(run, flavour, {}, flavour === 'gnu' ? 'missing operand' : '');
  let total = 0;
  for (const operand of operands) {
    const duration = durationOf(operand);
    if (duration === undefined)
      throw flavour === 'gnu'
        ? misuse(run, flavour, {}, `invalid time interval ${quoteWord(run, operand)}`)
        : fault(run, `invalid number '${operand}'`);
    total += duration;
  }
  await run.sleep(total);
  return 0;
};

export const usleep: Tool = async (run) => {
  await run.sleep(Math.min(60_000, Number(run.args[1] ?? 0) / 1000) || 0);
  return 0;
};

export const hwclock: Tool = async (run) => {
  await run.stdout.write(
    `${formatTime('%Y-%m-%d %H:%M:%S.%N', now(run.world), 283_411).slice(0, 26)}+00:00\n`,
  );
  return 0;
};

export const timedatectl: Tool = async (run) => {
  const time = now(run.world);
  await run.stdout.write(
    `               Local time: ${formatTime('%a %Y-%m-%d %H:%M:%S UTC', time)}\n           Universal time: ${formatTime('%a %Y-%m-%d %H:%M:%S UTC', time)}\n                 RTC time: ${formatTime('%a %Y-%m-%d %H:%M:%S', time)}\n                Time zone: Etc/UTC (UTC, +0000)\nSystem clock synchronized: yes\n              NTP service: active\n          RTC in local TZ: no\n`,
  );
  return 0;
};
