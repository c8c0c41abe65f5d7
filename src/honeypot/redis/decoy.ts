/**
 * Redis 7.0.15 as Debian 12 has it, started by somebody who let everybody in and everything be set: no password, no
 * protected mode, protected configuration and modules allowed.
 */
import type { Decoy } from '../decoy.ts';
import { perWorld } from '../per-world.ts';
import { Quota } from '../world/files/quota.ts';
import { Server } from './server.ts';
import { talk } from './talk.ts';

/** Bytes of all sources' keys together. */
const maxMemory = 24 << 20;

export const decoy: Decoy = {
  name: 'redis',
  ports: [{ name: 'redis' }],
  events: {
    /** Asks what the server is, and leaves nothing. */
    probe: { severity: 'info', worth: 'noise' },
    command: { severity: 'low', worth: 'talk' },
    auth: { severity: 'medium', worth: 'evidence', attack: ['T1110'] },
    'acl.set': { severity: 'medium', worth: 'evidence', attack: ['T1136'] },
    'config.set': { severity: 'high', worth: 'evidence' },
    save: { severity: 'high', worth: 'evidence' },
    sync: { severity: 'high', worth: 'evidence', attack: ['T1005'] },
    migrate: { severity: 'high', worth: 'evidence', attack: ['T1041'] },
    replicaof: { severity: 'high', worth: 'evidence', attack: ['T1105'] },
    eval: { severity: 'medium', worth: 'evidence', attack: ['T1059.011'] },
    'module.load': { severity: 'critical', worth: 'evidence', attack: ['T1129'] },
    'module.unload': { severity: 'medium', worth: 'talk' },
    'module.exec': { severity: 'critical', worth: 'evidence', attack: ['T1059.004'] },
  },
  start({ persona }) {
    const quota = new Quota(maxMemory);
    const serverOf = perWorld((world) => new Server(persona, world, quota));
    return (connection) => talk(connection, serverOf(connection.host));
  },
};
