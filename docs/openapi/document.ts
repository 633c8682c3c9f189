import * as z from "zod";
import { failure } from "./answers.ts";
import { modelOperations, sharedAnswers, sharedParameters } from "./model.ts";
import { aggregateResult, metricResult, resourceList } from "./modelanswers.ts";
import type { Content, Described, Operation } from "./operation.ts";
import type { Parameter } from "./parameters.ts";
import { operations } from "./routes.ts";
import { usageOperations } from "./usage.ts";

/** Schemas that many answers share, by their names. */
const shared = {
  Failure: failure,
  MetricResult: metricResult,
  AggregateResult: aggregateResult,
  ResourceMetrics: resourceList,
};

/** The OpenAPI 3.1 document of the door, every route of design §3.4, of Heapster's API, and ours beside it. */
export const openApiDocument = () => ({
  openapi: "3.1.1",
  info: {
    title: "Rollcall",
    version: "1",
    description:
      "Target lists for scrapers, and what there is to know about them. Routes under /api/v1 are stable within a major version; " +
      "new members may come. An address that is none of these is 404, another method 403. Cluster metrics answer as Heapster did, errors as plain text.",
    license: { name: "Apache-2.0", identifier: "Apache-2.0" },
  },
  servers: [{ url: "/", description: "in the cloud, behind the stage" }],
  security: [{ bearer: [] }, { basic: [] }],
  components: {
    schemas: mapped(shared, jsonSchema),
    responses: mapped(sharedAnswers, responseOf),
    parameters: mapped(sharedParameters, parameterOf),
    securitySchemes: {
      bearer: { type: "http", scheme: "bearer" },
      basic: { type: "http", scheme: "basic", description: "the token's name and the token" },
    },
  },
  paths: Object.fromEntries(
    [...Map.groupBy([...operations, ...modelOperations, ...usageOperations], ({ path }) => path)].map(
      ([path, own]) => [
        path,
        Object.fromEntries(own.map((operation) => [operation.method, operationOf(operation)])),
      ],
    ),
  ),
});

const operationOf = ({ method, path, summary, parameters, answers, isOpen = false }: Operation) => ({
  operationId: `${method}${path.replace(/[^A-Za-z0-9]+(\w?)/g, (_, letter: string) => letter.toUpperCase()) || "Root"}`,
  summary,
  ...(isOpen && { security: [] }),
  ...(parameters.length > 0 && {
    parameters: parameters.map((one) => placed("parameters", sharedParameters, one) ?? parameterOf(one)),
  }),
  responses: Object.fromEntries(
    Object.entries(answers).map(([status, described]) => [
      status,
      placed("responses", sharedAnswers, described) ?? responseOf(described),
    ]),
  ),
});

const parameterOf = (parameter: Parameter) => ({
  ...parameter,
  ...(parameter.schema.type === "array" && { style: "form", explode: true }),
});

const responseOf = ({ text, content }: Described) => ({
  description: text,
  ...(content && {
    content: Object.fromEntries(
      Object.entries(content).map(([type, one]) => [type, one === null ? {} : { schema: schemaOf(one) }]),
    ),
  }),
});

const schemaOf = (content: Content) => {
  if ("data" in content) return jsonSchema(z.object({ status: z.literal("success"), data: content.data }));
  return placed("schemas", shared, content.whole) ?? jsonSchema(content.whole);
};

/** Open: an answer may get members that this document does not know yet. */
const jsonSchema = (schema: z.ZodType) => {
  const { $schema: _, ...rest } = z.toJSONSchema(schema, { io: "input", unrepresentable: "any" });
  return rest;
};

const mapped = <T, U>(all: Readonly<Record<string, T>>, to: (one: T) => U): Record<string, U> =>
  Object.fromEntries(Object.entries(all).map(([name, one]) => [name, to(one)]));

/** Where it stands among the components; undefined if it does not. */
const placed = <T>(part: string, components: Readonly<Record<string, T>>, one: T) => {
  const name = Object.entries(components).find(([, held]) => held === one)?.[0];
  return name === undefined ? undefined : { $ref: `#/components/${part}/${name}` };
};
