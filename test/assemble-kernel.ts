/** `npm run kernel`: assembles `kernel.wat` into `kernel.ts`, so that nobody needs an assembler to run Waterguard. */
import { readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';

const folder = new URL('../src/detect/literals/', import.meta.url);

/** The part of wabt 1.0.39 that is used here; its own types want those of a browser. */
interface Wabt {
  parseWat(
    name: string,
    text: string,
  ): { validate(): void; toBinary(options: object): { buffer: Uint8Array } };
}

/** What `kernel.ts` must hold. */
export async function assembleKernel(): Promise<string> {
  const { parseWat } = await (createRequire(import.meta.url)('wabt') as () => Promise<Wabt>)();
  const module = parseWat('kernel.wat', readFileSync(new URL('kernel.wat', folder), 'utf8'));
  module.validate();
  const text = Buffer.from(module.toBinary({}).buffer).toString('base64');
  const lines = text.match(/.{1,108}/g) ?? [];
  const template = readFileSync(new URL('kernel.ts', folder), 'utf8');
  const [before, behind] = template.split(/const assembled = \[[^\]]*\]/);
  return `${before}const assembled = [\n${lines.map((line) => `  '${line}',\n`).join('')}]${behind}`;
}

if (import.meta.main) writeFileSync(fileURLToPath(new URL('kernel.ts', folder)), await assembleKernel());
