/**
 * Every view of the console and its address. Pages load when they are gone to; the filters of a page are in its
 * search parameters, plain and readable, and what does not fit there is left out.
 */
import type { QueryClient } from '@tanstack/react-query';
import {
  createRootRouteWithContext,
  createRoute,
  createRouter,
  lazyRouteComponent,
  Outlet,
  redirect,
} from '@tanstack/react-router';
import { categories, severities, verdicts } from '../../src/model/terms.ts';
import { ApiError } from './api.ts';
import { NotFound, RouteFailure, RoutePending } from './pages/fallback.tsx';
import { Shell } from './parts/shell.tsx';
import { sessionQuery } from './queries.ts';
import {
  findingStatuses,
  honeypotPeriods,
  huntImageStates,
  imageSorts,
  jobStates,
  services,
} from './words.ts';

type Raw = Record<string, unknown>;

function text(value: unknown): string | undefined {
  return typeof value === 'string' && value.trim() !== '' ? value : undefined;
}

function oneOf<Word extends string>(words: readonly Word[], value: unknown): Word | undefined {
  return words.find((word) => word === value);
}

/** Text in the address, a number in a link. */
function idOf(value: unknown): number | undefined {
  const digits = String(value);
  return /^[1-9]\d{0,14}$/.test(digits) ? Number(digits) : undefined;
}

/** Links may leave any of them out. */
function optional<Search extends object>(search: Search): Partial<Search> {
  return search;
}

const root = createRootRouteWithContext<{ readonly client: QueryClient }>()({
  component: Outlet,
  notFoundComponent: NotFound,
});

const signIn = createRoute({
  getParentRoute: () => root,
  path: '/sign-in',
  validateSearch: (raw: Raw) => optional({ next: text(raw.next) }),
  component: lazyRouteComponent(() => import('./pages/sign-in.tsx'), 'SignIn'),
});

const shell = createRoute({
  getParentRoute: () => root,
  id: 'shell',
  beforeLoad: async ({ context, location }) => {
    try {
      await context.client.ensureQueryData(sessionQuery);
    } catch (error) {
      if (!(error instanceof ApiError) || error.status !== 401) throw error;
      throw redirect({ to: '/sign-in', search: location.href === '/' ? {} : { next: location.href } });
    }
  },
  component: Shell,
});

const overview = createRoute({
  getParentRoute: () => shell,
  path: '/',
  component: lazyRouteComponent(() => import('./pages/overview/overview.tsx'), 'OverviewPage'),
});

const images = createRoute({
  getParentRoute: () => shell,
  path: '/images',
  validateSearch: (raw: Raw) =>
    optional({
      q: text(raw.q),
      verdict: oneOf(verdicts, raw.verdict),
      category: oneOf(categories, raw.category),
      hunt: idOf(raw.hunt),
      sort: oneOf(imageSorts, raw.sort),
    }),
  component: lazyRouteComponent(() => import('./pages/images/images.tsx'), 'ImagesPage'),
});

const image = createRoute({
  getParentRoute: () => shell,
  path: '/images/$id',
  validateSearch: (raw: Raw) => optional({ finding: idOf(raw.finding) }),
  component: lazyRouteComponent(() => import('./pages/image/image.tsx'), 'ImagePage'),
});

const findings = createRoute({
  getParentRoute: () => shell,
  path: '/findings',
  validateSearch: (raw: Raw) =>
    optional({
      status: oneOf(findingStatuses, raw.status),
      severity: oneOf(severities, raw.severity),
      category: oneOf(categories, raw.category),
      rule: text(raw.rule),
    }),
  component: lazyRouteComponent(() => import('./pages/findings.tsx'), 'FindingsPage'),
});

const hunts = createRoute({
  getParentRoute: () => shell,
  path: '/hunts',
  component: lazyRouteComponent(() => import('./pages/hunts/hunts.tsx'), 'HuntsPage'),
});

const hunt = createRoute({
  getParentRoute: () => shell,
  path: '/hunts/$id',
  validateSearch: (raw: Raw) => optional({ state: oneOf(huntImageStates, raw.state) }),
  component: lazyRouteComponent(() => import('./pages/hunts/hunt.tsx'), 'HuntPage'),
});

const honeypots = createRoute({
  getParentRoute: () => shell,
  path: '/honeypots',
  validateSearch: (raw: Raw) => optional({ period: oneOf(honeypotPeriods, raw.period) }),
  component: lazyRouteComponent(() => import('./pages/honeypots/honeypots.tsx'), 'HoneypotsPage'),
});

