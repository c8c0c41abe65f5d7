/**
 * Open Cybersecurity Schema Framework 1.8, as Cowrie's own output has it where both tell of the same: a connection is
 * SSH Activity (4007), an attempt to get in Authentication (3002), a command Process Activity (1007). Connections to
 * other services are Network Activity (4001), requests HTTP Activity (4002), and everything else, which is what nobody
 * does by mistake, a Detection Finding (2004). What has no attribute is in `unmapped`, credentials among it, and the
 * event as it is in `raw_data`.
 */
import type { DecoyEvent } from '../../model/event.ts';
import { techniqueNames } from '../../model/technique-names.ts';
import { type Severity, severityRank } from '../../model/terms.ts';
import { version } from '../../package.ts';
import { type Facts, factsOf, sentenceOf } from './facts.ts';

type Json = Readonly<Record<string, unknown>>;

export function ocsfOf(event: DecoyEvent): Json {
  const facts = factsOf(event);
  const { kind, activity, content } = classify(event, facts);
  return {
    category_uid: Math.floor(kind.uid / 1000),
    category_name: kind.category,
    class_uid: kind.uid,
    class_name: kind.name,
    activity_id: activity.id,
    activity_name: activity.name,
    type_uid: kind.uid * 100 + activity.id,
    type_name: `${kind.name}: ${activity.name}`,
    time: Date.parse(event.ts),
    severity_id: severityRank(event.severity) + 1,
    severity: captions[event.severity],
    message: sentenceOf(event, facts),
    metadata: metadataOf(event, kind),
    ...content,
    observables: observablesOf(event, facts),
    unmapped: unmappedOf(event),
    raw_data: JSON.stringify(event),
  };
}

/** In the order of `severity_id` from 1 on. */
const captions: Readonly<Record<Severity, string>> = {
  info: 'Informational',
  low: 'Low',
  medium: 'Medium',
  high: 'High',
  critical: 'Critical',
};

interface Class {
  readonly uid: number;
  readonly name: string;
  readonly category: string;
}

const system = 'System Activity';
const network = 'Network Activity';
const classes = {
  process: { uid: 1007, name: 'Process Activity', category: system },
  finding: { uid: 2004, name: 'Detection Finding', category: 'Findings' },
  authentication: { uid: 3002, name: 'Authentication', category: 'Identity & Access Management' },
  network: { uid: 4001, name: 'Network Activity', category: network },
  http: { uid: 4002, name: 'HTTP Activity', category: network },
  ssh: { uid: 4007, name: 'SSH Activity', category: network },
} as const satisfies Readonly<Record<string, Class>>;

interface Classified {
  readonly kind: Class;
  readonly activity: { readonly id: number; readonly name: string };
  readonly content: Json;
}

/** What decoys call a command that is run: `ssh.exec`, `docker.container.exec`, `postgres.program`. */
const runs = /(?:^|\.)(?:exec|run|program|input)$/;

function classify(event: DecoyEvent, facts: Facts): Classified {
  const { action, command, method, path } = facts;
  const connection = facts.service === 'ssh' ? classes.ssh : classes.network;
  const about = { ...endpointsOf(event, facts), ...attacksOf(event), ...clientOf(event, connection) };
  if (action === 'connect' || action === 'close') {
    const activity = action === 'connect' ? { id: 1, name: 'Open' } : { id: 2, name: 'Close' };
    return { kind: connection, activity, content: about };
  }
  if (action === 'client' || action.startsWith('forward'))
    return { kind: connection, activity: { id: 99, name: action }, content: about };
  if (action === 'auth')
    return {
      kind: classes.authentication,
      activity: { id: 1, name: 'Logon' },
      content: authenticationOf(event, facts),
    };
  if (command !== undefined && runs.test(action))
    return { kind: classes.process, activity: { id: 1, name: 'Launch' }, content: processOf(event, facts) };
  if (method !== undefined && path !== undefined && action === 'request') {
    const id = httpActivities.indexOf(method) + 1;
    return {
      kind: classes.http,
      activity: id === 0 ? { id: 99, name: method } : { id, name: method[0] + method.slice(1).toLowerCase() },
      content: { ...about, http_request: requestOf(event, facts) },
    };
  }
  return { kind: classes.finding, activity: { id: 1, name: 'Create' }, content: findingOf(event, facts) };
}

/** In the order of `activity_id` from 1 on. */
const httpActivities: readonly string[] = [
  'CONNECT',
  'DELETE',
  'GET',
  'HEAD',
  'OPTIONS',
  'POST',
  'PUT',
  'TRACE',
  'PATCH',
];

function metadataOf({ id, seq, ts, type, sensor }: DecoyEvent, kind: Class): Json {
  return {
    version: '1.8.0',
    product: { name: 'Waterguard', vendor_name: 'Waterguard', version },
    uid: id,
    sequence: seq,
    original_time: ts,
    event_code: type,
    log_provider: sensor,
    labels: ['honeypot'],
    // To which `attacks` belongs; findings have it by themselves.
    ...(kind !== classes.finding && { profiles: ['security_control'] }),
  };
}

function endpointsOf({ src, dst, sensor, session, connection }: DecoyEvent, { service }: Facts): Json {
  return {
    src_endpoint: src,
    dst_endpoint: { ...dst, hostname: sensor, svc_name: service },
    connection_info: {
      direction_id: 1,
      direction: 'Inbound',
      protocol_name: 'tcp',
      protocol_num: 6,
      uid: connection ?? session,
    },
  };
}

