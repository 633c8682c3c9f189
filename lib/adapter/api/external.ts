import { reasonOf } from "../../errors.ts";
import { SourceFailure } from "../provider/provider.ts";
import { Unbuildable, UnknownMetric } from "../registry/registry.ts";
import { externalGroup, preferredVersion } from "./groups.ts";
import { labelSelectorIn } from "./parameters.ts";
import type { AnswerParts } from "./parts.ts";
import type { Asked } from "./path.ts";
import { internalError, metricNotFound } from "./status.ts";
import { quantityOf, timeOf } from "./value.ts";

type Question = Extract<Asked, { of: "external" }>;

/** An `ExternalMetricValueList` (spec B7, B9): here `labelSelector` is the metric's. Throws ApiStatus. */
export const externalValues = async (
  { namespace, metric }: Question,
  query: URLSearchParams,
  { provider, log, signal }: AnswerParts,
): Promise<object> => {
  const selector = labelSelectorIn(query);
  try {
    const values = await provider.external({ metric, namespace, selector }, signal);
    return {
      kind: "ExternalMetricValueList",
      apiVersion: `${externalGroup}/${preferredVersion}`,
      metadata: {},
      items: values.map(({ labels, at, value }) => ({
        metricName: metric,
        metricLabels: labels,
        timestamp: timeOf(at),
        value: quantityOf(value),
      })),
    };
  } catch (error) {
    // Upstream's words: it asks whether the object is that of a certain namespace.
    if (error instanceof UnknownMetric)
      throw metricNotFound(metric, namespace === "default" ? "namespaces" : "");
    if (!(error instanceof SourceFailure || error instanceof Unbuildable)) throw error;
    log.error("unable to fetch metrics", { metric, reason: reasonOf(error) });
    throw internalError("unable to fetch metrics");
  }
};
