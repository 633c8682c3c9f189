import { promisify } from "node:util";
import zlib from "node:zlib";
import { type DataBatch, type MetricSet, type MetricType, type MetricValue, noTime } from "./batch.ts";
import { type Part, whole } from "./part.ts";
import { nanoseconds } from "./time.ts";

/**
 * A batch, or a part of one, for the table: lines of JSON, compressed; `unpack.ts` reads them. The first line has the texts and shapes that
 * come again: nearly all sets have one of a few dozen shapes (which labels, which metrics, which disks), so that a set's line is its key and its
 * numbers. A line of its own lets a reader of one set leave all others unread.
 */
export const packBatch = (batch: DataBatch, part?: Part): Promise<Uint8Array> =>
  packSets(batch, batch.sets, part);

export const packSets = (
  { cluster, timestamp }: Pick<DataBatch, "cluster" | "timestamp">,
  sets: Iterable<readonly [string, MetricSet]>,
  part = whole,
): Promise<Uint8Array> => {
  const tables = createTables();
  const since = nanoseconds(timestamp);
  const lines: string[] = [];
  for (const [key, set] of sets) {
    const line = lineOf(key, set, { tables, since, part });
    if (line !== undefined) lines.push(line);
  }
  const { texts, metrics, shapes } = tables;
  const head: Head = { version, cluster, timestamp, texts: texts.all, metrics, shapes };
  return deflate(`${JSON.stringify(head)}\n${lines.join("\n")}`, { level: 3 });
};

/** In the pool of threads, so that the next lines are written meanwhile. */
const deflate = promisify<string, zlib.ZlibOptions, Buffer>(zlib.deflateRaw);

export const version = 2;

/** A whole number beyond 53 bits, and a double that JSON has no word for, is a text. */
export type Figure = number | string;

/** The first line. */
export interface Head {
  readonly version: number;
  readonly cluster: string;
  readonly timestamp: number;
  /** Names and values of labels. */
  readonly texts: readonly string[];
  readonly metrics: readonly (readonly [name: string, type: MetricType, isInteger: 0 | 1])[];
  readonly shapes: readonly Shape[];
}

/** Numbers of texts and metrics: the set's label names, its values, its labeled metrics with their labels. */
export type Shape = readonly [
  labels: readonly number[],
  metrics: readonly number[],
  labeled: readonly (readonly [metric: number, names: readonly number[], values: readonly number[]])[],
];

/** Before a line's tabulator: the key, the shape, the texts of the labels' values. */
export type Identity = readonly [key: string, shape: number, ...labels: number[]];
/** Behind it: three times, nanoseconds after the batch's timestamp (null for none), then all values in the shape's order. */
export type Figures = readonly [
  collectionStart: Figure | null,
  entityCreated: Figure | null,
  scraped: Figure | null,
  ...values: Figure[],
];

interface Work {
  readonly tables: Tables;
  readonly since: bigint;
  readonly part: Part;
}

const lineOf = (key: string, set: MetricSet, { tables, since, part }: Work): string | undefined => {
  const { texts, metricOf, shapeOf } = tables;
  const { takes } = part;
  const [names, columns]: [number[], number[]] = [[], []];
  const labeled: Shape[2][number][] = [];
  let identity = "";
  for (const name of part.labels ? Object.keys(set.labels) : []) {
    names.push(texts.at(name));
    identity += `,${texts.at(set.labels[name] ?? "")}`;
  }
  let figures = "";
  for (const [name, value] of set.values) {
    if (takes !== undefined && !takes(name, value)) continue;
    columns.push(metricOf(name, value));
    figures += `,${figureOf(value.value)}`;
  }
  for (const metric of part.labeled ? set.labeled : []) {
    if (takes !== undefined && !takes(metric.name, metric)) continue;
    labeled.push([metricOf(metric.name, metric), ...tables.instanceOf(metric.labels)]);
    figures += `,${figureOf(metric.value)}`;
  }
  if (takes !== undefined && figures === "") return undefined;
  const [began, measured] = part.times === "none" ? [noTime, noTime] : [set.collectionStart, set.scraped];
  const created = part.times === "all" ? set.entityCreated : noTime;
  const times = [began, created, measured].map((time) => (time === noTime ? "null" : figureOf(time - since)));
  return `[${JSON.stringify(key)},${shapeOf(names, columns, labeled)}${identity}]\t[${times.join(",")}${figures}]`;
};

const figureOf = (value: bigint | number): string => {
  if (typeof value === "bigint")
    return value <= mostExact && value >= -mostExact ? value.toString() : `"${value}"`;
  return Number.isFinite(value) ? String(value) : `"${value}"`;
};

const mostExact = BigInt(Number.MAX_SAFE_INTEGER);

type Tables = ReturnType<typeof createTables>;
type Instance = readonly [names: readonly number[], values: readonly number[]];

const createTables = () => {
  const texts = dictionary();
  const metrics: Head["metrics"][number][] = [];
  const numbers = new Map<string, number[]>();
  const shapes: Shape[] = [];
  const known = new Map<string, number>();
  const instances = new Map<object, Instance>();
  return {
    texts,
    metrics,
    shapes,
    metricOf: (name: string, { type, value }: MetricValue): number => {
      const isInteger = typeof value === "bigint" ? 1 : 0;
      const own = numbers.get(name) ?? [];
      if (own.length === 0) numbers.set(name, own);
      const at = kinds[type] + isInteger;
      own[at] ??= metrics.push([name, type, isInteger]) - 1;
      return own[at];
    },
    /** Labels that are one object for many metrics are looked at once. */
    instanceOf: (labels: Readonly<Record<string, string>>): Instance => {
      const found = instances.get(labels) ?? [
        Object.keys(labels).map(texts.at),
        Object.values(labels).map(texts.at),
      ];
      instances.set(labels, found);
      return found;
    },
    shapeOf: (...shape: Shape): number => {
      const [names, columns, labeled] = shape;
      const id = `${names}|${columns}|${labeled.map(([metric, ...instance]) => `${metric}:${instance.join(";")}`).join("|")}`;
      const found = known.get(id) ?? shapes.push(shape) - 1;
      known.set(id, found);
      return found;
    },
  };
};

const kinds: Readonly<Record<MetricType, number>> = { gauge: 0, cumulative: 2, delta: 4 };

/** Texts numbered in the order of their first use. */
const dictionary = () => {
  const numbers = new Map<string, number>();
  const all: string[] = [];
  return {
    all,
    at: (text: string): number => {
      const known = numbers.get(text);
      if (known !== undefined) return known;
      numbers.set(text, all.length);
      return all.push(text) - 1;
    },
  };
};
