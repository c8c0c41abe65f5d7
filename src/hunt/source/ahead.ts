/**
 * Works on several items at once and gives the results in the order of the items. At most `most` are begun and not
 * yet taken, so a slow consumer stops the work instead of filling memory.
 * @param work its failure comes out where its result would
 */
export async function* ahead<Item, Result>(
  items: AsyncIterable<Item>,
  most: number,
  work: (item: Item) => Promise<Result>,
): AsyncGenerator<Result> {
  const source = items[Symbol.asyncIterator]();
  const begun: Promise<Result>[] = [];
  let next: Promise<IteratorResult<Item>> | undefined = handled(source.next());
  try {
    for (;;) {
      // Whatever comes first: another item to begin with, or the result that is due.
      const item = next && begun.length < most ? await firstOf(next, begun[0]) : undefined;
      if (item?.done) next = undefined;
      else if (item) {
        begun.push(handled(work(item.value)));
        next = handled(source.next());
      } else {
        const due = begun.shift();
        if (due === undefined) return;
        yield await due;
      }
    }
  } finally {
    // Not awaited: a source that waits for its own next item ends only after it.
    if (next) void handled(Promise.resolve(source.return?.()));
  }
}

/** The item, or undefined where `due` is settled and the item is still to come. */
async function firstOf<Item>(
  next: Promise<IteratorResult<Item>>,
  due: Promise<unknown> | undefined,
): Promise<IteratorResult<Item> | undefined> {
  if (due === undefined) return next;
  const settled = () => undefined;
  return Promise.race([next, due.then(settled, settled)]);
}

/** A failure that nobody comes to await, because the loop ended before, is no defect. */
function handled<Value>(promise: Promise<Value>): Promise<Value> {
  promise.catch(() => {});
  return promise;
}
