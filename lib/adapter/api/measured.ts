import { reasonOf } from "../../errors.ts";
import { type FoundObject, type ListedResource, NotListed } from "../objects/objects.ts";
import type { NodeUsage, PodUsage, Usage } from "../provider/provider.ts";
import { goDuration } from "./duration.ts";
import { preferredVersion, resourceGroup } from "./groups.ts";
import { labelSelectorIn } from "./parameters.ts";
import type { AnswerParts } from "./parts.ts";
import type { Asked } from "./path.ts";
import { badRequest, internalError, objectNotFound } from "./status.ts";
import { quantityOf, thousandthsOf, timeOf } from "./value.ts";

/** A `PodMetrics` or a `NodeMetrics`; the part that both have. */
export interface Measured {
  readonly metadata: {
    readonly name: string;
    readonly namespace?: string;
    readonly creationTimestamp: string;
    readonly labels?: Readonly<Record<string, string>>;
  };
  readonly timestamp: string;
  /** As Go writes a duration. */
  readonly window: string;
}

export interface MeasuredPod extends Measured {
  readonly containers: readonly { readonly name: string; readonly usage: Quantities }[];
}

export interface MeasuredNode extends Measured {
  readonly usage: Quantities;
}

export interface Quantities {
  readonly cpu: string;
  readonly memory: string;
}

const apiVersion = `${resourceGroup}/${preferredVersion}`;

/** What is measured of the pods or nodes that were asked for, and what a table of it sums up. */
export interface MeasuredAnswer {
  readonly document: object;
  readonly rows: readonly { readonly object: Measured; readonly total: Thousandths }[];
}

export interface Thousandths {
  readonly cpu: bigint;
  readonly memory: bigint;
}

/** `PodMetricsList`, or `PodMetrics` of a name (spec B8). Only running pods are there. Throws ApiStatus. */
export const measuredPods = async (
  { namespace, name }: Extract<Asked, { of: "pods" }>,
  query: URLSearchParams,
  parts: AnswerParts,
): Promise<MeasuredAnswer> => {
  const fields = ["status.phase=Running", ...(name === undefined ? [] : [`metadata.name=${escaped(name)}`])];
  const pods = await listed(
    { ...core, resource: "pods" },
    { namespace, fields, query: name === undefined ? query : unasked },
    parts,
  );
  if (name !== undefined && pods.length === 0) throw objectNotFound("pods", name);
  const usages = pods.length === 0 ? [] : await parts.provider.pods(pods, parts.signal);
  const byKey = new Map(usages.map((usage) => [keyOf(usage), usage]));
  const created = timeOf(parts.clock() / 1000);
  const rows = pods.toSorted(byName).flatMap((pod) => {
    const usage = byKey.get(keyOf(pod));
    return usage === undefined
      ? []
      : [{ object: podOf(pod, usage, created), total: totalOf(usage.containers) }];
  });
  if (name === undefined) return { document: listOf("PodMetricsList", rows), rows };
  const [own] = rows;
  if (own === undefined) throw objectNotFound(`podmetrics.${resourceGroup}`, `${namespace}/${name}`);
  return { document: { kind: "PodMetrics", apiVersion, ...own.object }, rows };
};

