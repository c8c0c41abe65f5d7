/**
 * Finds the keys that shell text writes into an `authorized_keys` file, and whether it also does what attackers
 * do around it: making the file immutable, or opening the SSH server to root.
 */
import { splitShell } from '../../indicator/shell.ts';
import { findPublicKeys, type PublicKey } from '../../indicator/ssh-key.ts';

export interface AddedKeys {
  readonly keys: readonly PublicKey[];
  /** The text also locks the file or loosens the SSH server. */
  readonly hardened: boolean;
}

const authorizedTarget = /authorized_keys2?$/;

const loosened = /\b(?:PermitRootLogin|PasswordAuthentication|PubkeyAuthentication|AuthorizedKeysFile)\b/;

/** @param text a script, a history line or a command; offsets of the keys are in it */
export function addedKeys(text: string): AddedKeys {
  const keys = findPublicKeys(text);
  if (keys.length === 0 || !text.includes('authorized_keys')) return { keys: [], hardened: false };
  const commands = splitShell(text);
  const written = commands.filter(({ words, redirects }) =>
    [...redirects.map(({ target }) => target), ...(words[0] === 'tee' ? words.slice(1) : [])].some((target) =>
      authorizedTarget.test(target),
    ),
  );
  if (written.length === 0) return { keys: [], hardened: false };
  const hardened = commands.some(
    ({ words }) =>
      (words[0]?.endsWith('chattr') === true && words.some((word) => /^\+[a-z]{0,8}[ia]/.test(word))) ||
      (words.some((word) => word.includes('sshd_config')) && words.some((word) => loosened.test(word))),
  );
  return { keys, hardened };
}
