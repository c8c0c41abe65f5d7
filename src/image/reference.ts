/**
 * Image references as docker writes them: `REPO[:TAG][@DIGEST]`. The grammar and the defaults (`docker.io`,
 * `library/`, `latest`) follow github.com/distribution/reference v0.6.0 (read 2026-11), so that a name which
 * works with `docker pull` means the same image here, and one that docker refuses is refused.
 */
import { isIPv6 } from 'node:net';
import { WaterguardError } from '../model/error.ts';
import { printable } from '../model/printable.ts';

/** Invariant: has a tag, a digest or both; with both, the digest decides and the tag is for people. */
export interface Reference {
  /** Host with optional port, as written: `docker.io`, `127.0.0.1:5000`, `[fd00::1]:5000`. */
  readonly registry: string;
  /** `library/nginx`; lower case, at most 255 characters. */
  readonly repository: string;
  readonly tag?: string;
  /** `sha256:<64 hex>`, or sha384 or sha512 with their lengths. */
  readonly digest?: string;
}

/** @throws WaterguardError `usage` that says which part breaks the grammar */
export function parseReference(text: string): Reference {
  if (text.length > longestReference) throw invalid(text, `it is longer than ${longestReference} characters`);
  if (/^[a-f0-9]{64}$/.test(text)) throw invalid(text, 'it is a bare image id; name a repository');

  const { registry, rest } = splitRegistry(text);
  const at = rest.indexOf('@');
  const digest = at < 0 ? undefined : rest.slice(at + 1);
  const named = at < 0 ? rest : rest.slice(0, at);
  const colon = named.indexOf(':');
  const tag = colon < 0 ? undefined : named.slice(colon + 1);
  const repository = colon < 0 ? named : named.slice(0, colon);

  if (!isRegistry(registry)) throw invalid(text, `'${printable(registry, 100)}' is not a host[:port]`);
  if (repository !== repository.toLowerCase()) throw invalid(text, 'the repository must be lower case');
  if (!isRepository(repository)) {
    throw invalid(text, 'a repository is parts of a-z, 0-9, single . _ or __ or dashes, joined by /');
  }
  if (tag !== undefined && !isTag(tag)) {
    throw invalid(text, 'a tag is 1 to 128 of letters, digits, _ . and -, and begins with no . or -');
  }
  if (digest !== undefined && !isDigest(digest)) throw invalid(text, 'a digest is sha256:<64 hex digits>');
  return {
    registry,
    repository,
    ...(tag !== undefined && { tag }),
    ...(digest !== undefined && { digest }),
    ...(tag === undefined && digest === undefined && { tag: 'latest' }),
  };
}

/** The completed form, for reports: `docker.io/library/nginx:1@sha256:…`. */
export function formatReference(reference: Reference): string {
  return reference.registry + '/' + reference.repository + suffix(reference);
}

/** Tests a name that a registry listed; only the path, without host. */
export function isRepository(name: string): boolean {
  return name.length <= 255 && name.split('/').every((part) => pathPart.test(part));
}

export function isTag(tag: string): boolean {
  return /^\w[\w.-]{0,127}$/.test(tag);
}

/** The registered algorithms with lower-case hex of their length, as go-digest validates. */
export function isDigest(digest: string): boolean {
  return /^(?:sha256:[a-f0-9]{64}|sha384:[a-f0-9]{96}|sha512:[a-f0-9]{128})$/.test(digest);
}

/** A host name, IPv4 or bracketed IPv6 address with an optional port. */
export function isRegistry(text: string): boolean {
  const [, host = '', bracketed] = /^(\[([a-fA-F0-9:]+)\]|[^:]+)(?::\d+)?$/.exec(text) ?? [];
  const shaped = bracketed ? isIPv6(bracketed) : host.split('.').every((label) => hostLabel.test(label));
  return shaped && URL.canParse('https://' + text);
}

/** Longest name, tag and digest together with room for a host of 253 characters and a port. */
const longestReference = 1024;
const hubHost = 'docker.io';
const pathPart = /^[a-z0-9]+(?:(?:\.|__?|-+)[a-z0-9]+)*$/;
const hostLabel = /^[a-zA-Z0-9](?:[a-zA-Z0-9-]*[a-zA-Z0-9])?$/;

/** The part before the first slash is a registry where it looks like a host, else Docker Hub is meant. */
function splitRegistry(text: string): { readonly registry: string; readonly rest: string } {
  const slash = text.indexOf('/');
  if (slash < 0) return { registry: hubHost, rest: 'library/' + text };

  const first = text.slice(0, slash);
  const isHost = first === 'localhost' || /[.:]/.test(first) || first !== first.toLowerCase();
  if (!isHost) return { registry: hubHost, rest: text };

  const rest = text.slice(slash + 1);
  const registry = first === 'index.docker.io' ? hubHost : first;
  const official = registry === hubHost && !rest.includes('/');
  return { registry, rest: official ? 'library/' + rest : rest };
}

function suffix({ tag, digest }: Reference): string {
  return (tag === undefined ? '' : ':' + tag) + (digest === undefined ? '' : '@' + digest);
}

function invalid(text: string, reason: string): WaterguardError {
  const shown = printable(text, 120);
  return new WaterguardError('usage', `'${shown}' is not an image reference: ${reason}`);
}
