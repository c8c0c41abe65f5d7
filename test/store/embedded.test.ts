/** The contract on the embedded store. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after } from 'node:test';
import { copyStoreFolder } from '../fixtures/store-folder.ts';
import { storeContract } from './contract.ts';
import { migrations } from './migrations.ts';

const folder = mkdtempSync(join(tmpdir(), 'store-test-'));
after(() => rmSync(folder, { recursive: true, force: true }));

storeContract('the embedded store', async () => ({ data: await copyStoreFolder(join(folder, 'store')) }));
// A folder that is not there at all takes seconds to make: test/slow/ does that.
migrations(
  'the embedded store',
  async () => ({ data: await copyStoreFolder(join(folder, 'bare'), true) }),
  2,
);
