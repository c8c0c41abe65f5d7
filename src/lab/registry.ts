/** A registry on loopback that has the sample images: what `up` hunts first, and what tests and benchmarks hunt. */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type Blob, type BuiltLayer, buildImage, buildLayer, ociManifest } from './image-builder.ts';
import type { SampleImage } from './sample-images.ts';

export interface LabRegistry {
  /** `127.0.0.1:PORT` */
  readonly host: string;
  /** Requests that were answered, by method and kind: `HEAD manifests`, `GET blobs`. */
  readonly requests: ReadonlyMap<string, number>;
  close(): Promise<void>;
}

/** Layers that are kept for the images that come, the bases among them. */
const mostShared = 20;

/**
 * Read-only, by the distribution specification 1.1 as far as pulling goes.
 * @param port one that is taken gives way to a free one
 */
export async function serveRegistry(images: Iterable<SampleImage>, port = 0): Promise<LabRegistry> {
  const blobs = new Map<string, Blob>();
  const repositories = new Map<string, Map<string, Blob>>();
  const built = new Map<unknown, BuiltLayer>();
  const once: typeof buildLayer = (content, compression) => {
    const layer = built.get(content) ?? buildLayer(content, compression);
    // Of the others there are as many as images.
    if (built.size < mostShared) built.set(content, layer);
    return layer;
  };
  for (const { repository, tag, spec } of images) {
    const { manifest, config, layers } = buildImage(spec, once);
    // Without the layer's tar, which is several times as large.
    for (const { mediaType, digest, size, bytes } of [config, ...layers])
      blobs.set(digest, { mediaType, digest, size, bytes });
    const tags = repositories.get(repository) ?? new Map<string, Blob>();
    tags.set(tag, manifest).set(manifest.digest, manifest);
    repositories.set(repository, tags);
  }
  const names = [...repositories.keys()].sort();
  const requests = new Map<string, number>();

  function answer(request: IncomingMessage, response: ServerResponse): ServerResponse {
    const url = new URL(request.url ?? '/', 'http://localhost');
    const [, repository = '', kind = '', name = ''] =
      /^\/v2\/(?:(.+)\/)?(_catalog|tags\/list|manifests|blobs)(?:\/([^/]+))?$/.exec(url.pathname) ?? [];
    const key = `${request.method} ${kind}`;
    requests.set(key, (requests.get(key) ?? 0) + 1);
    const tags = repositories.get(repository);
    const isHead = request.method === 'HEAD';
    if (url.pathname === '/v2/') return json(response, {});
    if (kind === '_catalog') return page(response, url, 'repositories', names);
    if (tags === undefined) return missing(response, 'NAME_UNKNOWN');
    if (kind === 'tags/list')
      return page(
        response,
        url,
        'tags',
        [...tags.keys()].filter((one) => !one.includes(':')),
        repository,
      );
    const blob = kind === 'manifests' ? tags.get(name) : blobs.get(name);
    if (blob === undefined)
      return missing(response, kind === 'manifests' ? 'MANIFEST_UNKNOWN' : 'BLOB_UNKNOWN');
    response.writeHead(200, {
      'content-type': kind === 'manifests' ? ociManifest : 'application/octet-stream',
      'content-length': blob.size,
      'docker-content-digest': blob.digest,
    });
    return response.end(isHead ? undefined : blob.bytes);
  }

  const server = createServer(answer);
  await new Promise<void>((resolve) => {
    server.once('error', () => server.listen(0, '127.0.0.1', resolve));
    server.listen(port, '127.0.0.1', resolve);
  });
  const bound = server.address() as AddressInfo;
  return {
    host: `127.0.0.1:${bound.port}`,
    requests,
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** Lists are cut into pages where the client asks for that, as by the specification. */
function page(
  response: ServerResponse,
  url: URL,
  key: string,
  all: readonly string[],
  name?: string,
): ServerResponse {
  const most = Number(url.searchParams.get('n') ?? Number.POSITIVE_INFINITY);
  const last = url.searchParams.get('last');
  const start = last === null ? 0 : all.indexOf(last) + 1;
  const some = all.slice(start, start + most);
  if (start + most < all.length) {
    response.setHeader(
      'link',
      `<${url.pathname}?n=${most}&last=${encodeURIComponent(some.at(-1) ?? '')}>; rel="next"`,
    );
  }
  return json(response, { ...(name !== undefined && { name }), [key]: some });
}

function json(response: ServerResponse, value: unknown, status = 200): ServerResponse {
  return response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(value));
}

function missing(response: ServerResponse, code: string): ServerResponse {
  return json(response, { errors: [{ code, message: 'not here' }] }, 404);
}
