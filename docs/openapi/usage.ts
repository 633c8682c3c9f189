import * as z from "zod";
import { mostLimit, sortKeys, usualLimit } from "../../lib/model/usage/question.ts";
import { failure } from "./answers.ts";
import { json, type Operation, whole } from "./operation.ts";
import * as ask from "./parameters.ts";

const refused = (text: string) => whole(text, failure);

const values = z.record(z.string(), z.number()).describe("the newest, by Heapster's names of metrics");

const used = z.object({
  state: z
    .enum(["ready", "waiting", "off", "not kept", "no cluster"])
    .describe(
      "why there is nothing: no batch yet, no metrics in the settings, no metric sink, no cluster to read",
    ),
  clusters: z.array(z.string()).describe("those that the asker may read"),
  cluster: z.string().optional(),
  resolution: z.number().optional().describe("seconds between batches"),
  at: z.string().meta({ format: "date-time" }).optional().describe("the end of the newest batch"),
  node: z.string().optional().describe("where a pod or container runs"),
  values: values.optional(),
  series: z
    .record(z.string(), z.array(z.tuple([z.number(), z.number()])))
    .describe("by metric, as far back as the model store goes: Unix seconds and values"),
  parts: z.array(
    z.object({
      kind: z.enum(["namespace", "node", "pod", "container", "system"]),
      total: z.int().min(0).describe("how many there are; items are the first by sort"),
      items: z.array(
        z.object({ name: z.string(), namespace: z.string().optional(), node: z.string().optional(), values }),
      ),
    }),
  ),
});

/** What `model` answers beyond Heapster's API. */
export const usageOperations: readonly Operation[] = [
  {
    method: "get",
    path: "/api/v1/usage",
    summary: "what a cluster or a part of it uses, and what it consists of",
    parameters: [
      ...[
        ask.metricsOf,
        ...ask.usedBy,
        ask.sort(sortKeys),
        ask.limit(usualLimit, mostLimit),
        ask.ifNoneMatch,
      ],
    ],
    answers: {
      200: json("what it uses", used),
      304: { text: "the reader has it already (If-None-Match)" },
      400: refused("a parameter is unknown, repeated or wrong, or they do not go together"),
      401: refused("no valid token; with a challenge for a browser"),
      403: refused("without tokens: not for this client"),
      404: refused("no such cluster, or not in its newest batch"),
      503: refused("no configuration has been accepted yet"),
    },
  },
];
