/** The body of an upload: whatever it is compressed with, opened as far as its bounds go, and read as a tar. */
import { gunzip, zstdDecompress } from 'node:zlib';
import type { Artefact } from '../../decoy.ts';
import { readTar, type TarContents, type TarEntry } from './tar.ts';

/** Of what comes out of a compressed body, in bytes. */
const mostOpened = 64 << 20;

export async function openArchive(body: Buffer): Promise<TarContents & { readonly bytes: Buffer }> {
  const bytes = await decompressed(body);
  return { ...readTar(bytes), bytes };
}

/** Beyond the bound a bomb is told as broken; so is what is no archive. */
async function decompressed(body: Buffer): Promise<Buffer> {
  if (body[0] === 0x1f && body[1] === 0x8b) return opened(gunzip, body);
  if (body.length > 4 && body.readUInt32LE() === 0xfd2fb528) return opened(zstdDecompress, body);
  return body;
}

type Opener = typeof gunzip | typeof zstdDecompress;

function opened(open: Opener, body: Buffer): Promise<Buffer> {
  return new Promise((resolve) => {
    const options = { maxOutputLength: mostOpened };
    (open as typeof gunzip)(body, options, (error, bytes) =>
      resolve(error === null ? bytes : Buffer.alloc(0)),
    );
  });
}

/** Files of an event, at most so many and so many bytes; the rest is only counted. */
const mostArtefacts = 64;
const mostKept = 8 << 20;

export function artefactsOf(entries: readonly TarEntry[], folder: string): Artefact[] {
  const artefacts: Artefact[] = [];
  let kept = 0;
  for (const { kind, name, content } of entries) {
    if (kind !== 'file' || artefacts.length >= mostArtefacts || kept + content.length > mostKept) continue;
    kept += content.length;
    artefacts.push({ name: `${folder}${name.replace(/^(\.?\/)+/, '')}`, content });
  }
  return artefacts;
}

/** What is decoded of files: those that are text, from their beginning. */
const mostText = 16 << 10;
const mostTexts = 16;

export function textsOfFiles(entries: readonly TarEntry[]): string[] {
  return entries
    .filter(
      ({ kind, content }) => kind === 'file' && content.length > 0 && !content.subarray(0, 512).includes(0),
    )
    .slice(0, mostTexts)
    .map(({ content }) => Buffer.from(content.subarray(0, mostText)).toString('utf8'));
}
