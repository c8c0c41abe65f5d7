/** `docker push`, of which only the credentials go anywhere, and `/distribution`. */
import { createHash } from 'node:crypto';
import { rawOf } from '../../http/raw.ts';
import { apiHeaders, type Call, respondJson } from '../api/call.ts';
import type { Route } from '../api/route.ts';
import { badRequest } from '../engine/failure.ts';
import { requireReachable } from '../engine/pull.ts';
import { familiar, familiarName, parseReference, withDefaultTag } from '../engine/reference.ts';
import { errorMessage, message, progressMessage, statusMessage } from '../json/progress.ts';
import { registryAuthOf } from '../registry-auth.ts';

export const pushRoutes: readonly Route[] = [
  { method: 'POST', pattern: '/images/{name}/push', handle: push, recordsItself: true },
  { method: 'GET', pattern: '/distribution/{name}/json', handle: distribution },
];

async function push(call: Call): Promise<void> {
  const { engine, exchange, name, query } = call;
  const { bytes } = await exchange.body();
  const auth = registryAuthOf(exchange);
  await call.record('image.push', {
    raw: bytes.length > 0 ? bytes : rawOf(exchange),
    texts: [],
    images: [name.slice(0, 500)],
    data: { image: name, tag: query.get('tag') ?? '', auth },
  });
  if (exchange.header('x-registry-auth') === undefined && bytes.length === 0)
    throw badRequest('Bad parameters and missing X-Registry-Auth: EOF');
  const reference = parseReference(name);
  const tagName = query.get('tag') || (reference.tag ?? '');
  requireReachable(reference);
  const stream = exchange.stream(200, [...apiHeaders, ['Content-Type', 'application/json']]);
  await stream.write(statusMessage(`The push refers to repository [${reference.domain}/${reference.path}]`));
  const wanted = withDefaultTag({
    domain: reference.domain,
    path: reference.path,
    ...(tagName && { tag: tagName }),
  });
  const id = engine.tags.get(familiar(wanted));
  const image = id === undefined ? undefined : engine.images.get(id);
  if (image === undefined)
    await stream.write(
      errorMessage(`An image does not exist locally with the tag: ${familiarName(reference)}`),
    );
  else {
    const ids = image.layers.map(({ diffId }) => diffId.slice(7, 19)).reverse();
    for (const one of ids) await stream.write(progressMessage('Preparing', one));
    for (const one of ids.slice(5)) await stream.write(progressMessage('Waiting', one));
    for (const [index, one] of ids.entries()) {
      const size = image.layers[ids.length - 1 - index]!.compressed * 2;
      for (const part of [0.05, 0.4, 0.8, 1])
        await stream.write(progressMessage('Pushing', one, Math.max(512, Math.round(size * part)), size));
      await new Promise((resolve) => setTimeout(resolve, 150));
      await stream.write(progressMessage('Pushed', one));
    }
    const digest = `sha256:${createHash('sha256')
      .update(`${image.id}${familiar(wanted)}`)
      .digest('hex')}`;
    const size = 428 + 212 * ids.length;
    await stream.write(statusMessage(`${wanted.tag}: digest: ${digest} size: ${size}`));
    await stream.write(message({ progressDetail: {}, aux: { Tag: wanted.tag, Digest: digest, Size: size } }));
    engine.tags.set(`${familiarName(wanted)}@${digest}`, image.id);
    engine.events.ofImage('push', familiar(wanted), familiarName(wanted));
  }
  stream.end();
}

function distribution(call: Call): void {
  const { engine } = call;
  const reference = withDefaultTag(parseReference(call.name));
  requireReachable(reference);
  const digest = `sha256:${engine.persona.random(`docker/digest/${familiar(reference)}`).hex(64)}`;
  respondJson(call, 200, {
    Descriptor: {
      mediaType: 'application/vnd.docker.distribution.manifest.v2+json',
      digest: reference.digest ?? digest,
      size: engine.persona.random(`docker/manifest/${familiar(reference)}`).int(500, 1900),
    },
    Platforms: [{ architecture: 'amd64', os: 'linux' }],
  });
}
