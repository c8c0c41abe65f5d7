/**
 * Identities of values that were written lately: the same commands and passwords come again and again, and to look each
 * of them up takes a tenth of what the embedded store does for a delivery.
 *
 * What is known here is there: it was written with a session, and retention removes no value that a session has, nor a
 * session for months. It is forgotten within two hours nevertheless, and with every fault, after which the database may
 * be another one.
 */

/** Milliseconds after which what was added before counts as old, and what is old then is forgotten. */
const half = 1_800_000;

/** Values, of some 150 bytes each. */
const most = 30_000;

export interface KnownValues {
  get(key: string): number | undefined;
  /** Of values that sessions have, as of now for good. */
  add(values: Iterable<readonly [key: string, id: number]>): void;
  forget(): void;
}

export function createKnownValues(now = Date.now): KnownValues {
  /** Two of half the size each: those that are asked for go from the old ones to the new ones. */
  let [young, old] = [new Map<string, number>(), new Map<string, number>()];
  let since = now();

  function age(): void {
    const passed = now() - since;
    if (passed <= half && young.size < most / 2) return;
    // Nobody may have asked for long.
    [young, old] = [new Map(), passed > 2 * half ? new Map() : young];
    since = now();
  }

  return {
    get(key) {
      age();
      return young.get(key) ?? old.get(key);
    },
    add(values) {
      for (const [key, id] of values) {
        age();
        young.set(key, id);
      }
    },
    forget() {
      [young, old] = [new Map(), new Map()];
    },
  };
}
