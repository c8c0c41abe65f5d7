/** Redirections, here-documents and process substitutions. */
import { type Draft, isBare } from './shell-draft.ts';
import { limits, type Reader } from './shell-reader.ts';
import { readWord } from './shell-word.ts';

export interface HereDocument {
  readonly delimiter: string;
  readonly stripTabs: boolean;
  readonly command: Draft;
}

export const blanks = new Set([' ', '\t', '\r']);

export function readRedirect(reader: Reader, command: Draft, waiting: HereDocument[]): void {
  const { text } = reader;
  if (isBare(command)) command.offset = reader.at;
  const operator = /^(?:<<<|<<-|<<|<>|<&|<|&>>|&>|>>|>&|>\||>)/.exec(
    text.slice(reader.at, reader.at + 3),
  )?.[0];
  if (operator === undefined) {
    reader.at++;
    return;
  }
  reader.at += operator.length;
  if (operator.length === 1 && text[reader.at] === '(') {
    // Process substitution: `bash <(curl …)`.
    const start = reader.at - 1;
    reader.at++;
    if (reader.depth < limits.depth) reader.readNested(reader, ')');
    if (command.words.length < limits.words) command.words.push(text.slice(start, reader.at));
    return;
  }
  while (blanks.has(text[reader.at] ?? '')) reader.at++;
  const target = readWord(reader).fields.join(' ');
  if (operator === '<<' || operator === '<<-') {
    if (target !== '') waiting.push({ delimiter: target, stripTabs: operator === '<<-', command });
  } else if (operator === '<<<') {
    command.input = target;
  } else if (command.redirects.length < limits.words) {
    command.redirects.push({ operator, target });
  }
}

/** A here-document without its closing line reaches to the end, as in bash. */
export function readHereDocument(reader: Reader, { delimiter, stripTabs }: HereDocument): string {
  const start = reader.at;
  let at = start;
  while (at < reader.text.length) {
    const end = reader.text.indexOf('\n', at);
    const line = reader.text.slice(at, end < 0 ? reader.text.length : end).replace(/\r$/, '');
    const next = end < 0 ? reader.text.length : end + 1;
    if ((stripTabs ? line.replace(/^\t+/, '') : line) === delimiter) {
      reader.at = next;
      return reader.text.slice(start, at);
    }
    at = next;
  }
  reader.at = reader.text.length;
  return reader.text.slice(start);
}
