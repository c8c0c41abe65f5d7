/** Searches files for grep, and shows what it finds. */
import { gunzipSync } from 'node:zlib';
import { maxFile } from '../../files/view.ts';
import type { Input, Run } from '../../program.ts';
import { compile, matches } from '../../shell/expansion/pattern.ts';
import { countOf, type Options } from '../options.ts';
import { linesOf, Out, openInput, readAll } from '../streams.ts';
import { bytes, complain, contentOfText, type Flavour, nameOf, reasonOf, shortNameOf } from '../tool.ts';
import type { Matcher } from './grep-matcher.ts';

/** Deepest directory of `-r`. */
const deepest = 64;

const context = (text: string): string => `${text}: invalid context length argument`;

export class Search {
  hasMatched = false;
  hasFailed = false;
  showsNames = false;
  private readonly run: Run;
  private readonly flavour: Flavour;
  private readonly options: Options;
  private readonly matcher: Matcher;
  private readonly out: Out;

  constructor(run: Run, flavour: Flavour, options: Options, matcher: Matcher) {
    this.run = run;
    this.flavour = flavour;
    this.options = options;
    this.matcher = matcher;
    this.out = new Out(run);
  }

  get isOver(): boolean {
    return this.hasMatched && this.options.has('q');
  }

  async descend(path: string, isImplied: boolean, depth: number): Promise<void> {
    const { files } = this.run;
    let isFolder = false;
    try {
      isFolder = files.stat(path).kind === 'directory';
    } catch (error) {
      return this.fail(path, error);
    }
    const shown = isImplied && path.startsWith('./') ? path.slice(2) : path;
    if (!isFolder) return this.file(path, shown);
    if (depth > deepest) return;
    for (const { name, node } of files.list(path)) {
      if (this.isOver) return;
      const inside = path.endsWith('/') ? path + name : `${path}/${name}`;
      if (node.kind === 'link' && !this.options.has('R')) continue;
      if (node.kind === 'file' && (node.device !== undefined || !this.isIncluded(name))) continue;
      if (
        node.kind === 'directory' &&
        this.options.values('exclude-dir').some((glob) => matches(compile(glob), name))
      )
        continue;
      await this.descend(inside, isImplied, depth + 1);
    }
  }

  private isIncluded(name: string): boolean {
    const included = this.options.values('include');
    if (this.options.values('exclude').some((glob) => matches(compile(glob), name))) return false;
    return included.length === 0 || included.some((glob) => matches(compile(glob), name));
  }

  async file(path: string, shown: string): Promise<void> {
    let input: Input;
    try {
      input = openInput(this.run, path);
      if (shortNameOf(this.run).startsWith('z')) input = unpacked(await readAll(this.run, input));
    } catch (error) {
      return this.fail(path, error);
    }
    const name = contentOfText(path === '-' ? (this.options.value('label') ?? '(standard input)') : shown);
    await this.lines(input, name);
    await this.out.flush();
  }

