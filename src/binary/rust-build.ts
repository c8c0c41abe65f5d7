/**
 * What rustc leaves in a program: its version in `.comment`, and the source paths of crates in panic messages.
 * Paths survive stripping, so they name the libraries of a program without a symbol table.
 */
import { contentOf, type Elf, findSection } from './elf.ts';

export interface RustBuild {
  /** `1.81.0 (eeb90cda1 2024-09-04)`; empty where `.comment` is gone. */
  readonly version: string;
  /** `name-1.2.3`, sorted, at most 500. */
  readonly crates: readonly string[];
}

/** In every path to a crate's source: `~/.cargo/registry/src/INDEX/NAME-VERSION/` and Debian's vendored form. */
export const rustCrateAnchor = 'cargo/registry/';

const maxAnchors = 5000;
const maxCrates = 500;
const versionMark = 'rustc version ';

/**
 * @param anchors places of `rustCrateAnchor` in the file, where a caller has searched for them already
 * @returns undefined where nothing says Rust
 */
export function rustBuild(elf: Elf, anchors?: readonly number[]): RustBuild | undefined {
  const version = rustcVersion(elf);
  const crates = new Set<string>();
  for (const at of anchors ?? search(elf.bytes)) {
    const crate = crateAt(elf.bytes, at + rustCrateAnchor.length);
    if (crate !== undefined) crates.add(crate);
    if (crates.size >= maxCrates) break;
  }
  return version === '' && crates.size === 0 ? undefined : { version, crates: [...crates].sort() };
}

function rustcVersion(elf: Elf): string {
  const section = findSection(elf, '.comment');
  if (section === undefined) return '';
  const comment = contentOf(elf, section).subarray(0, 4096).toString('latin1');
  const start = comment.indexOf(versionMark);
  if (start < 0) return '';
  return comment.slice(start + versionMark.length).split('\0', 1)[0] ?? '';
}

function search(bytes: Buffer): readonly number[] {
  const found: number[] = [];
  let at = bytes.indexOf(rustCrateAnchor);
  while (at >= 0 && found.length < maxAnchors) {
    found.push(at);
    at = bytes.indexOf(rustCrateAnchor, at + rustCrateAnchor.length);
  }
  return found;
}

/** The first path part that looks like `name-1.2.3`, among the two behind the anchor's `registry/`. */
function crateAt(bytes: Buffer, at: number): string | undefined {
  const parts = bytes.toString('latin1', at, Math.min(bytes.length, at + 200)).split('/', 4);
  return parts
    .slice(0, -1)
    .find((part) => /^[A-Za-z][\w-]{0,63}-\d{1,5}\.\d{1,5}\.\d{1,5}[\w.+-]{0,40}$/.test(part));
}
