import fc from "fast-check";
import { createPrometheus } from "../../../lib/adapter/prometheus/client.ts";
import { createTransport } from "../../../lib/http/client.ts";
import { answers } from "../answers.ts";
import type { Door } from "../door.ts";
import { withPassword } from "../line.ts";

const series = [{ __name__: "up", job: "a", instance: "127.0.0.1:1" }, { job: "b" }];
const metric = { __name__: "up", pod: "web" };
const data = [
  {
    resultType: "vector",
    result: [
      { metric, value: [1_790_000_000.5, "1.5"] },
      { metric, value: [1, "NaN"] },
    ],
  },
  {
    resultType: "matrix",
    result: [
      {
        metric,
        values: [
          [1, "1"],
          [2, "+Inf"],
        ],
      },
    ],
  },
  { resultType: "scalar", result: [1, "5e-324"] },
  { resultType: "vector", result: [] },
];

type Sample = { readonly ask: "series" | "query"; readonly verb: "GET" | "POST"; readonly data: unknown };
const verb = fc.constantFrom("GET" as const, "POST" as const);
const samples: fc.Arbitrary<Sample> = fc.oneof(
  fc.record({ ask: fc.constant("series" as const), verb, data: fc.constant(series) }),
  fc.record({ ask: fc.constant("query" as const), verb, data: fc.constantFrom(...data) }),
);

/** The Prometheus of an adapter: series and instant queries (spec B3). */
export const prometheus: Door = {
  name: "prometheus",
  runs: 30,
  open: async (scope) => [
    await answers(scope, {
      samples,
      soundly: (sample) => ({ document: { status: "success", data: sample.data, warnings: ["slow"] } }),
      ask: async (server, { ask, verb }, timeoutMilliseconds) => {
        const transport = createTransport({ ...withPassword, followRedirects: false });
        const mostBytes = 16 * 2 ** 20;
        const client = createPrometheus(
          { url: `${server}prefix`, verb },
          { transport, timeoutMilliseconds, mostBytes },
        );
        try {
          return await (ask === "series" ? client.series('{a="b"}', 1) : client.query("up", 1));
        } finally {
          transport.close();
        }
      },
    }),
  ],
};
