/** Users and groups as /etc/passwd and /etc/group have them at the moment, which visitors may have changed. */
import type { View } from '../files/view.ts';

export interface Account {
  readonly name: string;
  readonly uid: number;
  readonly gid: number;
  readonly gecos: string;
  readonly home: string;
  readonly shell: string;
}

export interface Group {
  readonly name: string;
  readonly gid: number;
  readonly members: readonly string[];
}

export interface Accounts {
  readonly users: readonly Account[];
  readonly groups: readonly Group[];
  byName(name: string): Account | undefined;
  byId(uid: number): Account | undefined;
  groupByName(name: string): Group | undefined;
  groupById(gid: number): Group | undefined;
}

/** Most entries that are read of a file. */
const mostEntries = 2000;

export function accountsOf(files: View): Accounts {
  const root = files.as({ uid: 0, gid: 0 });
  const users = linesOf(root, '/etc/passwd', 7).map(
    ([name = '', , uid, gid, gecos = '', home = '', shell = '']) => ({
      name,
      uid: Number(uid),
      gid: Number(gid),
      gecos,
      home,
      shell,
    }),
  );
  const groups = linesOf(root, '/etc/group', 4).map(([name = '', , gid, members = '']) => ({
    name,
    gid: Number(gid),
    members: members.split(',').filter((member) => member !== ''),
  }));
  return {
    users,
    groups,
    byName: (name) => users.find((user) => user.name === name),
    byId: (uid) => users.find((user) => user.uid === uid),
    groupByName: (name) => groups.find((group) => group.name === name),
    groupById: (gid) => groups.find((group) => group.gid === gid),
  };
}

function linesOf(files: View, path: string, fields: number): string[][] {
  let text: string;
  try {
    text = Buffer.from(files.read(path)).toString();
  } catch {
    return [];
  }
  return text
    .split('\n', mostEntries)
    .map((line) => line.split(':'))
    .filter((line) => line.length === fields);
}
