/**
 * PostgreSQL 15.18 as Debian 12 has it, open to the network, with passwords that are guessed and asked for in clear; its
 * certificate is the one that Debian makes for every machine.
 */
import { createSecureContext } from 'node:tls';
import { certify } from '../../certificate/certificate.ts';
import type { Decoy } from '../decoy.ts';
import { perWorld } from '../per-world.ts';
import { rsaKey } from '../persona/keys.ts';
import type { Persona } from '../persona/persona.ts';
import { Quota } from '../world/files/quota.ts';
import { Server } from './server.ts';
import { talk } from './talk.ts';

/** Bytes of what all visitors put into tables, and of what all their queries hold while they run. */
const most = { kept: 24 << 20, working: 64 << 20 };

export const decoy: Decoy = {
  name: 'postgres',
  ports: [{ name: 'postgres' }],
  events: {
    probe: { severity: 'info', worth: 'noise' },
    auth: { severity: 'medium', worth: 'evidence', attack: ['T1110.001'] },
    query: { severity: 'low', worth: 'talk' },
    copy: { severity: 'medium', worth: 'talk' },
    file: { severity: 'medium', worth: 'evidence' },
    role: { severity: 'high', worth: 'evidence' },
    function: { severity: 'medium', worth: 'evidence' },
    drop: { severity: 'low', worth: 'evidence' },
    dblink: { severity: 'high', worth: 'evidence' },
    program: { severity: 'critical', worth: 'evidence', attack: ['T1059.004'] },
  },
  start({ persona }) {
    const [kept, working] = [new Quota(most.kept), new Quota(most.working)];
    const serverOf = perWorld((world) => new Server(persona, world, kept, working));
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
