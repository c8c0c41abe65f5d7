/** The first packet of a connection: what the client wants to begin with. */
import { PgError } from '../failure.ts';

export type Startup =
  | { readonly kind: 'ssl' | 'gss' }
  | { readonly kind: 'cancel'; readonly processId: number; readonly secret: number }
  /** So old that errors look different in it. */
  | { readonly kind: 'old'; readonly failure: string }
  | {
      readonly kind: 'session';
      readonly parameters: ReadonlyMap<string, string>;
      /** Of the protocol, which is 3.0 here. */
      readonly minor: number;
      /** Options of the protocol that nobody here knows. */
      readonly unknown: readonly string[];
    };

const codes = { cancel: 80_877_102, ssl: 80_877_103, gss: 80_877_104 };

/** Parameters of one packet. */
const maxParameters = 100;

const fatal = (code: string, text: string, place: string): PgError =>
  new PgError(code, text, place, {}, 'FATAL');

/** @param packet without its length. @throws PgError */
export function parseStartup(packet: Buffer): Startup {
  const version = packet.readUInt32BE();
  if (version === codes.ssl) return { kind: 'ssl' };
  if (version === codes.gss) return { kind: 'gss' };
  if (version === codes.cancel)
    return packet.length < 12
      ? { kind: 'cancel', processId: 0, secret: 0 }
      : { kind: 'cancel', processId: packet.readInt32BE(4), secret: packet.readInt32BE(8) };
  const [major, minor] = [version >>> 16, version & 0xffff];
  const unsupported = `unsupported frontend protocol ${major}.${minor}: server supports 3.0 to 3.0`;
  if (major < 3) return { kind: 'old', failure: unsupported };
  if (major > 3) throw fatal('0A000', unsupported, 'postmaster.c:2222:ProcessStartupPacket');
  const body = packet.subarray(4);
  // Names and values, each with a zero behind it, and a zero at the end of all.
  const texts: string[] = [];
  let at = 0;
  while (at < body.length && body[at] !== 0) {
    const nameEnd = body.indexOf(0, at);
    const valueEnd = nameEnd < 0 ? -1 : body.indexOf(0, nameEnd + 1);
    if (valueEnd < 0 || texts.length > 2 * maxParameters) break;
    texts.push(body.toString('utf8', at, nameEnd), body.toString('utf8', nameEnd + 1, valueEnd));
    at = valueEnd + 1;
  }
  if (at !== body.length - 1)
    throw fatal(
      '08P01',
      'invalid startup packet layout: expected terminator as last byte',
      'postmaster.c:2334:ProcessStartupPacket',
    );
  const parameters = new Map<string, string>();
  for (let index = 0; index < texts.length; index += 2) parameters.set(texts[index]!, texts[index + 1]!);
  const unknown = [...parameters.keys()].filter((name) => name.startsWith('_pq_.'));
  return { kind: 'session', parameters, minor, unknown };
}
