/**
 * The API of a Docker daemon that somebody left open: dockerd 20.10.24+dfsg1 of Debian 12, on 2375 and, with TLS that
 * asks nobody for a certificate, on 2376. What is created, run, copied and built happens in emulated worlds of the
 * source that asked for it.
 */
import type { Decoy, Site, Talk } from '../decoy.ts';
import { serveHttp } from '../http/serve.ts';
import { apiOptions } from './api/dispatch.ts';
import { routerOf } from './api/route.ts';
import type { Runtime } from './engine/process.ts';
import { createEngines } from './engines.ts';
import { archiveRoutes } from './routes/archive.ts';
import { attachRoutes } from './routes/attach.ts';
import { buildRoutes } from './routes/build.ts';
import { commitRoutes } from './routes/commit.ts';
import { containerRoutes } from './routes/containers.ts';
import { debugRoutes } from './routes/debug.ts';
import { execRoutes } from './routes/exec.ts';
import { imageRoutes } from './routes/images.ts';
import { networkRoutes } from './routes/networks.ts';
import { pullRoutes } from './routes/pull.ts';
import { pushRoutes } from './routes/push.ts';
import { saveRoutes } from './routes/save.ts';
import { statsRoutes } from './routes/stats.ts';
import { swarmRoutes } from './routes/swarm.ts';
import { systemRoutes } from './routes/system.ts';
import { volumeRoutes } from './routes/volumes.ts';
import { worldRuntime } from './runtime.ts';
import { dockerCertificate } from './tls.ts';

/** The first that fits counts: those whose name may be anything come last. */
const router = routerOf([
  ...systemRoutes,
  ...attachRoutes,
  ...execRoutes,
  ...archiveRoutes,
  ...statsRoutes,
  ...containerRoutes,
  ...pullRoutes,
  ...pushRoutes,
  ...saveRoutes,
  ...commitRoutes,
  ...imageRoutes,
  ...buildRoutes,
  ...networkRoutes,
  ...volumeRoutes,
  ...debugRoutes,
  ...swarmRoutes,
]);

export const decoy: Decoy = {
  name: 'docker',
  ports: [{ name: 'docker' }, { name: 'docker-tls', tls: dockerCertificate }],
  events: {
    request: { severity: 'low', worth: 'noise' },
    'container.create': { severity: 'high', attack: ['T1610'], worth: 'evidence' },
    'container.start': { severity: 'high', attack: ['T1610'], worth: 'evidence' },
    'container.attach': { severity: 'medium', attack: ['T1609'], worth: 'evidence' },
    'container.exec': { severity: 'high', attack: ['T1609'], worth: 'evidence' },
    'container.run': { severity: 'high', worth: 'evidence' },
    'image.pull': { severity: 'medium', worth: 'evidence' },
    'image.build': { severity: 'high', attack: ['T1612'], worth: 'evidence' },
    'image.push': { severity: 'high', worth: 'evidence' },
    'archive.put': { severity: 'high', attack: ['T1105'], worth: 'evidence' },
    auth: { severity: 'medium', worth: 'evidence' },
    swarm: { severity: 'high', worth: 'evidence' },
  },
  start: (site) => startDocker(site, worldRuntime),
};

/** @param runtime what containers are run by */
export function startDocker(site: Site, runtime: Runtime): Talk {
  const engines = createEngines(site, runtime);
  return serveHttp(apiOptions(router, ({ connection }) => engines.of(connection.src.ip)));
}
