/** The expression of find: parsed once, then asked of each file. */
import type { Action, Candidate, Expression, FindContext, FindPlan } from './find-plan.ts';
import { FindFault, typeLetter } from './find-plan.ts';
import { age, glob, permissions, size } from './find-tests.ts';

/** Parentheses in each other. */
const deepest = 50;

/** @throws FindFault */
export function parseExpression(words: readonly string[], context: FindContext): FindPlan {
  return new Parser(words, context).plan();
}

class Parser {
  private readonly words: readonly string[];
  private readonly context: FindContext;
  private at = 0;
  private depth = 0;
  private hasAction = false;
  private minDepth = 0;
  private maxDepth = Number.POSITIVE_INFINITY;
  private isDepthFirst = false;
  private staysOnDevice = false;
  private followsLinks = false;

  constructor(words: readonly string[], context: FindContext) {
    this.words = words;
    this.context = context;
  }

  plan(): FindPlan {
    const expression = this.words.length === 0 ? undefined : this.list();
    if (this.at < this.words.length) {
      const word = this.words[this.at]!;
      if (word === ')') throw new FindFault("you have too many ')'");
      throw new FindFault(`paths must precede expression: \`${word}'`);
    }
    return {
      expression,
      hasAction: this.hasAction,
      minDepth: this.minDepth,
      maxDepth: this.maxDepth,
      isDepthFirst: this.isDepthFirst,
      staysOnDevice: this.staysOnDevice,
      followsLinks: this.followsLinks,
    };
  }

  private list(): Expression {
    let first = this.or();
    while (this.words[this.at] === ',') {
      this.at += 1;
      first = { kind: 'list', first, second: this.or() };
    }
    return first;
  }

  private or(): Expression {
    let first = this.and();
    while (this.words[this.at] === '-o' || this.words[this.at] === '-or') {
      this.at += 1;
      first = { kind: 'or', first, second: this.and() };
    }
    return first;
  }

  private and(): Expression {
    let first = this.primary();
    for (;;) {
      const word = this.words[this.at];
      if (word === undefined || [')', ',', '-o', '-or'].includes(word)) return first;
      if (word === '-a' || word === '-and') this.at += 1;
      first = { kind: 'and', first, second: this.primary() };
    }
  }

  private primary(): Expression {
    const word = this.words[this.at];
    if (word === undefined) {
      const before = this.words[this.at - 1];
      throw new FindFault(
        before === '!' || before === '-not'
          ? `expected an expression after '${before}'`
          : 'invalid expression',
      );
    }
    this.at += 1;
    if (word === '!' || word === '-not') return { kind: 'not', one: this.primary() };
    if (word !== '(') return this.test(word);
    this.depth += 1;
    if (this.depth > deepest) throw new FindFault('invalid expression');
    const inside = this.list();
    if (this.words[this.at] !== ')')
      throw new FindFault("invalid expression; I was expecting to find a ')' somewhere but did not see one.");
    this.at += 1;
    this.depth -= 1;
    return inside;
  }

  private argument(of: string): string {
    const word = this.words[this.at];
    if (word === undefined) throw new FindFault(`missing argument to \`${of}'`);
    this.at += 1;
    return word;
  }

