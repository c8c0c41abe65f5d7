/**
 * A map that forgets: what was put into it lately, and is asked for again and again. What was not put for two ages is gone,
 * also where nobody asked meanwhile, and so is the older half when there is no room for more.
 */
export interface Recent<Key, Value> {
  get(key: Key): Value | undefined;
  set(key: Key, value: Value): void;
  delete(key: Key): void;
  forget(): void;
}

export interface RecentOptions {
  /** Members, at most. */
  readonly most: number;
  /** Milliseconds after which what was put before counts as old, and what is old then is gone. */
  readonly age: number;
  readonly now?: () => number;
}

export function createRecent<Key, Value>({ most, age, now = Date.now }: RecentOptions): Recent<Key, Value> {
  /** Two of half the size each. */
  let [young, old] = [new Map<Key, Value>(), new Map<Key, Value>()];
  let since = now();

  function turn(): void {
    const passed = now() - since;
    if (passed <= age && young.size < most / 2) return;
    // Nobody may have asked for long.
    [young, old] = [new Map(), passed > 2 * age ? new Map() : young];
    since = now();
  }

  return {
    get(key) {
      turn();
      return young.get(key) ?? old.get(key);
    },
    set(key, value) {
      turn();
      young.set(key, value);
    },
    delete(key) {
      young.delete(key);
      old.delete(key);
    },
    forget() {
      [young, old] = [new Map(), new Map()];
    },
  };
}
