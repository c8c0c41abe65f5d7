/** find, of findutils 4.9 and of busybox. */
import { entriesOf, FileError, type Node } from '../../files/node.ts';
import { Ended, type Run } from '../../program.ts';
import { accountsOf } from '../../systems/account-database.ts';
import { now } from '../../world.ts';
import { quoteWord } from '../quote.ts';
import { posixRegex } from '../regex.ts';
import { complain, type Flavour, fault, reasonOf, type Tool } from '../tool.ts';
import { parseExpression } from './find-expression.ts';
import { findFormat, listLine } from './find-format.ts';
import type { Action, Candidate, Expression, FindContext, FindPlan } from './find-plan.ts';
import { FindFault } from './find-plan.ts';

/** Deepest directory that is gone into, and most arguments of one command of `-exec … +`. */
const deepest = 100;
const mostArguments = 4000;

export const find: Tool = async (run, flavour) => {
  const words = run.args.slice(1);
  let followsLinks = false;
  while (/^-([HLP]|O\d)$/.test(words[0] ?? '')) followsLinks = words.shift() === '-L';
  const paths: string[] = [];
  while (words.length > 0 && !/^(-.|[(!,)])/.test(words[0]!)) paths.push(words.shift()!);
  try {
    const plan = parseExpression(words, contextOf(run));
    return await new Walk(run, flavour, { ...plan, followsLinks: plan.followsLinks || followsLinks }).all(
      paths.length === 0 ? ['.'] : paths,
    );
  } catch (error) {
    if (error instanceof FindFault) {
      if (flavour === 'busybox')
        throw fault(run, `unrecognized: ${words.find((word) => word.startsWith('-')) ?? ''}`);
      throw fault(run, error.message);
    }
    throw error;
  }
};

function contextOf(run: Run): FindContext {
  const accounts = accountsOf(run.files);
  return {
    now: now(run.world),
    uidOf: (name) => accounts.byName(name)?.uid,
    gidOf: (name) => accounts.groupByName(name)?.gid,
    mtimeOf: (path) => (run.files.exists(path) ? run.files.stat(path).mtime : undefined),
    quote: (word) => quoteWord(run, word),
    isEmpty: ({ node }) =>
      node.kind === 'directory'
        ? entriesOf(node).size === 0
        : node.kind === 'file' && node.device === undefined && node.size === 0,
    allows: (node, need) => run.files.allows(node, need),
    matchesRegex: (pattern, path, ignoresCase) =>
      posixRegex(`^${pattern}$`, { isExtended: false, ignoresCase }).test(path),
  };
}

class Walk {
  private readonly run: Run;
  private readonly flavour: Flavour;
  private readonly plan: FindPlan;
  private exitCode = 0;
  private isPruned = false;
  private isOver = false;
  private readonly gathered = new Map<Action, string[]>();
  private output = '';

  constructor(run: Run, flavour: Flavour, plan: FindPlan) {
    this.run = run;
    this.flavour = flavour;
    this.plan = plan;
  }

  async all(paths: readonly string[]): Promise<number> {
    for (const path of paths) {
      if (this.isOver) break;
      await this.start(path);
    }
    await this.flush();
    for (const [action, files] of this.gathered) await this.runMany(action, files);
    return this.exitCode;
  }

  private async start(path: string): Promise<void> {
    let node: Node;
    try {
      node =
        this.plan.followsLinks && this.run.files.exists(path)
          ? this.run.files.stat(path)
          : this.run.files.lstat(path);
    } catch (error) {
      return this.fail(path, error);
    }
    const trimmed = path.replace(/(?<=.)\/+$/, '');
    await this.visit({ path, name: trimmed.slice(trimmed.lastIndexOf('/') + 1) || '/', node, depth: 0 });
  }

  private async visit(candidate: Candidate): Promise<void> {
    const { plan } = this;
    const isFolder = candidate.node.kind === 'directory';
    if (!plan.isDepthFirst) await this.ask(candidate);
    const isPruned = this.isPruned;
    this.isPruned = false;
    if (isFolder && !isPruned && candidate.depth < Math.min(plan.maxDepth, deepest) && !this.isOver)
      await this.enter(candidate);
    if (plan.isDepthFirst && !this.isOver) await this.ask(candidate);
  }

