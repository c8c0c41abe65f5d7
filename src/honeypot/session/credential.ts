/**
 * What a visitor offers to be let in. It is evidence, and kept as it came; yet people use passwords twice, so it is
 * shown to analysts only. For everybody else it is taken out of whatever repeats it.
 */
import type { DecoyEvent } from '../../model/event.ts';

export interface Credential {
  /** Empty where none is asked for, as by Redis. */
  readonly user: string;
  readonly secret: string;
}

const userNames = ['user', 'username'] as const;
const secretNames = ['password', 'secret', 'token'] as const;

export const mask = '***';

/** Of `{"user":"root","password":"…"}`; undefined where nothing secret is offered. */
export function credentialOf(data: DecoyEvent['data']): Credential | undefined {
  if (data === undefined) return undefined;
  const secret = firstText(data, secretNames);
  return secret === undefined ? undefined : { user: firstText(data, userNames) ?? '', secret };
}

function firstText(data: Readonly<Record<string, unknown>>, names: readonly string[]): string | undefined {
  for (const name of names) {
    const one = data[name];
    if (typeof one === 'string') return one;
  }
  return undefined;
}

export function withoutCredential(text: string, { secret }: Credential): string {
  return secret === '' ? text : text.replaceAll(secret, mask);
}

/** Members of `data` that are secret, whatever decoy they come from. */
const secretMember = /pass|secret|token|credential|authorization|^auth|private/i;

/** What a viewer sees of an event: no secret, nothing that repeats it, and nothing of the bytes that brought it. */
export function maskEvent<Event extends Pick<DecoyEvent, 'norm' | 'data' | 'raw'>>(event: Event): Event {
  const { norm, data, raw } = event;
  const secrets = new Set<string>();
  const shown = data === undefined ? undefined : (maskMembers(data, secrets) as DecoyEvent['data']);
  const inOrder = [...secrets].sort((one, other) => other.length - one.length);
  const clean = (text: string): string =>
    inOrder.reduce((rest, secret) => rest.replaceAll(secret, mask), text).replace(userInfo, `//${mask}@`);
  return {
    ...event,
    norm: { ...norm, commands: norm.commands.map(clean), urls: norm.urls.map(clean) },
    raw: { ...raw, head: '' },
    ...(shown !== undefined && { data: shown }),
  };
}

/** `//user:password@` of a URL. */
const userInfo = /\/\/[^/?#@\s]{1,500}@/g;

function maskMembers(value: unknown, secrets: Set<string>): unknown {
  if (Array.isArray(value)) return value.map((one) => maskMembers(one, secrets));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, one]) => {
      if (!secretMember.test(name)) return [name, maskMembers(one, secrets)];
      collect(one, secrets);
      return [name, mask];
    }),
  );
}

/** All texts in a value that is secret. */
function collect(value: unknown, secrets: Set<string>): void {
  if (typeof value === 'string' && value !== '') secrets.add(value);
  else if (typeof value === 'object' && value !== null)
    for (const one of Object.values(value)) collect(one, secrets);
}
