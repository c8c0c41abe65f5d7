/**
 * Reads lists of files, as `debian-files.ts` has them. The first line has times, in seconds since 1970 and base 36,
 * which the others refer to by their place. Each other line is an entry. One that begins with `/` is a directory
 * (`/etc 0+`), and what follows lies in it: `name size time`, in base 36, where `*` behind the size marks a program
 * and `#` a script, both with mode 755; `name>target time` for a link. `+` marks what a container has as well; a mode
 * in octal and an owner (`0:42`) may follow.
 */
import type { Persona } from '../../persona/persona.ts';
import type { Attributes, Draft } from './draft.ts';
import { binary, filler, script } from './program-file.ts';

interface Listed {
  readonly path: string;
  readonly kind: 'directory' | 'link' | 'program' | 'script' | 'file';
  readonly target: string;
  readonly size: number;
  readonly isInContainer: boolean;
  readonly attributes: Attributes;
}

/** @param isSlim takes only what is marked with `+` */
export function addList(draft: Draft, list: string, persona: Persona, isSlim: boolean): void {
  const whole = list.replaceAll('{kernel}', persona.kernel.release).trimEnd();
  for (const { path, kind, target, size, isInContainer, attributes } of listed(
    whole,
    latestChange(persona),
  )) {
    if (isSlim && !isInContainer) continue;
    if (kind === 'directory') draft.directory(path, attributes);
    else if (kind === 'link') draft.link(path, target, attributes.mtime);
    else draft.file(path, contentOf(kind, path, size, persona), attributes);
  }
}

/** What is newer than the system's last update was there before, in an older version. */
export function latestChange(persona: Persona): number {
  return Date.parse(persona.kernel.released);
}

function contentOf(kind: Listed['kind'], path: string, size: number, persona: Persona) {
  const name = path.slice(path.lastIndexOf('/') + 1);
  if (kind === 'program') return binary(persona, name, size);
  return kind === 'script' ? script(persona, name, '/bin/sh', size) : filler(persona, path, size);
}

function* listed(list: string, latest: number): Generator<Listed> {
  const [first = '', ...lines] = list.split('\n');
  const times = first.split(' ').map((time) => Math.min(Number.parseInt(time, 36) * 1000, latest));
  let directory = '';
  for (const line of lines) {
    const [name = '', ...fields] = line.split(' ');
    const isDirectory = name.startsWith('/');
    const [linkName = '', target = ''] = name.split('>');
    const size = isDirectory || target !== '' ? '' : fields.shift()!;
    const [time = '', ...rest] = fields;
    if (isDirectory) directory = name === '/.' ? '' : name;
    if (name === '/.') continue;
    const mode = rest.find((field) => !field.includes(':'));
    const [uid = 0, gid = 0] = (rest.find((field) => field.includes(':')) ?? '0:0').split(':').map(Number);
    const isRun = size.endsWith('*') || size.endsWith('#');
    const isSetId = mode?.length === 4 && !isDirectory;
    yield {
      path: isDirectory ? name : `${directory}/${linkName}`,
      kind: isDirectory
        ? 'directory'
        : target !== ''
          ? 'link'
          : size.endsWith('#')
            ? 'script'
            : isRun || isSetId
              ? 'program'
              : 'file',
      target,
      size: Number.parseInt(size, 36),
      isInContainer: time.endsWith('+'),
      attributes: {
        mode: Number.parseInt(mode ?? (isDirectory || isRun ? '755' : '644'), 8),
        uid,
        gid,
        mtime: times[Number.parseInt(time, 36)] ?? latest,
      },
    };
  }
}
