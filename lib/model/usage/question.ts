import { type Answer, failure } from "../../door/answer.ts";
import type { Entity } from "../question.ts";

/** What `GET /api/v1/usage` is asked for. */
export interface UsageQuestion {
  /** Null: the first that the asker may read. */
  readonly cluster: string | null;
  readonly subject: Subject;
  readonly sort: SortKey;
  /** Of each list of parts. */
  readonly limit: number;
}

/** Those entities that have parts, or are parts of such. */
export type Subject = Extract<Entity, { kind: "cluster" | "node" | "namespace" | "pod" | "podContainer" }>;

export const sortKeys = ["cpu", "memory", "received", "sent", "restarts", "name"] as const;
export type SortKey = (typeof sortKeys)[number];

const parameters = ["cluster", "namespace", "pod", "container", "node", "sort", "limit"];

/** The question in a query, or why it is none: one line that says what is allowed. */
export const usageQuestion = (query: URLSearchParams): UsageQuestion | Answer => {
  const strange = [...query.keys()].find(
    (name) => !parameters.includes(name) || query.getAll(name).length > 1,
  );
  if (strange !== undefined)
    return bad(`the parameter ${strange} is not known or given twice; there are: ${parameters.join(", ")}`);
  const subject = subjectIn(query);
  if (subject === undefined)
    return bad("a pod needs its namespace, a container its pod, and a node stands alone");
  const sort = sortKeys.find((key) => key === (query.get("sort") ?? "cpu"));
  if (sort === undefined) return bad(`sort must be one of ${sortKeys.join(", ")}`);
  const limit = query.get("limit") ?? String(usualLimit);
  if (!/^[1-9]\d{0,3}$/.test(limit) || Number(limit) > mostLimit)
    return bad(`limit must be a whole number from 1 to ${mostLimit}`);
  return { cluster: query.get("cluster"), subject, sort, limit: Number(limit) };
};

export const usualLimit = 100;
export const mostLimit = 1000;

const subjectIn = (query: URLSearchParams): Subject | undefined => {
  const [node, namespace, pod, container] = ["node", "namespace", "pod", "container"].map(
    (name) => query.get(name) ?? "",
  );
  const given = [namespace, pod, container].map((name) => (name ? "x" : "")).join("-");
  if (node) return given === "--" ? { kind: "node", node } : undefined;
  if (given === "--") return { kind: "cluster" };
  if (!namespace) return undefined;
  if (given === "x--") return { kind: "namespace", namespace };
  if (!pod) return undefined;
  return container ? { kind: "podContainer", namespace, pod, container } : { kind: "pod", namespace, pod };
};

const bad = (error: string) => failure(400, "bad_data", error);
