import { optionalInt64 } from "../../metrics/kubelet/json.ts";
import type { InfluxClient, Series } from "../../metrics/sinks/influxdb/client.ts";
import { parseTime } from "../../metrics/time.ts";
import { NotThere } from "../badquery.ts";
import type { Aggregation } from "../query.ts";
import type { Entity } from "../question.ts";
import type { Point } from "../shape.ts";
import type { ModelSource, Wanted } from "../source.ts";
import {
  aggregateStatement,
  describe,
  listStatement,
  namesStatement,
  type Tenant,
  valuesStatement,
} from "./statements.ts";

/** A database that remembers longer than the metric sink, and can sum up. */
export interface HistoricalSource extends ModelSource {
  /** One answer per entity, in their order. */
  aggregates(wanted: AggregatesWanted): Promise<(readonly Bucket[])[]>;
}

export interface AggregatesWanted extends Wanted {
  readonly aggregations: readonly Aggregation[];
  /** Nanoseconds; undefined for one bucket. */
  readonly bucket?: bigint | undefined;
}

export interface Bucket {
  /** Unix nanoseconds. */
  readonly time: bigint;
  readonly values: ReadonlyMap<Aggregation, bigint | number>;
}

/** The past out of InfluxDB (spec A10.3). What it does not have is `NotThere`, in upstream's words. */
export const createInfluxSource = (client: Pick<InfluxClient, "ask">, tenant: Tenant): HistoricalSource => {
  const ask = (statements: readonly string[]) => client.ask(statements, AbortSignal.timeout(longest));
  const texts = async (statement: string): Promise<string[]> => {
    const [series = []] = await ask([statement]);
    const found = series.flatMap(textsOf);
    if (found.length === 0) throw new NotThere("the historical source has found nothing");
    return [...new Set(found)].sort();
  };
  return {
    list: (list) => texts(listStatement(list, tenant)),
    names: (entity) => texts(namesStatement(entity, tenant)),
    values: async (wanted) => {
      const answers = await ask(wanted.entities.map((entity) => valuesStatement(entity, tenant, wanted)));
      return wanted.entities.map((entity, at) => pointsOf(only(answers[at], entity, wanted)));
    },
    aggregates: async (wanted) => {
      const answers = await ask(wanted.entities.map((entity) => aggregateStatement(entity, tenant, wanted)));
      return wanted.entities.map((entity, at) =>
        bucketsOf(only(answers[at], entity, wanted), wanted.aggregations),
      );
    },
  };
};

/** Milliseconds. A function that answers has 29 seconds. */
const longest = 20_000;

/** `SHOW TAG VALUES` has columns `key` and `value`, `SHOW MEASUREMENTS` one. */
const textsOf = ({ columns, values }: Series): string[] => {
  const at = Math.max(0, columns.indexOf("value"));
  return values.flatMap((row) => (typeof row[at] === "string" ? [row[at]] : []));
};

const only = (found: readonly Series[] | undefined, entity: Entity, { metric }: Wanted): Series => {
  const series = found?.[0];
  if (series !== undefined) return series;
  throw new NotThere(`No results for metric "${metric}" describing "${describe(entity)}"`);
};

const pointsOf = (series: Series): Point[] => {
  const [values] = columnsOf(series, 1);
  return series.values.flatMap((row, at): Point[] => {
    const value = values?.[at];
    return value === undefined ? [] : [{ time: timeOf(row), value }];
  });
};

const bucketsOf = (series: Series, aggregations: readonly Aggregation[]): Bucket[] => {
  const columns = columnsOf(series, aggregations.length);
  return series.values.map((row, at) => ({
    time: timeOf(row),
    values: new Map(
      aggregations.flatMap((name, column) => {
        const value = columns[column]?.[at];
        return value === undefined ? [] : [[name, value] as const];
      }),
    ),
  }));
};

/** The columns behind the time: whole numbers if all of a column are, else doubles; undefined where there is none. */
const columnsOf = ({ values }: Series, count: number): (bigint | number | undefined)[][] =>
  Array.from({ length: count }, (_, at) => {
    const column = values.map((row) => numberOf(row[at + 1]));
    const isWhole = column.every((value) => typeof value !== "number");
    return isWhole ? column : column.map((value) => (value === undefined ? undefined : Number(value)));
  });

const numberOf = (value: unknown): bigint | number | undefined => {
  if (value === null || value === undefined) return undefined;
  if (typeof value === "number" && !Number.isSafeInteger(value)) return value;
  return optionalInt64(value, "a value of InfluxDB");
};

const timeOf = ([time]: readonly unknown[]): bigint => {
  const parsed = typeof time === "string" ? parseTime(time) : undefined;
  if (parsed === undefined) throw new Error("InfluxDB: a time is not RFC 3339");
  return parsed;
};
