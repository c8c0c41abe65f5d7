/**
 * Who writes alone waits for nobody; what comes while others are written waits, and is then written together. So a
 * transaction has the more in it the more there is to do, and costs the less for each.
 */

export interface GroupOptions<Item, Result> {
  /** Groups that are written at the same time. */
  readonly atOnce: number;
  /** Items of one group. */
  readonly most: number;
  /** Of two that have the same, one is written after the other. */
  keyOf(item: Item): number;
  /** @returns what became of each, in their order; it does not throw for one of them */
  write(items: readonly Item[]): Promise<readonly PromiseSettledResult<Result>[]>;
}

interface Waiting<Item, Result> {
  readonly item: Item;
  readonly key: number;
  readonly settle: PromiseWithResolvers<Result>;
}

/** @returns adds an item, which ends as it would if it was written alone */
export function createGroups<Item, Result>({
  atOnce,
  most,
  keyOf,
  write,
}: GroupOptions<Item, Result>): (item: Item) => Promise<Result> {
  let waiting: Waiting<Item, Result>[] = [];
  const busy = new Set<number>();
  let writing = 0;

  function go(): void {
    while (writing < atOnce) {
      const group = take();
      if (group.length === 0) return;
      writing += 1;
      void run(group).then(() => {
        writing -= 1;
        for (const one of group) busy.delete(one.key);
        go();
      });
    }
  }

  /** The first ones that have to wait for nobody. */
  function take(): readonly Waiting<Item, Result>[] {
    const group: Waiting<Item, Result>[] = [];
    waiting = waiting.filter((one) => {
      if (group.length === most || busy.has(one.key)) return true;
      busy.add(one.key);
      group.push(one);
      return false;
    });
    return group;
  }

  async function run(group: readonly Waiting<Item, Result>[]): Promise<void> {
    try {
      const results = await write(group.map((one) => one.item));
      for (const [at, { settle }] of group.entries()) {
        const result = results[at]!;
        if (result.status === 'fulfilled') settle.resolve(result.value);
        else settle.reject(result.reason);
      }
    } catch (error) {
      for (const { settle } of group) settle.reject(error);
    }
  }

  return (item) => {
    const settle = Promise.withResolvers<Result>();
    waiting.push({ item, key: keyOf(item), settle });
    go();
    return settle.promise;
  };
}
