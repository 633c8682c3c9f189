import type { DataBatch, MetricSet, MetricType } from "../../batch.ts";
import { numberText, pointsOf } from "../point.ts";

/**
 * A batch as OpenTSDB's data points (spec A9 `opentsdb`), each its JSON text, so that an int64 keeps all digits. Labeled metrics are not among them, as
 * upstream.
 */
export function* datapointsOf({ sets, timestamp }: DataBatch, cluster: string): Generator<string> {
  const seconds = Math.floor(timestamp / 1000);
  for (const set of sets.values()) {
    const tags = JSON.stringify({ ...tagsOf(set), cluster: clean(cluster) });
    for (const { name, value } of pointsOf({ ...set, labeled: [] })) {
      const metric = JSON.stringify(metricName(name, value.type));
      yield `{"metric":${metric},"timestamp":${seconds},"value":${numberText(value)},"tags":${tags}}`;
    }
  }
}

/** Upstream cleans both; a tag's value keeps its slashes. */
const metricName = (name: string, type: MetricType) => `${clean(name).replaceAll("/", "_")}_${type}`;

const tagsOf = ({ labels }: MetricSet) =>
  Object.fromEntries(
    Object.entries(labels).flatMap(([name, value]) => (value === "" ? [] : [[clean(name), clean(value)]])),
  );

/** What OpenTSDB takes: letters, which are Unicode's, digits and - _ . / */
const clean = (text: string) => text.replace(/[^\p{L}\p{Nd}\-_./]/gu, "_");
