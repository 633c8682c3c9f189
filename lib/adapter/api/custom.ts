import { reasonOf } from "../../errors.ts";
import type { Mapper, Resource } from "../mapper/mapper.ts";
import { NotListed } from "../objects/objects.ts";
import { SourceFailure } from "../provider/provider.ts";
import { Unbuildable, UnknownMetric } from "../registry/registry.ts";
import type { Requirement } from "../selector.ts";
import { customGroup } from "./groups.ts";
import { checkNameField, labelSelectorIn, metricSelectorIn, structuredSelector } from "./parameters.ts";
import type { AnswerParts } from "./parts.ts";
import type { Asked, CustomPath } from "./path.ts";
import { badRequest, internalError, metricNotFound, valueNotFound } from "./status.ts";
import { quantityOf, timeOf } from "./value.ts";

type Question = Extract<Asked, { of: "custom" }>;

/** A `MetricValueList` (spec B6, B9), of one object by its name, or of all that a selector finds. Throws ApiStatus. */
export const customValues = async (
  asked: Question,
  query: URLSearchParams,
  parts: AnswerParts,
): Promise<object> => {
  labelSelectorIn(query);
  checkNameField(query, asked.name);
  const isList = asked.name === "*";
  const mapped = await mappedResource(asked, isList, parts);
  const names = isList ? await namesOf(mapped, asked, { query, parts }) : [asked.name];
  if (names.length === 0) throw metricNotFound(asked.metric, asked.resource);
  const selector = metricSelectorIn(query);
  const values = await valuesOf({ mapped, names, selector }, asked, parts);
  const [only = ""] = names;
  if (!isList && !values.has(only)) throw valueNotFound(asked.metric, asked.resource, only);
  const timestamp = timeOf(parts.clock() / 1000);
  const shape = { asked, mapped, selector, timestamp };
  return {
    kind: "MetricValueList",
    apiVersion: `${customGroup}/${asked.version}`,
    metadata: {},
    items: names.flatMap((name) => {
      const value = values.get(name);
      return value === undefined ? [] : [itemOf({ name, value }, shape)];
    }),
  };
};

/** The first dot ends the plural; of a group there may be a beginning only. */
const writtenResource = ({ resource }: CustomPath): [string, string | undefined] => {
  const dot = resource.indexOf(".");
  return dot < 0 ? [resource, undefined] : [resource.slice(0, dot), resource.slice(dot + 1)];
};

const mappedResource = async (asked: Question, isList: boolean, { mapper, log }: AnswerParts) => {
  const refusal = internalError(isList ? cannotList : cannotFetch);
  const known: Mapper = await mapper().catch((error) => {
    log.error("the cluster's resources are not known", { reason: reasonOf(error) });
    throw refusal;
  });
  const mapped = known.resourceFor(...writtenResource(asked));
  // Objects are listed first, which fails for what nobody knows.
  if (mapped === undefined) throw isList ? refusal : metricNotFound(asked.metric, asked.resource);
  return mapped;
};

const cannotList = "unable to list matching resources";
export const cannotFetch = "unable to fetch metrics";

interface Asking {
  readonly query: URLSearchParams;
  readonly parts: AnswerParts;
}

const namesOf = async (mapped: Resource, { namespace }: Question, { query, parts }: Asking) => {
  const label = query.get("labelSelector") ?? "";
  try {
    const objects = await parts.objects.list(mapped, { namespace, label, field: "" }, parts.signal);
    return objects.map(({ name }) => name);
  } catch (error) {
    if (!(error instanceof NotListed)) throw error;
    if (error.badSelector !== undefined) throw badRequest(error.badSelector);
    parts.log.error(cannotList, { reason: reasonOf(error) });
    throw internalError(cannotList);
  }
};

interface Wanted {
  readonly mapped: Resource;
  readonly names: readonly string[];
  readonly selector: readonly Requirement[];
}

const valuesOf = async (
  { mapped, names, selector }: Wanted,
  { namespace, metric, resource }: Question,
  { provider, log, signal }: AnswerParts,
) => {
  const { group, resource: plural } = mapped;
  const namespaced = namespace !== undefined;
  try {
    const question = { group, resource: plural, namespaced, metric, namespace, names, selector };
    return await provider.custom(question, signal);
  } catch (error) {
    if (error instanceof UnknownMetric || error instanceof Unbuildable) {
      log.debug("a metric was not found", { metric, resource, reason: error.message });
      throw metricNotFound(metric, resource);
    }
    if (!(error instanceof SourceFailure)) throw error;
    log.error(cannotFetch, { metric, reason: reasonOf(error) });
    throw internalError(cannotFetch);
  }
};

interface Shape {
  readonly asked: Question;
  readonly mapped: Resource;
  readonly selector: readonly Requirement[];
  readonly timestamp: string;
}

/** Of core objects the version reads `/v1`, as upstream has it. */
const itemOf = (
  { name, value }: { name: string; value: number },
  { asked, mapped, selector, timestamp }: Shape,
) => {
  const { namespace, metric, version } = asked;
  const described = {
    kind: mapped.kind,
    ...(namespace !== undefined && { namespace }),
    name,
    apiVersion: `${mapped.group}/${mapped.version}`,
  };
  const written = structuredSelector(selector);
  return version === "v1beta1"
    ? {
        describedObject: described,
        metricName: metric,
        timestamp,
        value: quantityOf(value),
        selector: written,
      }
    : {
        describedObject: described,
        metric: { name: metric, selector: written },
        timestamp,
        value: quantityOf(value),
      };
};
