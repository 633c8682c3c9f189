/** Passes each text on once a minute, and of many different ones the first hundred. */
export const createSeldom = (tell: (text: string) => void, clock: () => number) => {
  const told = new Set<string>();
  let until = Number.NEGATIVE_INFINITY;
  return (text: string): void => {
    const now = clock();
    if (now >= until) {
      told.clear();
      until = now + 60_000;
    }
    if (told.has(text) || told.size >= most) return;
    told.add(text);
    tell(text);
  };
};

const most = 100;
