/**
 * STIX 2.1: a bundle in which each event is observed data, by the sensor's identity, of what it shows: addresses,
 * traffic, accounts, URLs, names, files, commands. What is the same is one object with one id, also in another bundle
 * of somebody else: ids are derived as the standard says (section 2.9). Bundles are made to be shared, so they hold
 * no credentials, and not where the sensor is.
 */
import { isIPv4, isIPv6 } from 'node:net';
import type { DecoyEvent, Endpoint } from '../../model/event.ts';
import { maskEvent } from '../session/credential.ts';
import { factsOf, type LeftFile } from './facts.ts';
import { uuid5 } from './uuid.ts';

export type StixObject = Readonly<Record<string, unknown>> & { readonly type: string; readonly id: string };

/**
 * @returns the observed data last, and before it everything that it refers to; a sensor's identity and the definition of
 *   commands among it
 */
export function stixOf(whole: DecoyEvent): readonly StixObject[] {
  const event = maskEvent(whole);
  const { ts, type, attack, sensor, boot, seq } = event;
  const observed = observablesOf(event);
  const identity = identityOf(sensor);
  const created = new Date(ts).toISOString();
  const hasCommands = observed.some((one) => one.type === commandType);
  return [
    identity,
    ...(hasCommands ? [ourIdentity, commandDefinition] : []),
    ...observed,
    {
      type: 'observed-data',
      spec_version: '2.1',
      id: `observed-data--${uuid5(ourNamespace, `${sensor} ${boot} ${seq}`)}`,
      created_by_ref: identity.id,
      created,
      modified: created,
      first_observed: ts,
      last_observed: ts,
      number_observed: 1,
      object_refs: observed.map((one) => one.id),
      labels: ['honeypot', type],
      ...(attack.length > 0 && {
        external_references: attack.map((id) => ({ source_name: 'mitre-attack', external_id: id })),
      }),
    },
  ];
}

/** For what the standard leaves to who makes it. */
const ourNamespace = '6a1f5d0e-8f3b-4f0e-9d5b-0a4c7e2b9c11';
/** For cyber-observable objects, so that everybody derives the same ids. */
const oasisNamespace = '00abedb4-aa42-466c-9c01-fed23315a9b7';

/** Of each kind, in one event. */
const most = 100;

function observablesOf(event: DecoyEvent): readonly StixObject[] {
  const { src, norm } = event;
  const { service, user, files } = factsOf(event);
  const found = new Map<string, StixObject>();
  const add = (one: StixObject | undefined): string | undefined => {
    if (one !== undefined) found.set(one.id, one);
    return one?.id;
  };
  const source = add(addressOf(src.ip));
  if (isSomewhere(src)) add(trafficOf(source, event, service));
  if (user !== undefined) add(accountOf(user, service));
  for (const host of norm.hosts.slice(0, most))
    add(addressOf(host) ?? observable('domain-name', { value: host }));
  for (const url of norm.urls.slice(0, most)) add(observable('url', { value: url }));
  for (const file of files.slice(0, most)) add(fileOf(file));
  for (const command of norm.commands.slice(0, most)) add(commandOf(command));
  return [...found.values()];
}

function isSomewhere({ ip, port }: Endpoint): boolean {
  return ip !== '0.0.0.0' || port !== 0;
}

function addressOf(ip: string): StixObject | undefined {
  if (isIPv4(ip)) return observable('ipv4-addr', { value: ip });
  return isIPv6(ip) ? observable('ipv6-addr', { value: ip }) : undefined;
}

/** The connection is the same for all of its events. */
function trafficOf(source: string | undefined, { src, dst }: DecoyEvent, service: string): StixObject {
  return observable('network-traffic', {
    src_ref: source,
    src_port: src.port,
    dst_port: dst.port,
    protocols: [isIPv4(src.ip) ? 'ipv4' : 'ipv6', 'tcp', protocols[service] ?? 'http'],
  });
}

/** Names of IANA's registry; the other services speak HTTP. */
const protocols: Readonly<Record<string, string>> = {
  ssh: 'ssh',
  telnet: 'telnet',
  redis: 'redis',
  postgres: 'postgresql',
};

function accountOf(login: string, service: string): StixObject {
  const isUnix = service === 'ssh' || service === 'telnet';
  return observable('user-account', { account_login: login, ...(isUnix && { account_type: 'unix' }) });
}

function fileOf({ path, sha256, size }: LeftFile): StixObject {
  const name = path.slice(path.lastIndexOf('/') + 1);
  return observable(
    'file',
    { hashes: { 'SHA-256': sha256 }, ...(name !== '' && { name }) },
    size === undefined ? {} : { size },
  );
}

export const commandType = 'x-waterguard-command';

/** There is `process`, whose id is chance: the same command would be another object each time. */
function commandOf(value: string): StixObject {
  return observable(
    commandType,
    { value },
    { extensions: { [commandDefinition.id]: { extension_type: 'new-sco' } } },
  );
}

/**
 * @param contributing what the id follows from, as the standard lists it for each type
 * @param others members that tell more of the same
 */
export function observable(
  type: string,
  contributing: Readonly<Record<string, unknown>>,
  others: Readonly<Record<string, unknown>> = {},
): StixObject {
  const id = `${type}--${uuid5(oasisNamespace, canonical(contributing))}`;
  return { type, spec_version: '2.1', id, ...contributing, ...others };
}

/** JSON of RFC 8785: members in order, nothing between them. */
function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const members = Object.entries(value).sort(([one], [other]) => (one < other ? -1 : 1));
  return `{${members.map(([name, one]) => `${JSON.stringify(name)}:${canonical(one)}`).join(',')}}`;
}

/** Of what does not change: every bundle has the same version of it. */
const since = '2026-11-01T00:00:00.000Z';

function identityOf(sensor: string): StixObject {
  return {
    type: 'identity',
    spec_version: '2.1',
    id: `identity--${uuid5(ourNamespace, `sensor ${sensor}`)}`,
    created: since,
    modified: since,
    name: sensor,
    identity_class: 'system',
  };
}

const ourIdentity: StixObject = {
  type: 'identity',
  spec_version: '2.1',
  id: `identity--${uuid5(ourNamespace, 'Waterguard')}`,
  created: since,
  modified: since,
  name: 'Waterguard',
  identity_class: 'system',
};

const commandDefinition: StixObject = {
  type: 'extension-definition',
  spec_version: '2.1',
  id: `extension-definition--${uuid5(ourNamespace, commandType)}`,
  created_by_ref: ourIdentity.id,
  created: since,
  modified: since,
  name: 'Command',
  schema: `${commandType}: a command that a visitor gave to a honeypot, decoded. It has one property, "value" (string), from which its id follows.`,
  version: '1.0.0',
  extension_types: ['new-sco'],
};
