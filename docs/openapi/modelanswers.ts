import * as z from "zod";

/** What Heapster's API answers with (spec A10), as docs/openapi/openapi.json shows it; tests/functions/openapimodel.test.ts holds the server to it. */

const moment = z.string().meta({ format: "date-time" });
const whole = z.union([z.int(), z.number()]).describe("a 64-bit integer");

export const names = z.array(z.string()).describe("sorted; empty when there is none");

export const metricResult = z.object({
  metrics: z
    .array(
      z.object({
        timestamp: moment,
        value: z
          .number()
          .min(0)
          .describe("the whole part as an unsigned 64-bit integer: a negative one comes out near 1.8e19"),
      }),
    )
    .describe("ascending in time; empty where nothing is known"),
  latestTimestamp: moment.describe("0001-01-01T00:00:00Z without any"),
});

export const metricResults = z
  .object({ items: z.array(metricResult) })
  .describe("one for each pod, in the order asked for");

const figure = z.union([z.object({ intValue: whole }), z.object({ floatValue: z.number() })]);

export const aggregateResult = z.object({
  buckets: z.array(
    z.object({
      timestamp: moment,
      count: whole.optional(),
      average: figure.optional(),
      maximum: figure.optional(),
      minimum: figure.optional(),
      median: figure.optional(),
      percentiles: z.record(z.string(), figure).optional().describe("by 50, 95 and 99"),
    }),
  ),
  bucketSize: whole.describe("nanoseconds"),
});

export const aggregateResults = z.object({ items: z.array(aggregateResult) });

const labels = z.record(z.string(), z.string());

export const batch = z
  .array(
    z.object({
      metrics: z.record(
        z.string(),
        z.array(z.object({ start: moment, end: moment, labels: labels.optional(), value: z.number() })),
      ),
      labels,
    }),
  )
  .nullable()
  .describe("of nodes, pods and containers; null before there is a batch, empty with disable_export");

const labelDescription = z.object({ key: z.string(), description: z.string() });

export const batchSchema = z.object({
  metrics: z.array(
    z.object({
      name: z.string(),
      description: z.string(),
      labels: z.array(labelDescription).optional(),
      type: z.enum(["gauge", "cumulative", "delta"]),
      value_type: z.enum(["int64", "double"]),
      units: z.enum(["bytes", "ms", "ns"]).optional(),
    }),
  ),
  common_labels: z.array(labelDescription),
  pod_labels: z.array(labelDescription),
});

const usage = z.object({
  cpu: z.string().describe("a quantity, such as 250m"),
  memory: z.string().describe("a quantity, such as 3Mi"),
});
const measured = {
  metadata: z.object({ name: z.string(), namespace: z.string().optional(), creationTimestamp: moment }),
  timestamp: moment,
  window: z.string(),
};

export const nodeMetrics = z.object({ ...measured, usage });
export const podMetrics = z.object({
  ...measured,
  containers: z.array(z.object({ name: z.string(), usage })),
});

export const resourceList = z.object({
  metadata: z.object({}),
  items: z
    .array(z.union([nodeMetrics, podMetrics]))
    .nullable()
    .describe("null when there are none"),
});
