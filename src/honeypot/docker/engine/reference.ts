/** Names of images: what distribution's `ParseNormalizedNamed` takes, makes of it and says to the rest (2.8). */
import { badRequest, broken, DockerError } from './failure.ts';

export interface Reference {
  readonly domain: string;
  /** `library/alpine`. */
  readonly path: string;
  readonly tag?: string;
  readonly digest?: string;
}

const component = /^[a-z0-9]+(?:(?:__?|\.|-+)[a-z0-9]+)*$/;
const domainLabel = /^[a-zA-Z0-9](?:[a-zA-Z0-9-]*[a-zA-Z0-9])?$/;
const tagForm = /^\w[\w.-]{0,127}$/;
const digestForm = /^[A-Za-z][A-Za-z0-9]*(?:[-_+.][A-Za-z][A-Za-z0-9]*)*:[0-9a-fA-F]{32,}$/;
const maxName = 255;
const maxReference = 4096;

const invalid = 'invalid reference format';

/** @throws DockerError 400 */
export function parseReference(text: string): Reference {
  if (text.length > maxReference) throw badRequest(invalid);
  if (/^[a-f0-9]{64}$/.test(text))
    throw badRequest(`invalid repository name (${text}), cannot specify 64-byte hexadecimal strings`);
  const slash = text.indexOf('/');
  const first = slash < 0 ? '' : text.slice(0, slash);
  const hasDomain = first === 'localhost' || /[.:]/.test(first);
  const domain = !hasDomain || first === 'index.docker.io' ? 'docker.io' : first;
  const rest = hasDomain ? text.slice(slash + 1) : text;
  const name = rest.split(':', 1)[0]!;
  if (name !== name.toLowerCase()) throw badRequest(`${invalid}: repository name must be lowercase`);

  const at = rest.indexOf('@');
  const digest = at < 0 ? undefined : rest.slice(at + 1);
  const named = at < 0 ? rest : rest.slice(0, at);
  const colon = named.indexOf(':');
  const tag = colon < 0 ? undefined : named.slice(colon + 1);
  const path = colon < 0 ? named : named.slice(0, colon);
  const labels = domain.replace(/:\d+$/, '').split('.');
  if (
    !labels.every((label) => domainLabel.test(label)) ||
    !path.split('/').every((one) => component.test(one)) ||
    (tag !== undefined && !tagForm.test(tag)) ||
    (digest !== undefined && !digestForm.test(digest))
  )
    throw badRequest(invalid);
  const whole = domain === 'docker.io' && !path.includes('/') ? `library/${path}` : path;
  if (`${domain}/${whole}`.length > maxName)
    throw badRequest(`${invalid}: repository name must not be more than ${maxName} characters`);
  return {
    domain,
    path: whole,
    ...(tag !== undefined && { tag }),
    ...(digest !== undefined && { digest }),
  };
}

/** @throws DockerError 400 */
export function withTag(reference: Reference, tag: string): Reference {
  if (tagForm.test(tag)) return { domain: reference.domain, path: reference.path, tag };
  throw badRequest('invalid tag format');
}

/** With `latest` where neither a tag nor a digest is told. */
export function withDefaultTag(reference: Reference): Reference {
  return reference.tag === undefined && reference.digest === undefined
    ? { ...reference, tag: 'latest' }
    : reference;
}

/** `alpine`, `team/app`, `registry.example.invalid/app`: as people write it. */
export function familiarName({ domain, path }: Reference): string {
  if (domain !== 'docker.io') return `${domain}/${path}`;
  return path.startsWith('library/') ? path.slice('library/'.length) : path;
}

/** With tag and digest, as far as they are told. */
export function familiar(reference: Reference): string {
  const { tag, digest } = reference;
  return `${familiarName(reference)}${tag === undefined ? '' : `:${tag}`}${digest === undefined ? '' : `@${digest}`}`;
}

/** What something that is there is called from now on. @throws DockerError 500, where `parseReference` says 400 */
export function namedReference(repository: string, tag: string): Reference {
  try {
    const reference = parseReference(repository);
    return tag === '' ? withDefaultTag(reference) : withTag(reference, tag);
  } catch (error) {
    throw error instanceof DockerError ? broken(error.message) : error;
  }
}
