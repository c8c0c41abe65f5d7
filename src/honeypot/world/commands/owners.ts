/** Names of users and groups for their numbers, and numbers for what `chown` is told. */
import type { Run } from '../program.ts';
import { type Accounts, accountsOf } from '../systems/account-database.ts';

export interface Owners {
  user(uid: number): string;
  group(gid: number): string;
}

export function ownersOf(run: Run): Owners {
  const accounts = accountsOf(run.files);
  return {
    user: (uid) => accounts.byId(uid)?.name ?? `${uid}`,
    group: (gid) => accounts.groupById(gid)?.name ?? `${gid}`,
  };
}

export interface OwnerChange {
  readonly uid?: number;
  readonly gid?: number;
}

/** `root`, `root:root`, `:adm`, `1000:1000`, `root.root`. @returns the part that names nobody, where one does */
export function parseOwner(accounts: Accounts, text: string): OwnerChange | 'user' | 'group' {
  const colon = text.search(/[:.]/);
  const user = colon < 0 ? text : text.slice(0, colon);
  const group = colon < 0 ? undefined : text.slice(colon + 1);
  const account = accounts.byName(user);
  const uid = user === '' ? undefined : (account?.uid ?? numberOf(user));
  if (user !== '' && uid === undefined) return 'user';
  if (group === undefined) return uid === undefined ? {} : { uid };
  // `user:` means the user's own group.
  const gid = group === '' ? account?.gid : (accounts.groupByName(group)?.gid ?? numberOf(group));
  if (group !== '' && gid === undefined) return 'group';
  return { ...(uid !== undefined && { uid }), ...(gid !== undefined && { gid }) };
}

function numberOf(text: string): number | undefined {
  return /^\d{1,10}$/.test(text) ? Number(text) : undefined;
}
