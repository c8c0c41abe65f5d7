/**
 * What a visitor feeds to a command on its standard input: a script to `sh -s`, a file to `cat`, files to `scp -t` and
 * `tar x`. It is the evidence, and not what commands write themselves, which has addresses of the machine.
 */
import { createBeginning } from './beginning.ts';
import type { Artefact } from './decoy.ts';
import { createScpStream } from './world/commands/network/scp-stream.ts';

export interface Fed {
  add(bytes: Uint8Array): void;
  /** Its first 256 KiB as they came, for `raw`. */
  bytes(): Buffer;
  /** Its first 16 KiB, for `data`; undefined where it is no text, or nothing. */
  shown(): string | undefined;
  /**
   * What is to be decoded, once it has ended: it, where it is one text, and otherwise the files in it that are texts, ten
   * at most. Those that scp sends one after another are each told of, wherever they lie in it and whatever became of
   * them; of anything else those are that the command left as they stand in the first 256 KiB. Of each text its first
   * 64 KiB.
   * @param left by the command
   */
  texts(left: readonly Artefact[]): readonly string[];
}

/** Bytes of all of it, of each text in it, and of what an event shows; and such texts. */
const most = { kept: 256 * 1024, text: 64 * 1024, shown: 16 * 1024, texts: 10 } as const;

export function createFed(): Fed {
  const beginning = createBeginning(most.kept);
  const copied: string[] = [];
  const scp = createScpStream(most.text, (content) => {
    if (content.length > 0 && copied.length < most.texts && isText(content)) copied.push(textOf(content));
  });
  return {
    add(bytes) {
      beginning.add(bytes);
      scp.add(bytes);
    },
    bytes: beginning.bytes,
    shown() {
      const bytes = beginning.bytes();
      return bytes.length > 0 && isText(bytes) ? textOf(bytes.subarray(0, most.shown)) : undefined;
    },
    texts(left) {
      if (scp.end()) return copied;
      const bytes = beginning.bytes();
      if (bytes.length === 0) return [];
      if (isText(bytes)) return [textOf(bytes.subarray(0, most.text))];
      return left
        .slice(0, most.texts)
        .filter(({ content }) => isText(content) && bytes.includes(Buffer.from(content)))
        .map(({ content }) => textOf(content.subarray(0, most.text)));
    },
  };
}

/** By its first KiB. */
export function isText(content: Uint8Array): boolean {
  return !content.subarray(0, 1024).includes(0);
}

export function textOf({ buffer, byteOffset, length }: Uint8Array): string {
  return Buffer.from(buffer, byteOffset, length).toString('utf8');
}
