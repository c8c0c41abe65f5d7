/**
 * What one region of a file says about mining, by four readings. Each is asked only while the ones before it have
 * found no place to mine at and nobody to mine for: commands say more than the same words read as settings, and plain
 * words more than decoded ones.
 */
import { decodeText } from '../../indicator/decode.ts';
import { splitShell } from '../../indicator/shell.ts';
import { unwrapCommands } from '../../indicator/shell-unwrap.ts';
import type { MinerUse } from '../../stratum/miner.ts';
import { minerCommand } from '../../stratum/miner-command.ts';
import { minerConfig } from '../../stratum/miner-config.ts';
import type { OpenFile } from '../detector.ts';
import { neighbours } from './neighbours.ts';
import type { Region } from './region.ts';
import { encodedPieces } from './runs.ts';

/** A use and where it stands: `place` in bytes of the region's file. */
export interface PlacedUse {
  readonly use: MinerUse;
  readonly place: number;
  readonly how: 'command' | 'settings' | 'near';
  readonly isProgram: boolean;
  /** Read from one command or object, so that it holds in a long list as well. */
  readonly isTogether: boolean;
}

export function usesIn(region: Region, file: OpenFile): PlacedUse[] {
  const { text, isOnlyEncoded, isShell, isProgram } = region;
  const hidden = hiddenIn(region, file);
  const found: PlacedUse[] = [];
  const add = (use: MinerUse, at: number, how: PlacedUse['how'], isTogether: boolean): void => {
    found.push({ use, place: region.start + at * region.width, how, isProgram, isTogether });
  };
  const readings = [
    () => {
      if (!isShell || isOnlyEncoded) return;
      for (const { use, offset } of commandsIn(text)) add(use, offset, 'command', true);
    },
    () => {
      if (isOnlyEncoded) return;
      for (const use of minerConfig(text)) add(use, use.offset, 'settings', use.isTogether);
    },
    () => {
      for (const one of hidden) {
        for (const { use } of commandsIn(one.text)) add(use, one.offset, 'command', true);
        for (const use of minerConfig(one.text)) add(use, one.offset, 'settings', use.isTogether);
      }
    },
    () => {
      const near = neighbours(region, hidden, file);
      if (near !== undefined) add(near.use, near.offset, 'near', false);
    },
  ];
  for (const read of readings) {
    read();
    if (found.some(({ use }) => isComplete(use))) break;
  }
  return found;
}

/** It says where to mine and for whom, and the wallet is one. */
export function isComplete({ pool, user }: MinerUse): boolean {
  return pool !== undefined && user?.wallet.verified === true;
}

function* commandsIn(text: string): Generator<{ readonly use: MinerUse; readonly offset: number }> {
  for (const { words, offset } of unwrapCommands(splitShell(text))) {
    const use = minerCommand(words);
    // A name alone starts a miner, but whose, its configuration says.
    if (use !== undefined && use.why.length > 1) yield { use, offset };
  }
}

/** Text that the file carries encoded. */
export interface Hidden {
  readonly text: string;
  /** Of its encoding in the region's text. */
  readonly offset: number;
}

function hiddenIn({ text, start, decodes, reverses }: Region, { bytes }: OpenFile): Hidden[] {
  const found: Hidden[] = [];
  const pieces = decodes ? encodedPieces(bytes.subarray(start, start + text.length)) : [];
  for (const piece of pieces)
    for (const decoded of decodeText(piece.text)) found.push({ text: decoded.text, offset: piece.start });
  // All of it, since nothing tells which part a program turns round.
  if (reverses) found.push({ text: [...text].reverse().join(''), offset: 0 });
  return found;
}
