import * as z from "zod";
import { meterUnits } from "../../lib/meter.ts";

/**
 * The embedded metric format as CloudWatch publishes it (Amazon CloudWatch User Guide, *Specification: Embedded metric
 * format*), and what the specification says beside its schema: dimensions and metrics are members of the root.
 */
const directive = z.object({
  Namespace: z.string().min(1).max(1024),
  Dimensions: z.array(z.array(z.string().min(1).max(250)).min(1).max(30)).min(1),
  Metrics: z
    .array(
      z.object({
        Name: z.string().min(1).max(1024),
        Unit: z.enum(["Count", "Seconds", "Bytes"]).optional(),
        StorageResolution: z.union([z.literal(1), z.literal(60)]).optional(),
      }),
    )
    .min(1)
    .max(100),
});

const documentSchema = z
  .object({
    _aws: z.object({ Timestamp: z.number().int(), CloudWatchMetrics: z.array(directive).min(1) }),
  })
  .catchall(z.unknown())
  .superRefine((document, context) => {
    const complain = (message: string) => context.addIssue({ code: "custom", message });
    for (const { Dimensions, Metrics } of document._aws.CloudWatchMetrics) {
      for (const name of Dimensions.flat()) {
        if (typeof document[name] !== "string") complain(`the dimension ${name} is no text of the root`);
      }
      for (const { Name, Unit } of Metrics) {
        if (typeof document[Name] !== "number") complain(`the metric ${Name} is no number of the root`);
        const known = Object.entries(meterUnits).find(([name]) => name === Name);
        if (known?.[1] !== Unit) complain(`the metric ${Name} is in ${Unit}`);
      }
    }
  });

/** What CloudWatch would take from a line: the metrics, and the dimension. Throws for what it would not take. */
export const readEmf = (line: string) => {
  const document = documentSchema.parse(JSON.parse(line));
  const [first] = document._aws.CloudWatchMetrics;
  const metrics = Object.fromEntries((first?.Metrics ?? []).map(({ Name }) => [Name, document[Name]]));
  return { namespace: first?.Namespace, dimensions: first?.Dimensions, service: document.service, metrics };
};

export const isEmf = (line: string) => line.startsWith('{"_aws"');
