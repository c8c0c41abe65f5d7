/**
 * Command lines of docker, podman, nerdctl, crictl and kubectl: which image they bring, and what they run inside.
 * Source: the programs' reference pages, 2026-11.
 */
import { programName } from '../../indicator/shell-unwrap.ts';
import { optionOf, readOptions } from './options.ts';
import { type Place, placeOf } from './place.ts';

export interface ContainerUse {
  readonly images: readonly string[];
  /** What is run in a container, as an argument list. */
  readonly runs: readonly string[];
  /** JSON that describes a pod: `kubectl run --overrides`. */
  readonly specification?: string;
}

/** Those of `run`, `create` and `exec` without a value; of the others most have one. */
const flags: ReadonlySet<string> = new Set(
  (
    '--detach --interactive --tty --rm --privileged --init --read-only --publish-all --oom-kill-disable --quiet ' +
    '--no-healthcheck --disable-content-trust --sig-proxy --all-tags --replace --no-hosts --systemd --stdin --tls'
  ).split(' '),
);

/** @param words of a command without wrappers; `undefined` for other programs */
export function containerUse(words: readonly string[]): ContainerUse | undefined {
  const name = programName(words[0]);
  if (name === 'kubectl' || name === 'oc') return ofKubectl(words.slice(1));
  if (!/^(?:docker|podman|nerdctl|crictl|ctr)$/.test(name)) return undefined;
  const { rest } = readOptions(words.slice(1), {
    short: 'Hlcna',
    long: ['--host', '--context', '--config', '--log-level', '--namespace', '--address'],
    own: 0,
    late: true,
  });
  const grouped = /^(?:container|image|images|service|task|tasks)$/.test(rest[0] ?? '')
    ? rest.slice(1)
    : rest;
  const [verb = '', ...args] = grouped;
  switch (verb) {
    case 'run':
    case 'create':
      return ofRun(args, name);
    case 'pull':
    case 'push':
      return {
        images: imagesAmong(readOptions(args, { short: '', long: ['--platform'] }).operands),
        runs: [],
      };
    case 'exec':
      return { images: [], runs: readOptions(args, { short: 'euw', long: valuedIn(args), own: 1 }).rest };
    default:
      return { images: [], runs: [] };
  }
}

function ofRun(args: readonly string[], program: string): ContainerUse {
  const read = readOptions(args, {
    short: 'acehlmpuvw',
    long: valuedIn(args),
    own: program === 'ctr' ? 2 : 1,
  });
  const entry = optionOf(read.options, '--entrypoint');
  return {
    images: imagesAmong(read.operands.slice(0, 1)),
    runs: entry === undefined ? read.rest : [entry, ...read.rest],
  };
}

function valuedIn(args: readonly string[]): readonly string[] {
  return args.filter((arg) => arg.startsWith('--') && !flags.has(arg));
}

function ofKubectl(args: readonly string[]): ContainerUse {
  const dashes = args.indexOf('--');
  const own = dashes < 0 ? args : args.slice(0, dashes);
  const read = readOptions(own, {
    short: 'nscfl',
    long: [
      '--image',
      '--overrides',
      '--namespace',
      '--server',
      '--token',
      '--restart',
      '--kubeconfig',
      '--container',
    ],
  });
  const images = read.options.filter(([name]) => name === '--image').map(([, value]) => value);
  if (read.operands[0] === 'set' && read.operands[1] === 'image')
    for (const operand of read.operands.slice(3)) images.push(operand.slice(operand.indexOf('=') + 1));
  const specification = optionOf(read.options, '--overrides');
  return {
    images: imagesAmong(images),
    runs: dashes >= 0 ? args.slice(dashes + 1) : read.operands[0] === 'exec' ? read.operands.slice(2) : [],
    ...(specification !== undefined && { specification }),
  };
}

/** The registry of an image is a host that is contacted where it is the sender's own: with a port, or an address. */
export function registryOf(image: string): Place | undefined {
  const registry = /^([^/]{4,253}:\d{1,5}|\d+(?:\.\d+){3})\//.exec(image)?.[1];
  return registry === undefined ? undefined : placeOf(registry, 'name');
}

/** Image references by the grammar of github.com/distribution/reference. */
export function imagesAmong(names: readonly string[]): readonly string[] {
  return names.filter((name) => name.length <= 255 && reference.test(name));
}

const reference =
  /^(?:[A-Za-z\d.-]+(?::\d{1,5})?\/)?[a-z\d]+(?:[._/-]{1,2}[a-z\d]+)*(?::[\w][\w.-]{0,127})?(?:@sha256:[\da-f]{64})?$/;
