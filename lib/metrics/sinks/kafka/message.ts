import type { DataBatch } from "../../batch.ts";
import { allPoints, numberText, timeText } from "../point.ts";

/** A batch as messages, one per value (spec A9 `kafka`): their JSON texts. */
export function* messagesOf(batch: DataBatch): Generator<string> {
  const time = timeText(batch);
  for (const { name, value, labels } of allPoints(batch)) {
    const [metric, tags] = [JSON.stringify(name), JSON.stringify(labels)];
    const measured = `{"value":${numberText(value)}}`;
    yield `{"MetricsName":${metric},"MetricsValue":${measured},"MetricsTimestamp":"${time}","MetricsTags":${tags}}`;
  }
}
