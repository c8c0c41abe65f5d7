/**
 * Messages of hpfeeds, which T-Pot, MHN and their collectors read. Every event goes to the channel `waterguard.events`.
 * A connection over SSH or Telnet also goes to `cowrie.sessions` when it is over, as Cowrie's plugin has it
 * (`output/hpfeeds3.py`), passwords among it: that is what the feed is for.
 */
import type { DecoyEvent } from '../../model/event.ts';
import { factsOf } from './facts.ts';

export interface Message {
  /** Who publishes: the sensor. */
  readonly ident: string;
  readonly channel: string;
  readonly payload: unknown;
}

export interface Messages {
  /** What follows from the next event; events of a connection come in their order. */
  next(event: DecoyEvent): readonly Message[];
  /** Connections whose end did not come. */
  rest(): readonly Message[];
}

export const eventChannel = 'waterguard.events';
export const sessionChannel = 'cowrie.sessions';

/** Connections at once; the one that began first is told of as it is when there is another. */
const mostSessions = 10_000;
/** Of each list. */
const mostMembers = 500;

interface Draft {
  readonly ident: string;
  readonly session: {
    readonly session: string;
    readonly startTime: string;
    endTime: string;
    readonly peerIP: string;
    readonly peerPort: number;
    readonly hostIP: string;
    readonly hostPort: number;
    loggedin: readonly [user: string, password: string] | null;
    readonly credentials: (readonly [user: string, password: string])[];
    readonly commands: string[];
    readonly unknownCommands: string[];
    readonly urls: string[];
    version: string | null;
    readonly ttylog: null;
    readonly hashes: string[];
    readonly protocol: string;
  };
}

export function createMessages(): Messages {
  const drafts = new Map<string, Draft>();

  function draftOf(event: DecoyEvent, key: string, service: string): Draft {
    const { sensor, connection, session, ts, src, dst } = event;
    const draft: Draft = {
      ident: sensor,
      session: {
        session: connection ?? session,
        startTime: ts,
        endTime: '',
        peerIP: src.ip,
        peerPort: src.port,
        hostIP: dst.ip,
        hostPort: dst.port,
        loggedin: null,
        credentials: [],
        commands: [],
        unknownCommands: [],
        urls: [],
        version: null,
        ttylog: null,
        hashes: [],
        protocol: service,
      },
    };
    drafts.set(key, draft);
    return draft;
  }

  function take(key: string): Message {
    const { ident, session } = drafts.get(key)!;
    drafts.delete(key);
    return { ident, channel: sessionChannel, payload: session };
  }

  return {
    next(event) {
      const messages: Message[] = [{ ident: event.sensor, channel: eventChannel, payload: event }];
      const { service, action } = factsOf(event);
      if (service !== 'ssh' && service !== 'telnet') return messages;
      const key = JSON.stringify([event.sensor, event.boot, event.connection ?? event.session]);
      const draft = drafts.get(key) ?? draftOf(event, key, service);
      add(draft, event);
      if (action === 'close') messages.push(take(key));
      else if (drafts.size > mostSessions) messages.push(take(drafts.keys().next().value!));
      return messages;
    },
    rest: () => [...drafts.keys()].map(take),
  };
}

function add({ session }: Draft, event: DecoyEvent): void {
  const { ts, fp, norm, data = {} } = event;
  const { action, user = '', accepted, command, files } = factsOf(event);
  session.endTime = ts;
  if (fp.ua !== undefined) session.version = fp.ua;
  put(session.urls, norm.urls);
  put(
    session.hashes,
    files.map((one) => one.sha256),
  );
  if (action === 'auth' && typeof data.password === 'string') {
    if (accepted === true) session.loggedin = [user, data.password];
    else if (session.credentials.length < mostMembers) session.credentials.push([user, data.password]);
  }
  if (command === undefined) return;
  const isUnknown = action === 'shell.result' && data.isKnown === false;
  const list = isUnknown ? session.unknownCommands : session.commands;
  if ((isUnknown || isInput.test(action)) && list.length < mostMembers) list.push(command);
}

const isInput = /^(?:exec|shell\.input)$/;

/** Each once. */
function put(list: string[], values: readonly string[]): void {
  for (const one of values) if (list.length < mostMembers && !list.includes(one)) list.push(one);
}
