/** Which image of a docker archive a name means. */
import { WaterguardError } from '../../model/error.ts';
import { printable } from '../../model/printable.ts';
import { formatReference, parseReference } from '../reference.ts';
import type { DockerRecord } from './docker-archive.ts';

/**
 * Names are compared as docker completes them: `nginx` is `docker.io/library/nginx:latest`.
 * @param name `REPO[:TAG]`, `@N` for the N-th image from 0, or undefined
 * @throws WaterguardError `usage` where several are there and none is named, `unreadable` for an unknown name
 *   and for an archive without images
 */
export function chooseRecord(
  records: readonly DockerRecord[],
  name: string | undefined,
  where: string,
): DockerRecord {
  const [first, second] = records;
  if (first === undefined) {
    throw new WaterguardError('unreadable', `${where} has no image: its manifest.json is an empty list.`);
  }
  if (name === undefined && second === undefined) return first;
  if (name === undefined) {
    throw new WaterguardError(
      'usage',
      `${where} holds several images: name one, as ${where}:NAME. It has ${listing(records)}.`,
    );
  }
  const found = /^@\d{1,5}$/.test(name) ? records[Number(name.slice(1))] : byTag(records, completed(name));
  if (found !== undefined) return found;
  throw new WaterguardError(
    'unreadable',
    `${where} has no image named ${printable(name, 150)}. It has ${listing(records)}.`,
  );
}

function byTag(records: readonly DockerRecord[], wanted: string): DockerRecord | undefined {
  return records.find((one) => one.RepoTags.some((tag) => completed(tag) === wanted));
}

/** As docker completes it; what is no reference stays as it is. */
function completed(name: string): string {
  try {
    return formatReference(parseReference(name));
  } catch {
    return name;
  }
}

function listing(records: readonly DockerRecord[]): string {
  const names = records.slice(0, 20).map((one, index) => printable(one.RepoTags[0] ?? `@${index}`, 150));
  return names.join(', ') + (records.length > 20 ? `, and ${records.length - 20} more` : '');
}
