import assert from "node:assert/strict";
import { readdirSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { before, test } from "node:test";
import { compilePattern } from "../../../../local/bus/pattern.ts";
import { printTemplate } from "../../../../local/template/print.ts";
import { type Printed, printedSchema } from "../../../../local/template/printed.ts";
import { environmentOf, readTemplate } from "../../../../local/template/template.ts";
import { temporaryFolder } from "../temporary.ts";

const root = resolve(import.meta.dirname, "../../../..");
const endpoint = "http://127.0.0.1:4000";
let printed: Printed;
let real: ReturnType<typeof readTemplate>;

before(async () => {
  printed = await printTemplate(root, join(root, "node_modules", ".cache", "rollcall"));
  real = readTemplate(printed, endpoint);
});

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

/** The real template with one thing changed. */
const changed = (change: (copy: Changeable) => void): Printed => {
  const copy = structuredClone(printed);
  change(copy);
  return printedSchema.parse(copy);
};

type Changeable = Printed;

const ofFunction = (copy: Changeable, name: string) => {
  const found = copy.functions[name];
  assert.ok(found);
  return found;
};

const ofResource = (copy: Changeable, name: string) => {
  const found = copy.resources.Resources[name];
  assert.ok(found);
  return found;
};

const refusals: readonly [string, (copy: Changeable) => void, RegExp][] = [
  [
    "an unknown event",
    (copy) => ofFunction(copy, "tick").events.push({ s3: "bucket" }),
    /function tick: .* event s3/,
  ],
  [
    "an event key that would be left out",
    (copy) => ofFunction(copy, "reduce").events.push({ sqs: { arn: "a", filterPatterns: [] } }),
    /function reduce, event sqs: .*filterPatterns/,
  ],
  [
    "a cron schedule",
    (copy) => ofFunction(copy, "tick").events.push({ schedule: { rate: ["cron(0 * * * ? *)"] } }),
    /only rate/,
  ],
  [
    "an unknown resource",
    (copy) => (copy.resources.Resources.Step = { Type: "AWS::StepFunctions::StateMachine", Properties: {} }),
    /resource Step: .*AWS::StepFunctions/,
  ],
  [
    "an unknown rule target",
    (copy) => (ofResource(copy, "ChangesRule").Properties.Targets = [{ Id: "x", Arn: "arn:aws:sns:x" }]),
    /rule rollcall-dev-ChangesRule: .* target arn:aws:sns:x/,
  ],
  [
    "a target's input transformer",
    (copy) => (ofResource(copy, "ChangesRule").Properties.Targets = [{ Id: "x", Arn: "a", InputPath: "$" }]),
    /resource ChangesRule: .*InputPath/,
  ],
  [
    "a broken pattern",
    (copy) => (ofResource(copy, "ChangesRule").Properties.EventPattern = { source: [{ perfix: "x" }] }),
    /unknown operator: perfix/,
  ],
  [
    "a rule on a bus that is not there",
    (copy) => (ofResource(copy, "ChangesRule").Properties.EventBusName = "other"),
    /there is no bus other/,
  ],
  [
    "a source on a queue that is not there",
    (copy) => ofFunction(copy, "reduce").events.push({ sqs: { arn: "arn:nowhere" } }),
    /function reduce: there is no queue arn:nowhere/,
  ],
  [
    "a reference to nothing",
    (copy) => (ofFunction(copy, "tick").environment.X = { Ref: "Nothing" }),
    /refers to Nothing/,
  ],
  [
    "a failure destination that is not there",
    (copy) => (ofFunction(copy, "tick").destinations = { onFailure: { type: "sqs", arn: "arn:nowhere" } }),
    /function tick: there is no queue arn:nowhere/,
  ],
  [
    "a condition that is not there",
    (copy) => (ofFunction(copy, "tick").environment.X = { "Fn::If": ["Nowhere", "a", "b"] }),
    /no condition Nowhere/,
  ],
  [
    "an unknown intrinsic function",
    (copy) => (ofFunction(copy, "tick").environment.X = { "Fn::Select": [0, []] }),
    /Fn::Select/,
  ],
  [
    "a stream on the table",
    (copy) => (ofResource(copy, "Table").Properties.StreamSpecification = { StreamViewType: "NEW_IMAGE" }),
    /resource Table: .*streams do not run locally/,
  ],
  [
    "a queue property that would be left out",
    (copy) => (ofResource(copy, "Changes").Properties.FifoQueue = true),
    /resource Changes: .*FifoQueue/,
  ],
];

for (const [name, change, message] of refusals) {
  test(`template: refuses ${name}, by name`, () => {
    assert.throws(() => readTemplate(changed(change), endpoint), message);
  });
}

test("template: refuses a function key that would be left out", () => {
  const copy = structuredClone(printed);
  const tick = Object.assign(ofFunction(copy, "tick"), { onError: "arn" });
  assert.throws(() => printedSchema.parse({ ...copy, functions: { tick } }), /onError/);
});

/** A reference as `Fn::Sub` writes it. */
const to = (name: string) => `$\{${name}}`;

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
