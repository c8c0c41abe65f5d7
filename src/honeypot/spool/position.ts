/** How far a spool was delivered, in a file of its folder: a checksum and JSON, as its lines are. */
import { readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { checksum } from './checksum.ts';

/** Everything before it was delivered. */
export interface Position {
  /** By its number. */
  readonly segment: number;
  /** Bytes of it. */
  readonly read: number;
}

/** Its file. */
export function positionIn(folder: string): string {
  return join(folder, 'position');
}

/** None where it is not as it was written: what is there is then delivered again rather than taken away. */
export async function readPosition(folder: string): Promise<Position | undefined> {
  const text = await readFile(positionIn(folder), 'utf8').catch(() => '');
  const [sum, json = ''] = text.split(' ', 2);
  return sum === checksum(Buffer.from(json)) ? JSON.parse(json) : undefined;
}

/** Lost or old, it costs that something is delivered twice, which the receiver notices. */
export async function writePosition(folder: string, position: Position): Promise<void> {
  const path = positionIn(folder);
  const json = JSON.stringify(position);
  await writeFile(`${path}.new`, `${checksum(Buffer.from(json))} ${json}`).then(
    () => rename(`${path}.new`, path),
    () => {},
  );
}
