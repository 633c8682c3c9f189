/** Works through the list with at most `limit` items under way; results keep the list's order. The first failure is thrown, and no new item is begun after it. */
export const inFlight = async <Item, Result>(
  limit: number,
  items: readonly Item[],
  work: (item: Item) => Promise<Result>,
): Promise<Result[]> => {
  const results: Result[] = [];
  let next = 0;
  let failed = false;
  const worker = async () => {
    while (next < items.length && !failed) {
      const at = next++;
      try {
        results[at] = await work(items[at]!);
      } catch (thrown) {
        failed = true;
        throw thrown;
      }
    }
  };
  await Promise.all(Array.from({ length: Math.min(limit, items.length) }, worker));
  return results;
};

/**
 * Work whose result many want at once: who asks while it is under way shares the next round with all others who do, so that
 * nobody gets a result from before he asked.
 */
export const shared = <Value>(work: () => Promise<Value>): (() => Promise<Value>) => {
  let underWay: Promise<Value> | undefined;
  let next: Promise<Value> | undefined;
  const begin = () => {
    const own = work().finally(() => {
      if (underWay === own) underWay = undefined;
    });
    underWay = own;
    return own;
  };
  const afterwards = () => {
    next = undefined;
    return begin();
  };
  return () => {
    if (underWay === undefined) return begin();
    next ??= underWay.then(afterwards, afterwards);
    return next;
  };
};

/** The list in runs of at most `size`. */
export const runsOf = <Item>(size: number, items: readonly Item[]): Item[][] =>
  Array.from({ length: Math.ceil(items.length / size) }, (_, run) =>
    items.slice(run * size, (run + 1) * size),
  );