function clientOf({ fp, data }: DecoyEvent, kind: Class): Json {
  const algorithm = data?.algorithms;
  return {
    ...(fp.ja4 !== undefined && { ja4_fingerprint_list: [{ type_id: 1, type: 'JA4', value: fp.ja4 }] }),
    ...(kind === classes.ssh &&
      fp.hassh !== undefined && {
        client_hassh: {
          ...(typeof algorithm === 'string' && { algorithm }),
          fingerprint: { algorithm: 'MD5', algorithm_id: 1, value: fp.hassh },
        },
      }),
  };
}

function attacksOf({ attack }: DecoyEvent): { readonly attacks?: readonly Json[] } {
  if (attack.length === 0) return {};
  return {
    attacks: attack.map((uid) => {
      const [technique = uid, part] = uid.split('.');
      const named = (id: string): Json => {
        const name = techniqueNames[id];
        return { uid: id, ...(name !== undefined && { name }) };
      };
      return { technique: named(technique), ...(part !== undefined && { sub_technique: named(uid) }) };
    }),
  };
}

function authenticationOf(event: DecoyEvent, facts: Facts): Json {
  const { connection_info: _, ...endpoints } = endpointsOf(event, facts);
  const { user = '', accepted, service } = facts;
  return {
    ...endpoints,
    ...attacksOf(event),
    user: userOf(user),
    service: { name: service },
    is_remote: true,
    ...(accepted !== undefined && { status_id: accepted ? 1 : 2, status: accepted ? 'Success' : 'Failure' }),
  };
}

/** Administrators by their name, as Cowrie tells them. */
function userOf(name: string): Json {
  const isAdmin = name === 'root' || name === 'admin';
  return { name, type_id: isAdmin ? 2 : 1, type: isAdmin ? 'Admin' : 'User' };
}

function processOf(event: DecoyEvent, { command = '', user, exitCode }: Facts): Json {
  return {
    ...attacksOf(event),
    device: deviceOf(event),
    actor: { session: { uid: event.session }, ...(user !== undefined && { user: userOf(user) }) },
    process: commandOf(event, command),
    ...(exitCode !== undefined && { exit_code: exitCode }),
  };
}

function deviceOf({ sensor, dst }: DecoyEvent): Json {
  return { hostname: sensor, ip: dst.ip, type_id: 1, type: 'Server' };
}

function commandOf({ id }: DecoyEvent, command: string): Json {
  const [name = ''] = command.trimStart().split(/\s/, 1);
  return { uid: id, cmd_line: command, name: name.slice(name.lastIndexOf('/') + 1) };
}

function requestOf({ fp, raw }: DecoyEvent, { method, path = '' }: Facts): Json {
  const query = path.indexOf('?');
  return {
    http_method: method,
    url: {
      path: query < 0 ? path : path.slice(0, query),
      ...(query >= 0 && { query_string: path.slice(query + 1) }),
    },
    ...(fp.ua !== undefined && { user_agent: fp.ua }),
    length: raw.len,
  };
}

function findingOf(event: DecoyEvent, facts: Facts): Json {
  const time = Date.parse(event.ts);
  const [url] = event.norm.urls;
  const [file] = facts.files;
  return {
    finding_info: {
      uid: event.id,
      title: event.type.replaceAll('.', ' '),
      desc: sentenceOf(event, facts),
      types: ['honeypot'],
      created_time: time,
      ...attacksOf(event),
    },
    is_alert: severityRank(event.severity) >= severityRank('high'),
    status_id: 1,
    status: 'New',
    device: deviceOf(event),
    evidences: [
      {
        ...endpointsOf(event, facts),
        ...(facts.command !== undefined && { process: commandOf(event, facts.command) }),
        ...(facts.user !== undefined && { user: userOf(facts.user) }),
        ...(url !== undefined && { url: { url_string: url } }),
        ...(file !== undefined && { file: fileOf(file) }),
      },
    ],
  };
}

function fileOf({ path, sha256, size }: Facts['files'][number]): Json {
  return {
    name: path.slice(path.lastIndexOf('/') + 1) || sha256,
    path,
    type_id: 1,
    type: 'Regular File',
    hashes: [{ algorithm: 'SHA-256', algorithm_id: 3, value: sha256 }],
    ...(size !== undefined && { size }),
  };
}

/** `type_id` of the observables that are given. */
const observable = { hostname: 1, ip: 2, user: 4, url: 6, hash: 8, command: 13 } as const;

/** Of each kind. */
const mostObservables = 100;

function observablesOf({ src, norm }: DecoyEvent, { user, files }: Facts): readonly Json[] {
  const listed: readonly (readonly [
    name: string,
    kind: keyof typeof observable,
    values: readonly string[],
  ])[] = [
    ['src_endpoint.ip', 'ip', [src.ip]],
    ['user.name', 'user', user === undefined ? [] : [user]],
    ['unmapped.urls', 'url', norm.urls],
    ['unmapped.hosts', 'hostname', norm.hosts],
    ['unmapped.commands', 'command', norm.commands],
    ['unmapped.artefacts', 'hash', files.map((one) => one.sha256)],
  ];
  return listed.flatMap(([name, kind, values]) =>
    values.slice(0, mostObservables).map((value) => ({ name, type_id: observable[kind], value })),
  );
}

function unmappedOf({ session, src, norm, fp, data }: DecoyEvent): Json {
  return { session, src_ip: src.ip, src_port: src.port, ...norm, ...data, fingerprints: fp };
}
