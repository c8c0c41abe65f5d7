/**
 * What the Go linker writes into every program: compiler version, main module and dependencies. It survives
 * stripping, so it names a tool that has been renamed.
 *
 * Layout: Go `debug/buildinfo` (read 2026-11). A 32-byte header, 16-aligned; since Go 1.18 two strings with
 * varint lengths follow, before that the header holds pointers to two Go string headers.
 */
import { byteReader } from './byte-reader.ts';
import { type Elf, fileOffset, findSection } from './elf.ts';

export interface GoModule {
  readonly path: string;
  readonly version: string;
}

export interface GoBuild {
  /** `go1.22.1`, as the compiler wrote it. */
  readonly version: string;
  /** Import path of the main package; empty where unknown. */
  readonly path: string;
  readonly main: GoModule | undefined;
  /** At most 1,000. */
  readonly dependencies: readonly GoModule[];
  /** Of the header in the file. */
  readonly offset: number;
}

/** The printable part of the header's magic, for a search beforehand; the magic has 0xff before it. */
export const goBuildAnchor = ' Go buildinf:';

const magic = Buffer.from('\xff' + goBuildAnchor, 'latin1');
const headerSize = 32;
const maxCandidates = 16;
const maxModuleBytes = 1 << 20;
const maxDependencies = 1000;

/**
 * @param anchors places of `goBuildAnchor` in the file, where a caller has searched for them already
 * @returns undefined for a program that is not built by Go, or whose build data is gone
 */
export function goBuild(elf: Elf, anchors?: readonly number[]): GoBuild | undefined {
  for (const offset of candidates(elf, anchors)) {
    const build = buildAt(elf, offset);
    if (build !== undefined) return build;
  }
  return undefined;
}

/** The linker's own section first: the Go tools carry the magic as a literal too. */
function candidates(elf: Elf, anchors: readonly number[] | undefined): readonly number[] {
  const found: number[] = [];
  const section = findSection(elf, '.go.buildinfo');
  if (section !== undefined) found.push(section.offset);
  if (anchors !== undefined) {
    for (const at of anchors.slice(0, maxCandidates)) found.push(at - 1);
    return found;
  }
  let at = elf.bytes.indexOf(magic);
  while (at >= 0 && found.length < maxCandidates) {
    found.push(at);
    at = elf.bytes.indexOf(magic, at + magic.length);
  }
  return found;
}

function buildAt(elf: Elf, offset: number): GoBuild | undefined {
  const { bytes } = elf;
  if (!elf.reader.has(offset, headerSize) || magic.compare(bytes, offset, offset + magic.length) !== 0) {
    return undefined;
  }
  const flags = elf.reader.u8(offset + 15);
  const strings = (flags & 2) !== 0 ? inlineStrings(bytes, offset) : pointedStrings(elf, offset, flags);
  if (strings === undefined || !strings.version.startsWith('go')) return undefined;
  return { ...parseModules(strings.modules), version: strings.version, offset };
}

interface BuildStrings {
  readonly version: string;
  readonly modules: string;
}

function inlineStrings(bytes: Buffer, offset: number): BuildStrings | undefined {
  const version = lengthPrefixed(bytes, offset + headerSize);
  if (version === undefined) return undefined;
  const modules = lengthPrefixed(bytes, version.end);
  return { version: version.text.slice(0, 128), modules: unframe(modules?.text ?? '') };
}

function lengthPrefixed(
  bytes: Buffer,
  at: number,
): { readonly text: string; readonly end: number } | undefined {
  let length = 0;
  let scale = 1;
  for (let digit = 0; digit < 4; digit++) {
    const byte = bytes[at + digit];
    if (byte === undefined) return undefined;
    length += (byte & 0x7f) * scale;
    if (byte < 0x80) {
      const start = at + digit + 1;
      if (length > maxModuleBytes || start + length > bytes.length) return undefined;
      return { text: bytes.toString('latin1', start, start + length), end: start + length };
    }
    scale *= 128;
  }
  return undefined;
}

function pointedStrings(elf: Elf, offset: number, flags: number): BuildStrings | undefined {
  const pointerSize = elf.reader.u8(offset + 14);
  if (pointerSize !== 4 && pointerSize !== 8) return undefined;
  const reader = byteReader(elf.bytes, (flags & 1) === 0);
  const pointer = (at: number): number => (pointerSize === 8 ? reader.u64(at) : reader.u32(at));

  const goString = (at: number): string | undefined => {
    const header = fileOffset(elf, pointer(at));
    if (!reader.has(header, 2 * pointerSize)) return undefined;
    const data = fileOffset(elf, pointer(header));
    const length = pointer(header + pointerSize);
    if (length > maxModuleBytes || !reader.has(data, length)) return undefined;
    return elf.bytes.toString('latin1', data, data + length);
  };
  const version = goString(offset + 16);
  if (version === undefined) return undefined;
  return { version: version.slice(0, 128), modules: unframe(goString(offset + 16 + pointerSize) ?? '') };
}

/** The module text stands between two 16-byte sentinels, and ends with a line break. */
function unframe(modules: string): string {
  return modules.length >= 33 && modules.at(-17) === '\n' ? modules.slice(16, -16) : '';
}

function parseModules(text: string): Pick<GoBuild, 'path' | 'main' | 'dependencies'> {
  let path = '';
  let main: GoModule | undefined;
  const dependencies: GoModule[] = [];
  for (const line of text.split('\n', 4 * maxDependencies)) {
    const [kind, first = '', version = ''] = line.split('\t', 3);
    const module = { path: first.slice(0, 256), version: version.slice(0, 128) };
    if (kind === 'path') path = module.path;
    else if (kind === 'mod') main = module;
    else if (kind === 'dep' && dependencies.length < maxDependencies) dependencies.push(module);
  }
  return { path, main, dependencies };
}
