/** Sensors: let in by a secret that works once, heard, listed, revoked. */
import { z } from 'zod';
import { idParameter, pageOf } from '../../api/page.ts';
import { enrol, enrolled, enrolment, heard, heartbeat, newEnrolment, sensorRow } from '../../api/sensors.ts';
import { audit } from '../../store/access.ts';
import { addEnrolment, hear, listSensors, revokeSensor, takeEnrolment } from '../../store/sensors.ts';
import { tokenPrefix } from '../access.ts';
import type { App, ServerContext } from '../context.ts';
import { notFound, Refusal } from '../problem.ts';
import { shownOfToken } from './access.ts';

/** Secrets can be tried so often in a minute from one address. */
const mostEnrolments = 10;

export function sensorRoutes(app: App, { db }: ServerContext): void {
  app.get(
    '/v1/sensors',
    {
      config: { scope: 'read' },
      schema: { summary: 'Sensors, and how they are', response: { 200: pageOf(sensorRow) } },
    },
    async () => ({ items: await listSensors(db) }),
  );

  app.post(
    '/v1/sensors/enrolments',
    {
      config: { scope: 'admin' },
      schema: {
        summary: 'Invite a sensor: a secret that works once, within a quarter of an hour',
        body: newEnrolment,
        response: { 201: enrolment },
      },
    },
    async ({ body, actor }, reply) => {
      const added = await db.transaction().execute(async (tx) => {
        await audit(tx, actor, 'sensor.invite', `sensor:${body.name}`, { place: body.place });
        return addEnrolment(tx, body);
      });
      return reply.status(201).send(added);
    },
  );

  app.post(
    '/v1/sensors/enrol',
    {
      config: { scope: 'open', rateLimit: { max: mostEnrolments, timeWindow: '1 minute' } },
      schema: {
        summary: 'Become a sensor, by the secret of an invitation: its token is in this answer alone',
        body: enrol,
        response: { 201: enrolled },
      },
    },
    async ({ body, ip }, reply) => {
      const taken = await db.transaction().execute(async (tx) => {
        const one = await takeEnrolment(tx, body.secret, body.report, {
          prefix: tokenPrefix,
          shown: shownOfToken,
        });
        if (one === undefined) return undefined;
        const actor = { name: `sensor:${one.name}`, address: ip };
        await audit(tx, actor, 'sensor.enrol', `sensor:${one.sensor}`, { version: body.report.version });
        return one;
      });
      if (taken === undefined) {
        const detail = 'The secret is used up or too old. An admin makes a new one.';
        throw new Refusal(401, 'enrolment-failed', detail);
      }
      return reply.status(201).send(taken);
    },
  );

  app.post(
    '/v1/sensors/:id/heartbeat',
    {
      config: { scope: 'ingest', takesSensors: true },
      schema: {
        summary: 'Tell how a sensor is: its decoys, its spool, its clock',
        params: idParameter,
        body: heartbeat,
        response: { 200: heard },
      },
    },
    async ({ params, body, actor }) => {
      if (actor.sensor !== undefined && actor.sensor !== params.id)
        throw new Refusal(403, 'forbidden', 'A sensor speaks for itself alone.');
      const { at, ...report } = body;
      const clockSkewMs = await hear(db, params.id, report, Date.now() - Date.parse(at));
      if (clockSkewMs === undefined) throw notFound('sensor');
      return { clockSkewMs };
    },
  );

  app.delete(
    '/v1/sensors/:id',
    {
      config: { scope: 'admin' },
      schema: {
        summary: 'Revoke a sensor: its token is worth nothing from now on, what it delivered stays',
        params: idParameter,
        response: { 204: z.null() },
      },
    },
    async ({ params, actor }, reply) => {
      await db.transaction().execute(async (tx) => {
        const name = await revokeSensor(tx, params.id);
        if (name === undefined) throw notFound('sensor');
        await audit(tx, actor, 'sensor.revoke', `sensor:${params.id}`, { name });
      });
      return reply.status(204).send(null);
    },
  );
}
