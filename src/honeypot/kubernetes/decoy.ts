/** The API server of a cluster that gives everybody all rights. */
import { createCluster } from '../cluster/cluster.ts';
import { prepareHostFiles } from '../cluster/host-files.ts';
import { apiServerCertificate } from '../cluster/pki.ts';
import { planOf } from '../cluster/plan.ts';
import type { Runtime } from '../cluster/runtime.ts';
import { worldRuntime } from '../cluster/world-runtime.ts';
import type { Connection, Decoy, Site } from '../decoy.ts';
import { go } from '../http/dialect.ts';
import { serveGo } from '../http/serve-http2.ts';
import { maxBody } from './input.ts';
import { createApiServer } from './serve.ts';

export const decoy: Decoy = {
  name: 'kubernetes',
  ports: [{ name: 'kubernetes', tls: (persona) => apiServerCertificate(planOf(persona), Date.now()) }],
  events: {
    /** Looking around: discovery, lists, health. */
    request: { severity: 'info', attack: ['T1613'], worth: 'noise' },
    'secret.read': { severity: 'medium', attack: ['T1552.007'], worth: 'talk' },
    token: { severity: 'medium', attack: ['T1550.001'], worth: 'talk' },
    'pod.create': { severity: 'high', attack: ['T1610'], worth: 'evidence' },
    'pod.start': { severity: 'high', worth: 'evidence' },
    write: { severity: 'medium', worth: 'evidence' },
    delete: { severity: 'medium', attack: ['T1485'], worth: 'evidence' },
    exec: { severity: 'high', attack: ['T1609'], worth: 'evidence' },
    run: { severity: 'high', attack: ['T1609'], worth: 'evidence' },
    forward: { severity: 'medium', attack: ['T1572'], worth: 'evidence' },
  },
  start: (site) => startApiServer(site, worldRuntime),
};

export function startApiServer({ persona }: Site, runtime: Runtime): (connection: Connection) => void {
  const cluster = createCluster(persona);
  prepareHostFiles(cluster);
  return serveGo({ dialect: go, keep: maxBody, handle: createApiServer(cluster, runtime) });
}
