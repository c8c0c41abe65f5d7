/**
 * Requests for a certificate (PKCS #10, RFC 2986): a sensor makes a key and asks, the platform reads who signed. What the
 * request asks to be called is not looked at: that is the platform's to say.
 */
import { createPublicKey, type KeyObject, sign, verify } from 'node:crypto';
import { messageOf, WaterguardError } from '../model/error.ts';
import { nameOf, pem, publicKeyInfo, signatureAlgorithm } from './certificate.ts';
import { bitString, type Element, elements, integer, raw, sequence } from './der.ts';

const label = 'CERTIFICATE REQUEST';

/** Characters of a request in PEM; one for a key on P-256 has about 400. */
export const longestRequest = 4096;

/** @param key private, on P-256 @returns PEM */
export function requestFor(key: KeyObject): string {
  const version = integer(Buffer.from([0]));
  const attributes = raw(0xa0, Buffer.alloc(0));
  const info = sequence(version, nameOf({ CN: 'sensor' }), publicKeyInfo(key), attributes);
  return pem(label, sequence(info, signatureAlgorithm(key), bitString(sign('sha256', info, key))));
}

/** SubjectPublicKeyInfo of a key on P-256 up to the 64 bytes of its point, which is not compressed (RFC 5480). */
const p256Prefix = Buffer.from('3059301306072a8648ce3d020106082a8648ce3d03010703420004', 'hex');
const ecdsaWithSha256 = Buffer.from('300a06082a8648ce3d040302', 'hex');

/**
 * The public key of a request, whoever wrote it.
 * @throws WaterguardError `corrupt` for what is no request, for a key that is not on P-256, and where the private half of
 *   it did not sign
 */
export function keyOfRequest(text: string): KeyObject {
  try {
    const [request] = exactly(elements(derOf(text)), [0x30]);
    const [info, algorithm, signature] = exactly(elements(request!.content), [0x30, 0x30, 0x03]);
    const [version, , publicKey] = exactly(elements(info!.content), [0x02, 0x30, 0x30, 0xa0]);
    if (!version!.content.equals(Buffer.of(0))) throw new RangeError('its version is not 1');
    const key = keyOf(publicKey!.whole);
    if (!algorithm!.whole.equals(ecdsaWithSha256))
      throw new RangeError('it is not signed by ECDSA with SHA-256');
    const isSigned =
      signature!.content[0] === 0 && verify('sha256', info!.whole, key, signature!.content.subarray(1));
    if (!isSigned) throw new RangeError('its signature is not by its key');
    return key;
  } catch (error) {
    throw new WaterguardError('corrupt', `The certificate request is not taken: ${messageOf(error)}.`, {
      cause: error,
    });
  }
}

function derOf(text: string): Buffer {
  const form = /^-----BEGIN CERTIFICATE REQUEST-----([A-Za-z0-9+/=\s]+)-----END CERTIFICATE REQUEST-----\s*$/;
  const [, encoded] = (text.length > longestRequest ? null : form.exec(text)) ?? [];
  if (encoded === undefined) throw new RangeError('it is no request in PEM');
  return Buffer.from(encoded, 'base64');
}

/** @param tags that the elements have to have, in their order, and no more */
function exactly(found: readonly Element[], tags: readonly number[]): readonly Element[] {
  if (found.length !== tags.length || found.some((one, at) => one.tag !== tags[at]))
    throw new RangeError('it is not made as PKCS #10 has it');
  return found;
}

/** Its shape is looked at before OpenSSL reads it: curves that describe themselves never get there. */
function keyOf(info: Buffer): KeyObject {
  if (info.length !== p256Prefix.length + 64 || !info.subarray(0, p256Prefix.length).equals(p256Prefix))
    throw new RangeError('its key is not on P-256');
  return createPublicKey({ key: info, format: 'der', type: 'spki' });
}
