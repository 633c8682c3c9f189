import * as z from "zod";
import type { LabelSet } from "./targetgroup.ts";

/** Which write wins: a later epoch, then a later sequence within it (ADR 1). */
export interface Version {
  readonly epoch: number;
  readonly sequence: number;
}

export const isLater = (a: Version, b: Version): boolean =>
  a.epoch > b.epoch || (a.epoch === b.epoch && a.sequence > b.sequence);

/** EventBridge's own `source` field for everything that Rollcall announces. */
export const eventSource = "rollcall.discovery";

/** A look is due for one cluster. */
export const discoveryDue = "Discovery Due";
/** A cluster that is followed has nobody who follows it, or its relay's time slice is over. */
export const relayDue = "Relay Due";
/** One source of one provider changed or vanished. */
export const targetGroupChanged = "Target Group Changed";
/** A provider began to fail, or recovered. */
export const providerStatusChanged = "Provider Status Changed";
/** A list would remove too much of a provider at once; its removals wait (promise 4). */
export const guardTripped = "Guard Tripped";
/** Cluster metrics of one window were collected. */
export const metricsBatchReady = "Metrics Batch Ready";

const isLabelSet = (value: unknown): value is LabelSet =>
  typeof value === "object" &&
  value !== null &&
  !Array.isArray(value) &&
  Object.values(value).every((label) => typeof label === "string");

/** By hand, since zod's record leaves out the name `__proto__`, which a file or a server may well send. */
export const labelSet = z
  .custom<LabelSet>(isLabelSet, "expected label names with text values")
  .meta({ type: "object", additionalProperties: { type: "string" } });

const group = z
  .object({
    source: z.string().min(1).describe("the group's unique name inside its provider"),
    labels: labelSet.describe("labels shared by all targets"),
    targets: z
      .array(labelSet)
      .describe("each target's own labels, __address__ among them; empty when removed"),
  })
  .describe("the whole group as it now is");

const claim = z
  .object({
    source: z.string().min(1),
    key: z.string().min(1).describe("names the group's JSON in the table, kept 48 hours"),
    bytes: z.number().int().nonnegative(),
    href: z.string().describe("path below the door's URL, readable with a token for one of the jobs"),
  })
  .describe("stands for a group over 60 kB, which travels by claim check");

/** Whose work an event is: functions write it into every line of their logs. */
const correlationId = z
  .string()
  .min(1)
  .max(200)
  .optional()
  .describe("the request id of the invocation that set this off, as it stands in the logs");

const provider = z.string().regex(/^[a-z]+\/[0-9a-f]{12}$/);
const count = z.number().int().nonnegative();

export const discoveryDueSchema = z
  .object({
    schema: z.literal(1),
    cluster: z.string().min(1).describe("the cluster to look at"),
    correlationId,
  })
  .describe("a look is due for one cluster; Rollcall's own");

/** Far more than `tick` ever orders of one relay. */
const mostAlongside = 100;

export const relayDueSchema = z
  .object({
    schema: z.literal(1),
    cluster: z.string().min(1).describe("the cluster to follow"),
    alongside: z
      .array(z.string().min(1))
      .max(mostAlongside)
      .optional()
      .describe("more clusters, small ones, that the same invocation follows; each under its own lease"),
    correlationId,
  })
  .describe("clusters that are to be followed have nobody who follows them; Rollcall's own");

export const targetGroupChangedSchema = z
  .object({
    schema: z.literal(1),
    provider,
    cluster: z.string().min(1),
    jobs: z.array(z.string()).describe("the jobs that the provider serves"),
    change: z.enum(["updated", "removed"]),
    version: z.object({ epoch: z.number().int().nonnegative(), sequence: z.number().int().nonnegative() }),
    hash: z
      .string()
      .regex(/^[0-9a-f]{64}$/)
      .describe("SHA-256 of the group's canonical JSON"),
    observedAt: z.iso.datetime().describe("when the look or watch saw it"),
    correlationId,
    group: group.optional(),
    claim: claim.optional(),
  })
  .refine((event) => (event.group === undefined) !== (event.claim === undefined), {
    message: "exactly one of group and claim",
  })
  .describe("one source of one provider changed or vanished");

/** Who an event about a provider speaks of. */
const subject = {
  schema: z.literal(1),
  provider,
  cluster: z.string().min(1),
  jobs: z.array(z.string()).describe("the jobs that the provider serves"),
};

export const providerStatusChangedSchema = z
  .object({
    ...subject,
    from: z
      .enum(["ok", "stale", "failing", "never"])
      .describe("the health before the look; never: the first one"),
    to: z.enum(["ok", "failing"]).describe("the health after it"),
    at: z.iso.datetime().describe("when the look ended"),
    lastError: z.string().describe("what went wrong; empty after a full success"),
    sources: count.describe("target groups that are served"),
    targets: count.describe("targets that are served"),
  })
  .describe("a provider began to fail, or recovered");

export const guardTrippedSchema = z
  .object({
    ...subject,
    since: z.iso.datetime().describe("when the look began; one that begins an interval later lets go"),
    held: z
      .object({ sources: count, targets: count })
      .describe("vanished sources that are served until then, and their targets"),
    lost: count.describe("targets the list would take away, those of sources that only shrank among them"),
    targets: count.describe("targets of the provider before the look"),
    limits: z
      .object({ maxRemoved: z.number().gt(0).max(1), minRemoved: count })
      .describe("the guard trips above both: this share of the targets, and this many"),
  })
  .describe("a list would remove too much of a provider at once; its removals wait");

export const metricsBatchReadySchema = z
  .object({
    schema: z.literal(1),
    cluster: z.string().min(1),
    timestamp: z.iso.datetime().describe("end of the window; cluster and timestamp are the batch's key"),
    sets: z
      .record(z.string(), count)
      .describe("metric sets by their type: cluster, node, sys_container, ns, pod, pod_container"),
    totals: z
      .record(z.string(), z.number())
      .describe(
        "the cluster's sums by metric, in Heapster's units: cpu in thousandths of a core, memory in bytes",
      ),
  })
  .describe(
    "cluster metrics of one window were collected; the batch itself is in the stores of the other sinks",
  );

export type DiscoveryDue = z.infer<typeof discoveryDueSchema>;
export type RelayDue = z.infer<typeof relayDueSchema>;
export type TargetGroupChanged = z.infer<typeof targetGroupChangedSchema>;
export type ProviderStatusChanged = z.infer<typeof providerStatusChangedSchema>;
export type GuardTripped = z.infer<typeof guardTrippedSchema>;
export type MetricsBatchReady = z.infer<typeof metricsBatchReadySchema>;

/** The order for one relay with these clusters. */
export const relayDueOf = (
  [cluster = "", ...alongside]: readonly string[],
  correlationId?: string | undefined,
): RelayDue => ({
  schema: 1,
  cluster,
  ...(alongside.length > 0 && { alongside }),
  ...(correlationId !== undefined && { correlationId }),
});

/** Every detail type on the bus with the shape of its detail; the committed JSON Schemas come from here. */
export const detailSchemas = {
  [discoveryDue]: discoveryDueSchema,
  [relayDue]: relayDueSchema,
  [targetGroupChanged]: targetGroupChangedSchema,
  [providerStatusChanged]: providerStatusChangedSchema,
  [guardTripped]: guardTrippedSchema,
  [metricsBatchReady]: metricsBatchReadySchema,
} as const;
