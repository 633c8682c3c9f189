import { inFlight } from "../inflight.ts";
import type { HistoryLog, Mark, Stretch } from "./log.ts";
import { type Partition, partitionKey, shardOf, shards, weekOf, weeksBack } from "./partition.ts";

/** Where a page ended, and the next one begins: behind this entry, in the order of time and partitions. */
export interface Position {
  readonly at: number;
  readonly provider: string;
  readonly shard: number;
  readonly key: string;
}

export interface PageQuery {
  readonly providers: readonly string[];
  readonly source?: string;
  /** Unix milliseconds, both included. */
  readonly since: number;
  readonly until: number;
  readonly after?: Position;
  readonly most: number;
}

/** The newest marks of all these providers, merged; `next` is undefined when there are no more. */
export const readPage = async (
  log: Pick<HistoryLog, "marks">,
  query: PageQuery,
): Promise<{ marks: Mark[]; next: Position | undefined }> => {
  const marks: Mark[] = [];
  for (const week of weeksBack(query.since, query.after?.at ?? query.until)) {
    const streams = partitionsOf(query, week).map((partition) =>
      streamOf(log, partition, stretchOf(partition, query)),
    );
    await inFlight(readsUnderWay, streams, (stream) => stream.fill());
    for (let first = newest(streams); first !== undefined; first = newest(streams)) {
      marks.push(first.take());
      if (marks.length === query.most) return { marks, next: positionOf(marks.at(-1)!) };
      if (first.head() === undefined) await first.fill();
    }
  }
  return { marks, next: undefined };
};

const readsUnderWay = 16;

const partitionsOf = ({ providers, source }: PageQuery, week: number): Partition[] => {
  const own = source === undefined ? shards : [shardOf(source)];
  return providers.flatMap((provider) => own.map((shard) => ({ provider, shard, week })));
};

/** Entries of one moment lie in several partitions; those that come before the position's have been read. */
const stretchOf = (partition: Partition, { since, until, after, source, most }: PageQuery): Stretch => {
  const base = { since, most, ...(source !== undefined && { source }) };
  if (after === undefined || weekOf(after.at) !== partition.week) return { ...base, until };
  const [own, last] = [partition, { ...after, week: partition.week }].map(partitionKey);
  if (own === last) return { ...base, until: after.at, after };
  return { ...base, until: own! < last! ? after.at - 1 : after.at };
};

const positionOf = ({ at, key, partition: { provider, shard } }: Mark): Position => ({
  at,
  provider,
  shard,
  key,
});

interface Stream {
  readonly name: string;
  head(): Mark | undefined;
  take(): Mark;
  /** Reads on until there is a head, or no more. */
  fill(): Promise<void>;
}

const streamOf = (log: Pick<HistoryLog, "marks">, partition: Partition, stretch: Stretch): Stream => {
  const pages = log.marks(partition, stretch);
  let page: readonly Mark[] = [];
  let at = 0;
  return {
    name: partitionKey(partition),
    head: () => page[at],
    take: () => page[at++]!,
    fill: async () => {
      while (at >= page.length) {
        const read = await pages.next();
        if (read.done) return;
        [page, at] = [read.value, 0];
      }
    },
  };
};

const newest = (streams: readonly Stream[]): Stream | undefined => {
  let best: Stream | undefined;
  for (const stream of streams) {
    const head = stream.head();
    if (head !== undefined && (best === undefined || comesFirst(stream, best))) best = stream;
  }
  return best;
};

const comesFirst = (a: Stream, b: Stream): boolean => {
  const [x, y] = [a.head()!.at, b.head()!.at];
  return x > y || (x === y && a.name < b.name);
};
