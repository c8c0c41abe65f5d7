/**
 * `zlib@openssh.com`: each direction is one endless deflate stream, flushed after each packet, from the success of the
 * authentication on.
 */
import { constants, createDeflate, createInflate, type Deflate, type Inflate } from 'node:zlib';
import { hangUp } from './fault.ts';

/** The one compression that is offered, and begins late. */
export const isDelayed = (name: string): boolean => name === 'zlib@openssh.com';

export interface Recoder {
  /** One packet's payload, the other way around. Packets go in one after the other. Rejects with an SshFault. */
  run(payload: Buffer): Promise<Buffer>;
  close(): void;
}

/** As sshd's, level 6. */
export const createDeflater = (): Recoder =>
  recoderOf(createDeflate({ level: 6, flush: constants.Z_PARTIAL_FLUSH }), Number.POSITIVE_INFINITY);

/** @param limit bytes that one packet may become */
export const createInflater = (limit: number): Recoder =>
  recoderOf(createInflate({ flush: constants.Z_SYNC_FLUSH }), limit);

function recoderOf(zlib: Deflate | Inflate, limit: number): Recoder {
  let parts: Buffer[] = [];
  let length = 0;
  let settle: { done(payload: Buffer): void; failed(fault: Error): void } | undefined;
  const fail = (reason: string): void => {
    zlib.destroy();
    settle?.failed(hangUp(reason));
  };
  zlib.on('data', (part: Buffer) => {
    parts.push(part);
    length += part.length;
    if (length > limit) fail('a packet inflates beyond its limit');
  });
  zlib.on('error', (error) => fail(`zlib: ${error.message}`));
  // A peer that ends its stream would otherwise be waited for until the connection ends.
  zlib.on('end', () => fail('the compressed stream has ended'));
  return {
    run: (payload) =>
      new Promise((done, failed) => {
        settle = { done, failed };
        zlib.write(payload, (error) => {
          if (error) return failed(hangUp(`zlib: ${error.message}`));
          const whole = Buffer.concat(parts);
          parts = [];
          length = 0;
          done(whole);
        });
      }),
    close: () => zlib.destroy(),
  };
}