  private async lines(input: Input, name: string): Promise<void> {
    const { options, matcher, out } = this;
    const end = options.has('z') ? '\0' : '\n';
    const most = this.count('m', Number.POSITIVE_INFINITY, () => 'invalid max count');
    const around = this.count('C', 0, context);
    const after = this.count('A', around, context);
    const before = this.count('B', around, context);
    const isListing = options.has('l', 'L');
    const isSilent = options.has('q', 'c') || isListing;
    const isInverted = options.has('v');
    let [number, offset, count, left, lastShown] = [0, 0, 0, 0, 0];
    let held: string[] = [];
    let isBinary = false;
    scan: for await (const { lines } of linesOf(this.run, input, end)) {
      for (const line of lines) {
        number += 1;
        if (!isBinary && line.includes('\0') && !options.has('a', 'z') && this.flavour === 'gnu')
          isBinary = true;
        const isMatch = (matcher.find(line, 0) !== undefined) !== isInverted;
        if (isMatch) {
          count += 1;
          this.hasMatched = true;
          if (options.has('q') || isListing) break scan;
          if (!isSilent && isBinary) {
            await out.flush();
            if (!options.has('I'))
              await this.run.stderr.write(bytes(`${nameOf(this.run)}: ${name}: binary file matches\n`));
            break scan;
          }
          if (!isSilent) {
            if (
              before + after > 0 &&
              lastShown > 0 &&
              number - held.length > lastShown + 1 &&
              !options.has('o')
            )
              await out.add('--\n');
            for (const [index, text] of held.entries())
              if (!options.has('o'))
                await out.add(this.head(name, number - held.length + index, undefined, '-') + text + end);
            await this.showMatch(line, name, number, offset, end);
            lastShown = number;
            held = [];
            left = after;
          }
          if (count >= most) break scan;
        } else if (!isSilent && left > 0) {
          left -= 1;
          if (!options.has('o')) await out.add(this.head(name, number, undefined, '-') + line + end);
          lastShown = number;
        } else if (before > 0) {
          held.push(line);
          if (held.length > before) held.shift();
        }
        offset += line.length + 1;
      }
      await out.flush();
    }
    if (options.has('c') && !isListing && !options.has('q'))
      await out.add(`${this.showsNames ? name + this.nameEnd(':') : ''}${count}\n`);
    if (isListing && count > 0 === options.has('l') && !options.has('q'))
      await out.add(`${name}${options.has('Z') ? '\0' : '\n'}`);
  }

  private count(name: string, otherwise: number, wrong: (text: string) => string): number {
    return countOf(this.run, this.flavour, this.options.value(name), otherwise, wrong, 2);
  }

  private async showMatch(
    line: string,
    name: string,
    number: number,
    offset: number,
    end: string,
  ): Promise<void> {
    const { options, matcher, out } = this;
    if (!options.has('o')) {
      await out.add(this.head(name, number, offset, ':') + this.coloured(line) + end);
      return;
    }
    if (options.has('v')) return;
    for (let from = 0; from <= line.length; ) {
      const found = matcher.find(line, from);
      if (found === undefined) return;
      if (found.end > found.index)
        await out.add(
          this.head(name, number, offset + found.index, ':') + line.slice(found.index, found.end) + end,
        );
      from = Math.max(found.end, found.index + 1);
    }
  }

  private coloured(line: string): string {
    const when = this.options.value('color');
    const isOn = when === 'always' || ((when === 'auto' || when === '') && this.run.stdout.isTerminal);
    if (!isOn || this.options.has('v')) return line;
    let text = '';
    let from = 0;
    while (from <= line.length) {
      const found = this.matcher.find(line, from);
      if (found === undefined || found.end === found.index) break;
      text += `${line.slice(from, found.index)}\x1b[01;31m\x1b[K${line.slice(found.index, found.end)}\x1b[m\x1b[K`;
      from = found.end;
    }
    return text + line.slice(from);
  }

  private head(name: string, number: number, offset: number | undefined, mark: string): string {
    const { options } = this;
    return (
      (this.showsNames ? name + this.nameEnd(mark) : '') +
      (options.has('n') ? `${number}${mark}` : '') +
      (options.has('b') && offset !== undefined ? `${offset}${mark}` : '')
    );
  }

  private nameEnd(mark: string): string {
    return this.options.has('Z') ? '\0' : mark;
  }

  private async fail(path: string, error: unknown): Promise<void> {
    const reason = reasonOf(error);
    this.hasFailed = true;
    if (!this.options.has('s')) await complain(this.run, `${path}: ${reason}`);
  }
}

function unpacked(content: Buffer): Input {
  let rest: Uint8Array | undefined = content;
  if (content[0] === 0x1f && content[1] === 0x8b) {
    try {
      rest = gunzipSync(content, { maxOutputLength: maxFile });
    } catch {
      rest = new Uint8Array();
    }
  }
  return {
    isTerminal: false,
    read: () => {
      const part = rest;
      rest = undefined;
      return Promise.resolve(part);
    },
  };
}
