/**
 * An archive that can only be read from its beginning: a compressed file, or what the Docker Engine sends.
 * Nothing may be spooled to disk and images do not fit into memory, so it is read in passes. The first pass
 * notes all members and keeps the small JSON documents. A later pass serves any members that lie ahead of it
 * and waits between them; only what lies behind starts a new one. An image whose layers are stored in order
 * costs two passes, the worst order one for each layer.
 */
import { WaterguardError } from '../../model/error.ts';
import {
  type ForwardReader,
  followLinks,
  indexMembers,
  type Member,
  nextMember,
  truncatedArchive,
} from './archive-index.ts';
import { type Members, missingMember } from './members.ts';

export interface StreamedArchive {
  readonly where: string;
  /** Starts from the first byte; must give the same members each time. */
  open(signal?: AbortSignal): AsyncIterable<Uint8Array>;
  close(): Promise<void>;
  readonly signal?: AbortSignal;
}

/** Bytes of one document, and of all, that the first pass keeps: manifests, configurations, indexes. */
const documentLimit = 1024 * 1024;
const documentsLimit = 32 * 1024 * 1024;

/** @throws WaterguardError `corrupt`, `truncated`, `limit`, and whatever the stream throws */
export async function streamMembers(archive: StreamedArchive): Promise<Members> {
  const { where } = archive;
  const { members, documents } = await firstPass(archive);
  let idle: Pass | undefined;

  /** The waiting pass where the member lies ahead of it, else a new one. */
  async function passFor(member: Member): Promise<Pass> {
    const waiting = idle;
    idle = undefined;
    if (waiting !== undefined && waiting.ordinal <= member.ordinal) return waiting;
    await waiting?.reader.close();
    return newPass(archive);
  }

  async function* read(name: string, signal?: AbortSignal): AsyncGenerator<Uint8Array, void, undefined> {
    const member = followLinks(members, name);
    if (member === undefined) throw missingMember(where, name);
    const document = documents.get(member.ordinal);
    if (document !== undefined) return yield document;
    const pass = await passFor(member);
    const stop = () => pass.stop.abort(signal?.reason);
    let finished = false;
    signal?.addEventListener('abort', stop);
    try {
      signal?.throwIfAborted();
      await advance(pass, member, where);
      yield* pass.reader.pieces(member.end - member.start);
      if (pass.reader.position < member.end) throw truncatedArchive(where);
      finished = true;
    } finally {
      signal?.removeEventListener('abort', stop);
      if (finished && idle === undefined) idle = pass;
      else await pass.reader.close();
    }
  }

  return {
    where,
    size: async (name) => {
      const member = followLinks(members, name);
      return member === undefined ? undefined : member.end - member.start;
    },
    open: read,
    close: async () => {
      await idle?.reader.close();
      await archive.close();
    },
  };
}

/**
 * Invariant: stands right before the header (or its padding) of member `ordinal`. A pass outlives the reader
 * that began it, so it has a signal of its own.
 */
interface Pass {
  readonly reader: StreamReader;
  readonly stop: AbortController;
  ordinal: number;
}

function newPass(archive: StreamedArchive): Pass {
  const stop = new AbortController();
  const signals = archive.signal === undefined ? [stop.signal] : [stop.signal, archive.signal];
  return { reader: streamReader(archive.open(AbortSignal.any(signals))), stop, ordinal: 0 };
}

/** Moves a pass to the content of `wanted`. */
async function advance(pass: Pass, wanted: Member, where: string): Promise<void> {
  for (;;) {
    const { reader, ordinal } = pass;
    await reader.skipTo(Math.ceil(reader.position / 512) * 512);
    const member = await nextMember(reader, ordinal, where);
    if (member === undefined) throw changed(where);
    pass.ordinal = ordinal + 1;
    if (ordinal < wanted.ordinal) {
      await reader.skipTo(member.end);
    } else if (member.name === wanted.name && member.start === wanted.start && member.end === wanted.end) {
      return;
    } else {
      throw changed(where);
    }
  }
}

interface FirstPass {
  readonly members: ReadonlyMap<string, Member>;
  /** By ordinal. */
  readonly documents: ReadonlyMap<number, Buffer>;
}

async function firstPass(archive: StreamedArchive): Promise<FirstPass> {
  const reader = streamReader(archive.open(archive.signal));
  const documents = new Map<number, Buffer>();
  let kept = 0;
  try {
    const members = await indexMembers(reader, archive.where, async ({ ordinal, start, end }) => {
      const size = end - start;
      if (size === 0 || size > documentLimit || kept + size > documentsLimit) return;
      const bytes = await reader.take(size);
      if (bytes.length < size || !isJsonStart(bytes[0])) return;
      documents.set(ordinal, bytes);
      kept += size;
    });
    return { members, documents };
  } finally {
    await reader.close();
  }
}

function isJsonStart(byte: number | undefined): boolean {
  return byte === 0x7b || byte === 0x5b;
}

interface StreamReader extends ForwardReader {
  /** The next `bytes` as they come; ends early at the end of the input. */
  pieces(bytes: number): AsyncGenerator<Uint8Array, void, undefined>;
  close(): Promise<void>;
}

function streamReader(chunks: AsyncIterable<Uint8Array>): StreamReader {
  const source = chunks[Symbol.asyncIterator]();
  let position = 0;
  let held: Uint8Array = new Uint8Array(0);

  async function* pieces(bytes: number): AsyncGenerator<Uint8Array, void, undefined> {
    let left = bytes;
    while (left > 0) {
      if (held.length === 0) {
        const next = await source.next();
        if (next.done === true) return;
        held = next.value;
      }
      const piece = held.subarray(0, left);
      held = held.subarray(piece.length);
      position += piece.length;
      left -= piece.length;
      if (piece.length > 0) yield piece;
    }
  }

  return {
    get position() {
      return position;
    },
    pieces,
    async take(bytes) {
      const parts: Uint8Array[] = [];
      for await (const piece of pieces(bytes)) parts.push(piece);
      return Buffer.concat(parts);
    },
    async skipTo(target) {
      for await (const _ of pieces(target - position));
    },
    async close() {
      await source.return?.();
    },
  };
}

function changed(where: string): WaterguardError {
  return new WaterguardError('unreadable', `${where} changed while it was read. Scan it again.`);
}
