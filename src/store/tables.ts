/** The tables as Kysely knows them; `migrations/` makes them. Columns of JSON are written as text. */
import type { ColumnType, Generated, JSONColumnType } from 'kysely';

/** Given back as a Date; taken as one or as RFC 3339. */
type Time = ColumnType<Date, Date | string, Date | string>;
type TimeOrNull = ColumnType<Date | null, Date | string | null | undefined, Date | string | null>;
type TimeByDefault = ColumnType<Date, Date | string | undefined, Date | string>;
type Json = JSONColumnType<object>;

export interface Tables {
  images: {
    id: Generated<number>;
    repository: string;
    digest: string;
    platform: string;
    reference: string;
    target: string;
    insecure: boolean;
    host: string | null;
    first_seen_at: TimeByDefault;
    scanned_at: Time;
    scans: Generated<number>;
    duration_ms: number;
    ruleset: string;
    verdict: string;
    score: number;
    categories: string[];
    open_findings: number;
    layer_count: number;
    size: number;
    gone_at: TimeOrNull;
  };
  image_names: { reference: string; image_id: number; seen_at: Time; current: boolean };
  reports: { image_id: number; body: Json };
  layers: {
    id: Generated<number>;
    diff_id: string;
    context: string;
    files: number;
    bytes: number;
    forms: number;
    first_seen_at: TimeByDefault;
  };
  layer_reports: { layer_id: number; body: Buffer };
  image_layers: {
    image_id: number;
    index: number;
    diff_id: string;
    digest: string;
    size: number;
    created_by: string;
  };
  observables: {
    layer_id: number | null;
    image_id: number | null;
    type: number;
    value: string;
    note: string;
    path: string;
    files: number;
  };
  file_hashes: { hash: string; layer_id: number };
  ignores: {
    id: Generated<number>;
    finding: string;
    scope: string;
    repository: string | null;
    image_id: number | null;
    reason: string;
    expires_at: Time;
    ignored_by: string;
    ignored_at: TimeByDefault;
    withdrawn_at: TimeOrNull;
  };
  findings: {
    id: Generated<number>;
    image_id: number;
    finding: string;
    rule: string;
    category: string;
    severity: number;
    status: string;
    body: Json;
    first_seen_at: TimeByDefault;
    last_seen_at: TimeByDefault;
    resolved_at: TimeOrNull;
    ignore_id: number | null;
  };
  indicators: {
    id: Generated<number>;
    type: string;
    value: string;
    category: string;
    source: string;
    note: string;
    added_at: TimeByDefault;
    added_by: string;
    withdrawn_at: TimeOrNull;
    images: Generated<number>;
  };
  rulesets: {
    id: Generated<number>;
    digest: string;
    parts: Json;
    hunted: Generated<boolean>;
    seen_at: TimeByDefault;
  };
  retro_hunts: {
    id: Generated<number>;
    kind: string;
    subject: string;
    indicator_id: number | null;
    state: string;
    started_at: TimeByDefault;
    ended_at: TimeOrNull;
    rescanned: Generated<number>;
    hits: Generated<number>;
  };
  hunts: {
    id: Generated<number>;
    source: string;
    options: Json;
    ruleset: string;
    state: string;
    started_by: string;
    started_at: TimeByDefault;
    listed_at: TimeOrNull;
    whole_below: string | null;
    ended_at: TimeOrNull;
    problems: Generated<string[]>;
    result: ColumnType<object | null, string | null | undefined, string | null>;
  };
  hunt_images: {
    hunt_id: number;
    ordinal: number;
    repository: string;
    digest: string;
    reference: string;
    names: string[];
    target: string;
    state: string;
    image_id: number | null;
    problem: string | null;
    ended_at: TimeOrNull;
  };
  index_manifests: { index_digest: string; platform: string; digest: string };
  schedules: {
    id: Generated<number>;
    source: string;
    options: Json;
    cron: string;
    created_by: string;
    created_at: TimeByDefault;
  };
  users: {
    id: Generated<number>;
    name: string;
    role: string;
    password: string | null;
    disabled: Generated<boolean>;
    created_at: TimeByDefault;
    last_seen_at: TimeOrNull;
  };
  sign_in_links: { secret: Buffer; user_id: number; expires_at: Time };
  sessions: { secret: Buffer; user_id: number; created_at: TimeByDefault; expires_at: Time };
  tokens: {
    id: Generated<number>;
    name: string;
    secret: Buffer;
    prefix: string;
    scopes: string[];
    created_by: string;
    created_at: TimeByDefault;
    expires_at: TimeOrNull;
    last_used_at: TimeOrNull;
    sensor_id: ColumnType<number | null, number | null | undefined, number | null>;
  };
  audit_log: {
    id: Generated<number>;
    at: TimeByDefault;
    actor: string;
    action: string;
    subject: string;
    detail: Json;
    address: string | null;
  };
  activity: {
    id: Generated<number>;
    at: TimeByDefault;
    type: string;
    severity: number;
    text: string;
    link: string | null;
    key: string | null;
    facts: ColumnType<object | null, string | null | undefined, string | null>;
  };
  channels: {
    id: Generated<number>;
    name: string;
    target: Json;
    rule: Json;
    disabled: Generated<boolean>;
    created_at: TimeByDefault;
    seen: number;
    last_at: TimeOrNull;
    last_ok: boolean | null;
    last_detail: string | null;
  };
  deliveries: {
    id: string;
    channel_id: number;
    tried: Generated<number>;
    not_before: TimeOrNull;
    ended_at: TimeOrNull;
  };
  notices: {
    channel_id: number;
    key: string;
    notice: Json;
    delivery_id: string | null;
    added_at: TimeByDefault;
  };
  settings: { name: string; value: Json };
  sensors: {
    id: Generated<number>;
    name: string;
    place: Generated<string>;
    version: Generated<string>;
    report: JSONColumnType<object, string | undefined, string>;
    added_at: TimeByDefault;
    enrolled_at: TimeOrNull;
    revoked_at: TimeOrNull;
    heard_at: TimeOrNull;
    clock_skew: ColumnType<number | null, number | null | undefined, number | null>;
    batches: Generated<number>;
  };
  sensor_enrolments: { secret: Buffer; name: string; place: string; expires_at: Time };
  sensor_authorities: {
    id: Generated<number>;
    certificate: string;
    key: string;
    added_at: TimeByDefault;
    expires_at: Time;
  };
  sensor_certificates: { fingerprint: Buffer; sensor_id: number; expires_at: Time };
  sensor_boots: {
    id: Generated<number>;
    sensor_id: number;
    boot: string;
    first_at: Time;
    last_at: Time;
    contiguous: number;
    highest: number;
    beyond: JSONColumnType<[number, number][]>;
    events: number;
    dropped: number;
  };
  event_types: { id: Generated<number>; name: string };
  event_batches: { id: Generated<number>; received_at: Time; lines: Buffer };
  event_spans: {
    first_at: Time;
    last_at: Time;
    batch_id: number;
    line: number;
    boot_id: number;
    session_id: number | null;
    later: number[];
    seqs: number[];
    lines: number[];
    types: number[];
  };
  honeypot_sessions: {
    id: Generated<number>;
    sensor_id: number;
    src: string;
    first_at: Time;
    last_at: Time;
    events: number;
    severity: number;
    services: string[];
    techniques: string[];
    summary: Json;
    src_country: string | null;
    src_asn: number | null;
    src_as_name: string | null;
  };
  session_seen: { session_id: number; place: number; digests: Buffer; value_ids: number[] };
  session_links: { session_id: number; earlier_id: number; reason: string };
  session_marks: { sensor_id: number; mark: Buffer; session_id: number; sources: number };
  event_values: { id: Generated<number>; type: number; digest: Buffer; value: string; first_at: Time };
  event_hours: { hour: Time; sensor_id: number; type: number; events: number };
  technique_days: { day: string; sensor_id: number; technique: string; events: number };
  value_days: { day: string; sensor_id: number; value_id: number; sessions: number };
  artefacts: { sha256: Buffer; sensor_id: number | null; size: number; added_at: TimeByDefault };
  artefact_bodies: { sha256: Buffer; body: Buffer };
}
