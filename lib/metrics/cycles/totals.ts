/** How often something was done, and how many milliseconds it took in all. */
export interface Spent {
  readonly count: number;
  readonly milliseconds: number;
}

/** What the cycles of a cluster have taken since its first, for metrics that only grow. */
export interface Totals {
  /** All kubelets of a cycle together. */
  readonly scrapes: Spent;
  /** By the node's name: those of the last cycle, not all of very many. */
  readonly kubelets: Readonly<Record<string, Spent>>;
  /** By the processor's name. */
  readonly processors: Readonly<Record<string, Spent>>;
}

export const noTotals: Totals = { scrapes: { count: 0, milliseconds: 0 }, kubelets: {}, processors: {} };

/** One cycle, in milliseconds. */
export interface CycleSpent {
  readonly scrape: number;
  readonly kubelets: ReadonlyMap<string, number>;
  readonly processors: Readonly<Record<string, number>>;
}

/** With one cycle more. A node that was not asked is forgotten. */
export const grown = (totals: Totals, { scrape, kubelets, processors }: CycleSpent): Totals => ({
  scrapes: added(totals.scrapes, scrape),
  kubelets: Object.fromEntries(
    [...kubelets]
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .slice(0, mostKubelets)
      .map(([node, took]) => [node, added(totals.kubelets[node], took)]),
  ),
  processors: {
    ...totals.processors,
    ...Object.fromEntries(
      Object.entries(processors).map(([name, took]) => [name, added(totals.processors[name], took)]),
    ),
  },
});

/** They lie in one item of the table, which has 400 kB. */
const mostKubelets = 1000;

const added = ({ count, milliseconds }: Spent = noTotals.scrapes, took: number): Spent => ({
  count: count + 1,
  milliseconds: milliseconds + took,
});
