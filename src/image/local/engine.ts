/**
 * `docker:IMAGE`: an image out of a running Docker Engine (or Podman, which speaks the same), as `docker save`
 * gets it: `GET /images/{name}/get` streams one tar. Nothing is created in the daemon and nothing goes to
 * disk here: the stream is read in passes (`archive-stream.ts`), each one more request.
 */
import { WaterguardError } from '../../model/error.ts';
import { printable } from '../../model/printable.ts';
import type { OpenImage, OpenOptions } from '../image.ts';
import { streamMembers } from './archive-stream.ts';
import { openDocker } from './docker-archive.ts';
import { type EngineAddress, engineAddress, engineGet } from './engine-request.ts';

/** @param image name, name with tag or digest, or image ID, as docker knows it
 *  @throws WaterguardError `unreadable` where no Engine answers or it has no such image; as `openDocker` */
export async function openEngineImage(image: string, options: OpenOptions): Promise<OpenImage> {
  const path = imagePath(image);
  const address = engineAddress(options.env);
  const members = await streamMembers({
    where: `docker:${image}`,
    open: (signal) =>
      engineGet(address, path, (status, message) => refusal(address, image, status, message), signal),
    close: async () => {},
    ...(options.signal === undefined ? {} : { signal: options.signal }),
  });
  return openDocker(members, undefined, options);
}

/** @throws WaterguardError `usage` for what is no image name, so that no other path of the API is reached */
function imagePath(image: string): string {
  const isName = /^[A-Za-z0-9][A-Za-z0-9._/:@[\]-]{0,400}$/.test(image);
  if (!isName || image.split('/').some((part) => part === '' || part === '.' || part === '..')) {
    throw new WaterguardError(
      'usage',
      `${printable(image, 150)} is not the name or ID of an image. Write docker:NAME:TAG.`,
    );
  }
  return `/images/${image}/get`;
}

function refusal(address: EngineAddress, image: string, status: number, message: string): WaterguardError {
  const said = message === '' ? '' : ` (${printable(message, 200)})`;
  return new WaterguardError(
    'unreadable',
    status === 404 || /no such image|does not exist|not known/i.test(message)
      ? `The Engine at ${address.shown} has no image ${image}${said}. Pull it, or scan it from its registry by leaving ` +
          'out "docker:". The image named docker on Docker Hub is docker.io/library/docker.'
      : `The Engine at ${address.shown} answered ${status} for the image ${image}${said}. Look into its log.`,
  );
}
