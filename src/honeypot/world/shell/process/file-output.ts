/** Writing to a file of the world, as a descriptor does that stays open: each write goes to the end of the file. */
import { contentOf } from '../../files/node.ts';
import type { View } from '../../files/view.ts';
import type { Sink } from './descriptors.ts';

/**
 * Many small writes would copy the file as many times, so there is room behind its content that only this descriptor
 * writes to: what others read of the file before stays as it was.
 *
 * @param now milliseconds since 1970
 */
export function fileOutput(files: View, path: string, now: () => number): Sink {
  let room: Buffer = Buffer.alloc(0);
  let written: Uint8Array | undefined;

  return {
    isTerminal: false,
    cost: 20,
    write(bytes) {
      // What is written to a file that was deleted is nowhere to be found.
      const node = files.exists(path) ? files.stat(path) : undefined;
      if (node?.kind !== 'file' || node.device !== undefined) return undefined;
      const content = contentOf(node);
      const length = content.length + bytes.length;
      if (content !== written || length > room.length) {
        room = Buffer.alloc(Math.max(256, 2 * length));
        room.set(content);
      }
      room.set(bytes, content.length);
      written = room.subarray(0, length);
      files.write(path, written, { now: now() });
      return undefined;
    },
  };
}
