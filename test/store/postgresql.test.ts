/** The contract on PostgreSQL, and what only a server of its own can do: be gone. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe } from 'node:test';
import { type PostgreSql, skipWithoutPostgreSql, startPostgreSql } from '../fixtures/postgresql.ts';
import { storeContract } from './contract.ts';

describe('with a server', { skip: skipWithoutPostgreSql() }, () => {
  let folder: string;
  let server: PostgreSql;

  before(async () => {
    folder = mkdtempSync(join(tmpdir(), 'store-test-'));
    server = await startPostgreSql(join(folder, 'server'));
  });
  after(async () => {
    await server?.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  storeContract('PostgreSQL', async () => ({ url: server.url('contract') }));
});
