/** /var/lib/docker of the server, and what its containers left there. */
import type { Persona } from '../../persona/persona.ts';
import type { Draft } from './draft.ts';
import { runningContainers } from './running-containers.ts';

export function addDockerFiles(draft: Draft, persona: Persona, now: number): void {
  const random = persona.random('docker-files');
  const folders =
    'buildkit containers image image/overlay2 network network/files overlay2 overlay2/l plugins runtimes swarm tmp trust volumes';
  draft.directory('/var/lib/docker', { mode: 0o710 });
  for (const name of folders.split(' ')) draft.directory(`/var/lib/docker/${name}`, { mode: 0o710 });
  for (const { id, image, name, createdAt } of runningContainers(persona, now)) {
    const folder = `/var/lib/docker/containers/${id}`;
    draft.directory(folder, { mode: 0o710, mtime: createdAt });
    draft.file(`${folder}/${id}-json.log`, '', { mode: 0o640, mtime: createdAt });
    draft.file(`${folder}/hostname`, `${id.slice(0, 12)}\n`, { mtime: createdAt });
    draft.file(
      `${folder}/config.v2.json`,
      JSON.stringify({
        State: { Running: true },
        ID: id,
        Config: { Hostname: id.slice(0, 12), Image: image },
        Name: `/${name}`,
      }),
      { mode: 0o600, mtime: createdAt },
    );
    const layer = `/var/lib/docker/overlay2/${random.hex(64)}`;
    draft.directory(layer, { mode: 0o710, mtime: createdAt });
    for (const part of ['diff', 'merged', 'work']) draft.directory(`${layer}/${part}`, { mtime: createdAt });
    const short = random.text('ABCDEFGHIJKLMNOPQRSTUVWXYZ234567', 26);
    draft.file(`${layer}/link`, short, { mtime: createdAt });
    draft.link(
      `/var/lib/docker/overlay2/l/${short}`,
      `../${layer.slice(layer.lastIndexOf('/') + 1)}/diff`,
      createdAt,
    );
  }
  draft.directory('/run/docker', { mode: 0o700 });
  draft.directory('/run/containerd', { mode: 0o711 });
  draft.device('/run/docker.sock', { major: 0, minor: 0, socket: true }, { mode: 0o660, gid: 109 });
}
