import * as z from "zod";

/** The answers as far as we read them (design §3.4); what else is in them is passed on to JSON, so that servers may grow. */

const labels = z.record(z.string(), z.string());
const texts = z.array(z.string());
const cursor = z.string().nullish();

export const searchAnswer = z.object({
  targets: z.array(
    z.looseObject({
      job: z.string(),
      state: z.enum(["active", "dropped", "failed", "duplicate"]),
      provider: z.string(),
      source: z.string(),
      cluster: z.string().default(""),
      discoveredLabels: labels,
      labels: labels.default({}),
      scrapeUrl: z.string().default(""),
      reason: z.string().default(""),
    }),
  ),
  cursor,
});
export type FoundTarget = z.infer<typeof searchAnswer>["targets"][number];

const rule = z.looseObject({
  number: z.number(),
  rule: z.looseObject({ action: z.string() }),
  keep: z.boolean(),
  before: labels,
  after: labels,
});

export const explainAnswer = z.object({
  answers: z.array(
    z.looseObject({
      job: z.string(),
      verdict: z.enum(["served", "not served", "partly"]),
      reason: z.string(),
      sentence: z.string(),
      steps: z
        .array(z.object({ step: z.string(), ok: z.boolean().nullish(), detail: z.string().default("") }))
        .default([]),
      targets: z
        .array(
          z.looseObject({
            discoveredLabels: labels.default({}),
            labels: labels.nullish(),
            reason: z.string().nullish(),
            rules: z.array(rule).default([]),
          }),
        )
        .default([]),
    }),
  ),
});
export type Explanation = z.infer<typeof explainAnswer>["answers"][number];

const version = z.object({ epoch: z.number(), sequence: z.number() });

export const changesAnswer = z.object({
  changes: z.array(
    z.looseObject({
      at: z.string(),
      provider: z.string(),
      cluster: z.string().default(""),
      jobs: texts,
      source: z.string(),
      change: z.enum(["added", "updated", "removed"]),
      targetsBefore: z.number(),
      targetsAfter: z.number(),
      labels: z.object({ added: texts, removed: texts, changed: texts }),
      version: z.union([version, z.string()]).optional(),
    }),
  ),
  cursor,
});
export type ToldChange = z.infer<typeof changesAnswer>["changes"][number];

export const rebuildAnswer = z.object({
  providers: z.array(z.object({ provider: z.string(), cluster: z.string(), jobs: texts, epoch: z.number() })),
});

export const groupsAnswer = z.object({
  groups: z.array(
    z.object({
      provider: z.string(),
      source: z.string(),
      group: z.object({ source: z.string(), labels, targets: z.array(labels) }),
    }),
  ),
  cursor,
});

export const providersAnswer = z.object({
  providers: z.array(
    z.object({
      provider: z.string(),
      mechanism: z.string(),
      role: z.string().optional(),
      cluster: z.string(),
      jobs: texts,
    }),
  ),
});
export type LiveProvider = z.infer<typeof providersAnswer>["providers"][number];

/** Prometheus's own, whose label sets may be null when empty. */
export const targetsAnswer = z.object({
  activeTargets: z
    .array(z.object({ discoveredLabels: labels, labels: labels.nullish(), scrapePool: z.string() }))
    .nullish(),
  droppedTargets: z.array(z.object({ discoveredLabels: labels, scrapePool: z.string() })).nullish(),
  droppedTargetCounts: z.record(z.string(), z.number()).nullish(),
});

export const poolsAnswer = z.object({ scrapePools: z.array(z.string()).nullish() });

/** An HTTP SD list. */
export const listAnswer = z.array(z.object({ targets: texts, labels: labels.nullish() }));

/** A job's own block, without its secrets. */
export const poolConfigAnswer = z.object({ yaml: z.string() });
