/**
 * Decides what of a container is emulated. Services of known images, and programs of images that nobody here has seen,
 * are only said to run; shells, and what a visitor put there, run.
 */
import { View } from '../../world/files/view.ts';
import type { World } from '../../world/world.ts';
import { argumentsOf } from './config.ts';
import type { Container } from './container.ts';
import { badRequest } from './failure.ts';
import { findProgram } from './program.ts';

/** What is to be run; undefined for what is only said to. */
export type Plan = readonly string[] | undefined;

/** @throws DockerError 400, in runc's words, for a program that is not there or cannot be run */
export function planOf(container: Container, world: World): Plan {
  const { config, image } = container;
  const argv = argumentsOf(config);
  const [program = ''] = argv;
  if (!isLeft(container, world, program)) {
    const entrypoint = image.config.Entrypoint ?? [];
    const command = config.Cmd ?? [];
    const [own = ''] = command;
    const isDefault = sameWords(command, image.config.Cmd ?? []) || own === image.config.Cmd?.[0];
    if (image.isOpaque && entrypoint.length > 0 && sameWords(config.Entrypoint ?? [], entrypoint))
      // Entry points of images end with `exec "$@"`.
      return own !== '' && !isDefault && findProgram(world, own, config) === 'present' ? command : undefined;
    if (image.isOpaque && isDefault && program === own) return undefined;
  }
  const found = findProgram(world, program, config);
  if (found === 'present') return argv;
  if (found === 'absent' && !image.isKnown) return undefined;
  const place = program.includes('/')
    ? `stat ${program}: no such file or directory`
    : 'executable file not found in $PATH';
  throw badRequest(
    `failed to create shim task: OCI runtime create failed: runc create failed: unable to start container process: exec: "${program}": ${found === 'forbidden' ? 'permission denied' : place}: unknown`,
  );
}

/** Whether a visitor's file is what would run. */
function isLeft({ image, config }: Container, world: World, program: string): boolean {
  if (!program.includes('/')) return false;
  try {
    return image.files.has(new View(world.files, { cwd: config.WorkingDir || '/' }).realpath(program));
  } catch {
    return false;
  }
}

function sameWords(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((word, index) => word === b[index]);
}
