/**
 * Samples: small inert contents that a rule must match or must leave alone, in `NAME.samples.yaml` beside
 * `NAME.yar`. They are described rather than stored: pieces are joined, decoded and wrapped in an empty
 * program only in memory, so that no checkout holds anything a developer's anti-virus would take away.
 */
import { readFile } from 'node:fs/promises';
import { parse } from 'yaml';
import { z } from 'zod';
import { messageOf, WaterguardError } from '../../model/error.ts';

const sample = z.strictObject({
  /** What the sample stands for. */
  note: z.string().optional(),
  /** One text, as it is. */
  text: z.string().optional(),
  /** Pieces joined without anything between them. */
  join: z.array(z.string()).optional(),
  /** Each followed by a NUL byte, as a compiler lays out a program's texts. */
  strings: z.array(z.string()).optional(),
  hex: z
    .string()
    .regex(/^[0-9a-fA-F\s]*$/)
    .optional(),
  base64: z.string().optional(),
  /** Letters of everything above are shifted by thirteen places. */
  rot13: z.boolean().optional(),
  /** Put behind the header of an ELF program that ends at once. */
  elf: z.boolean().optional(),
  /** Filled up with NUL bytes to this size. */
  size: z.int().min(0).max(4_000_000).optional(),
  /** For rules that read the name. */
  path: z.string().startsWith('/').optional(),
});
export type Sample = z.infer<typeof sample>;

/** By rule id: `match` must be found, `clean` must not. */
const sampleFile = z.record(
  z.string(),
  z.strictObject({ match: z.array(sample).min(1), clean: z.array(sample).min(1) }),
);
export type SampleFile = z.infer<typeof sampleFile>;

/** @throws WaterguardError `usage` with file and place for anything that is not a sample file */
export async function readSamples(path: string): Promise<SampleFile> {
  try {
    return sampleFile.parse(parse(await readFile(path, 'utf8')));
  } catch (error) {
    const message = error instanceof z.ZodError ? z.prettifyError(error) : messageOf(error);
    throw new WaterguardError('usage', `${path}: not a sample file: ${message}`, { cause: error });
  }
}

/** The content that a sample describes. */
export function contentOf(one: Sample): Buffer {
  const text =
    (one.text ?? '') + (one.join ?? []).join('') + (one.strings ?? []).map((s) => s + '\0').join('');
  const parts = [
    ...(one.elf ? [emptyProgram] : []),
    Buffer.from(one.rot13 ? rot13(text) : text, 'utf8'),
    Buffer.from((one.hex ?? '').replace(/\s/g, ''), 'hex'),
    Buffer.from(one.base64 ?? '', 'base64'),
  ];
  const content = Buffer.concat(parts);
  const missing = (one.size ?? 0) - content.length;
  return missing > 0 ? Buffer.concat([content, Buffer.alloc(missing)]) : content;
}

function rot13(text: string): string {
  return text.replace(/[a-z]/gi, (letter) => {
    const base = letter <= 'Z' ? 65 : 97;
    return String.fromCharCode(((letter.charCodeAt(0) - base + 13) % 26) + base);
  });
}

/**
 * A 64-bit little-endian x86-64 header without program or section headers: every reader takes it for ELF, no
 * kernel runs it. 64 bytes of header, 64 of padding.
 */
const emptyProgram: Buffer = (() => {
  const header = Buffer.alloc(128);
  header.set([0x7f, 0x45, 0x4c, 0x46, 2, 1, 1]);
  header.writeUInt16LE(2, 16); // e_type: ET_EXEC
  header.writeUInt16LE(62, 18); // e_machine: EM_X86_64
  header.writeUInt32LE(1, 20); // e_version
  header.writeUInt16LE(64, 52); // e_ehsize
  return header;
})();
