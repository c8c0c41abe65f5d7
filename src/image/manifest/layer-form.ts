/** What the media type of a layer says about it. */

/** `tar`: readable, whatever its compression; `foreign`: not distributed with the image. */
export type LayerForm = 'tar' | 'foreign' | 'encrypted' | 'unknown';

const form =
  /^application\/vnd\.(?:oci\.image\.layer\.(nondistributable\.)?v1\.tar|docker\.image\.rootfs\.(foreign\.)?diff\.tar)(?:[.+](?:gzip|zstd))?$/;

/**
 * OCI image specification 1.1, Docker's manifest schema 2, and what ocicrypt adds to either (2024). No type at
 * all counts as a tar: the decoder looks at the bytes anyway.
 */
export function layerForm(mediaType: string): LayerForm {
  const type = (mediaType.split(';')[0] ?? '').trim().toLowerCase();
  if (type === '') return 'tar';
  if (/\+enc(?:rypted)?$/.test(type)) return 'encrypted';
  const match = form.exec(type);
  if (match === null) return 'unknown';
  return match[1] === undefined && match[2] === undefined ? 'tar' : 'foreign';
}
