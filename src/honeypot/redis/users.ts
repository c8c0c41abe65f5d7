/** The users of ACL, as far as anybody looks at them: whether they may come in, and how ACL LIST tells of them. */
import { createHash, timingSafeEqual } from 'node:crypto';
import { RedisError } from './reply.ts';

export interface User {
  isOn: boolean;
  needsNoPassword: boolean;
  /** What ACL LIST says of users of the configuration file, and of those who were told so. */
  sanitizes: boolean;
  /** SHA-256, in hexadecimal. */
  readonly passwords: Set<string>;
  keys: string;
  channels: string;
  commands: string;
}

/** Users that a visitor may make, and passwords of one. */
const maxUsers = 100;

export class Users {
  readonly all: Map<string, User>;

  constructor() {
    const everything = { keys: '~*', channels: '&*', commands: '+@all' };
    this.all = new Map([
      [
        'default',
        {
          isOn: true,
          needsNoPassword: true,
          sanitizes: false,
          passwords: new Set(),
          ...everything,
        },
      ],
    ]);
  }

  get default(): User {
    return this.all.get('default')!;
  }

  accepts(name: string, password: string): boolean {
    const user = this.all.get(name);
    if (user === undefined || !user.isOn) return false;
    const hash = hashOf(password);
    return (
      user.needsNoPassword ||
      [...user.passwords].some((one) => timingSafeEqual(Buffer.from(one), Buffer.from(hash)))
    );
  }

  /** CONFIG SET requirepass. */
  setDefaultPassword(password: string): void {
    const { default: user } = this;
    user.passwords.clear();
    user.needsNoPassword = password === '';
    if (password !== '') user.passwords.add(hashOf(password));
  }

  /** ACL SETUSER. @throws RedisError */
  change(name: string, rules: readonly string[]): void {
    if (/[\s\0]/.test(name)) throw new RedisError("ERR Usernames can't contain spaces or null characters");
    if (!this.all.has(name) && this.all.size >= maxUsers)
      throw new RedisError("OOM command not allowed when used memory > 'maxmemory'.");
    const before = this.all.get(name);
    const user: User =
      before === undefined
        ? {
            isOn: false,
            needsNoPassword: false,
            sanitizes: false,
            passwords: new Set(),
            keys: '',
            channels: '',
            commands: '-@all',
          }
        : { ...before, passwords: new Set(before.passwords) };
    for (const rule of rules) apply(user, rule);
    this.all.set(name, user);
  }
}

function apply(user: User, rule: string): void {
  const word = rule.toLowerCase();
  const rest = rule.slice(1);
  if (word === 'on' || word === 'off') user.isOn = word === 'on';
  else if (word === 'nopass') {
    user.needsNoPassword = true;
    user.passwords.clear();
  } else if (word === 'resetpass') {
    user.needsNoPassword = false;
    user.passwords.clear();
  } else if (word === 'allkeys' || rule === '~*') user.keys = '~*';
  else if (word === 'resetkeys') user.keys = '';
  else if (word === 'allchannels' || rule === '&*') user.channels = '&*';
  else if (word === 'resetchannels') user.channels = '';
  else if (word === 'allcommands' || word === '+@all') user.commands = '+@all';
  else if (word === 'nocommands' || word === '-@all') user.commands = '-@all';
  else if (word === 'sanitize-payload' || word === 'skip-sanitize-payload')
    user.sanitizes = word === 'sanitize-payload';
  else if (word === 'reset')
    Object.assign(user, {
      isOn: false,
      needsNoPassword: false,
      passwords: new Set(),
      keys: '',
      channels: '',
      commands: '-@all',
    });
  else if (rule.startsWith('>')) addPassword(user, hashOf(rest));
  else if (rule.startsWith('#') && /^[0-9a-f]{64}$/.test(rest)) addPassword(user, rest);
  else if (rule.startsWith('<')) user.passwords.delete(hashOf(rest));
  else if (rule.startsWith('~')) user.keys = joined(user.keys, rule);
  else if (rule.startsWith('&')) user.channels = joined(user.channels, rule);
  else if (rule.startsWith('+') || rule.startsWith('-')) user.commands = joined(user.commands, word);
  else throw new RedisError(`ERR Error in ACL SETUSER modifier '${rule}': Syntax error`);
}

function addPassword(user: User, hash: string): void {
  if (user.passwords.size < maxUsers) user.passwords.add(hash);
  user.needsNoPassword = false;
}

/** Characters of a user's rules of one kind. */
const maxRules = 2000;

function joined(rules: string, rule: string): string {
  return rules.length > maxRules ? rules : `${rules} ${rule}`.trim();
}

function hashOf(password: string): string {
  return createHash('sha256').update(password, 'latin1').digest('hex');
}