/** `NodeMetricsList`, or `NodeMetrics` of a name (spec B8). Throws ApiStatus. */
export const measuredNodes = async (
  { name }: Extract<Asked, { of: "nodes" }>,
  query: URLSearchParams,
  parts: AnswerParts,
): Promise<MeasuredAnswer> => {
  const fields = name === undefined ? [] : [`metadata.name=${escaped(name)}`];
  const nodes = await listed(
    { ...core, resource: "nodes" },
    { namespace: undefined, fields, query: name === undefined ? query : unasked },
    parts,
  );
  if (name !== undefined && nodes.length === 0) throw objectNotFound("node", name);
  const names = nodes.map((node) => node.name);
  const usages = nodes.length === 0 ? [] : await parts.provider.nodes(names, parts.signal);
  const byNode = new Map(usages.map((usage) => [usage.name, usage]));
  const created = timeOf(parts.clock() / 1000);
  const rows = nodes.toSorted(byName).flatMap((node) => {
    const usage = byNode.get(node.name);
    return usage === undefined
      ? []
      : [{ object: nodeOf(node, usage, created), total: totalOf([usage.usage]) }];
  });
  if (name === undefined) return { document: listOf("NodeMetricsList", rows), rows };
  const [own] = rows;
  if (own === undefined) throw objectNotFound(`nodemetrics.${resourceGroup}`, name);
  return { document: { kind: "NodeMetrics", apiVersion, ...own.object }, rows };
};

const core = { group: "", version: "v1" };
/** Selectors are for lists: who asks for one by its name gets it (upstream's Get takes none). */
const unasked = new URLSearchParams();

/** In a field selector (apimachinery `fields.EscapeValue`). */
const escaped = (value: string) => value.replace(/[\\,=]/g, "\\$&");

interface Listing {
  readonly namespace: string | undefined;
  readonly fields: readonly string[];
  readonly query: URLSearchParams;
}

const listed = async (
  resource: ListedResource,
  { namespace, fields, query }: Listing,
  { objects, log, signal }: AnswerParts,
): Promise<readonly FoundObject[]> => {
  labelSelectorIn(query);
  const label = query.get("labelSelector") ?? "";
  const field = [...fields, query.get("fieldSelector") ?? ""].filter((one) => one !== "").join(",");
  try {
    return await objects.list(resource, { namespace, label, field }, signal);
  } catch (error) {
    if (!(error instanceof NotListed)) throw error;
    if (error.badSelector !== undefined) throw badRequest(error.badSelector);
    log.error("objects cannot be listed", { resource: resource.resource, reason: reasonOf(error) });
    throw internalError(`unable to list ${resource.resource}`);
  }
};

interface Named {
  readonly namespace: string;
  readonly name: string;
}

const keyOf = ({ namespace, name }: Named) => `${namespace}/${name}`;
const byName = (a: Named, b: Named) => compare(a.namespace, b.namespace) || compare(a.name, b.name);
const compare = (a: string, b: string) => (a < b ? -1 : Number(a > b));

const listOf = (kind: string, rows: MeasuredAnswer["rows"]) => ({
  kind,
  apiVersion,
  metadata: {},
  items: rows.map(({ object }) => object),
});

const podOf = (pod: FoundObject, usage: PodUsage, created: string): MeasuredPod => ({
  ...measuredOf(pod, usage, created),
  containers: usage.containers.map(({ name, ...own }) => ({ name, usage: quantitiesOf(own) })),
});

const nodeOf = (node: FoundObject, usage: NodeUsage, created: string): MeasuredNode => ({
  ...measuredOf(node, usage, created),
  usage: quantitiesOf(usage.usage),
});

const measuredOf = (
  { namespace, name, labels }: FoundObject,
  { at, window }: PodUsage | NodeUsage,
  creationTimestamp: string,
): Measured => ({
  metadata: {
    name,
    ...(namespace !== "" && { namespace }),
    creationTimestamp,
    ...(Object.keys(labels).length > 0 && { labels }),
  },
  timestamp: timeOf(at),
  window: goDuration(window),
});

const quantitiesOf = ({ cpu, memory }: Usage): Quantities => ({
  cpu: quantityOf(cpu),
  memory: quantityOf(memory, "binary"),
});

/** Of what is shown: each is cut before it is added. */
const totalOf = (usages: readonly Usage[]): Thousandths => ({
  cpu: usages.reduce((sum, { cpu }) => sum + thousandthsOf(cpu), 0n),
  memory: usages.reduce((sum, { memory }) => sum + thousandthsOf(memory), 0n),
});
