/** Who a sensor is, over its restarts: its name, and the seed of what it pretends to be. */
import { randomBytes, randomUUID } from 'node:crypto';
import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { makeFolder } from '../../cache-folder.js';
import { messageOf, WaterguardError } from '../../model/error.ts';

export interface Identity {
  readonly sensor: string;
  readonly seed: string;
}

/**
 * Reads it from the sensor's folder, or makes it there.
 * @param seed of the persona, where one was chosen
 * @throws WaterguardError `usage` where the folder cannot be used
 */
export function identify(folder: string, seed: string | undefined): Identity {
  const path = join(folder, 'sensor.json');
  try {
    makeFolder(folder);
    const known = read(path);
    const identity = {
      sensor: known?.sensor ?? randomUUID(),
      seed: seed ?? known?.seed ?? randomBytes(24).toString('base64url'),
    };
    if (identity.sensor !== known?.sensor || identity.seed !== known.seed) {
      writeFileSync(`${path}.new`, `${JSON.stringify(identity, null, 2)}\n`, { mode: 0o600 });
      renameSync(`${path}.new`, path);
    }
    return identity;
  } catch (error) {
    if (error instanceof WaterguardError) throw error;
    throw new WaterguardError('usage', `the folder ${folder} cannot be used: ${messageOf(error)}`, {
      cause: error,
    });
  }
}

function read(path: string): Identity | undefined {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
  try {
    const { sensor, seed } = JSON.parse(text) as Record<string, unknown>;
    if (typeof sensor === 'string' && typeof seed === 'string') return { sensor, seed };
  } catch {
    // Told below.
  }
  throw new WaterguardError(
    'usage',
    `${path} is damaged: restore it, or delete it to begin as another sensor.`,
  );
}
