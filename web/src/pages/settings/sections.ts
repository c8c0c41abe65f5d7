/** Sections of the settings, in the order of their tabs. A section more is a line more. */
import { type ComponentType, type LazyExoticComponent, lazy } from 'react';
import type { Scope, Session } from '../../../../src/api/access.ts';

export interface SectionOfSettings {
  /** In the address. */
  readonly id: string;
  readonly label: string;
  /** Who may see it. */
  readonly scope: Scope;
  readonly component: LazyExoticComponent<ComponentType>;
}

const sections: readonly SectionOfSettings[] = [
  { id: 'indicators', label: 'Indicators', scope: 'read', component: lazy(() => import('./indicators.tsx')) },
  {
    id: 'retro-hunts',
    label: 'Retro-hunts',
    scope: 'read',
    component: lazy(() => import('./retro-hunts.tsx')),
  },
  { id: 'schedules', label: 'Schedules', scope: 'read', component: lazy(() => import('./schedules.tsx')) },
  { id: 'channels', label: 'Notifications', scope: 'admin', component: lazy(() => import('./channels.tsx')) },
  { id: 'jobs', label: 'Jobs', scope: 'read', component: lazy(() => import('./jobs.tsx')) },
  { id: 'users', label: 'Users', scope: 'admin', component: lazy(() => import('./users.tsx')) },
  { id: 'tokens', label: 'Tokens', scope: 'admin', component: lazy(() => import('./tokens.tsx')) },
  { id: 'audit', label: 'Audit log', scope: 'admin', component: lazy(() => import('./audit.tsx')) },
  { id: 'system', label: 'System', scope: 'read', component: lazy(() => import('./system.tsx')) },
  { id: 'account', label: 'Account', scope: 'read', component: lazy(() => import('./account.tsx')) },
];

export function sectionsFor({ scopes }: Session): readonly SectionOfSettings[] {
  return sections.filter(({ scope }) => scopes.includes(scope));
}
