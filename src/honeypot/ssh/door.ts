/**
 * Whom the decoy lets in: whoever guesses as people choose passwords, and whoever planted a key. A password out of chance
 * opens nothing: that is how visitors find out that they are in a trap.
 */
import { FileError } from '../world/files/node.ts';
import { View } from '../world/files/view.ts';
import { type Account, accountsOf } from '../world/systems/account-database.ts';
import type { World } from '../world/world.ts';

/** Parts of passwords that are in every list of guesses. */
const usual =
  /pass|admin|root|toor|test|user|guest|login|welcome|change|default|server|linux|ubuntu|debian|centos|docker|redis|oracle|mysql|postgres|jenkins|nagios|qwe|asd|zxc|abc|letmein|iloveyou|dragon|monkey|secret|master|123|321|111|000|1q2w|p@ss/i;
const longest = 16;

/** Undefined where there is no such user, or none who may have a shell. */
export function accountFor(world: World, user: string): Account | undefined {
  const account = accountsOf(new View(world.files)).byName(user);
  return account === undefined || /\/(?:nologin|false|sync)$/.test(account.shell) ? undefined : account;
}

export function isGuessed(user: string, password: string): boolean {
  if (password === '' || password.length > longest) return false;
  return (
    usual.test(password) ||
    password.toLowerCase().includes(user.toLowerCase()) ||
    /^\d{1,8}$/.test(password) ||
    /^(.)\1*$/.test(password)
  );
}

/**
 * Where a key is in the user's list: sshd reads any line that is one, whatever stands around it.
 * @returns `/root/.ssh/authorized_keys:1`, undefined where it is not
 */
export function placeOfKey(world: World, account: Account, type: string, blob: Buffer): string | undefined {
  const files = new View(world.files);
  for (const name of ['authorized_keys', 'authorized_keys2']) {
    const path = `${account.home}/.ssh/${name}`;
    const lines = textOf(files, path).split('\n', maxLines);
    const at = lines.findIndex((line) => isKey(line, type, blob));
    if (at >= 0) return `${path}:${at + 1}`;
  }
  return undefined;
}

const maxLines = 10_000;
const keyOfLine = /(ssh-\S{3,30}|ecdsa-sha2-\S{8,20}) +([A-Za-z0-9+/=]{40,4000})/;

function isKey(line: string, type: string, blob: Buffer): boolean {
  const [, listed, encoded] = keyOfLine.exec(line) ?? [];
  if (listed !== type || encoded === undefined) return false;
  return Buffer.from(encoded, 'base64').equals(blob);
}

function textOf(files: View, path: string): string {
  try {
    return Buffer.from(files.read(path)).toString('latin1');
  } catch (error) {
    if (error instanceof FileError) return '';
    throw error;
  }
}
