/** Texts that cost a request, kept for a while. */
export interface Remembered {
  /** What `load` gave under this name less than five minutes ago, else what it gives now; who comes meanwhile shares it. */
  get(name: string, load: () => Promise<string>): Promise<string>;
  /** Forgets these, but for those that are fresh; true when any was forgotten. */
  drop(names: ReadonlySet<string>): boolean;
}

const life = 5 * 60_000;
/** What failed is tried again after this time, so that a wrong reference does not cost a request at every request. */
const failureLife = 10_000;
/** What is younger is as new as it gets; a server that always refuses costs a request in this time. */
const fresh = 10_000;
const most = 1000;

export const createRemembered = (clock: () => number): Remembered => {
  const kept = new Map<string, Kept>();
  const begin = (name: string, load: () => Promise<string>): Kept => {
    const one: Kept = { text: load(), since: clock(), until: clock() + life };
    one.text.catch(() => {
      one.until = clock() + failureLife;
    });
    kept.set(name, one);
    const oldest = kept.keys().next().value;
    if (kept.size > most && oldest !== undefined) kept.delete(oldest);
    return one;
  };
  return {
    get: (name, load) => {
      const known = kept.get(name);
      return (known !== undefined && clock() < known.until ? known : begin(name, load)).text;
    },
    drop: (names) => {
      const stale = [...names].filter((name) => {
        const since = kept.get(name)?.since;
        return since !== undefined && clock() - since >= fresh;
      });
      for (const name of stale) kept.delete(name);
      return stale.length > 0;
    },
  };
};

interface Kept {
  readonly text: Promise<string>;
  readonly since: number;
  until: number;
}
