/** What dockerd refuses, with its status and its words (moby 20.10, errdefs and daemon/errors.go). */

export class DockerError extends Error {
  readonly status: number;

  constructor(status: number, message: string) {
    super(message);
    this.status = status;
  }
}

export const badRequest = (message: string): DockerError => new DockerError(400, message);
export const forbidden = (message: string): DockerError => new DockerError(403, message);
export const notFound = (message: string): DockerError => new DockerError(404, message);
export const conflict = (message: string): DockerError => new DockerError(409, message);
export const broken = (message: string): DockerError => new DockerError(500, message);
export const unavailable = (message: string): DockerError => new DockerError(503, message);

/** What a full disk says, wherever it is met. */
export const diskFull = 'write /var/lib/docker/tmp: no space left on device';

export const noSuchContainer = (name: string): DockerError => notFound(`No such container: ${name}`);
export const noSuchImage = (reference: string): DockerError => notFound(`No such image: ${reference}`);
export const noSuchExec = (id: string): DockerError => notFound(`No such exec instance: ${id}`);
export const notRunning = (id: string): DockerError => conflict(`Container ${id} is not running`);
