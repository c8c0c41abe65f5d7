/**
 * PostgreSQL 15.20 as Debian 12 has it, open to the network, with passwords that are guessed and asked for in clear; its
 * certificate is the one that Debian makes for every machine.
 */
import { createSecureContext } from 'node:tls';
import type { Decoy } from '../decoy.ts';
import { perWorld } from '../per-world.ts';
import { certify } from '../persona/certificate.ts';
import { rsaKey } from '../persona/keys.ts';
import type { Persona } from '../persona/persona.ts';
import { Quota } from '../world/files/quota.ts';
import { Server } from './server.ts';
import { talk } from './talk.ts';

/** Bytes of what all visitors put into tables. */
const maxMemory = 64 << 20;

export const decoy: Decoy = {
  name: 'postgres',
  ports: [{ name: 'postgres' }],
  events: {
    probe: { severity: 'info', worth: 'noise' },
    auth: { severity: 'medium', worth: 'evidence', attack: ['T1110.001'] },
    query: { severity: 'low', worth: 'talk' },
    copy: { severity: 'medium', worth: 'talk' },
    file: { severity: 'medium', worth: 'evidence' },
    role: { severity: 'high', worth: 'evidence', attack: ['T1136', 'T1098'] },
    function: { severity: 'medium', worth: 'evidence' },
    drop: { severity: 'high', worth: 'evidence', attack: ['T1485'] },
    connect: { severity: 'high', worth: 'evidence' },
    program: { severity: 'critical', worth: 'evidence', attack: ['T1059.004'] },
  },
  start({ persona }) {
    const quota = new Quota(maxMemory);
    const serverOf = perWorld((world) => new Server(persona, world, quota));
    const secure = createSecureContext(snakeoil(persona));
    return (connection) => talk(connection, { server: serverOf(connection.host), secure });
  },
};

const year = 365 * 86_400_000;

/** As Debian's ssl-cert makes it when a machine is installed: its name, signed by itself, for ten years. */
function snakeoil(persona: Persona): { readonly key: string; readonly cert: string } {
  const key = rsaKey(persona, 'snakeoil', 2048);
  const cert = certify({
    subject: { CN: persona.hostname },
    key,
    names: [persona.hostname],
    notBefore: persona.installedAt,
    notAfter: persona.installedAt + 10 * year,
    serial: persona.random('postgres/snakeoil').bytes(20),
  });
  return { key: key.export({ type: 'pkcs8', format: 'pem' }).toString(), cert };
}
