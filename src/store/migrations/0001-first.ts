/** The first schema: images, layers, findings, observables, hunts, access, activity. */
import { type Kysely, sql } from 'kysely';

export async function up(db: Kysely<unknown>): Promise<void> {
  for (const statement of statements) await sql.raw(statement).execute(db);
}

const statements = [
  // Parts of names are searched by their trigrams; the extension comes with every PostgreSQL and needs no superuser.
  'create extension if not exists pg_trgm',
  // An image is a repository and the digest of its manifest; its verdict is that of the last scan, without what people ignored since.
  `create table images (
    id int generated always as identity primary key,
    repository text not null,
    digest text not null,
    platform text not null,
    reference text not null,
    -- How it is opened again; an image on a machine's disk only there.
    target text not null,
    insecure boolean not null,
    host text,
    first_seen_at timestamptz not null default now(),
    scanned_at timestamptz not null,
    -- So many scans were recorded.
    scans int not null default 1,
    duration_ms int not null,
    ruleset text not null,
    verdict text not null,
    score smallint not null,
    categories text[] not null,
    open_findings int not null,
    layer_count int not null,
    size bigint not null,
    -- Since when no name leads to it.
    gone_at timestamptz,
    unique (repository, digest)
  )`,
  'create index images_by_score on images (score desc, id desc)',
  'create index images_by_scan on images (scanned_at desc, id desc)',
  'create index images_by_reference on images (reference, id)',
  'create index images_by_part_of_reference on images using gin (reference gin_trgm_ops)',
  'create index images_by_size on images (size desc, id desc)',
  'create index images_by_verdict on images (verdict, score desc, id desc)',
  'create index images_by_category on images using gin (categories)',
  'create index images_by_ruleset on images (ruleset)',
  'create index images_by_digest on images (digest text_pattern_ops)',
  // Every name under which an image was seen; 'current' as of the last hunt that listed the whole repository.
  `create table image_names (
    reference text not null,
    image_id int not null references images on delete cascade,
    seen_at timestamptz not null,
    current boolean not null,
    primary key (reference, image_id)
  )`,
  'create index image_names_by_image on image_names (image_id)',
  // The last report without its findings, which are rows.
  `create table reports (
    image_id int primary key references images on delete cascade,
    body jsonb not null
  )`,

  // What is known of a layer under its diffID, whatever image has it.
  `create table layers (
    id int generated always as identity primary key,
    diff_id text not null unique,
    -- Of all that the rest depends on: rules, detectors, limits.
    context text not null,
    files int not null,
    bytes bigint not null,
    -- The forms of its files, as bits: which rules could match in it.
    forms smallint not null,
    first_seen_at timestamptz not null default now()
  )`,
  // What was read of a layer, as caches pack it: another machine, or this one later, need not read the layer again.
  `create table layer_reports (
    layer_id int primary key references layers on delete cascade,
    body bytea not null
  )`,
  // It is compressed.
  'alter table layer_reports alter column body set storage external',
  `create table image_layers (
    image_id int not null references images on delete cascade,
    index smallint not null,
    diff_id text not null,
    digest text not null,
    size bigint not null,
    created_by text not null,
    primary key (image_id, index)
  )`,
  'create index image_layers_by_diff_id on image_layers (diff_id)',
  'create index image_layers_by_digest on image_layers (digest)',

  // Values seen: in a layer (then whatever image has it), or in an image's own configuration and history.
  `create table observables (
    layer_id int references layers on delete cascade,
    image_id int references images on delete cascade,
    type smallint not null,
    value text not null,
    note text not null,
    path text not null,
    files int not null,
    check ((layer_id is null) <> (image_id is null))
  )`,
  // Values may be longer than an index allows; their 64-bit hash is enough to find them by.
  'create index observables_by_value on observables (hashtextextended(value, 0))',
  'create index observables_by_layer on observables (layer_id)',
  'create index observables_by_image on observables (image_id)',
  // Hashes of files, by their first 64 bits: a layer has thousands.
  `create table file_hashes (
    hash bigint not null,
    layer_id int not null references layers on delete cascade
  )`,
  'create index file_hashes_by_hash on file_hashes (hash)',
  'create index file_hashes_by_layer on file_hashes (layer_id)',

  `create table ignores (
    id int generated always as identity primary key,
    finding text not null,
    scope text not null,
    repository text,
    image_id int references images on delete cascade,
    reason text not null,
    expires_at timestamptz not null,
    ignored_by text not null,
    ignored_at timestamptz not null default now(),
    withdrawn_at timestamptz
  )`,
  'create index ignores_by_finding on ignores (finding)',
  'create index ignores_by_expiry on ignores (expires_at) where withdrawn_at is null',
  `create table findings (
    id bigint generated always as identity primary key,
    image_id int not null references images on delete cascade,
    finding text not null,
    rule text not null,
    category text not null,
    severity smallint not null,
    status text not null,
    body jsonb not null,
    first_seen_at timestamptz not null default now(),
    last_seen_at timestamptz not null default now(),
    resolved_at timestamptz,
    ignore_id int references ignores,
    unique (image_id, finding)
  )`,
  'create index findings_by_severity on findings (severity desc, id desc)',
  'create index findings_by_status on findings (status, severity desc, id desc)',
  'create index findings_by_category on findings (category, severity desc, id desc)',
  'create index findings_by_rule on findings (rule, severity desc, id desc)',
  'create index findings_by_finding on findings (finding)',
  'create index findings_by_ignore on findings (ignore_id) where ignore_id is not null',

  `create table indicators (
    id int generated always as identity primary key,
    type text not null,
    value text not null,
    category text not null,
    source text not null,
    note text not null,
    added_at timestamptz not null default now(),
    added_by text not null,
    withdrawn_at timestamptz,
    images int not null default 0
  )`,
  'create unique index indicators_by_value on indicators (type, md5(value)) where withdrawn_at is null',
  // What sets of rules consist of, so that a newer one knows what it could match that was not seen before.
  `create table rulesets (
    id int generated always as identity primary key,
    digest text not null unique,
    parts jsonb not null,
    -- Whether everything seen before was searched with it.
    hunted boolean not null default false,
    seen_at timestamptz not null default now()
  )`,
  `create table retro_hunts (
    id int generated always as identity primary key,
    kind text not null,
    subject text not null,
    indicator_id int references indicators,
    state text not null,
    started_at timestamptz not null default now(),
    ended_at timestamptz,
    rescanned int not null default 0,
    hits int not null default 0
  )`,

  `create table hunts (
    id int generated always as identity primary key,
    source text not null,
    options jsonb not null,
    ruleset text not null,
    state text not null,
    started_by text not null,
    started_at timestamptz not null default now(),
    listed_at timestamptz,
    -- A repository below which every name was listed.
    whole_below text,
    ended_at timestamptz,
    problems text[] not null default '{}',
    result jsonb
  )`,
  'create index hunts_by_source on hunts (source, id desc)',
  "create index hunts_running on hunts (id) where state = 'running'",
  `create table hunt_images (
    hunt_id int not null references hunts on delete cascade,
    ordinal int not null,
    repository text not null,
    digest text not null,
    -- The first of its names.
    reference text not null,
    names text[] not null,
    target text not null,
    state text not null,
    image_id int references images on delete set null,
    problem text,
    ended_at timestamptz,
    primary key (hunt_id, ordinal),
    unique (hunt_id, repository, digest)
  )`,
  'create index hunt_images_by_state on hunt_images (hunt_id, state, ordinal)',
  'create index hunt_images_by_image on hunt_images (image_id)',
  // Which manifest an index has for a platform: content-addressed, so it never changes.
  `create table index_manifests (
    index_digest text not null,
    platform text not null,
    digest text not null,
    primary key (index_digest, platform)
  )`,
  `create table schedules (
    id int generated always as identity primary key,
    source text not null,
    options jsonb not null,
    cron text not null,
    created_by text not null,
    created_at timestamptz not null default now()
  )`,

  `create table users (
    id int generated always as identity primary key,
    name text not null unique,
    role text not null,
    password text,
    disabled boolean not null default false,
    created_at timestamptz not null default now(),
    last_seen_at timestamptz
  )`,
  `create table sign_in_links (
    secret bytea primary key,
    user_id int not null references users on delete cascade,
    expires_at timestamptz not null
  )`,
  `create table sessions (
    secret bytea primary key,
    user_id int not null references users on delete cascade,
    created_at timestamptz not null default now(),
    expires_at timestamptz not null
  )`,
  `create table tokens (
    id int generated always as identity primary key,
    name text not null,
    secret bytea not null unique,
    prefix text not null,
    scopes text[] not null,
    created_by text not null,
    created_at timestamptz not null default now(),
    expires_at timestamptz,
    last_used_at timestamptz
  )`,
  `create table audit_log (
    id bigint generated always as identity primary key,
    at timestamptz not null default now(),
    actor text not null,
    action text not null,
    subject text not null,
    detail jsonb not null,
    address text
  )`,
  'create index audit_log_by_action on audit_log (action, id desc)',

  // What happened, for the live feed and for notifications: read in the order of its ids.
  `create table activity (
    id bigint generated always as identity primary key,
    at timestamptz not null default now(),
    type text not null,
    severity smallint not null,
    text text not null,
    link text,
    key text,
    facts jsonb
  )`,
  'create unique index activity_by_key on activity (key)',
  'create index activity_by_time on activity (at)',

  `create table channels (
    id int generated always as identity primary key,
    name text not null,
    target jsonb not null,
    rule jsonb not null,
    disabled boolean not null default false,
    created_at timestamptz not null default now(),
    -- Activity up to here has been looked at for this channel.
    seen bigint not null,
    last_at timestamptz,
    last_ok boolean,
    last_detail text
  )`,
  `create table deliveries (
    id text primary key,
    channel_id int not null references channels on delete cascade,
    tried int not null default 0,
    -- The next try, or the end of the lease of who is at it; null once it has ended.
    not_before timestamptz,
    ended_at timestamptz
  )`,
  'create index deliveries_open on deliveries (channel_id, not_before) where not_before is not null',
  // Kept once they are delivered, so that the same fact is not told twice.
  `create table notices (
    channel_id int not null references channels on delete cascade,
    key text not null,
    notice jsonb not null,
    delivery_id text references deliveries on delete set null,
    added_at timestamptz not null default now(),
    primary key (channel_id, key)
  )`,
  'create index notices_waiting on notices (channel_id, added_at) where delivery_id is null',
  'create index notices_by_delivery on notices (delivery_id)',
  `create table settings (
    name text primary key,
    value jsonb not null
  )`,
];
