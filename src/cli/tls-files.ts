/** The certificate and the key by which a server talks TLS, known to be good before the store is opened. */
import { createSecureContext } from 'node:tls';
import { messageOf, WaterguardError } from '../model/error.ts';
import { printable } from '../model/printable.ts';
import type { ServingFlags } from './serving.ts';
import { readShort } from './short-file.ts';

/** Bytes; a long chain has some ten thousand. */
const longest = 1 << 20;

/** @throws WaterguardError `usage` where one is missing, or they are not what TLS needs */
export function readTls({
  tlsCert,
  tlsKey,
}: Pick<ServingFlags, 'tlsCert' | 'tlsKey'>): { readonly key: Buffer; readonly cert: Buffer } | undefined {
  if (tlsCert === undefined && tlsKey === undefined) return undefined;
  if (tlsCert === undefined || tlsKey === undefined)
    throw new WaterguardError('usage', '--tls-cert and --tls-key go together: give both.');
  const [cert, key] = [read('--tls-cert', tlsCert), read('--tls-key', tlsKey)];
  try {
    createSecureContext({ cert });
  } catch (error) {
    throw unfit('--tls-cert', tlsCert, error, 'give a certificate chain in PEM');
  }
  try {
    createSecureContext({ cert, key });
  } catch (error) {
    throw unfit(
      '--tls-key',
      tlsKey,
      error,
      'give the key of the certificate, in PEM and without a passphrase',
    );
  }
  return { cert, key };
}

function read(option: string, file: string): Buffer {
  try {
    return readShort(file, longest);
  } catch (error) {
    throw unfit(option, file, error, 'give a file in PEM');
  }
}

function unfit(option: string, file: string, error: unknown, advice: string): WaterguardError {
  // OpenSSL puts a number and the name of a part of it before the reason.
  const reason = messageOf(error).replace(/^error:[^:]*:[^:]*:[^:]*:/, '');
  return new WaterguardError('usage', printable(`${option} ${file}: ${reason}; ${advice}.`, 600), {
    cause: error,
  });
}
