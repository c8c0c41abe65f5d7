/** Sensors: let in by a secret that works once, heard, listed, revoked. */
import { z } from 'zod';
import { idParameter, pageOf } from '../../api/page.ts';
import {
  addedAuthority,
  enrol,
  enrolled,
  enrolment,
  heard,
  heartbeat,
  issued,
  newEnrolment,
  renewal,
  sensorRow,
} from '../../api/sensors.ts';
import { keyOfRequest } from '../../certificate/request.ts';
import { audit } from '../../store/access.ts';
import {
  addAuthority,
  fingerprintOf,
  issueCertificate,
  renewCertificate,
} from '../../store/sensor-certificates.ts';
import {
  addEnrolment,
  addSensorToken,
  hear,
  listSensors,
  revokeSensor,
  takeEnrolment,
} from '../../store/sensors.ts';
import { tokenPrefix } from '../access.ts';
import { peerCertificate, platformName } from '../client-certificate.ts';
import type { App, ServerContext } from '../context.ts';
import { notFound, Refusal } from '../problem.ts';
import { shownOfToken } from './access.ts';

/** Secrets can be tried so often in a minute from one address. */
const mostEnrolments = 10;

export function sensorRoutes(app: App, { db }: ServerContext, publicUrl: string | undefined): void {
  const platform = platformName(publicUrl);

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
        summary:
          'Become a sensor, by the secret of an invitation: for a certificate, or a token that is in this answer alone',
        body: enrol,
        response: { 201: enrolled },
      },
    },
    async (request, reply) => {
      const { body, ip } = request;
      const asked = body.csr === undefined ? undefined : keyOfRequest(body.csr);
      // A proxy in front keeps the certificates of clients to itself: then a sensor needs a token.
      const shown = asked && peerCertificate(request)?.certificate.publicKey;
      const key = shown !== undefined && asked?.equals(shown) ? asked : undefined;
      const taken = await db.transaction().execute(async (tx) => {
        const one = await takeEnrolment(tx, body.secret, body.report);
        if (one === undefined) return undefined;
        const actor = { name: `sensor:${one.name}`, address: ip };
        const by = key === undefined ? 'token' : 'certificate';
        await audit(tx, actor, 'sensor.enrol', `sensor:${one.sensor}`, { version: body.report.version, by });
        if (key !== undefined)
          return { ...one, certificate: await issueCertificate(tx, { sensor: one.sensor, platform, key }) };
        return { ...one, token: await addSensorToken(tx, one, { prefix: tokenPrefix, shown: shownOfToken }) };
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

  app.post(
    '/v1/sensors/:id/certificate',
    {
      config: { scope: 'ingest', takesSensors: true },
      schema: {
        summary:
          'Renew the certificate that the request comes by; until the new one is renewed both are good',
        params: idParameter,
        body: renewal,
        response: { 201: issued },
      },
    },
    async (request, reply) => {
      const { params, body, actor } = request;
      const peer = peerCertificate(request);
      if (actor.sensor !== params.id || peer?.sensor !== params.id)
        throw new Refusal(403, 'forbidden', 'A certificate is renewed by the sensor that comes by it.');
      const key = keyOfRequest(body.csr);
      const renewed = await db.transaction().execute(async (tx) => {
        const asking = { sensor: params.id, platform, key, keeping: fingerprintOf(peer.certificate) };
        const one = await renewCertificate(tx, asking);
        if (one !== undefined) await audit(tx, actor, 'sensor.renew', `sensor:${params.id}`);
        return one;
      });
      if (renewed === undefined)
        throw new Refusal(401, 'unauthorized', 'The certificate is not valid any more.');
      return reply.status(201).send(renewed);
    },
  );

  app.post(
    '/v1/sensors/authorities',
    {
      config: { scope: 'admin' },
      schema: {
        summary:
          'Let a new authority sign the certificates of sensors; those that are there stay good until they end',
        response: { 201: addedAuthority },
      },
    },
    async ({ actor }, reply) => {
      const added = await db.transaction().execute(async (tx) => {
        const one = await addAuthority(tx);
        await audit(tx, actor, 'sensor.authority', `authority:${one.id}`);
        return one;
      });
      return reply.status(201).send(added);
    },
  );

  app.delete(
    '/v1/sensors/:id',
    {
      config: { scope: 'admin' },
      schema: {
        summary:
          'Revoke a sensor: its token or certificate is worth nothing from now on, what it delivered stays',
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
