/** Endlessly, every item once in an order of chance, then all of them again in another. */
export function* deckOf<Item>(items: readonly Item[], random: () => number): Generator<Item, never> {
  for (;;) yield* shuffled(items, random);
}

const shuffled = <Item>(items: readonly Item[], random: () => number): Item[] => {
  const left = [...items];
  return items.map(() => left.splice(Math.floor(random() * left.length), 1)[0]!);
};
