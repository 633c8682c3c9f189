import assert from "node:assert/strict";
import { test } from "node:test";
import { printedSchema } from "../../../../local/template/printed.ts";
import { readTemplate } from "../../../../local/template/template.ts";
import { type Changeable, changed, endpoint, ofFunction, printed } from "./printed.ts";

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
