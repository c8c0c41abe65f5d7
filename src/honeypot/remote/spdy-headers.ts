/**
 * Header blocks of SPDY/3.1: names and values behind their lengths, compressed by one zlib stream for each direction
 * that begins with a dictionary (SPDY Protocol, draft 3.1, section 2.6.10.1).
 */
import { constants, deflateRawSync, deflateSync, inflateSync } from 'node:zlib';

const words =
  'options|head|post|put|delete|trace|accept|accept-charset|accept-encoding|accept-language|accept-ranges|age|allow|authorization|cache-control|connection|content-base|content-encoding|content-language|content-length|content-location|content-md5|content-range|content-type|date|etag|expect|expires|from|host|if-match|if-modified-since|if-none-match|if-range|if-unmodified-since|last-modified|location|max-forwards|pragma|proxy-authenticate|proxy-authorization|range|referer|retry-after|server|te|trailer|transfer-encoding|upgrade|user-agent|vary|via|warning|www-authenticate|method|get|status|200 OK|version|HTTP/1.1|url|public|set-cookie|keep-alive|origin';
const rest =
  '100101201202205206300302303304305306307402405406407408409410411412413414415416417502504505203 Non-Authoritative Information204 No Content301 Moved Permanently400 Bad Request401 Unauthorized403 Forbidden404 Not Found500 Internal Server Error501 Not Implemented503 Service UnavailableJan Feb Mar Apr May Jun Jul Aug Sept Oct Nov Dec 00:00:00 Mon, Tue, Wed, Thu, Fri, Sat, Sun, GMTchunked,text/html,image/png,image/jpg,image/gif,application/xml,application/xhtml+xml,text/plain,text/javascript,publicprivatemax-age=gzip,deflate,sdchcharset=utf-8charset=iso-8859-1,utf-,*,enq=0.';

const dictionary = Buffer.concat([
  ...words.split('|').flatMap((word) => [length(word.length), Buffer.from(word)]),
  Buffer.from(rest),
]);

/** Of all blocks of a connection together, in bytes: compressed, and as they are. */
const most = { compressed: 16 * 1024, plain: 64 * 1024 } as const;
const flushed = { finishFlush: constants.Z_SYNC_FLUSH } as const;

export type HeaderBlock = ReadonlyMap<string, string>;

/**
 * Reads the blocks that come, one after the other. Each is read again from the stream's beginning, which costs nothing
 * for the few and small ones that there are.
 */
export function createHeaderReader(): { read(block: Buffer): HeaderBlock } {
  let all: Buffer = Buffer.alloc(0);
  let seen = 0;
  return {
    /** @throws Error where it is malformed, or more than is taken */
    read(block) {
      all = Buffer.concat([all, block]);
      if (all.length > most.compressed) throw new RangeError('too many headers');
      const plain = inflateSync(all, { ...flushed, dictionary, maxOutputLength: most.plain });
      const own = plain.subarray(seen);
      seen = plain.length;
      return parse(own);
    },
  };
}

function parse(block: Buffer): HeaderBlock {
  const headers = new Map<string, string>();
  let at = 0;
  const number = (): number => {
    at += 4;
    return block.readUInt32BE(at - 4);
  };
  const text = (): string => {
    const size = number();
    if (size > block.length - at) throw new RangeError('a header ends too early');
    at += size;
    return block.toString('latin1', at - size, at);
  };
  for (let left = number(); left > 0; left--) headers.set(text().toLowerCase(), text());
  return headers;
}

/** Writes blocks: the first one begins the stream. */
export function createHeaderWriter(): { write(headers: HeaderBlock): Buffer } {
  let hasBegun = false;
  return {
    write(headers) {
      const parts = [length(headers.size)];
      for (const one of [...headers].flat()) parts.push(length(one.length), Buffer.from(one, 'latin1'));
      const block = Buffer.concat(parts);
      const written = hasBegun
        ? deflateRawSync(block, flushed)
        : deflateSync(block, { ...flushed, dictionary, level: 9 });
      hasBegun = true;
      return written;
    },
  };
}

function length(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value);
  return bytes;
}