  private test(word: string): Expression {
    const context = this.context;
    const test = (holds: (candidate: Candidate) => boolean): Expression => ({ kind: 'test', holds });
    const always = test(() => true);
    switch (word) {
      case '-name':
      case '-iname':
        return test(glob(word, this.argument(word), ({ name }) => name));
      case '-path':
      case '-wholename':
      case '-ipath':
      case '-iwholename':
        return test(glob(word, this.argument(word), ({ path }) => path));
      case '-lname':
      case '-ilname':
        return test(
          glob(word, this.argument(word), ({ node }) => (node.kind === 'link' ? node.target : undefined)),
        );
      case '-regex':
      case '-iregex': {
        const pattern = this.argument(word);
        return test(({ path }) => context.matchesRegex(pattern, path, word === '-iregex'));
      }
      case '-type':
      case '-xtype': {
        const letters = this.argument(word).split(',');
        const bad = letters.find((letter) => !/^[bcdpfls]$/.test(letter));
        if (bad !== undefined) throw new FindFault(`Unknown argument to ${word}: ${bad}`);
        return test(({ node }) => letters.includes(typeLetter(node)));
      }
      case '-perm':
        return test(permissions(this.argument(word), context.quote));
      case '-size':
        return test(size(this.argument(word)));
      case '-empty':
        return test((candidate) => context.isEmpty(candidate));
      case '-mtime':
      case '-ctime':
      case '-atime':
        return test(age(word, this.argument(word), 86_400_000, context.now));
      case '-mmin':
      case '-cmin':
      case '-amin':
        return test(age(word, this.argument(word), 60_000, context.now));
      case '-newer':
      case '-anewer':
      case '-cnewer':
      case '-newermt': {
        const path = this.argument(word);
        const time = word === '-newermt' ? Date.parse(path) : context.mtimeOf(path);
        if (time === undefined) throw new FindFault(`${context.quote(path)}: No such file or directory`);
        return test(({ node }) => node.mtime > time);
      }
      case '-user':
      case '-uid': {
        const name = this.argument(word);
        const uid = /^\d+$/.test(name) ? Number(name) : context.uidOf(name);
        if (uid === undefined) throw new FindFault(`${context.quote(name)} is not the name of a known user`);
        return test(({ node }) => node.uid === uid);
      }
      case '-group':
      case '-gid': {
        const name = this.argument(word);
        const gid = /^\d+$/.test(name) ? Number(name) : context.gidOf(name);
        if (gid === undefined)
          throw new FindFault(`${context.quote(name)} is not the name of an existing group`);
        return test(({ node }) => node.gid === gid);
      }
      case '-nouser':
      case '-nogroup':
      case '-false':
        return test(() => false);
      case '-readable':
        return test(({ node }) => context.allows(node, 4));
      case '-writable':
        return test(({ node }) => context.allows(node, 2));
      case '-executable':
        return test(({ node }) => context.allows(node, 1));
      case '-links':
      case '-inum':
      case '-fstype':
      case '-samefile':
      case '-regextype':
        this.argument(word);
        return always;
      case '-true':
      case '-noleaf':
      case '-daystart':
      case '-warn':
      case '-nowarn':
      case '-ignore_readdir_race':
        return always;
      case '-follow':
        this.followsLinks = true;
        return always;
      case '-mount':
      case '-xdev':
        this.staysOnDevice = true;
        return always;
      case '-depth':
      case '-d':
        this.isDepthFirst = true;
        return always;
      case '-mindepth':
      case '-maxdepth': {
        const text = this.argument(word);
        if (!/^\d+$/.test(text))
          throw new FindFault(
            `Expected a positive decimal integer argument to ${word}, but got ${context.quote(text)}`,
          );
        if (word === '-mindepth') this.minDepth = Number(text);
        else this.maxDepth = Number(text);
        return always;
      }
      default:
        return this.action(word);
    }
  }

  private action(word: string): Expression {
    const action = (made: Action): Expression => {
      this.hasAction ||= made.kind !== 'prune';
      return { kind: 'action', action: made };
    };
    switch (word) {
      case '-print':
      case '-print0':
      case '-prune':
      case '-quit':
      case '-ls':
        return action({ kind: word.slice(1) as 'print' });
      case '-delete':
        this.isDepthFirst = true;
        return action({ kind: 'delete' });
      case '-printf':
        return action({ kind: 'printf', format: this.argument(word) });
      case '-exec':
      case '-execdir':
      case '-ok':
      case '-okdir': {
        const words: string[] = [];
        for (;;) {
          const next = this.words[this.at];
          if (next === undefined) throw new FindFault(`missing argument to \`${word}'`);
          this.at += 1;
          const isMany = next === '+' && words.at(-1) === '{}';
          if (next === ';' || isMany)
            return action({
              kind: 'exec',
              words: isMany ? words.slice(0, -1) : words,
              isMany,
              isIn: word.endsWith('dir'),
            });
          words.push(next);
        }
      }
      default:
        if (!word.startsWith('-')) throw new FindFault(`paths must precede expression: \`${word}'`);
        throw new FindFault(`unknown predicate \`${word}'`);
    }
  }
}
