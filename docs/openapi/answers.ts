import * as z from "zod";
import { reasons, stepNames } from "../../lib/explain/reason.ts";
import { targetStates } from "../../lib/scrapepool/find.ts";
import { labelSet } from "../../lib/targetgroup/event.ts";

/** What the routes answer with, as docs/openapi/openapi.json shows it; tests/functions/openapi.test.ts holds the server to it. */

const count = z.int().min(0);
const moment = z.string().meta({ format: "date-time" });
const provider = z.string().describe("the provider's id, such as kubernetes/0123456789ab");
const source = z.string().describe("the target group's unique name inside its provider");
const cluster = z.string().describe("the cluster's name, or its API server's URL");
const labels = labelSet.describe("label names with their values");
const version = z
  .object({ epoch: count, sequence: count })
  .describe("which of two states of a source is the later: by epoch, then by sequence");
const cursor = z.string().describe("ask again with it for the next page; everything else must be the same");
const cursorOrNull = cursor.nullable().describe("null on the last page");

const rule = z
  .object({
    source_labels: z.array(z.string()).optional(),
    separator: z.string(),
    regex: z.string(),
    modulus: z.number().optional(),
    target_label: z.string().optional(),
    replacement: z.string(),
    action: z.string(),
  })
  .describe("one of relabel_configs, by Prometheus's keys");

/** An HTTP SD list (Prometheus: Writing HTTP service discovery). */
export const list = z
  .array(z.object({ targets: z.array(z.string()), labels }))
  .describe("the targets, in stable order; empty when there is none");

export const group = z.object({ source, labels, targets: z.array(labels) });

export const groups = z.object({
  groups: z.array(z.object({ provider, source, version, hash: z.string().regex(/^[0-9a-f]{64}$/), group })),
  cursor: cursorOrNull,
});

const droppedTarget = z.object({ discoveredLabels: labels, scrapePool: z.string() });

export const targets = z.object({
  activeTargets: z.array(
    droppedTarget.extend({
      labels,
      scrapeUrl: z.string(),
      globalUrl: z.string(),
      lastError: z.literal(""),
      lastScrape: z.literal("0001-01-01T00:00:00Z"),
      lastScrapeDuration: z.literal(0),
      health: z.literal("unknown"),
      scrapeInterval: z.string(),
      scrapeTimeout: z.string(),
    }),
  ),
  droppedTargets: z.array(droppedTarget),
  droppedTargetCounts: z
    .record(z.string(), count)
    .nullable()
    .describe("by job; null when only active targets were asked for"),
});

export const scrapePools = z.object({ scrapePools: z.array(z.string()) });
export const scrapePoolConfig = z.object({ yaml: z.string().describe("the job's block, secrets left out") });

export const relabelSteps = z.object({
  steps: z.array(z.object({ rule, output: labels, keep: z.boolean() })),
});

const counts = z.object({ active: count, dropped: count, failed: count, duplicate: count });

const compactSearch = z
  .object({
    strings: z.array(z.string()).describe("every text once"),
    names: z.array(z.array(count)).describe("label names of each kind of label set, as places in strings"),
    targets: z
      .array(z.array(count))
      .describe(
        "places in strings of job, state, provider, cluster, source, reason and scrape URL, two places in names, " +
          "then places in strings of the discovered and of the final values",
      ),
    counts,
    cursor: cursorOrNull,
  })
  .describe("with compact=true");

const fullSearch = z.object({
  targets: z.array(
    z.object({
      job: z.string(),
      state: z.enum(targetStates),
      reason: z.string().optional().describe("why it is not active"),
      provider,
      cluster,
      source,
      discoveredLabels: labels,
      labels: labels.describe("all final ones, those that begin with __ too; empty where there are none"),
      scrapeUrl: z.string().optional().describe("of those that have final labels"),
    }),
  ),
  counts,
  cursor: cursorOrNull,
});

export const search = z.union([fullSearch, compactSearch]);

export const rebuild = z.object({
  providers: z.array(z.object({ provider, cluster, jobs: z.array(z.string()), epoch: count })),
});

export const providers = z.object({
  providers: z.array(
    z.object({
      provider,
      mechanism: z.string(),
      role: z.string().optional(),
      cluster,
      jobs: z.array(z.string()),
      health: z.enum(["ok", "stale", "failing", "never"]),
      followedBy: z.enum(["schedule", "relay"]),
      lastAttempt: moment.nullable(),
      lastSuccess: moment.nullable(),
      stalenessSeconds: z.number().min(0).nullable(),
      sources: count,
      targets: count,
      lastError: z.string(),
      guard: z
        .object({ since: moment, sources: count, targets: count })
        .nullable()
        .describe("what the guard holds back, and since when"),
      repaired: count.describe("sources that a full check found missing or outdated"),
    }),
  ),
  deadLetters: count.describe("messages that could never be applied"),
});

export const changes = z.object({
  changes: z.array(
    z.object({
      at: moment,
      provider,
      cluster,
      jobs: z.array(z.string()),
      source,
      change: z.enum(["added", "updated", "removed"]),
      targetsBefore: count,
      targetsAfter: count,
      labels: z
        .object({
          added: z.array(z.string()),
          removed: z.array(z.string()),
          changed: z.array(z.string()),
        })
        .describe("names of labels of an updated source"),
      version,
    }),
  ),
  cursor: cursor.optional().describe("absent on the last page"),
  earliest: moment.describe("the first moment that can be told of"),
});

const explainedTarget = z.object({
  provider,
  source,
  scrapeUrl: z.string(),
  reason: z.enum(reasons),
  discoveredLabels: labels,
  labels,
  rules: z.array(
    z.object({ number: z.int().min(1), rule, keep: z.boolean(), before: labels, after: labels }),
  ),
});

export const explanation = z.object({
  answers: z.array(
    z.object({
      job: z.string(),
      verdict: z.enum(["served", "not served", "partly"]),
      reason: z.enum(reasons).describe("docs/explain.md says what each means"),
      sentence: z.string(),
      steps: z.array(
        z.object({
          step: z.enum(stepNames),
          ok: z.boolean().nullable().describe("null: cannot be known, or was not reached"),
          detail: z.string(),
        }),
      ),
      targetCount: count,
      targets: z.array(explainedTarget).describe("the first of them"),
    }),
  ),
});

export const release = z.object({ provider, since: moment, sources: count, targets: count });

const errorTypes = [
  "bad_data",
  "conflict",
  "execution",
  "forbidden",
  "not_found",
  "too_large",
  "unauthorized",
  "unavailable",
] as const;

export const failure = z
  .object({
    status: z.literal("error"),
    errorType: z.enum(errorTypes),
    error: z.string().describe("one line that says what is allowed"),
    data: z
      .object({ jobs: z.array(z.string()) })
      .optional()
      .describe("the jobs that there are"),
  })
  .describe("Prometheus's error envelope");