const honeypotOverview = createRoute({
  getParentRoute: () => honeypots,
  path: '/',
  component: lazyRouteComponent(() => import('./pages/honeypots/overview.tsx'), 'HoneypotOverviewPage'),
});

const visits = createRoute({
  getParentRoute: () => honeypots,
  path: '/sessions',
  validateSearch: (raw: Raw) =>
    optional({
      service: oneOf(services, raw.service),
      severity: oneOf(severities, raw.severity),
      technique: text(raw.technique),
      source: text(raw.source),
      country: text(raw.country),
      sensor: text(raw.sensor),
      q: text(raw.q),
    }),
  component: lazyRouteComponent(() => import('./pages/honeypots/sessions.tsx'), 'SessionsPage'),
});

const sources = createRoute({
  getParentRoute: () => honeypots,
  path: '/sources',
  component: lazyRouteComponent(() => import('./pages/honeypots/sources.tsx'), 'SourcesPage'),
});

const credentials = createRoute({
  getParentRoute: () => honeypots,
  path: '/credentials',
  component: lazyRouteComponent(() => import('./pages/honeypots/credentials.tsx'), 'CredentialsPage'),
});

const artefacts = createRoute({
  getParentRoute: () => honeypots,
  path: '/files',
  component: lazyRouteComponent(() => import('./pages/honeypots/files.tsx'), 'FilesPage'),
});

const sensors = createRoute({
  getParentRoute: () => honeypots,
  path: '/sensors',
  component: lazyRouteComponent(() => import('./pages/honeypots/sensors.tsx'), 'SensorsPage'),
});

const visit = createRoute({
  getParentRoute: () => shell,
  path: '/honeypots/sessions/$id',
  component: lazyRouteComponent(() => import('./pages/honeypots/session/session.tsx'), 'SessionPage'),
});

const artefact = createRoute({
  getParentRoute: () => shell,
  path: '/honeypots/files/$sha256',
  component: lazyRouteComponent(() => import('./pages/honeypots/file.tsx'), 'FilePage'),
});

const sightings = createRoute({
  getParentRoute: () => shell,
  path: '/sightings',
  validateSearch: (raw: Raw) => optional({ value: text(raw.value) }),
  component: lazyRouteComponent(() => import('./pages/sightings.tsx'), 'SightingsPage'),
});

const layer = createRoute({
  getParentRoute: () => shell,
  path: '/layers/$diffId',
  component: lazyRouteComponent(() => import('./pages/layer.tsx'), 'LayerPage'),
});

const settings = createRoute({
  getParentRoute: () => shell,
  path: '/settings',
  component: lazyRouteComponent(() => import('./pages/settings/settings.tsx'), 'SettingsPage'),
});

/** Without a section: the first that everybody may see. */
const settingsStart = createRoute({
  getParentRoute: () => settings,
  path: '/',
  beforeLoad: () => {
    throw redirect({ to: '/settings/$section', params: { section: 'indicators' } });
  },
});

/** Search parameters of all sections; each reads its own. */
const settingsSection = createRoute({
  getParentRoute: () => settings,
  path: '/$section',
  validateSearch: (raw: Raw) =>
    optional({
      state: oneOf(jobStates, raw.state),
      queue: text(raw.queue),
      action: text(raw.action),
    }),
  component: lazyRouteComponent(() => import('./pages/settings/section.tsx'), 'SettingsSection'),
});

const tree = root.addChildren([
  signIn,
  shell.addChildren([
    overview,
    images,
    image,
    findings,
    hunts,
    hunt,
    honeypots.addChildren([honeypotOverview, visits, sources, credentials, artefacts, sensors]),
    visit,
    artefact,
    sightings,
    layer,
    settings.addChildren([settingsStart, settingsSection]),
  ]),
]);

export function createConsoleRouter(client: QueryClient) {
  return createRouter({
    routeTree: tree,
    context: { client },
    defaultPreload: 'intent',
    defaultPreloadStaleTime: 0,
    scrollRestoration: true,
    defaultErrorComponent: RouteFailure,
    defaultPendingComponent: RoutePending,
    parseSearch: (search) => Object.fromEntries(new URLSearchParams(search)),
    stringifySearch,
  });
}

function stringifySearch(search: Record<string, unknown>): string {
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(search)) {
    if (value !== undefined && value !== '') query.set(name, String(value));
  }
  return query.size === 0 ? '' : `?${query}`;
}

declare module '@tanstack/react-router' {
  interface Register {
    router: ReturnType<typeof createConsoleRouter>;
  }
}
