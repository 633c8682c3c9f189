import assert from "node:assert/strict";
import { readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { compilePattern } from "../../../../local/bus/pattern.ts";
import { printTemplate } from "../../../../local/template/print.ts";
import { environmentOf, readTemplate } from "../../../../local/template/template.ts";
import { temporaryFolder } from "../temporary.ts";
import { changed, endpoint, ofFunction, real, root, to } from "./printed.ts";

test("template: the real one names every function with what it needs", () => {
  const names = real.functions.map(({ name, handler }) => [name, handler]);
  assert.deepEqual(names, [
    ["tick", "functions/tick.handler"],
    ["discover", "functions/discover.handler"],
    ["relay", "functions/relay.handler"],
    ["reduce", "functions/reduce.handler"],
    ["serve", "functions/serve.handler"],
    ["collect", "functions/collect.handler"],
    ["relist", "functions/relist.handler"],
    ["model", "functions/model.handler"],
    ["adapt", "functions/adapt.handler"],
  ]);
  const discover = real.functions.find(({ name }) => name === "discover");
  assert.equal(discover?.timeout, 300_000);
  assert.equal(discover?.maximumAttempts, 0);
  assert.equal(discover?.maximumAge, 60_000);
  const relay = real.functions.find(({ name }) => name === "relay");
  assert.deepEqual([relay?.timeout, relay?.maximumAttempts, relay?.maximumAge], [900_000, 0, 60_000]);
  assert.deepEqual(
    real.functions.map(({ streamed }) => streamed),
    [false, false, false, false, true, false, false, true, false],
  );
});

test("template: what functions do with an order in vain lies in a queue", () => {
  const queue = real.queues.find(({ name }) => name === "rollcall-dev-FailedOrders");
  assert.ok(queue);
  assert.deepEqual(
    real.functions.map(({ name, onFailureArn }) => [name, onFailureArn]),
    [
      ["tick", queue.arn],
      ["discover", queue.arn],
      ["relay", queue.arn],
      ["reduce", undefined],
      ["serve", undefined],
      ["collect", queue.arn],
      ["relist", queue.arn],
      ["model", undefined],
      ["adapt", undefined],
    ],
  );
});

test("template: the environment has local names and URLs", () => {
  const environment = environmentOf(real.functions);
  assert.equal(environment.TABLE_NAME, "rollcall-dev-Table");
  assert.equal(environment.BUS_NAME, "rollcall-dev");
  assert.equal(environment.DEAD_LETTER_URL, `${endpoint}/000000000000/rollcall-dev-DeadLetters`);
});

test("template: a due discovery goes to discover, a due relay to relay, a changed group to the queue of reduce", () => {
  const targetsOf = (detailType: string) =>
    real.rules
      .filter(({ pattern }) =>
        compilePattern(pattern)({ source: "rollcall.discovery", "detail-type": detailType }),
      )
      .flatMap(({ targets }) => targets);
  const [toDiscover, ...others] = targetsOf("Discovery Due");
  assert.deepEqual(others, []);
  assert.match(toDiscover?.arn ?? "", /:function:rollcall-dev-discover$/);
  assert.equal(toDiscover?.maximumAge, 60_000);
  assert.equal(toDiscover?.maximumAttempts, 0);
  const [toRelay, ...more] = targetsOf("Relay Due");
  assert.deepEqual(more, []);
  assert.match(toRelay?.arn ?? "", /:function:rollcall-dev-relay$/);
  assert.match(toRelay?.deadLetterArn ?? "", /:rollcall-dev-FailedOrders$/);
  const [toQueue] = targetsOf("Target Group Changed");
  assert.match(toQueue?.arn ?? "", /:rollcall-dev-Changes$/);
  assert.match(toQueue?.deadLetterArn ?? "", /:rollcall-dev-DeadLetters$/);
  assert.equal(real.sources[0]?.queueArn, toQueue?.arn);
  assert.equal(real.sources[0]?.partialFailures, true);
});

test("template: queues, table, schedule and routes are those of the files", () => {
  const changes = real.queues.find(({ name }) => name === "rollcall-dev-Changes");
  assert.equal(changes?.visibility, 180_000);
  assert.equal(changes?.redrive?.maxReceiveCount, 5);
  assert.equal(changes?.url, `${endpoint}/000000000000/rollcall-dev-Changes`);
  assert.deepEqual(
    real.tables.map(({ name }) => name),
    ["rollcall-dev-Table"],
  );
  assert.equal(real.tables[0]?.properties.LocalSecondaryIndexes?.[0]?.IndexName, "moved");
  assert.deepEqual(real.schedules, [
    { function: "tick", every: 60_000, input: { schedule: "tick" } },
    { function: "collect", every: 60_000, input: { schedule: "collect" } },
    { function: "relist", every: 60_000, input: { schedule: "relist" } },
  ]);
  assert.deepEqual(
    real.routes.map(({ method, path }) => `${method} ${path}`),
    [
      "POST -/reload",
      "POST api/v1/rebuild",
      "POST api/v1/providers/{mechanism}/{id}/guard/release",
      "GET /",
      "GET {path+}",
      "GET api/v1/model/{rest+}",
      "GET api/v1/historical/{rest+}",
      "GET api/v1/metric-export",
      "GET api/v1/metric-export-schema",
      "GET api/v1/usage",
      "GET apis/metrics.k8s.io/v1alpha1/{rest+}",
      "GET healthz",
      "GET healthz/healthz",
    ],
  );
});

test("template: what has no local meaning is told", () => {
  assert.ok(real.ignored.includes("TickRole (AWS::IAM::Role)"));
  assert.ok(real.ignored.includes("QueuesFromBus (AWS::SQS::QueuePolicy)"));
});

test("template: printing is done once for the same files", async (context) => {
  const cache = temporaryFolder(context);
  const first = await printTemplate(root, cache);
  const [kept = ""] = readdirSync(cache);
  writeFileSync(join(cache, kept), JSON.stringify({ ...first, service: "kept" }));
  assert.equal((await printTemplate(root, cache)).service, "kept");
  writeFileSync(join(cache, kept), "cut sho");
  assert.deepEqual(await printTemplate(root, cache), first);
});

test("template: references within text and within lists are resolved", () => {
  const copy = changed((one) => {
    ofFunction(one, "tick").environment.A = {
      "Fn::Sub": `${to("AWS::Region")}/${to("Table.Arn")}/${to("!literal")}`,
    };
    ofFunction(one, "tick").environment.B = { "Fn::Join": ["-", [{ Ref: "Bus" }, "x"]] };
    ofFunction(one, "tick").environment.C = {
      "Fn::Sub": [to("Own"), { Own: { "Fn::GetAtt": ["ReduceLambdaFunction", "Arn"] } }],
    };
  });
  const tick = readTemplate(copy, endpoint).functions[0];
  assert.equal(
    tick?.environment.A,
    `eu-central-1/arn:aws:dynamodb:eu-central-1:000000000000:table/rollcall-dev-Table/${to("literal")}`,
  );
  assert.equal(tick?.environment.B, "rollcall-dev-x");
  assert.equal(tick?.environment.C, "arn:aws:lambda:eu-central-1:000000000000:function:rollcall-dev-reduce");
});

test("template: a condition chooses a value, and no value leaves the key out", () => {
  const copy = changed((one) => {
    Object.assign(one.resources.Conditions, {
      Yes: { "Fn::Equals": [{ Ref: "AWS::Region" }, "eu-central-1"] },
      No: { "Fn::Not": [{ Condition: "Yes" }] },
      Both: { "Fn::And": [{ Condition: "Yes" }, { Condition: "No" }] },
      Either: { "Fn::Or": [{ Condition: "Yes" }, { Condition: "No" }] },
    });
    const choose = (name: string) => ({ "Fn::If": [name, name, { Ref: "AWS::NoValue" }] });
    for (const name of ["Yes", "No", "Both", "Either"]) {
      ofFunction(one, "tick").environment[name] = choose(name);
    }
  });
  const { environment } = readTemplate(copy, endpoint).functions[0] ?? {};
  assert.partialDeepStrictEqual(environment, { Yes: "Yes", Either: "Either" });
  assert.deepEqual(
    ["No", "Both"].filter((name) => name in (environment ?? {})),
    [],
  );
});

test("template: two functions that want different values under one name are refused", () => {
  const copy = changed((one) => {
    ofFunction(one, "tick").environment.MODE = "a";
    ofFunction(one, "serve").environment.MODE = "b";
  });
  assert.throws(() => environmentOf(readTemplate(copy, endpoint).functions), /function serve: MODE differs/);
});
