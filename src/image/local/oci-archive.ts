/** `oci-archive:FILE[:TAG]`: an OCI layout in one tar, as skopeo, podman and buildx write it. */
import { printable } from '../../model/printable.ts';
import type { OpenImage, OpenOptions } from '../image.ts';
import { openArchiveFile } from './archive-file.ts';
import { openLayout } from './oci-layout.ts';
import { splitPath } from './path-and-name.ts';

/** @throws WaterguardError as `openOciLayout` and `openArchiveFile` */
export async function openOciArchive(text: string, options: OpenOptions): Promise<OpenImage> {
  const { path, name } = await splitPath(text);
  const members = await openArchiveFile(path, `oci-archive:${printable(path)}`, options.signal);
  return openLayout(members, name, options);
}
