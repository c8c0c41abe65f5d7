/** Options of the commands that use the store. */
import { Option } from 'commander';

export function dataOption(): Option {
  return new Option(
    '--data <dir>',
    'folder of the embedded store (default: by XDG; DATABASE_URL moves to PostgreSQL)',
  );
}
