/** First in, first out; taking does not move the rest. */
export interface Line<T> {
  readonly size: number;
  push(item: T): void;
  peek(): T | undefined;
  shift(): void;
}

export const createLine = <T>(): Line<T> => {
  let items: (T | undefined)[] = [];
  let first = 0;
  return {
    get size() {
      return items.length - first;
    },
    push: (item) => void items.push(item),
    peek: () => items[first],
    shift() {
      // What was taken is not held on to.
      items[first] = undefined;
      first += 1;
      if (first < 1024 || first * 2 < items.length) return;
      items = items.slice(first);
      first = 0;
    },
  };
};
