import * as z from "zod/mini";

/**
 * The server's answers as far as the page reads them (design §3.4). What is missing has a harmless stand-in, so that an
 * open page outlives an upgrade; what has the wrong kind is refused with the path to it.
 */
// zod would compile its checks with `new Function`, which the page's policy forbids, and complains of in the console.
z.config({ jitless: true });

/** By hand: a large job has a million labels, and a check for each by a schema of its own takes seconds. */
const labels = z.custom<Readonly<Record<string, string>>>(
  (value) =>
    typeof value === "object" &&
    value !== null &&
    Object.values(value).every((one) => typeof one === "string"),
  "labels have to be texts",
);
const textOr = (otherwise: string) => z._default(z.string(), otherwise);
const countOr0 = z._default(z.number(), 0);

const provider = z.object({
  provider: z.string(),
  mechanism: z.string(),
  role: z.optional(z.string()),
  cluster: z.string(),
  jobs: z.array(z.string()),
  health: z.enum(["ok", "stale", "failing", "never"]),
  followedBy: z.string(),
  lastAttempt: z.nullable(z.string()),
  lastSuccess: z.nullable(z.string()),
  stalenessSeconds: z.nullish(z.number()),
  sources: z.number(),
  targets: z.number(),
  lastError: z.string(),
  guard: z.nullable(z.object({ since: z.nullable(z.string()), sources: countOr0, targets: countOr0 })),
});
export type Provider = z.infer<typeof provider>;

export const providersShape = z.object({
  providers: z.array(provider),
  deadLetters: z.nullish(z.number()),
});

const target = z.object({
  job: textOr(""),
  state: z.enum(["active", "dropped", "failed", "duplicate"]),
  provider: textOr(""),
  source: textOr(""),
  cluster: textOr(""),
  discoveredLabels: labels,
  labels: z._default(labels, {}),
  scrapeUrl: textOr(""),
  reason: textOr(""),
});
export type Target = z.infer<typeof target>;
export type TargetState = Target["state"];

export const searchShape = z.object({
  targets: z.array(target),
  counts: z.optional(
    z.object({ active: countOr0, dropped: countOr0, failed: countOr0, duplicate: countOr0 }),
  ),
  cursor: z.nullish(z.string()),
});

/** Places are numbers from 0; by hand for the same reason. */
const places = z.custom<readonly (readonly number[])[]>(
  (value) => Array.isArray(value) && value.every((row) => Array.isArray(row) && row.every(Number.isInteger)),
  "expected rows of places",
);
const strings = z.custom<readonly string[]>(
  (value) => Array.isArray(value) && value.every((one) => typeof one === "string"),
  "expected texts",
);

/** The same targets, each text once (page/pure/compact.ts). */
export const compactShape = z.object({
  strings,
  names: places,
  targets: places,
  cursor: z.nullish(z.string()),
});
export type CompactTargets = Pick<z.infer<typeof compactShape>, "strings" | "names" | "targets">;

const rule = z.record(z.string(), z.unknown());
export const stepsShape = z.object({
  steps: z.array(z.object({ rule, output: labels, keep: z.boolean() })),
});
export type RelabelStep = z.infer<typeof stepsShape>["steps"][number];

const answer = z.object({
  job: z.string(),
  verdict: z.string(),
  reason: z.string(),
  sentence: z.string(),
  steps: z._default(
    z.array(z.object({ step: z.string(), ok: z.nullish(z.boolean()), detail: textOr("") })),
    [],
  ),
  targets: z._default(
    z.array(
      z.object({
        discoveredLabels: z._default(labels, {}),
        labels: z._default(z.nullable(labels), {}),
        reason: textOr(""),
      }),
    ),
    [],
  ),
});
export type ExplainAnswer = z.infer<typeof answer>;
export const explainShape = z.object({ answers: z.array(answer) });

const change = z.object({
  at: z.string(),
  provider: z.string(),
  jobs: z._default(z.array(z.string()), []),
  source: z.string(),
  change: z.enum(["added", "updated", "removed"]),
  targetsBefore: countOr0,
  targetsAfter: countOr0,
  labels: z.nullish(z.unknown()),
  version: z.nullish(z.unknown()),
});
export type Change = z.infer<typeof change>;
export const changesShape = z.object({ changes: z.array(change), cursor: z.nullish(z.string()) });

/** By hand for the same reason: a chart's worth of points for each metric. */
const series = z.custom<Series>(
  (value) => typeof value === "object" && value !== null && Object.values(value).every(isLine),
  "expected lists of times and values",
);
/** Unix seconds and values, by metric, ascending. */
export type Series = Readonly<Record<string, readonly Point[]>>;
export type Point = readonly [number, number];

const isLine = (line: unknown) =>
  Array.isArray(line) && line.every((point) => Array.isArray(point) && point.every(Number.isFinite));

const values = z._default(z.record(z.string(), z.number()), {});
const part = z.object({ name: z.string(), namespace: textOr(""), node: textOr(""), values });
export type Part = z.infer<typeof part>;

const partList = z.object({ kind: z.string(), total: countOr0, items: z.array(part) });
export type PartList = z.infer<typeof partList>;

export const usageShape = z.object({
  state: z.string(),
  clusters: z.array(z.string()),
  cluster: textOr(""),
  resolution: countOr0,
  at: textOr(""),
  node: textOr(""),
  values,
  series: z._default(series, {}),
  parts: z._default(z.array(partList), []),
});
export type Usage = z.infer<typeof usageShape>;
