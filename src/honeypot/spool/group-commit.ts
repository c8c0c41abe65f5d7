/**
 * Many events, one sync of the disk: what comes while a write is under way is written together next. An event waits
 * for two syncs at most, and a busy sensor syncs no more often than a calm one.
 */

/** @param write puts items on disk; it must not fail */
export function createGroupCommit<Item>(write: (items: readonly Item[]) => Promise<void>): {
  append(items: readonly Item[]): Promise<void>;
  /** Resolves when nothing is under way. */
  idle(): Promise<void>;
} {
  let waiting: Item[] = [];
  let wakeNext: (() => void)[] = [];
  let writing: Promise<void> | undefined;

  async function run(): Promise<void> {
    while (waiting.length > 0) {
      const items = waiting;
      const wake = wakeNext;
      waiting = [];
      wakeNext = [];
      await write(items);
      for (const one of wake) one();
    }
    writing = undefined;
  }

  return {
    append(items) {
      waiting.push(...items);
      const done = new Promise<void>((resolve) => wakeNext.push(resolve));
      writing ??= run();
      return done;
    },
    idle: async () => writing,
  };
}
