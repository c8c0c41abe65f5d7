/** What a program of awk knows: its record and fields, its variables and arrays, and those of the functions it is in. */
import { Ended, type Run } from '../../program.ts';
import { posixRegex, type Regex, RegexFault } from '../regex.ts';
import { contentOfText, fault } from '../tool.ts';
import { inputValue, numberOf, textOf, type Value } from './values.ts';

export type AwkArray = Map<string, Value>;

export interface Frame {
  readonly scalars: Map<string, Value>;
  readonly arrays: Map<string, AwkArray>;
  /** Parameters that nothing was given for become what they are used as. */
  readonly names: ReadonlySet<string>;
}

/** Elements of all arrays; characters of one string; fields of one record. */
const mostElements = 200_000;
const longestText = 1 << 20;
const mostFields = 20_000;
const killed = 137;

export class AwkMemory {
  readonly run: Run;
  readonly globals = new Map<string, Value>();
  readonly arrays = new Map<string, AwkArray>();
  protected readonly frames: Frame[] = [];
  private record = '';
  private fields: Value[] | undefined;
  private isStale = false;
  private elements = 0;

  constructor(run: Run) {
    this.run = run;
    const defaults: readonly (readonly [string, Value])[] = [
      ['FS', ' '],
      ['OFS', ' '],
      ['ORS', '\n'],
      ['RS', '\n'],
      ['NR', 0],
      ['FNR', 0],
      ['NF', 0],
      ['SUBSEP', '\x1c'],
      ['CONVFMT', '%.6g'],
      ['OFMT', '%.6g'],
      ['RSTART', 0],
      ['RLENGTH', -1],
      ['FILENAME', ''],
    ];
    for (const [name, value] of defaults) this.globals.set(name, value);
  }

  setRecord(record: string): void {
    this.record = record;
    this.fields = undefined;
    this.isStale = false;
  }

  protected whole(): string {
    if (this.isStale) {
      const texts = this.fields!.map((field) => textOf(field, this.convfmt));
      this.record = this.bounded(texts.join(textOf(this.globals.get('OFS'))));
      this.isStale = false;
    }
    return this.record;
  }

  private split(): Value[] {
    this.fields ??= this.splitText(this.record, textOf(this.globals.get('FS'))).map(inputValue);
    return this.fields;
  }

  /** By FS or what split was given. */
  splitText(text: string, separator: string): string[] {
    if (text === '') return [];
    let parts: string[];
    if (separator === ' ') parts = text.split(/[ \t\n]+/).filter((part) => part !== '');
    else if (separator === '') parts = [...text];
    else if (separator.length === 1 && separator !== '\\')
      parts = text.split(separator === '\t' ? '\t' : separator);
    else parts = this.splitByRegex(text, this.regexFor(separator));
    if (parts.length > mostFields) throw new Ended(killed);
    return parts;
  }

  splitByRegex(text: string, regex: Regex): string[] {
    const parts: string[] = [];
    let from = 0;
    let search = 0;
    while (search <= text.length) {
      const match = regex.exec(text, search);
      if (match === undefined) break;
      if (match.end === match.index) {
        search = match.index + 1;
        continue;
      }
      parts.push(text.slice(from, match.index));
      from = match.end;
      search = match.end;
    }
    parts.push(text.slice(from));
    return parts;
  }

  get convfmt(): string {
    return textOf(this.globals.get('CONVFMT'));
  }

  text(value: Value): string {
    return typeof value === 'string' ? value : textOf(value, this.convfmt);
  }

  field(index: number): Value {
    if (!(index >= 0) || index > mostFields)
      throw fault(this.run, `run time error: negative field index $${index}`, 2);
    return index === 0 ? inputValue(this.whole()) : this.split()[Math.trunc(index) - 1];
  }

  protected setField(index: number, value: Value): void {
    if (index === 0) {
      this.setRecord(this.text(value));
      return;
    }
    if (!(index > 0) || index > mostFields)
      throw fault(this.run, `run time error: field index ${index} is out of range`, 2);
    const fields = this.split();
    while (fields.length < index) fields.push('');
    fields[index - 1] = value;
    this.isStale = true;
  }

  private setFieldCount(count: number): void {
    const fields = this.split();
    const wanted = Math.max(0, Math.min(mostFields, Math.trunc(count)));
    while (fields.length < wanted) fields.push('');
    fields.length = wanted;
    this.isStale = true;
  }

  variable(name: string): Value {
    const frame = this.frames.at(-1);
    if (frame?.names.has(name)) return frame.scalars.get(name);
    if (name === 'NF') return this.split().length;
    return this.globals.get(name);
  }

  setVariable(name: string, value: Value): void {
    const frame = this.frames.at(-1);
    if (frame?.names.has(name)) frame.scalars.set(name, value);
    else if (name === 'NF') this.setFieldCount(numberOf(value));
    else this.globals.set(name, value);
  }

  array(name: string): AwkArray {
    const frame = this.frames.at(-1);
    const arrays = frame?.names.has(name) ? frame.arrays : this.arrays;
    let array = arrays.get(name);
    if (array === undefined) {
      array = new Map();
      arrays.set(name, array);
    }
    return array;
  }

  setElement(array: AwkArray, key: string, value: Value): void {
    if (!array.has(key)) {
      this.elements += 1;
      if (this.elements > mostElements) throw new Ended(killed);
    }
    array.set(key, value);
  }

  bounded(text: string): string {
    if (text.length > longestText) throw new Ended(killed);
    return text;
  }

  /** For a value that is used as a pattern. */
  regexFor(source: string): Regex {
    try {
      return posixRegex(source, { isExtended: true, ignoresCase: false });
    } catch (error) {
      if (error instanceof RegexFault)
        throw fault(
          this.run,
          `run time error: regular expression compile failed (${error.message})\n${source}`,
          2,
        );
      throw error;
    }
  }

  deleteElement(array: AwkArray, key: string): void {
    if (array.delete(key)) this.elements -= 1;
  }

  protected isArray(name: string): boolean {
    const frame = this.frames.at(-1);
    return frame?.names.has(name)
      ? frame.arrays.has(name) && !frame.scalars.has(name)
      : this.arrays.has(name);
  }

  setEnvironment(): void {
    const array = this.array('ENVIRON');
    for (const [name, value] of this.run.env)
      array.set(contentOfText(name), inputValue(contentOfText(value)));
  }
}
