/** Where the walk of `reach.ts` finds files: PATH, working directory, homes, conventions, wildcards. */

/** The part of the merged file system that the walk needs. */
export interface ReachView {
  /** The file or directory that a path leads to, symbolic links followed; `undefined` where there is none. */
  resolve(path: string, cwd?: string): { readonly path: string } | undefined;
  /** Names in a directory; empty where it is none. */
  list(folder: string): Iterable<string>;
}

/** Linux: PATH_MAX (include/uapi/linux/limits.h). */
const longestPath = 4096;

/** Answers kept of one file system at most, and names in them: about 100 bytes each. */
const mostAnswers = 100_000;
const mostNames = 500_000;

/**
 * A view that keeps each answer: scripts name the same programs over and over, each looked for in every folder of
 * PATH. It also counts what is asked: when the budget is spent, nothing is there any more.
 */
export function remembering(view: ReachView, budget: Budget): ReachView {
  const resolved = new Map<string, ReturnType<ReachView['resolve']>>();
  const listed = new Map<string, readonly string[]>();
  let names = 0;
  return {
    resolve(path, cwd = '/') {
      if (path.length > longestPath || cwd.length > longestPath) return undefined;
      const key = path.startsWith('/') ? path : `${cwd}\0${path}`;
      const known = resolved.get(key);
      if (!budget.spend(1) || known !== undefined || resolved.has(key)) return known;
      if (!budget.spend(4 + (path.length >> 5))) return undefined;
      const found = view.resolve(path, cwd);
      if (resolved.size < mostAnswers) resolved.set(key, found);
      return found;
    },
    list(folder) {
      const known = listed.get(folder);
      if (known !== undefined) return known;
      if (folder.length > longestPath || !budget.spend(1)) return [];
      const found = [...view.list(folder)];
      budget.spend(2 * found.length);
      names += found.length;
      if (names < mostNames && listed.size < mostAnswers) listed.set(folder, found);
      return found;
    },
  };
}

/** What a walk may still cost, in steps: one for each answer that is known, more for what must be looked up. */
export interface Budget {
  /** @returns false once all is spent */
  spend(steps: number): boolean;
  readonly isSpent: boolean;
}

/** A hundred times what the benchmark's images take (2026-11), so that only an image made for it comes near. */
const mostSteps = 4_000_000;

export function newBudget(steps = mostSteps): Budget {
  let left = steps;
  return {
    spend(some) {
      left -= some;
      return left >= 0;
    },
    get isSpent() {
      return left < 0;
    },
  };
}

export interface Lookup {
  readonly view: ReachView;
  /** Home directories that may apply; never empty. */
  readonly homes: readonly string[];
  /** Folders of PATH. */
  readonly path: readonly string[];
  readonly workingDir: string;
}

/** Where a name is meant: the working directory at that point, and the directory of the script. */
export interface Surroundings {
  readonly cwd: string;
  readonly folder: string;
}

/** Docker's default where an image sets none (moby `oci/defaults`, 2026-11). */
const defaultPath = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';
const mostPathFolders = 256;

/** The folders of a PATH; not whole where it names more than any system has. */
export function pathFolders(path: string = defaultPath): {
  readonly folders: readonly string[];
  readonly isWhole: boolean;
} {
  const folders = [...new Set(path.split(':', mostPathFolders + 1))];
  return { folders: folders.slice(0, mostPathFolders), isWhole: folders.length <= mostPathFolders };
}

/** @param name as a shell looks it up: by PATH, or from the working directory when it has a slash */
export function findProgram(name: string, at: Surroundings, lookup: Lookup): string | undefined {
  if (name === '') return undefined;
  if (name.includes('/')) return findFile(name, at, lookup);
  for (const folder of lookup.path) {
    const found = lookup.view.resolve(`${folder === '' ? at.cwd : folder}/${name}`);
    if (found !== undefined) return found.path;
  }
  return undefined;
}

/** What loaders of modules append to a name. */
const endings = ['', '.js', '.mjs', '.cjs', '.json', '.py', '.rb', '.so', '/index.js', '/__init__.py'];

/** @param path absolute, from a home (`~/x`), or relative to one of the places that it may be meant from */
export function findFile(path: string, at: Surroundings, lookup: Lookup): string | undefined {
  for (const base of basesOf(path, at, lookup)) {
    for (const ending of endings) {
      const found = lookup.view.resolve(base + ending);
      if (found !== undefined) return found.path;
    }
  }
  return undefined;
}

/** Where `cd` leads; a directory that is not there counts as entered, since the script may make it. */
export function findFolder(path: string, at: Surroundings, lookup: Lookup): string {
  const folder = path.startsWith('~') ? (lookup.homes[0] ?? '/') + path.slice(1) : path;
  return lookup.view.resolve(folder, at.cwd)?.path ?? join(at.cwd, folder);
}

function basesOf(path: string, at: Surroundings, lookup: Lookup): readonly string[] {
  if (path.startsWith('/')) return [path];
  if (path.startsWith('~/')) return lookup.homes.map((home) => home + path.slice(1));
  const folders = new Set([at.cwd, at.folder, lookup.workingDir]);
  return [...folders].map((folder) => (folder === '/' ? `/${path}` : `${folder}/${path}`));
}

