/** The same function, which works each text out once: many series have the same few names and labels. */
export const remembered = <T>(work: (text: string) => T): ((text: string) => T) => {
  const known = new Map<string, { readonly result: T }>();
  return (text) => {
    const held = known.get(text) ?? { result: work(text) };
    if (known.size < mostKnown) known.set(text, held);
    return held.result;
  };
};

const mostKnown = 100_000;
