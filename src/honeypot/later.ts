/**
 * Code that most processes of decoys never need, and that is loaded when somebody does what needs it: the shell and the
 * programs of the emulated machine are 220 modules and 14 MB. By then the process may read no file; `sensor/kept-code.ts`
 * sees to it that these modules can be loaded all the same.
 */
type Load = () => Promise<unknown>;

/** How modules are loaded. */
export type Through = <Module>(load: () => Promise<Module>) => Promise<Module>;

let through: Through = (load) => load();

/** For a process that may not read them where they are. */
export function loadThrough(another: Through): void {
  through = another;
}

const known = new Set<Load>();

/**
 * At the top of a module, so that it is known before the process gives up its rights.
 * @param load `() => import('./heavy.ts')`
 * @returns the same, loaded once
 */
export function later<Module>(load: () => Promise<Module>): () => Promise<Module> {
  let loaded: Promise<Module> | undefined;
  const once = (): Promise<Module> => {
    loaded ??= through(load);
    return loaded;
  };
  known.add(once);
  return once;
}

/** Loads all of it, also what that declares for later in turn. */
export async function loadAll(): Promise<void> {
  const done = new Set<Load>();
  while (done.size < known.size)
    for (const load of [...known].filter((one) => !done.has(one))) {
      done.add(load);
      await load();
    }
}
