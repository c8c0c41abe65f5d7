/**
 * What decoys saw, as the console shows it. Whoever may read sees everything but credentials that visitors offered and
 * the bytes that came: these are for the scope `triage`.
 */
import type { FastifyRequest } from 'fastify';
import {
  artefactRow,
  credentialRow,
  eventsQuery,
  eventValue,
  honeypotOverview,
  honeypotQuery,
  sessionDetail,
  sessionRow,
  sessionsQuery,
  sourceRow,
  sourcesQuery,
  storedEvent,
  valueQuery,
  valuesQuery,
} from '../../api/events.ts';
import { idParameter, pageOf, pageQuery } from '../../api/page.ts';
import { artefactDetail, artefactParameter, artefactQuery } from '../../api/sensors.ts';
import { readArtefact } from '../../store/artefacts.ts';
import { listEvents, listSessionEvents } from '../../store/event-list.ts';
import { listArtefacts, listCredentials } from '../../store/event-value-list.ts';
import { spreadOf } from '../../store/event-values.ts';
import { readHoneypotOverview } from '../../store/honeypot-overview.ts';
import { listSessions, sessionDetail as readSession } from '../../store/sessions.ts';
import { listSources } from '../../store/sources.ts';
import type { App, ServerContext } from '../context.ts';
import { notFound } from '../problem.ts';

export function honeypotRoutes(app: App, { db }: ServerContext): void {
  app.get(
    '/v1/honeypots/overview',
    {
      config: { scope: 'read' },
      schema: {
        summary: 'Sums of what decoys saw in a period',
        querystring: honeypotQuery,
        response: { 200: honeypotOverview },
      },
    },
    async ({ query, actor }) => readHoneypotOverview(db, query.period, maySeeSecrets(actor)),
  );

  app.get(
    '/v1/sessions',
    {
      config: { scope: 'read' },
      schema: {
        summary: 'Sessions of visitors, those first that began last',
        querystring: sessionsQuery,
        response: { 200: pageOf(sessionRow) },
      },
    },
    async ({ query }) => listSessions(db, query),
  );

  app.get(
    '/v1/sessions/:id',
    {
      config: { scope: 'read' },
      schema: {
        summary: 'One session, with those that are related; credentials are masked without the scope triage',
        params: idParameter,
        response: { 200: sessionDetail },
      },
    },
    async ({ params, actor }) => {
      const session = await readSession(db, params.id, maySeeSecrets(actor));
      if (session === undefined) throw notFound('session');
      return session;
    },
  );

  app.get(
    '/v1/sessions/:id/events',
    {
      config: { scope: 'read' },
      schema: {
        summary:
          'Events of a session in their order; without the scope triage credentials are masked, bytes left out',
        params: idParameter,
        querystring: pageQuery,
        response: { 200: pageOf(storedEvent) },
      },
    },
    async ({ params, query, actor }) => listSessionEvents(db, params.id, query, maySeeSecrets(actor)),
  );

  app.get(
    '/v1/events',
    {
      config: { scope: 'read' },
      schema: {
        summary: 'Events, the newest first; without the scope triage credentials are masked, bytes left out',
        querystring: eventsQuery,
        response: { 200: pageOf(storedEvent) },
      },
    },
    async ({ query, actor }) => listEvents(db, query, maySeeSecrets(actor)),
  );

  app.get(
    '/v1/events/values',
    {
      config: { scope: 'read' },
      schema: {
        summary: 'How far a command, URL, host, image, wallet or file is spread',
        querystring: valueQuery,
        response: { 200: eventValue },
      },
    },
    async ({ query }) => {
      const spread = await spreadOf(db, query.type, query.value);
      if (spread === undefined) throw notFound('value');
      const { firstAt, lastAt, ...counts } = spread;
      return { ...query, ...counts, firstAt: firstAt.toISOString(), lastAt: lastAt.toISOString() };
    },
  );

  app.get(
    '/v1/sources',
    {
      config: { scope: 'read' },
      schema: {
        summary: 'Addresses that visitors came from, the busiest first',
        querystring: sourcesQuery,
        response: { 200: pageOf(sourceRow) },
      },
    },
    async ({ query }) => listSources(db, query),
  );

  app.get(
    '/v1/credentials',
    {
      config: { scope: 'read' },
      schema: {
        summary: 'Credentials that visitors tried, the commonest first; masked without the scope triage',
        querystring: valuesQuery,
        response: { 200: pageOf(credentialRow) },
      },
    },
    async ({ query, actor }) => listCredentials(db, query, maySeeSecrets(actor)),
  );

  app.get(
    '/v1/artefacts',
    {
      config: { scope: 'read' },
      schema: {
        summary: 'Files that visitors left, by their digests, the commonest first',
        querystring: valuesQuery,
        response: { 200: pageOf(artefactRow) },
      },
    },
    async ({ query }) => listArtefacts(db, query),
  );

  app.get(
    '/v1/artefacts/:sha256',
    {
      config: { scope: 'triage' },
      schema: {
        summary: 'What a file is that a visitor left: its beginning, its strings, who left it',
        params: artefactParameter,
        querystring: artefactQuery,
        response: { 200: artefactDetail },
      },
    },
    async ({ params, query }) => {
      const artefact = await readArtefact(db, params.sha256, query.content);
      if (artefact === undefined) throw notFound('file');
      return artefact;
    },
  );
}

function maySeeSecrets({ scopes }: FastifyRequest['actor']): boolean {
  return scopes.includes('triage');
}
