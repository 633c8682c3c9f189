import { promisify } from "node:util";
import zlib from "node:zlib";
import {
  type DataBatch,
  type LabeledMetric,
  type Labels,
  type MetricSet,
  type MetricValue,
  noTime,
} from "./batch.ts";
import { type Figure, type Figures, type Head, type Identity, version } from "./pack.ts";
import { nanoseconds } from "./time.ts";

/** What `packSets` made, opened; sets are decoded when they are asked for. */
export interface PackedSets {
  readonly of: Pick<DataBatch, "cluster" | "timestamp">;
  /** Characters that it takes in memory. */
  readonly size: number;
  set(key: string): MetricSet | undefined;
  sets(): Generator<[string, MetricSet]>;
  /** Labels alone, which lists are made of: figures are not looked at. */
  labels(): Generator<[string, Labels]>;
}

/** Undefined when another version of this program wrote it. Rejects when the bytes are nothing of the kind. */
export const openPacked = async (bytes: Uint8Array): Promise<PackedSets | undefined> => {
  try {
    const text = (await inflate(bytes, { maxOutputLength: largest })).toString();
    const end = text.indexOf("\n");
    const head: Head = JSON.parse(end < 0 ? text : text.slice(0, end));
    if (typeof head.version !== "number") throw new Error("it has no version");
    return head.version === version ? opened(head, text) : undefined;
  } catch (cause) {
    throw new Error("a batch of metrics in the table cannot be read", { cause });
  }
};

const inflate = promisify<Uint8Array, zlib.ZlibOptions, Buffer>(zlib.inflateRaw);

/** A hundred times what 1000 nodes come to. */
const largest = 512 * 1024 * 1024;

const opened = (head: Head, text: string): PackedSets => {
  const { cluster, timestamp } = head;
  const since = nanoseconds(timestamp);
  const shapes = head.shapes.map((shape) => decoderOf(head, shape));
  const identityOf = (start: number): Identity => JSON.parse(text.slice(start, text.indexOf("\t", start)));
  const labelsOf = ([, shape, ...values]: Identity): Labels => entryOf(shapes, shape).labels(values);
  const setAt = (start: number, end: number): [string, MetricSet] => {
    const tab = text.indexOf("\t", start);
    const identity = identityOf(start);
    const figures: Figures = JSON.parse(text.slice(tab + 1, end));
    const [began, created, scraped] = figures;
    const set: MetricSet = {
      collectionStart: timeOf(began, since),
      entityCreated: timeOf(created, since),
      scraped: timeOf(scraped, since),
      labels: labelsOf(identity),
      ...entryOf(shapes, identity[1]).values(figures),
    };
    return [identity[0], set];
  };
  return {
    of: { cluster, timestamp },
    size: text.length,
    set: (key) => {
      const before = text.indexOf(`\n[${JSON.stringify(key)},`);
      return before < 0 ? undefined : setAt(before + 1, endOf(text, before + 1))[1];
    },
    sets: function* () {
      for (const [start, end] of linesOf(text)) yield setAt(start, end);
    },
    labels: function* () {
      for (const [start] of linesOf(text)) {
        const identity = identityOf(start);
        yield [identity[0], labelsOf(identity)];
      }
    },
  };
};

/** Behind the first. */
function* linesOf(text: string): Generator<[start: number, end: number]> {
  const first = text.indexOf("\n") + 1;
  for (let start = first; first > 0 && start < text.length; ) {
    const end = endOf(text, start);
    yield [start, end];
    start = end + 1;
  }
}

const endOf = (text: string, start: number): number => {
  const end = text.indexOf("\n", start);
  return end < 0 ? text.length : end;
};

const timeOf = (time: Figure | null, since: bigint): bigint =>
  time === null ? noTime : BigInt(time) + since;

/** Before the values stand three times. */
const timesBefore = 3;

const decoderOf = ({ texts, metrics }: Head, [labelNames, columns, instances]: Head["shapes"][number]) => {
  const text = (at: number) => entryOf(texts, at);
  const names = labelNames.map(text);
  const own = columns.map((column) => entryOf(metrics, column));
  const several = instances.map(([metric, labels, values]) => ({
    metric: entryOf(metrics, metric),
    labels: assigned(labels.map(text), values.map(text)),
  }));
  return {
    labels: (values: readonly number[]): Labels => assigned(names, values.map(text)),
    values: (figures: Figures): Pick<MetricSet, "values" | "labeled"> => {
      const values = new Map<string, MetricValue>();
      for (const [at, [name, type, isInteger]] of own.entries())
        values.set(name, { type, value: exactOf(figures[timesBefore + at], isInteger) });
      const labeled = several.map(({ metric: [name, type, isInteger], labels }, at): LabeledMetric => {
        const value = exactOf(figures[timesBefore + own.length + at], isInteger);
        return { name, labels, type, value };
      });
      return { values, labeled };
    },
  };
};

const exactOf = (figure: Figure | null | undefined, isInteger: 0 | 1): bigint | number => {
  if (figure === undefined || figure === null) throw new Error("a set has fewer values than its shape");
  return isInteger === 1 ? BigInt(figure) : Number(figure);
};

const assigned = (names: readonly string[], values: readonly string[]): Labels =>
  Object.fromEntries(names.map((name, at) => [name, entryOf(values, at)]));

const entryOf = <T>(list: readonly T[], at: number): T => {
  const found = list[at];
  if (found === undefined) throw new Error(`there is no entry ${at} among ${list.length}`);
  return found;
};
