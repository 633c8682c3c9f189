import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { type Resources, templateFindings } from "../template-rules.ts";

/** Two functions that the bus starts, each as it should be. */
const good = (): Resources =>
  Object.assign(answering("Relay", "Relay Due"), answering("Discover", "Discovery Due"), serving([marking]));

const serving = (statements: object[]): Resources => ({
  ServeLambdaFunction: {
    Type: "AWS::Lambda::Function",
    Properties: { Role: { "Fn::GetAtt": ["ServeRole", "Arn"] } },
  },
  ServeRole: {
    Type: "AWS::IAM::Role",
    Properties: {
      Policies: [
        {
          PolicyDocument: {
            Statement: [
              { Effect: "Allow", Action: ["dynamodb:GetItem", "dynamodb:Query"], Resource: "table" },
              ...statements,
            ],
          },
        },
      ],
    },
  },
});

const marking = {
  Effect: "Allow",
  Action: "dynamodb:PutItem",
  Resource: "table",
  Condition: {
    "ForAllValues:StringLike": { "dynamodb:LeadingKeys": ["reader#*"] },
    Null: { "dynamodb:LeadingKeys": "false" },
  },
};

const answering = (name: string, type: string): Resources => ({
  [`${name}LambdaFunction`]: {
    Type: "AWS::Lambda::Function",
    Properties: { Role: { "Fn::GetAtt": [`${name}Role`, "Arn"] } },
  },
  [`${name}Invoke`]: {
    Type: "AWS::Lambda::EventInvokeConfig",
    Properties: {
      FunctionName: { Ref: `${name}LambdaFunction` },
      MaximumRetryAttempts: 0,
      MaximumEventAgeInSeconds: 60,
    },
  },
  [`${name}Rule`]: {
    Type: "AWS::Events::Rule",
    Properties: { EventPattern: { "detail-type": [type] }, Targets: [targetOf(name)] },
  },
});

const targetOf = (name: string) => ({
  Arn: { "Fn::GetAtt": [`${name}LambdaFunction`, "Arn"] },
  DeadLetterConfig: { Arn: "dead" },
  RetryPolicy: { MaximumRetryAttempts: 0, MaximumEventAgeInSeconds: 60 },
});

/** The good template with other properties of one resource. */
const but = (name: string, properties: Record<string, unknown>): Resources => {
  const resources = good();
  const one = resources[name];
  assert.ok(one !== undefined);
  return { ...resources, [name]: { ...one, Properties: { ...one.Properties, ...properties } } };
};

describe("the rules of the packaged template", () => {
  test("find nothing in a good one", () => {
    assert.deepEqual(templateFindings(good()), []);
  });

  const faults: [string, Resources, RegExp][] = [
    [
      "a role that two functions share",
      but("RelayLambdaFunction", { Role: { "Fn::GetAtt": ["DiscoverRole", "Arn"] } }),
      /RelayLambdaFunction, DiscoverLambdaFunction: share the role/,
    ],
    [
      "a pattern that the local bus cannot compile",
      but("RelayRule", { EventPattern: { "detail-type": ["Relay Due"], detail: { a: [{ colour: 1 }] } } }),
      /^RelayRule: .*colour/,
    ],
    [
      "a detail type that nobody announces",
      but("RelayRule", { EventPattern: { "detail-type": ["Relay Due", "Rely Due"] } }),
      /^RelayRule: nobody announces Rely Due$/,
    ],
    [
      "an order that nothing answers",
      but("RelayRule", { EventPattern: { "detail-type": ["Discovery Due"] } }),
      /^nothing answers Relay Due$/,
    ],
    [
      "a target without a dead-letter queue",
      but("RelayRule", { Targets: [{ ...targetOf("Relay"), DeadLetterConfig: undefined }] }),
      /^RelayRule: a target without a dead-letter queue$/,
    ],
    [
      "a target without a retry policy",
      but("RelayRule", { Targets: [{ ...targetOf("Relay"), RetryPolicy: undefined }] }),
      /^RelayRule: a target without a retry policy$/,
    ],
    [
      "a function that Lambda tries again by itself",
      but("RelayInvoke", { MaximumRetryAttempts: 2 }),
      /^RelayLambdaFunction: an event from the bus is tried again/,
    ],
    [
      "a function that takes an old event",
      but("RelayInvoke", { MaximumEventAgeInSeconds: 21_600 }),
      /^RelayLambdaFunction: .* or is older than a minute$/,
    ],
  ];
  const writers: [string, object][] = [
    ["without a condition", { ...marking, Condition: undefined }],
    [
      "below another prefix",
      { ...marking, Condition: { "ForAllValues:StringLike": { "dynamodb:LeadingKeys": ["group#*"] } } },
    ],
    ["by whatever action", { Effect: "Allow", Action: ["dynamodb:*"], Resource: "table" }],
  ];
  for (const [name, statement] of writers) {
    faults.push([
      `a door that may write ${name}`,
      { ...good(), ...serving([statement]) },
      /^ServeRole: may dynamodb:(PutItem|\*) anything, not only reader marks$/,
    ]);
  }

  for (const [name, resources, finding] of faults) {
    test(`find ${name}`, () => {
      const found = templateFindings(resources);
      assert.equal(found.length, 1, found.join("; "));
      assert.match(found[0] ?? "", finding);
    });
  }

  test("refuse a template that has nothing to look at, since silence would then mean nothing", () => {
    assert.throws(() => templateFindings({}), /no function/);
  });
});
