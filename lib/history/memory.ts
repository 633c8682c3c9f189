import { isDeepStrictEqual } from "node:util";
import { versionText } from "../pool/versiontext.ts";
import {
  type Change,
  type HistoryLog,
  isInStretch,
  type Mark,
  newestFirst,
  type Owner,
  type Stretch,
  type Terms,
} from "./log.ts";
import { type Partition, partitionKey, partitionOf } from "./partition.ts";

/** The log in this process; unit tests run on it. */
export const createMemoryHistory = (): HistoryLog => {
  const entries = new Map<string, Entry>();
  const owners = new Map<string, Owner>();
  let terms: Terms | undefined;
  return {
    append: async (page) => {
      for (const change of page.changes) {
        const mark = markOf(change);
        entries.set(nameOf(mark), { mark, change: structuredClone(change) });
      }
      for (const owner of page.owners) owners.set(owner.provider, structuredClone(owner));
    },
    marks: async function* (partition, stretch) {
      const inside = [...entries.values()].map(({ mark }) => mark).filter(isIn(partition, stretch));
      const ordered = inside.sort(newestFirst);
      const size = stretch.most ?? Number.MAX_SAFE_INTEGER;
      for (let from = 0; from < ordered.length; from += size) yield ordered.slice(from, from + size);
    },
    changes: async (marks) => marks.flatMap((mark) => entries.get(nameOf(mark))?.change ?? []),
    successorOf: async ({ provider, source, version }) =>
      [...entries.values()]
        .map(({ change }) => change)
        .find(
          (one) =>
            one.provider === provider &&
            one.source === source &&
            isDeepStrictEqual(one.before?.version, version),
        )?.before,
    owners: async () => [...owners.values()],
    terms: async () => terms,
    putTerms: async (next) => {
      terms = next;
    },
  };
};

interface Entry {
  readonly mark: Mark;
  readonly change: Change;
}

const markOf = ({ provider, source, at, version, before, after }: Change): Mark => ({
  partition: partitionOf(provider, source, at),
  key: `${source}#${versionText(before?.version)}#${versionText(version)}`,
  source,
  at,
  version,
  before: before?.version,
  removed: after.removed,
});

const nameOf = ({ partition, key }: Mark) => `${partitionKey(partition)} ${key}`;

const isIn = (partition: Partition, stretch: Stretch) => {
  const name = partitionKey(partition);
  const isInside = isInStretch(stretch);
  return (mark: Mark) => partitionKey(mark.partition) === name && isInside(mark);
};
