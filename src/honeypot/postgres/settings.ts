/** Parameters of a session: what the server was started with, and what the visitor set. */
import { failures, PgError } from './failure.ts';
import { settingsTable } from './reference/settings-table.ts';

interface Setting {
  readonly name: string;
  readonly value: string;
  /** `user`, `superuser`, `sighup`, `postmaster`, `internal` … */
  readonly context: string;
  readonly kind: string;
  readonly least: string;
  readonly most: string;
  readonly words: readonly string[];
  readonly description: string;
}

/** By their names in lower case. */
const settings = new Map<string, Setting>(
  settingsTable.split('\n').map((line) => {
    const [
      name = '',
      value = '',
      context = '',
      kind = '',
      least = '',
      most = '',
      words = '',
      description = '',
    ] = line.split('\t');
    return [
      name.toLowerCase(),
      { name, value, context, kind, least, most, words: words.split(','), description },
    ];
  }),
);

export function allSettings(): Iterable<Setting> {
  return settings.values();
}

/** Of parameters that are nobody's but have a point in their name, and of one such value. */
const most = { own: 100, length: 1000 };

export class Settings {
  private readonly changed = new Map<string, string>();
  /** What they go back to. */
  private initial = new Map<string, string>();

  /** @throws PgError for a name that nobody knows */
  get(name: string): string {
    const value = this.find(name);
    if (value === undefined) throw failures.noParameter(name);
    return value;
  }

  find(name: string): string | undefined {
    const key = name.toLowerCase();
    return this.changed.get(key) ?? settings.get(key)?.value;
  }

  /** Of the name, as it is told. */
  titleOf(name: string): string {
    return settings.get(name.toLowerCase())?.name ?? name;
  }

  /** @param value undefined for what it was. @throws PgError */
  set(name: string, value: string | undefined): void {
    const key = name.toLowerCase();
    const setting = settings.get(key);
    if (setting === undefined) {
      if (!key.includes('.') || this.changed.size > most.own) throw failures.noParameter(name);
    } else {
      requireChangeable(setting);
      if (value !== undefined) {
        this.changed.set(key, accepted(setting, value));
        return;
      }
    }
    const initial = this.initial.get(key);
    if (value === undefined && initial !== undefined) this.changed.set(key, initial);
    else if (value === undefined) this.changed.delete(key);
    else this.changed.set(key, value.slice(0, most.length));
  }

  /** What a client began with is what it can go back to. */
  keep(): void {
    this.initial = new Map(this.changed);
  }

  reset(): void {
    this.changed.clear();
    for (const [name, value] of this.initial) this.changed.set(name, value);
  }
}

const laterContexts: Readonly<Record<string, string>> = {
  postmaster: 'cannot be changed without restarting the server',
  sighup: 'cannot be changed now',
  internal: 'cannot be changed',
};

function requireChangeable({ name, context }: Setting): void {
  const reason = laterContexts[context];
  if (reason === undefined) return;
  const line = context === 'postmaster' ? 7719 : context === 'internal' ? 7696 : 7729;
  throw new PgError('55P02', `parameter "${name}" ${reason}`, `guc.c:${line}:set_config_option_ext`);
}

const flags: Readonly<Record<string, string>> = {
  on: 'on',
  true: 'on',
  yes: 'on',
  '1': 'on',
  t: 'on',
  off: 'off',
  false: 'off',
  no: 'off',
  '0': 'off',
  f: 'off',
};

function accepted({ name, kind, words }: Setting, value: string): string {
  const invalid = (place: string, hint?: string, detail?: string): PgError =>
    new PgError('22023', `invalid value for parameter "${name}": "${value}"`, place, {
      ...(hint !== undefined && { hint }),
      ...(detail !== undefined && { detail }),
    });
  switch (kind) {
    case 'bool': {
      const flag = flags[value.toLowerCase()];
      if (flag === undefined)
        throw new PgError(
          '22023',
          `parameter "${name}" requires a Boolean value`,
          'guc.c:7402:parse_and_validate_value',
        );
      return flag;
    }
    case 'enum': {
      const word = words.find((one) => one.toLowerCase() === value.toLowerCase());
      if (word === undefined)
        throw invalid('guc.c:7528:parse_and_validate_value', `Available values: ${words.join(', ')}.`);
      return word;
    }
    case 'integer':
      if (!/^-?\d{1,15}(?:\.\d+)?\s*[a-zA-Z]{0,3}$/.test(value))
        throw invalid('guc.c:7422:parse_and_validate_value');
      return value;
    case 'real':
      if (!/^-?\d{1,15}(?:\.\d+)?\s*[a-zA-Z]{0,3}$/.test(value))
        throw invalid('guc.c:7458:parse_and_validate_value');
      return value;
    default:
      if (name === 'client_encoding') {
        const encoding = encodingNamed(value);
        if (encoding === undefined) throw invalid('guc.c:12053:call_string_check_hook');
        return encoding;
      }
      if (name === 'DateStyle') {
        const wrong = value
          .split(/[\s,]+/)
          .find((word) => !/^(?:iso|sql|postgres|german|[dmy]{3}|default|)$/i.test(word));
        if (wrong !== undefined)
          throw invalid(
            'guc.c:12053:call_string_check_hook',
            undefined,
            `Unrecognized key word: "${wrong}".`,
          );
        return dateStyle(value);
      }
      if (name === 'TimeZone' && !isZone(value)) throw invalid('guc.c:12053:call_string_check_hook');
      return value.slice(0, most.length);
  }
}

/** As it is shown: `ISO, MDY`. */
function dateStyle(value: string): string {
  const style = /iso|sql|postgres|german/i.exec(value)?.[0].toLowerCase() ?? 'iso';
  const order = /[dmy]{3}/i.exec(value.replace(/german/i, ''))?.[0].toUpperCase() ?? 'MDY';
  const names: Readonly<Record<string, string>> = {
    iso: 'ISO',
    sql: 'SQL',
    postgres: 'Postgres',
    german: 'German',
  };
  return `${names[style]}, ${order}`;
}

function isZone(name: string): boolean {
  if (/^[+-]?\d{1,2}(?:\.\d+)?$|^[A-Z]{3,4}$/.test(name)) return true;
  try {
    new Intl.DateTimeFormat('en', { timeZone: name });
    return true;
  } catch {
    return false;
  }
}

const encodings: Readonly<Record<string, string>> = {
  utf8: 'UTF8',
  unicode: 'UTF8',
  latin1: 'LATIN1',
  iso88591: 'LATIN1',
  sqlascii: 'SQL_ASCII',
  win1252: 'WIN1252',
  win1251: 'WIN1251',
  koi8r: 'KOI8R',
  gbk: 'GBK',
  sjis: 'SJIS',
  euckr: 'EUC_KR',
  big5: 'BIG5',
};

function encodingNamed(name: string): string | undefined {
  return encodings[name.toLowerCase().replace(/[^a-z0-9]/g, '')];
}
