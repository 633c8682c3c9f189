import type { DataBatch, MetricSet } from "../../batch.ts";
import { familyOf, type MetricFamily } from "../../catalogue.ts";
import { numberText, pointsOf, timeText } from "../point.ts";

/** A document of Elasticsearch: its JSON text, and the family of metrics that types it. */
export interface Document {
  readonly family: MetricFamily;
  readonly text: string;
}

/** A batch as documents (spec A9 `elasticsearch`): one per value of the family `general`, else one per family and label set. */
export function* documentsOf(batch: DataBatch, clusterName: string): Generator<Document> {
  const time = timeText(batch);
  for (const set of batch.sets.values()) yield* documentsOfSet(set, { time, clusterName });
}

function* documentsOfSet(
  set: MetricSet,
  { time, clusterName }: { readonly time: string; readonly clusterName: string },
): Generator<Document> {
  const grouped = new Map<string, { family: MetricFamily; tags: string; metrics: string[] }>();
  for (const { name, value, labels } of pointsOf(set)) {
    const family = familyOf(name);
    const tags = JSON.stringify({ ...labels, cluster_name: clusterName });
    const [metric, measured] = [JSON.stringify(name), `{"value":${numberText(value)}}`];
    if (family === "general") {
      const text = `{"GeneralMetricsTimestamp":"${time}","MetricsTags":${tags},"MetricsName":${metric},"MetricsValue":${measured}}`;
      yield { family, text };
      continue;
    }
    const group = grouped.get(`${family} ${tags}`) ?? { family, tags, metrics: [] };
    grouped.set(`${family} ${tags}`, group);
    group.metrics.push(`${metric}:${measured}`);
  }
  for (const { family, tags, metrics } of grouped.values()) {
    const text = `{"${timestampOf(family)}":"${time}","MetricsTags":${tags},"Metrics":{${metrics.join(",")}}}`;
    yield { family, text };
  }
}

/** `CpuMetricsTimestamp` for the family `cpu`. */
const timestampOf = (family: MetricFamily) => `${family[0]?.toUpperCase()}${family.slice(1)}MetricsTimestamp`;
