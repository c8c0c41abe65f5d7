/** What of an event can be found again in others: addresses, commands, images, wallets, credentials, files. */
import type { DecoyEvent } from '../../model/event.ts';
import { credentialOf, withoutCredential } from './credential.ts';

/** In the order of their numbers in the store; those before `credential` are searched by their parts. */
export const valueTypes = ['command', 'url', 'host', 'image', 'wallet', 'credential', 'artefact'] as const;
export type ValueType = (typeof valueTypes)[number];

/**
 * So many different ones a session leaves, at most; what comes after is in its events alone. Dictionaries of passwords
 * and random keys would make the store's own larger than what they tell.
 */
export const mostValues: Readonly<Record<ValueType, number>> = {
  command: 100,
  url: 50,
  host: 50,
  image: 50,
  wallet: 20,
  credential: 100,
  artefact: 50,
};

export interface Value {
  readonly type: ValueType;
  readonly value: string;
}

const sha256 = /^[0-9a-f]{64}$/;

/** Each as often as the event has it. Passwords that the event offers are left out of its commands and URLs. */
export function valuesOf({ norm, data }: DecoyEvent): Value[] {
  const values: Value[] = [];
  const credential = credentialOf(data);
  const add = (type: ValueType, all: readonly string[]): void => {
    for (let at = 0; at < all.length; at += 1) {
      const one = all[at]!;
      values.push({ type, value: credential === undefined ? one : withoutCredential(one, credential) });
    }
  };
  add('command', norm.commands);
  add('url', norm.urls);
  add('host', norm.hosts);
  add('image', norm.images);
  add('wallet', norm.wallets);
  if (credential !== undefined)
    values.push({ type: 'credential', value: JSON.stringify([credential.user, credential.secret]) });
  if (Array.isArray(data?.artefacts)) {
    for (const one of data.artefacts as { readonly sha256?: unknown }[]) {
      if (typeof one?.sha256 === 'string' && sha256.test(one.sha256))
        values.push({ type: 'artefact', value: one.sha256 });
    }
  }
  return values;
}
