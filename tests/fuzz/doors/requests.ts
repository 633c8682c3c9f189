import assert from "node:assert/strict";
import { balancerMost, createAdapt } from "../../../lib/adapter/adapt.ts";
import { defaultHttpClient } from "../../../lib/config/http-client.ts";
import type { Answer } from "../../../lib/door/answer.ts";
import { createLog } from "../../../lib/log.ts";
import { createServe } from "../../../lib/serve/routes.ts";
import { cycleRecord } from "../../fakes/cycles.ts";
import { startDoor } from "../../functions/door.ts";
import { restRequest } from "../../functions/recorded.ts";
import { world as adapterWorld } from "../../unit/adapter/world.ts";
import { start } from "../../unit/metrics/batches.ts";
import { smallBatch } from "../../unit/model/cluster.ts";
import { modelOf } from "../../unit/model/world.ts";
import { behaviour, type Door, type Scope } from "../door.ts";
import { given, spoilt } from "../handed.ts";

/** What a REST door and a load balancer hand a function as somebody's request (API Gateway's and Elastic Load Balancing's guides), spoilt. */
export const requests: Door = {
  name: "requests",
  runs: 300,
  open: async (scope) => [
    behaviour(
      "is answered to loopback alone, or refused (lists)",
      spoilt(lists),
      await holdServe(scope),
      0.4,
    ),
    behaviour(
      "is answered to loopback alone, or refused (the model)",
      spoilt(models),
      await holdModel(),
      0.3,
    ),
    behaviour("says of nobody who they are without a certificate", spoilt(reviews), holdAdapt(), 0.3),
  ],
};

const lists = ["sd/pods", "api/v1/targets", "api/v1/providers"].map((path) => ({
  ...restRequest(path),
  multiValueQueryStringParameters: { "match[]": ['{a="b"}'], job: ["pods"] },
}));

const models = [
  "api/v1/model/nodes",
  "api/v1/model/metrics/memory-usage",
  "apis/metrics.k8s.io/v1alpha1/pods",
].map((path) => ({
  ...restRequest(path),
  ...{ pathParameters: { rest: "x" }, multiValueQueryStringParameters: { cluster: ["prod-eu"] } },
}));

const host = "adapter.example";
const reviews = [
  "/apis/custom.metrics.k8s.io/v1beta1/namespaces/shop/pods/web/hits",
  "/apis/metrics.k8s.io/v1beta1/nodes",
  "/healthz",
].map((path) => ({
  ...{ requestContext: { elb: { targetGroupArn: "arn" } }, httpMethod: "GET", path },
  multiValueHeaders: {
    ...{ host: [`${host}:443`], accept: ["application/json"], "x-remote-user": ["admin"] },
    ...{ "x-remote-group": ["system:masters", "b"], "x-remote-extra-a": ["c"] },
  },
  multiValueQueryStringParameters: { labelSelector: ["a%3Db"] },
  ...{ body: "", isBase64Encoded: false },
}));

/** Without tokens: an address of this machine, under a name of this machine (promise 8). */
const isLoopback = (event: unknown): boolean => {
  const { headers, requestContext } = Object(event);
  const peer = String(Object(Object(requestContext).identity).sourceIp);
  const named = Object.entries(Object(headers)).findLast(([name]) => name.toLowerCase() === "host");
  return (
    /^(?:::ffff:)?127\.|^::1$/i.test(peer) &&
    /^(?:127\.|\[::1\]|localhost\.?)/i.test(String(named?.[1] ?? ""))
  );
};

const holdAnswer = (event: unknown, answer: Answer | undefined): void => {
  if (answer === undefined) return;
  const { statusCode, body } = answer;
  assert.ok(statusCode >= 200 && statusCode < 500, `${statusCode} ${body}`);
  if (typeof body === "string") assert.doesNotMatch(body, /\bat \S+\.ts:\d|node_modules/);
  if (statusCode < 300) assert.ok(isLoopback(event), `${statusCode} to a stranger`);
};

const holdServe = async (scope: Scope) => {
  const serve = createServe(await startDoor(scope));
  return async (event: unknown) => holdAnswer(event, await given(serve(event)));
};

const holdModel = async () => {
  const records = [cycleRecord({ cluster: "prod-eu", end: start })];
  const model = await modelOf({ batches: [smallBatch()], records });
  return async (event: unknown) => holdAnswer(event, await given(model(event)));
};

const holdAdapt = () => {
  const asking: string[] = [];
  const errors: string[] = [];
  const { parts } = adapterWorld({
    custom: { hits: { web: 1 } },
    objects: { "/nodes": [], "shop/pods": [] },
    authorize: async ({ name, groups }) => {
      asking.push(`${name} of ${groups}`);
      return { allowed: true, reason: "" };
    },
  });
  const { provider, mapper } = parts;
  const access = { kind: "api-server", url: "https://127.0.0.1:9", httpClient: defaultHttpClient } as const;
  const settings = { cluster: "east", host, access, relistInterval: 600_000, maxAge: 600_000 };
  const adapter = { settings, provider, mapper, ended: new AbortController().signal };
  const adapt = createAdapt({
    adapters: async () => [adapter],
    hosted: () => parts,
    most: balancerMost,
    log: createLog({ level: "error", write: (line) => errors.push(line) }),
  });
  return async (event: unknown): Promise<void> => {
    asking.length = 0;
    errors.length = 0;
    const answer = await given(adapt(event));
    assert.deepEqual(errors, []);
    const strangers = asking.filter((user) => user !== "system:anonymous of system:unauthenticated");
    assert.deepEqual(strangers, []);
    if (answer === undefined) return;
    const { statusCode, body, isBase64Encoded } = answer;
    // An object that the cluster does not list is the server's failure upstream, too.
    assert.ok(statusCode < 500 || /unable to list/.test(body), `${statusCode} ${body}`);
    assert.ok(typeof body === "string" && typeof isBase64Encoded === "boolean");
    assert.doesNotMatch(body, /\bat \S+\.ts:\d|node_modules/);
  };
};
