/** What Docker Hub's pages tell, of which all but the list itself may be missing. */
import {
  fields,
  list as listOf,
  optional,
  otherwise,
  type Read,
  readOrUndefined,
  text,
} from '../../image/go-json.ts';
import { WaterguardError } from '../../model/error.ts';
import { printable } from '../../model/printable.ts';

export interface HubTag {
  readonly name: string;
  /** `image`, or what else Docker Hub takes it for; empty where not said. */
  readonly contentType: string;
  readonly changedAt?: Date;
  /** Of each platform; for a single image there is one. */
  readonly images: readonly HubImage[];
}

export interface HubImage {
  readonly digest: string;
  readonly os: string;
  readonly architecture: string;
  readonly variant: string;
}

export interface Page<Entry> {
  readonly results: readonly Entry[];
  readonly next: string | undefined;
}

const maybeText = otherwise(text(512), '');

function pageOf<Entry>(entry: Read<Entry>): Read<Page<Entry>> {
  return fields({ results: listOf(entry, 1000), next: optional(text()) });
}

/** Names of repositories; official images have no namespace. */
export const searchPage = pageOf<string>(
  (value, at) => fields({ repo_name: maybeText })(value, at).repo_name,
);

const image = fields<HubImage>({
  digest: maybeText,
  os: maybeText,
  architecture: maybeText,
  variant: maybeText,
});
const tag = fields({
  name: maybeText,
  content_type: maybeText,
  last_updated: maybeText,
  images: otherwise(listOf(image, 1000), []),
});

export const tagPage = pageOf<HubTag>((value, at) => {
  const { name, content_type, last_updated, images } = tag(value, at);
  const changedAt = /^\d{4}-\d\d-\d\dT/.test(last_updated) ? new Date(last_updated) : undefined;
  const isDate = changedAt !== undefined && !Number.isNaN(changedAt.getTime());
  return { name, contentType: content_type, images, ...(isDate && { changedAt }) };
});

/** @throws WaterguardError `corrupt` */
export function readPage<Entry>(bytes: Buffer, read: Read<Page<Entry>>, url: URL): Page<Entry> {
  const page = readOrUndefined(jsonOf(bytes), read);
  if (page) return page;
  const shown = printable(url.pathname, 300);
  throw new WaterguardError('corrupt', `${url.host} answered ${shown} with something else than a list`);
}

function jsonOf(bytes: Buffer): unknown {
  try {
    return JSON.parse(bytes.toString());
  } catch {
    return undefined;
  }
}
