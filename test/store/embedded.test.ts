/** The contract on the embedded store. How it gets its tables takes seconds: test/slow/ sees that. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after } from 'node:test';
import { copyStoreFolder } from '../fixtures/store-folder.ts';
import { storeContract } from './contract.ts';

const folder = mkdtempSync(join(tmpdir(), 'store-test-'));
after(() => rmSync(folder, { recursive: true, force: true }));

storeContract('the embedded store', async () => ({ data: await copyStoreFolder(join(folder, 'store')) }));