  private async enter({ path, depth }: Candidate): Promise<void> {
    let entries: ReturnType<Run['files']['list']>;
    try {
      entries = this.run.files.list(path);
    } catch (error) {
      return this.fail(path, error);
    }
    await this.run.work(2 + entries.length);
    for (const { name, node } of entries) {
      if (this.isOver) return;
      if (this.plan.staysOnDevice && depth === 0 && /^(proc|sys|dev|run)$/.test(name) && path === '/')
        continue;
      const inside = path.endsWith('/') ? path + name : `${path}/${name}`;
      const seen =
        this.plan.followsLinks && node.kind === 'link' && this.run.files.exists(inside)
          ? this.run.files.stat(inside)
          : node;
      await this.visit({ path: inside, name, node: seen, depth: depth + 1 });
    }
  }

  private async ask(candidate: Candidate): Promise<void> {
    const { expression, hasAction, minDepth } = this.plan;
    if (candidate.depth < minDepth) return;
    const holds = expression === undefined || (await this.holds(expression, candidate));
    if (holds && !hasAction) await this.print(`${candidate.path}\n`);
  }

  private async holds(expression: Expression, candidate: Candidate): Promise<boolean> {
    switch (expression.kind) {
      case 'test':
        return expression.holds(candidate);
      case 'not':
        return !(await this.holds(expression.one, candidate));
      case 'and':
        return (await this.holds(expression.first, candidate)) && this.holds(expression.second, candidate);
      case 'or':
        return (await this.holds(expression.first, candidate)) || this.holds(expression.second, candidate);
      case 'list':
        await this.holds(expression.first, candidate);
        return this.holds(expression.second, candidate);
      case 'action':
        return this.act(expression.action, candidate);
    }
  }

  private async act(action: Action, candidate: Candidate): Promise<boolean> {
    const { path, node } = candidate;
    switch (action.kind) {
      case 'print':
        await this.print(`${path}\n`);
        return true;
      case 'print0':
        await this.print(`${path}\0`);
        return true;
      case 'printf':
        await this.print(findFormat(this.run, action.format, candidate));
        return true;
      case 'ls':
        await this.print(listLine(this.run, candidate));
        return true;
      case 'prune':
        this.isPruned = true;
        return true;
      case 'quit':
        this.isOver = true;
        return true;
      case 'delete':
        try {
          if (path === '.') return true;
          if (node.kind === 'directory') this.run.files.rmdir(path);
          else this.run.files.unlink(path);
          return true;
        } catch (error) {
          this.exitCode = 1;
          await complain(this.run, `cannot delete ${quoteWord(this.run, path)}: ${reasonOf(error)}`);
          return false;
        }
      case 'exec':
        return this.execute(action, candidate);
    }
  }

  private async execute(
    action: Action & { readonly kind: 'exec' },
    { path, name }: Candidate,
  ): Promise<boolean> {
    const shown = action.isIn ? `./${name}` : path;
    if (action.isMany) {
      const files = this.gathered.get(action) ?? [];
      files.push(shown);
      if (files.length >= mostArguments) {
        this.gathered.delete(action);
        await this.runMany(action, files);
      } else this.gathered.set(action, files);
      return true;
    }
    await this.flush();
    const words = action.words.map((word) => word.replaceAll('{}', shown));
    const folder = path.includes('/') ? path.slice(0, path.lastIndexOf('/')) || '/' : '.';
    const exitCode = await this.run.exec(words, action.isIn ? { files: this.run.files.in(folder) } : {});
    if (exitCode === 127)
      await complain(
        this.run,
        this.flavour === 'gnu'
          ? `${quoteWord(this.run, words[0]!)}: No such file or directory`
          : `${words[0]}: No such file or directory`,
      );
    return exitCode === 0;
  }

  private async runMany(action: Action, files: readonly string[]): Promise<void> {
    if (action.kind !== 'exec') return;
    await this.flush();
    const exitCode = await this.run.exec([...action.words, ...files]);
    if (exitCode !== 0) this.exitCode = 1;
  }

  private async print(text: string): Promise<void> {
    this.output += text;
    if (this.output.length > 1 << 15) await this.flush();
  }

  private async flush(): Promise<void> {
    const { output } = this;
    this.output = '';
    if (output !== '') await this.run.stdout.write(output);
  }

  private async fail(path: string, error: unknown): Promise<void> {
    if (error instanceof Ended) throw error;
    this.exitCode = 1;
    const reason = error instanceof FileError ? error.message : reasonOf(error);
    await this.flush();
    await complain(
      this.run,
      this.flavour === 'gnu' ? `${quoteWord(this.run, path)}: ${reason}` : `${path}: ${reason}`,
    );
  }
}