/**
 * What a program reads without being told: where it is a directory, the start of the application in it; else
 * configurations beside itself, in the working directory, in a home.
 * XMRig: `config.json` in the data path or the binary's directory, `~/.xmrig.json`, `~/.config/xmrig.json`
 * (xmrig `src/base/kernel/Process.cpp` and `src/App.cpp`, 2026-11); xmr-stak: `pools.txt` and `config.txt`; programs
 * in .NET, Qubic's miner among them: `appsettings.json`; supervisord: its manual's search list.
 */
export function besideProgram(program: string, at: Surroundings, lookup: Lookup): readonly string[] {
  const slash = program.lastIndexOf('/');
  const name = program.slice(slash + 1);
  const folder = program.slice(0, slash);
  const candidates = [
    ...['package.json', 'index.js', '__main__.py'].map((start) => `${program}/${start}`),
    ...[folder, at.cwd].flatMap((place) => [
      `${place}/config.json`,
      `${place}/${name}.json`,
      ...['pools.txt', 'config.txt', 'appsettings.json'].map((settings) => `${place}/${settings}`),
      `${place}/${name}.conf`,
    ]),
    ...lookup.homes.flatMap((home) => [`${home}/.${name}.json`, `${home}/.config/${name}.json`]),
    ...lookup.homes.flatMap((home) => [`${home}/.xmrig.json`, `${home}/.config/xmrig.json`]),
    ...(conventions.get(name) ?? []),
  ];
  return [...new Set(candidates)].flatMap((path) => lookup.view.resolve(path)?.path ?? []);
}

const conventions: ReadonlyMap<string, readonly string[]> = new Map(
  Object.entries({
    supervisord: ['/etc/supervisord.conf', '/etc/supervisor/supervisord.conf', '/etc/supervisor.conf'],
    monit: ['/etc/monitrc', '/etc/monit/monitrc'],
    nginx: ['/etc/nginx/nginx.conf'],
  }),
);

/** Files of a Python module (`app.main`) or a WSGI application's module. */
export function findModule(
  name: string,
  at: Surroundings,
  lookup: Lookup,
  pythonPath: string | undefined,
): readonly string[] {
  if (!/^[\w.]{1,200}$/.test(name)) return [];
  const inner = name.replaceAll('.', '/');
  const folders = new Set([at.cwd, lookup.workingDir, ...(pythonPath ?? '').split(':', mostPathFolders)]);
  return [...folders]
    .filter((folder) => folder !== '')
    .flatMap((folder) => [
      `${folder}/${inner}.py`,
      `${folder}/${inner}/__main__.py`,
      `${folder}/${inner}/__init__.py`,
    ])
    .flatMap((path) => lookup.view.resolve(path)?.path ?? []);
}

/** What `service NAME start` or `systemctl start NAME` runs. */
export function serviceFiles(view: ReachView, name: string): readonly string[] {
  if (!/^[\w@.:-]{1,255}$/.test(name)) return [];
  const unit = name.includes('.') ? name : `${name}.service`;
  return [
    `/etc/init.d/${name}`,
    ...['/etc', '/run', '/usr/lib', '/lib'].map((root) => `${root}/systemd/system/${unit}`),
  ].flatMap((path) => view.resolve(path)?.path ?? []);
}

/** Home directories of the image's user, the likeliest first. */
export function homesOf(user: string, home: string | undefined): readonly string[] {
  const [name = ''] = user.split(':');
  const named = /^[A-Za-z_][\w.-]{0,63}$/.test(name) && name !== 'root' ? [`/home/${name}`] : [];
  return [...new Set([...(home === undefined || home === '' ? [] : [home]), ...named, '/root'])];
}

/** Paths that match a pattern with `*`, `?` and `[…]` (read as any character), sorted. */
export function expandGlob(view: ReachView, pattern: string, budget: Budget): string[] {
  let found = [''];
  for (const part of pattern.split('/').filter((one) => one !== '')) {
    if (!/[*?[]/.test(part)) {
      found = found.map((path) => `${path}/${part}`);
      continue;
    }
    const next: string[] = [];
    for (const folder of found) {
      for (const name of view.list(folder === '' ? '/' : folder)) {
        if (!budget.spend(1 + ((name.length * part.length) >> 10))) return [];
        if (matchesGlob(name, part) && budget.spend(20)) next.push(`${folder}/${name}`);
      }
    }
    found = next;
  }
  return found.filter((path) => view.resolve(path) !== undefined).sort();
}

/** Two pointers with one point to return to: at most name × pattern steps. */
export function matchesGlob(name: string, pattern: string): boolean {
  if (name.startsWith('.') && !pattern.startsWith('.')) return false;
  const simple = pattern.replace(/\[[^\]]{0,255}\]/g, '?');
  let at = 0;
  let star = -1;
  let mark = 0;
  let next = 0;
  while (at < name.length) {
    if (simple[next] === '?' || (simple[next] === name[at] && simple[next] !== '*')) {
      at++;
      next++;
    } else if (simple[next] === '*') {
      star = next++;
      mark = at;
    } else if (star >= 0) {
      next = star + 1;
      at = ++mark;
    } else return false;
  }
  while (simple[next] === '*') next++;
  return next === simple.length;
}

/** Joined and normalised: no `.` and `..` components. */
export function join(cwd: string, path: string): string {
  const parts: string[] = [];
  for (const part of (path.startsWith('/') ? path : `${cwd}/${path}`).split('/')) {
    if (part === '..') parts.pop();
    else if (part !== '' && part !== '.') parts.push(part);
  }
  return `/${parts.join('/')}`;
}
