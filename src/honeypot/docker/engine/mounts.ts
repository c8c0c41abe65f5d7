/** What a container has of its host and of volumes: binds and mounts read and refused as dockerd does (volume/mounts). */
import { badRequest, broken } from './failure.ts';
import type { MountRequest } from './host-config.ts';

/** As `docker inspect` lists it. */
export interface MountPoint {
  readonly Type: 'bind' | 'volume' | 'tmpfs';
  readonly Name?: string;
  readonly Source: string;
  readonly Destination: string;
  readonly Driver?: string;
  readonly Mode: string;
  readonly RW: boolean;
  readonly Propagation: string;
}

export const volumesFolder = '/var/lib/docker/volumes';

export function volumeSource(name: string): string {
  return `${volumesFolder}/${name}/_data`;
}

const volumeName = /^[a-zA-Z0-9][a-zA-Z0-9_.-]+$/;
const modes = /^(ro|rw|z|Z|nocopy|consistent|cached|delegated|r?shared|r?slave|r?private)$/;

/** `/:/host`, `data:/data:ro`, `/anonymous`. @throws DockerError 500 */
export function parseBind(bind: string): MountPoint {
  const parts = bind.split(':');
  const refuse = (why?: string): never => {
    throw broken(`invalid volume specification: '${bind}'${why === undefined ? '' : `: ${why}`}`);
  };
  const [first = '', second, mode = ''] = parts;
  if (parts.length > 3 || first === '' || (parts.length > 1 && second === '')) return refuse();
  const target = parts.length === 1 ? first : second!;
  const source = parts.length === 1 ? '' : first;
  if (mode !== '' && !mode.split(',').every((one) => modes.test(one))) throw broken(`invalid mode: ${mode}`);
  const kind = source.startsWith('/') ? 'bind' : 'volume';
  if (!target.startsWith('/'))
    return refuse(
      `invalid mount config for type "${kind}": invalid mount path: '${target}' mount path must be absolute`,
    );
  const destination = clean(target);
  if (destination === '/')
    return refuse(`invalid mount config for type "${kind}": invalid specification: destination can't be '/'`);
  if (kind === 'volume' && source !== '' && !volumeName.test(source)) throw broken(nameRefusal(source));
  return pointOf(kind, source, destination, mode);
}

/** @param exists whether the host has a path. @throws DockerError 400 */
export function parseMount(
  { Type = '', Source = '', Target = '', ReadOnly = false }: MountRequest,
  exists: (path: string) => boolean,
): MountPoint {
  const refuse = (why: string): never => {
    throw badRequest(`invalid mount config for type "${Type}": ${why}`);
  };
  if (Target === '') return refuse('field Target must not be empty');
  if (clean(Target) === '/') return refuse("invalid specification: destination can't be '/'");
  if (!Target.startsWith('/')) return refuse(`invalid mount path: '${Target}' mount path must be absolute`);
  const mode = ReadOnly ? 'ro' : '';
  switch (Type) {
    case 'bind':
      if (Source === '') return refuse('field Source must not be empty');
      if (!Source.startsWith('/'))
        return refuse(`invalid mount path: '${Source}' mount path must be absolute`);
      if (!exists(Source)) return refuse(`bind source path does not exist: ${Source}`);
      return pointOf('bind', Source, clean(Target), mode);
    case 'volume':
      return pointOf('volume', Source, clean(Target), mode);
    case 'tmpfs':
      return { Type, Source: '', Destination: clean(Target), Mode: '', RW: true, Propagation: '' };
    default:
      return refuse('mount type unknown');
  }
}

function pointOf(kind: 'bind' | 'volume', source: string, target: string, mode: string): MountPoint {
  const isWritable = !mode.split(',').includes('ro');
  if (kind === 'bind') {
    const propagation = mode.split(',').find((one) => /shared|slave|private/.test(one)) ?? 'rslave';
    return {
      Type: 'bind',
      Source: clean(source),
      Destination: target,
      Mode: mode,
      RW: isWritable,
      Propagation: propagation,
    };
  }
  return {
    Type: 'volume',
    Name: source,
    Source: source === '' ? '' : volumeSource(source),
    Destination: target,
    Driver: 'local',
    Mode: mode === '' ? 'z' : mode,
    RW: isWritable,
    Propagation: '',
  };
}

export function nameRefusal(name: string): string {
  return `create ${name}: "${name}" includes invalid characters for a local volume name, only "[a-zA-Z0-9][a-zA-Z0-9_.-]" are allowed. If you intended to pass a host directory, use absolute path`;
}

export function isVolumeName(name: string): boolean {
  return volumeName.test(name);
}

/** Go's `path.Clean` of an absolute path. */
export function clean(path: string): string {
  const kept: string[] = [];
  for (const part of path.split('/')) {
    if (part === '' || part === '.') continue;
    if (part === '..') kept.pop();
    else kept.push(part);
  }
  return `/${kept.join('/')}`;
}
