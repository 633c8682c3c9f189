import { parseSelector, type Selector, tooLarge } from "../relabel/selector.ts";
import { parseShard, type Shard } from "./shard.ts";

/** Which of a job's targets a list has, and whether they are relabelled; the cluster is a matter of which providers are read. */
export interface Narrowing {
  /** A target is in the list when one of them selects it; with none, all are. */
  readonly selectors: readonly Selector[];
  readonly shard: Shard | undefined;
  readonly relabel: boolean;
  /** Equal for equal questions, whatever their order; empty for the whole list as it was discovered. */
  readonly key: string;
}

/** `match[]`, `shard`, `of` and `relabel` of a query. The error is one line that says what is allowed. */
export const parseNarrowing = (
  query: URLSearchParams,
): { readonly narrowing: Narrowing } | { readonly error: string } => {
  const repeated = ["shard", "of", "relabel"].find((name) => query.getAll(name).length > 1);
  if (repeated !== undefined) return { error: `${repeated} is given more than once` };
  const selected = parseSelectors(query.getAll("match[]"));
  if ("error" in selected) return selected;
  const parsed = parseShard(query.get("shard") ?? undefined, query.get("of") ?? undefined);
  if ("error" in parsed) return parsed;
  const written = query.get("relabel") ?? "false";
  if (written !== "true" && written !== "false") return { error: "relabel must be true or false" };
  const { selectors } = selected;
  const { shard } = parsed;
  const relabel = written === "true";
  return { narrowing: { selectors, shard, relabel, key: keyOf({ selectors, shard, relabel }) } };
};

/** The values of `match[]`. */
export const parseSelectors = (
  texts: readonly string[],
): { readonly selectors: readonly Selector[] } | { readonly error: string } => {
  if (texts.length > mostSelectors) return { error: `match[] may be given ${mostSelectors} times at most` };
  const selectors: Selector[] = [];
  for (const text of texts) {
    const parsed = parseSelector(text);
    if ("error" in parsed) {
      return { error: `match[]: ${parsed.error}; a selector is such as {namespace="shop",pod=~"web-.*"}` };
    }
    selectors.push(parsed.selector);
  }
  const error = tooLarge(selectors.reduce((sum, { size }) => sum + size, 0));
  return error === undefined ? { selectors } : { error: `match[]: ${error}` };
};

const mostSelectors = 32;

const keyOf = ({ selectors, shard, relabel }: Omit<Narrowing, "key">): string => {
  if (selectors.length === 0 && shard === undefined && !relabel) return "";
  const conditions = selectors.map(({ matchers }) =>
    matchers
      .map(({ name, operator, value }) => JSON.stringify([name, operator, value]))
      .sort()
      .join(),
  );
  return JSON.stringify([[...new Set(conditions)].sort(), shard?.index, shard?.of, relabel]);
};
