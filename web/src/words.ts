/**
 * Word lists of the API, for selects and search parameters. The API has them beside its schemas, whose library the
 * console does not load; `satisfies` keeps them to the same words.
 */
import type { Role, Scope } from '../../src/api/access.ts';
import type { HoneypotOverview } from '../../src/api/events.ts';
import type { HuntImage } from '../../src/api/hunts.ts';
import type { FindingRow, FindingStatus } from '../../src/api/images.ts';
import type { Channel, Job } from '../../src/api/upkeep.ts';

export const roles = ['viewer', 'analyst', 'admin'] as const satisfies readonly Role[];
export const scopes = [
  'read',
  'hunt',
  'triage',
  'learn',
  'ingest',
  'metrics',
  'admin',
] as const satisfies readonly Scope[];

export const imageSorts = ['score', 'scanned', 'reference', 'size'] as const;
export type ImageSort = (typeof imageSorts)[number];

export const findingStatuses = [
  'open',
  'reopened',
  'ignored',
  'resolved',
] as const satisfies readonly FindingStatus[];

export type IgnoreScope = NonNullable<FindingRow['ignore']>['scope'];
export const ignoreScopes = ['image', 'repository', 'everywhere'] as const satisfies readonly IgnoreScope[];

export const huntImageStates = [
  'waiting',
  'done',
  'unchanged',
  'failed',
] as const satisfies readonly HuntImage['state'][];

export const jobStates = [
  'waiting',
  'retry',
  'active',
  'completed',
  'cancelled',
  'failed',
] as const satisfies readonly Job['state'][];

export const channelKinds = [
  'webhook',
  'slack',
  'email',
  'syslog',
] as const satisfies readonly Channel['kind'][];

export const honeypotPeriods = ['24h', '7d', '30d'] as const satisfies readonly HoneypotOverview['period'][];
export type HoneypotPeriod = (typeof honeypotPeriods)[number];

/** Services of decoys, as their events name them. */
export const services = [
  'docker',
  'kubelet',
  'kubernetes',
  'redis',
  'ssh',
  'postgres',
  'etcd',
  'jupyter',
  'imds',
  'weave',
  'http',
] as const;
