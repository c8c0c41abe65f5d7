/** The formats in which events are given away: each makes text of one event after another. */
import { randomUUID } from 'node:crypto';
import type { DecoyEvent } from '../../model/event.ts';
import { cefOf } from './cef.ts';
import type { FormatName } from './format-names.ts';
import { createMessages, type Message } from './hpfeeds.ts';
import { ocsfOf } from './ocsf.ts';
import { type StixObject, stixOf } from './stix.ts';

/** Texts that, one behind the other, are what is written. */
export interface Writer {
  next(event: DecoyEvent): string;
  end(): string;
}

/** JSON on one line, as the place where it goes bears it. */
export type Print = (value: unknown) => string;

export const formats: Readonly<Record<FormatName, (print: Print) => Writer>> = {
  ndjson: (print) => lines((event) => print(event)),
  cef: () => lines(cefOf),
  ocsf: (print) => lines((event) => print(ocsfOf(event))),
  stix: createBundle,
  hpfeeds: createFeed,
};

function lines(lineOf: (event: DecoyEvent) => string): Writer {
  return { next: (event) => `${lineOf(event)}\n`, end: () => '' };
}

function createFeed(print: Print): Writer {
  const messages = createMessages();
  const printAll = (some: readonly Message[]): string => some.map((one) => `${print(one)}\n`).join('');
  return { next: (event) => printAll(messages.next(event)), end: () => printAll(messages.rest()) };
}

/** Objects that a bundle is known to have; one that has more may have some of them twice. */
const mostKnown = 200_000;

/** Each object once, as far as memory goes. Without objects it has no list of them, as the standard wants it. */
function createBundle(print: Print): Writer {
  const known = new Set<string>();
  const begin = `{"type":"bundle","id":"bundle--${randomUUID()}"`;
  let isEmpty = true;
  const isNew = ({ id, type }: StixObject): boolean => {
    if (known.has(id)) return false;
    if (type !== 'observed-data' && known.size < mostKnown) known.add(id);
    return true;
  };
  return {
    next(event) {
      let text = '';
      for (const object of stixOf(event).filter(isNew)) {
        text += `${isEmpty ? `${begin},"objects":[` : ','}\n${print(object)}`;
        isEmpty = false;
      }
      return text;
    },
    end: () => (isEmpty ? `${begin}}\n` : '\n]}\n'),
  };
}
