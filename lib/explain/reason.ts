/** Every reason that an answer can give. docs/explain.md says what each means and what to do; a test holds the two together. */
export const reasons = [
  "served",
  "served_stale",
  "served_guarded",
  "dropped",
  "invalid_target",
  "other_shard",
  "list_withheld",
  "removed",
  "not_selected",
  "maybe_not_selected",
  "not_in_endpoints",
  "no_targets",
  "never_seen",
  "not_looked_yet",
  "unreachable",
  "unauthorized",
  "forbidden",
  "provider_failing",
  "stale",
  "namespace_not_covered",
  "role_mismatch",
  "no_discovery",
] as const;
export type Reason = (typeof reasons)[number];

/** In the order of the road; a step is not reached behind one that failed. */
export const stepNames = [
  "reachable",
  "allowed",
  "listed",
  "built",
  "relabelled",
  "guarded",
  "sharded",
  "served",
] as const;
export type StepName = (typeof stepNames)[number];

export interface Step {
  readonly step: StepName;
  /** Null: cannot be known, or was not reached. */
  readonly ok: boolean | null;
  readonly detail: string;
}

/** All steps; what nothing is said of was not reached. */
export const road = (known: Partial<Record<StepName, Omit<Step, "step">>>): Step[] =>
  stepNames.map((step) => ({ step, ...(known[step] ?? { ok: null, detail: "" }) }));

export const fine = (detail = "") => ({ ok: true, detail });
export const wrong = (detail: string) => ({ ok: false, detail });
export const unknown = (detail: string) => ({ ok: null, detail });
