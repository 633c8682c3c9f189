import { admit, isRefusal } from "../../door/admit.ts";
import { type Answer, failure, success, tagged } from "../../door/answer.ts";
import { hasAlready, present } from "../../door/present.ts";
import type { Request } from "../../door/request.ts";
import type { DataBatch, MetricSet } from "../../metrics/batch.ts";
import { entityTypes, label } from "../../metrics/labels.ts";
import type { Current } from "../../metrics/settings.ts";
import type { MetricStore } from "../../metrics/store/store.ts";
import { readableCollections } from "../clusters.ts";
import { keyOf } from "../question.ts";
import { nodeOf, partsOf, type Values, valuesOf } from "./parts.ts";
import { type Subject, type UsageQuestion, usageQuestion } from "./question.ts";
import { seriesOf } from "./series.ts";

export interface UsageParts {
  readonly current: () => Promise<Current | undefined>;
  readonly store: MetricStore;
  /** Unix milliseconds. */
  readonly clock: () => number;
}

export const usagePath = "api/v1/usage";

/**
 * `GET /api/v1/usage`: what a cluster or a part of it uses, over time and by what it consists of, in one answer. Ours: Heapster's API
 * tells one metric of one entity at a time, and nowhere which pods a node has.
 */
export const usage = async (request: Request, parts: UsageParts): Promise<Answer> => {
  const current = await parts.current();
  const access = admit(request, { tokens: current?.settings.tokens ?? [], now: parts.clock() });
  if (isRefusal(access)) return access;
  if (current === undefined) return failure(503, "unavailable", "no configuration has been accepted yet");
  const question = usageQuestion(request.query);
  if ("statusCode" in question) return question;
  const { metrics } = current.settings;
  if (metrics === undefined) return without("off", []);
  const clusters = readableCollections(current, access).map(({ cluster }) => cluster);
  if (!metrics.sinks.some(({ kind }) => kind === "metric")) return without("not kept", clusters);
  const { cluster = clusters[0] ?? null } = { cluster: question.cluster ?? undefined };
  if (cluster === null) return without("no cluster", []);
  if (!clusters.includes(cluster))
    return failure(
      404,
      "not_found",
      `no metrics of a cluster ${JSON.stringify(cluster)}; there are: ${clusters.join(", ") || "none"}`,
    );
  const batch = await parts.store.latest(cluster);
  if (batch === undefined)
    return without("waiting", clusters, { cluster, resolution: metrics.resolution / 1000 });
  return answerFrom(batch, {
    request,
    question,
    clusters,
    resolution: metrics.resolution / 1000,
    store: parts.store,
  });
};

/** Why there is nothing to tell. */
type State = "off" | "not kept" | "no cluster" | "waiting";

const without = (state: State, clusters: readonly string[], more: object = {}): Answer =>
  success({ state, clusters, ...more, series: {}, parts: [] });

interface Asked {
  readonly request: Request;
  readonly question: UsageQuestion;
  readonly clusters: readonly string[];
  /** Seconds. */
  readonly resolution: number;
  readonly store: MetricStore;
}

const answerFrom = async (batch: DataBatch, asked: Asked): Promise<Answer> => {
  const { request, question, clusters, resolution, store } = asked;
  const { cluster, timestamp } = batch;
  const key = keyOf(question.subject);
  const set = key === undefined ? undefined : batch.sets.get(key);
  if (key === undefined || set === undefined)
    return failure(
      404,
      "not_found",
      `${wordsFor(question.subject)} is not in the newest metrics of ${cluster}`,
    );
  // A batch never changes, so its time stands for all that is told of it.
  const tag = `usage-${timestamp}-${clusters.length}`;
  if (hasAlready(request, `W/"${tag}"`)) return present(request, tagged(success(null), tag));
  const data = {
    state: "ready",
    clusters,
    cluster,
    resolution,
    at: new Date(timestamp).toISOString(),
    ...(question.subject.kind.startsWith("pod") && { node: nodeOf(set.labels) }),
    values: question.subject.kind === "cluster" ? clusterValues(batch, set) : valuesOf(set),
    series: await seriesOf(store, cluster, key),
    parts: partsOf(batch, question.subject, question),
  };
  return present(request, tagged(success(data), tag));
};

/** A cluster has what its nodes have. */
const clusterValues = ({ sets }: DataBatch, set: MetricSet): Values => {
  const nodes = [...sets.values()].filter(({ labels }) => labels[label.type] === entityTypes.node);
  const sum = (name: string) =>
    nodes.reduce((total, { values }) => total + Number(values.get(name)?.value ?? 0), 0);
  const allocatable = ["cpu/node_allocatable", "memory/node_allocatable"];
  return { ...valuesOf(set), ...Object.fromEntries(allocatable.map((name) => [name, sum(name)])) };
};

const wordsFor = (subject: Subject): string => {
  switch (subject.kind) {
    case "cluster":
      return "the cluster";
    case "node":
      return `node ${subject.node}`;
    case "namespace":
      return `namespace ${subject.namespace}`;
    case "pod":
      return `pod ${subject.namespace}/${subject.pod}`;
    case "podContainer":
      return `container ${subject.container} of pod ${subject.namespace}/${subject.pod}`;
  }
};
