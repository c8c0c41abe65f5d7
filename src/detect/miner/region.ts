/**
 * The parts of a file that are read for mining: all of a small text, the surroundings of what speaks of it elsewhere.
 * So a large program or log costs what its anchors cost, not what it weighs.
 */
import type { OpenFile } from '../detector.ts';
import { placesOfMining, placesOfOptions } from './anchors.ts';
import { beginsEncoded, encodedRuns, walletRuns } from './runs.ts';

export interface Region {
  /** In bytes of `OpenFile.bytes`. */
  readonly start: number;
  /** What cannot be printed is a line break in programs. */
  readonly text: string;
  /** Bytes for each character. */
  readonly width: 1 | 2;
  /** A program itself, not a text about one. */
  readonly isProgram: boolean;
  /** A shell reads it, or it looks so without saying it (`entrypoint` without `#!`, a crontab, a profile). */
  readonly isShell: boolean;
  /** Nothing in the file speaks of mining, only of an encoding. */
  readonly isOnlyEncoded: boolean;
  /** Something is encoded, and something decodes it. */
  readonly decodes: boolean;
  /** Something stands backwards in it. */
  readonly reverses: boolean;
}

/** Texts up to this size are read whole. */
const wholeText = 64 * 1024;
/** Bytes read on both sides of an anchor elsewhere. */
const reach = 4096;
const maxRegions = 64;

/** In order; empty where nothing speaks of mining. */
export function regionsOf(file: OpenFile): Region[] {
  if (file.kind === 'binary' && isWide(file)) return [wideRegion(file)];
  const isText = file.kind === 'text' || file.kind === 'script';
  const mining = placesOfMining(file);
  if (!isText) return spansOf(mining, file).map((span) => regionOf(file, span));
  const places = [...mining, ...walletRuns(file.bytes), ...placesOfOptions(file)];
  const isSmall = file.bytes.length <= wholeText;
  const encoded = file.hits('decoders').length > 0 ? encodedRuns(file.bytes) : [];
  const hidden = {
    decodes: encoded.length > 0 || (isSmall && beginsEncoded(file.bytes)),
    reverses: isSmall && isReversed(file),
  };
  const isOnlyEncoded = places.length === 0;
  if (isOnlyEncoded && !hidden.decodes && !hidden.reverses) return [];
  const spans = isSmall
    ? [[0, file.bytes.length] as const]
    : spansOf([...places, ...encoded, ...encoded.map((start) => start + 2 * reach)], file);
  return spans.map((span) => ({ ...regionOf(file, span), ...hidden, isOnlyEncoded }));
}

/** Only a wallet is looked for: a text has no other sign by which it would be known backwards. */
function isReversed(file: OpenFile): boolean {
  return file.hits('reversers').length > 0 && walletRuns(Buffer.from(file.bytes).reverse()).length > 0;
}

type Span = readonly [start: number, end: number];

function spansOf(unsorted: readonly number[], { bytes }: OpenFile): Span[] {
  const spans: [number, number][] = [];
  for (const place of [...unsorted].sort((a, b) => a - b)) {
    const last = spans.at(-1);
    const start = Math.max(0, place - reach);
    const end = Math.min(bytes.length, place + reach);
    // Regions stay small: a new one begins where the last has grown to eight times the reach.
    if (last !== undefined && start <= last[1] && end - last[0] <= 8 * reach) last[1] = end;
    else if (last === undefined || end > last[1])
      spans.push([last === undefined ? start : Math.max(start, last[1]), end]);
  }
  return spans.slice(0, maxRegions);
}

function regionOf(file: OpenFile, [start, end]: Span): Region {
  const isText = file.kind === 'text' || file.kind === 'script';
  const raw = file.bytes.toString('latin1', start, end);
  const text = isText ? raw : raw.replace(/[^\x20-\x7e\n\t]/g, '\n');
  const isShell = file.kind === 'script' || (isText && shell.test(text));
  return { ...plain, start, text, width: 1, isProgram: !isText, isShell };
}

const plain = { isOnlyEncoded: false, decodes: false, reverses: false };

const shell = /(?:^|\n|;|&&|\bnohup )[ \t]{0,8}(?:export |cd |chmod |nohup |exec |\.?\/[\w./-]{1,80} -)/;

/** Text of two bytes a character that says so: XMRig takes its configuration in any encoding that JSON may have. */
function isWide({ bytes, offset }: OpenFile): boolean {
  return offset === 0 && (isMark(bytes, 0xff, 0xfe) || isMark(bytes, 0xfe, 0xff));
}

function isMark(bytes: Buffer, first: number, second: number): boolean {
  return bytes[0] === first && bytes[1] === second;
}

function wideRegion({ bytes }: OpenFile): Region {
  const most = Math.min(bytes.length, 2 * wholeText) & ~1;
  const part = isMark(bytes, 0xfe, 0xff) ? Buffer.from(bytes.subarray(0, most)).swap16() : bytes;
  const text = part.toString('utf16le', 2, most);
  return { ...plain, start: 2, text, width: 2, isProgram: false, isShell: false };
}
