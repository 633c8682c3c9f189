import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { Resources } from "../../template-rules/resources.ts";
import { templateFindings } from "../../template-rules/rules.ts";
import * as a from "./good.ts";

type Faults = readonly [string, Resources, RegExp][];

const orders: Faults = [
  [
    "a pattern that the local bus cannot compile",
    a.but("RelayRule", { EventPattern: { "detail-type": ["Relay Due"], detail: { a: [{ colour: 1 }] } } }),
    /^RelayRule: .*colour/,
  ],
  [
    "a detail type that nobody announces",
    a.but("RelayRule", { EventPattern: { "detail-type": ["Relay Due", "Rely Due"] } }),
    /^RelayRule: nobody announces Rely Due$/,
  ],
  [
    "an order that nothing answers",
    a.but("RelayRule", { EventPattern: { "detail-type": ["Discovery Due"] } }),
    /^nothing answers Relay Due$/,
  ],
  [
    "a target without a dead-letter queue",
    a.but("RelayRule", { Targets: [{ ...a.targetOf("Relay"), DeadLetterConfig: undefined }] }),
    /^RelayRule: a target without a dead-letter queue$/,
  ],
  [
    "a target without a retry policy",
    a.but("RelayRule", { Targets: [{ ...a.targetOf("Relay"), RetryPolicy: undefined }] }),
    /^RelayRule: a target without a retry policy$/,
  ],
  [
    "a function that Lambda tries again by itself",
    a.but("RelayInvoke", { MaximumRetryAttempts: 2 }),
    /^RelayLambdaFunction: an event from the bus is tried again/,
  ],
  [
    "a function that takes an old event",
    a.but("RelayInvoke", { MaximumEventAgeInSeconds: 21_600 }),
    /^RelayLambdaFunction: .* or is older than a minute$/,
  ],
];

const roles: Faults = [
  [
    "a misspelt action",
    a.having("DiscoverRole", a.role(a.logs("Discover"), a.fails, { ...a.reads, Action: "dynamodb:GetItm" })),
    /^DiscoverRole: there is no action dynamodb:GetItm$/,
  ],
  [
    "an action of no service",
    a.having("DiscoverRole", a.role(a.logs("Discover"), a.fails, { ...a.reads, Action: "dynamo:GetItem" })),
    /^DiscoverRole: there is no action dynamo:GetItem$/,
  ],
  [
    "a misspelt action behind a condition",
    a.having(
      "DiscoverRole",
      a.role(a.logs("Discover"), a.fails, {
        "Fn::If": ["X", { ...a.reads, Action: "s3:GetObjct" }, { Ref: "AWS::NoValue" }],
      }),
    ),
    /^DiscoverRole: there is no action s3:GetObjct$/,
  ],
  [
    "a misspelt action of a queue's policy",
    a.but("QueuesFromBus", {
      PolicyDocument: {
        Statement: [
          a.fromBus(["Changes", "FailedOrders"]),
          a.onlyFrom("ChangesRule"),
          { ...a.fromBus(["Changes"]), Action: "sqs:SendMesage" },
        ],
      },
    }),
    /^QueuesFromBus: there is no action sqs:SendMesage$/,
  ],
  [
    "every action of a service",
    a.having("DiscoverRole", a.role(a.logs("Discover"), a.fails, { ...a.reads, Action: "dynamodb:*" })),
    /^DiscoverRole: may dynamodb:\*$/,
  ],
  [
    "an action on everything",
    a.having(
      "DiscoverRole",
      a.role(a.logs("Discover"), a.fails, { ...a.reads, Action: "dynamodb:GetItem", Resource: "*" }),
    ),
    /^DiscoverRole: may dynamodb:GetItem on everything$/,
  ],
  [
    "secrets by a wildcard",
    a.having("DiscoverRole", a.role(a.logs("Discover"), a.fails, a.secret("*"))),
    /^DiscoverRole: may secretsmanager:GetSecretValue by a wildcard$/,
  ],
  [
    "roles of clusters by a wildcard",
    a.having(
      "DiscoverRole",
      a.role(a.logs("Discover"), a.fails, {
        Effect: "Allow",
        Action: "sts:AssumeRole",
        Resource: "arn:aws:iam::1:role/rollcall-*",
      }),
    ),
    /^DiscoverRole: may sts:AssumeRole by a wildcard$/,
  ],
  [
    "EKS clusters by a wildcard",
    a.having(
      "DiscoverRole",
      a.role(a.logs("Discover"), a.fails, {
        Effect: "Allow",
        Action: "eks:DescribeCluster",
        Resource: "arn:aws:eks:eu-central-1:111122223333:cluster/*",
      }),
    ),
    /^DiscoverRole: may eks:DescribeCluster by a wildcard$/,
  ],
  [
    "a putter of events of any type",
    a.having("TickRole", a.role(a.logs("Tick"), a.fails, a.puts([], { "events:other": "x" }))),
    /^TickRole: puts events of any source or type$/,
  ],
  [
    "a managed policy",
    a.but("DiscoverRole", { ManagedPolicyArns: ["arn:aws:iam::aws:policy/x"] }),
    /^DiscoverRole: has the managed policy "arn:aws:iam::aws:policy\/x"$/,
  ],
  [
    "a function that writes another's log",
    a.having("DiscoverRole", a.role(a.logs("Relay"), a.fails)),
    /^DiscoverRole: may write the log .*RelayLogGroup/,
  ],
  [
    "a function without a log",
    a.having("DiscoverRole", a.role(a.fails)),
    /^DiscoverRole: may not write the log/,
  ],
  [
    "a bus that another function may put on",
    a.but("OnlyPutters", {
      Statement: {
        ...{ Effect: "Deny", Principal: "*", Action: "events:PutEvents", Resource: a.arn("Bus") },
        Condition: { ArnNotEquals: { "aws:PrincipalArn": [a.arn("TickRole"), a.arn("ServeRole")] } },
      },
    }),
    /^Bus: its policy lets others than TickRole put events$/,
  ],
  [
    "a bus without a policy",
    a.without("OnlyPutters"),
    /^Bus: its policy lets others than TickRole put events$/,
  ],
];

const writers: [string, object][] = [
  ["without a condition", { ...a.marking, Condition: undefined }],
  [
    "below another prefix",
    { ...a.marking, Condition: { "ForAllValues:StringLike": { "dynamodb:LeadingKeys": ["group#*"] } } },
  ],
  ["events", { Effect: "Allow", Action: ["sqs:SendMessage"], Resource: a.arn("Changes") }],
];
const doors: Faults = writers.map(([name, statement]) => [
  `a door that may write ${name}`,
  a.having("ServeRole", a.role(a.logs("Serve"), a.reads, statement)),
  /^ServeRole: may (dynamodb:PutItem|sqs:SendMessage) anything, not only reader marks$/,
]);

const queues: Faults = [
  [
    "a dead-letter queue that the bus may not send to",
    a.but("QueuesFromBus", {
      PolicyDocument: { Statement: [a.fromBus(["Changes"]), a.onlyFrom("ChangesRule")] },
    }),
    /^FailedOrders: its policy does not let events.amazonaws.com send$/,
  ],
  [
    "a queue that the account's identities may fill",
    a.but("QueuesFromBus", { PolicyDocument: { Statement: [a.fromBus(["Changes", "FailedOrders"])] } }),
    /^Changes: its policy lets others than the rules that fill it send$/,
  ],
  [
    "a queue that another rule may fill",
    a.but("QueuesFromBus", {
      PolicyDocument: { Statement: [a.fromBus(["Changes", "FailedOrders"]), a.onlyFrom("RelayRule")] },
    }),
    /^Changes: its policy lets others than the rules that fill it send$/,
  ],
  [
    "a queue that is closed to some only",
    a.but("QueuesFromBus", {
      PolicyDocument: {
        Statement: [
          a.fromBus(["Changes", "FailedOrders"]),
          { ...a.onlyFrom("ChangesRule"), Principal: { AWS: "arn:aws:iam::111122223333:role/x" } },
        ],
      },
    }),
    /^Changes: its policy lets others than the rules that fill it send$/,
  ],
  [
    "a batch of over ten without a window",
    a.but("Source", { BatchSize: 100 }),
    /^Source: a batch of over 10 needs/,
  ],
  [
    "a short visibility",
    a.but("Changes", { VisibilityTimeout: 60 }),
    /^Changes: messages show again after 60 s/,
  ],
  [
    "whole batches that fail",
    a.but("Source", { FunctionResponseTypes: [] }),
    /^Source: one bad message fails/,
  ],
  [
    "no maximum concurrency",
    a.but("Source", { ScalingConfig: undefined }),
    /^Source: has no maximum concurrency$/,
  ],
  ["a queue without redrive", a.but("Changes", { RedrivePolicy: undefined }), /^Changes: gives a message up/],
  [
    "failures that vanish",
    a.but("RelayInvoke", { DestinationConfig: {} }),
    /^RelayInvoke: what the function fails on vanishes/,
  ],
  [
    "failures that may not be told",
    a.having("RelayRole", a.role(a.logs("Relay"))),
    /^RelayRole: may not send to FailedOrders/,
  ],
];

const functions: Faults = [
  [
    "a time-out of over 900 s",
    a.but("RelayLambdaFunction", { Timeout: 5000 }),
    /has 900 s at most, not 5000$/,
  ],
  ["another processor", a.but("RelayLambdaFunction", { Architectures: ["x86_64"] }), /on x86_64, not arm64$/],
  [
    "another runtime",
    a.but("RelayLambdaFunction", { Runtime: "nodejs22.x" }),
    /on nodejs22.x, not nodejs24.x$/,
  ],
  [
    "a log that is kept for ever",
    a.but("RelayLogGroup", { RetentionInDays: undefined }),
    /^RelayLambdaFunction: its log/,
  ],
  [
    "a schedule without permission",
    a.without("TickPermission"),
    /^TickSchedule: may not start TickLambdaFunction$/,
  ],
  [
    "a permission of another rule",
    a.but("RelayPermission", { SourceArn: { "Fn::Join": ["/", ["rule", "bus", "other"]] } }),
    /^RelayRule: may not start RelayLambdaFunction$/,
  ],
  [
    "a scheduler whose role may not start the function",
    a.having("Every", {
      Type: "AWS::Scheduler::Schedule",
      Properties: { Target: { Arn: a.arn("TickLambdaFunction"), RoleArn: a.arn("TickRole") } },
    }),
    /^Every: its role TickRole may not start TickLambdaFunction$/,
  ],
];

const others: Faults = [
  [
    "a door with AWS's own answers",
    a.without("ServerFault"),
    /^Api: has no answer of its own for DEFAULT_5XX$/,
  ],
  [
    "a deployment that may be without an answer",
    { ...a.good(), Deployment: { Type: "AWS::ApiGateway::Deployment", DependsOn: "ClientFault" } },
    /^Deployment: may be taken before ServerFault is there$/,
  ],
  [
    "an alarm on what nobody tells",
    a.but("Stale", { MetricName: "StaleProvider" }),
    /no function tells StaleProvider$/,
  ],
  [
    "an alarm on another dimension",
    a.but("Stale", { Dimensions: [] }),
    /^Stale: StaleProviders has the dimension/,
  ],
  [
    "an alarm that does not say what silence means",
    a.but("Stale", { TreatMissingData: undefined }),
    /silence means$/,
  ],
  [
    "a picture of what nobody tells",
    a.but("Dashboard", { DashboardBody: { "Fn::Sub": JSON.stringify({ widgets: [a.widget("Target")] }) } }),
    /^Dashboard: no function tells Target$/,
  ],
  [
    "a name that every stack wants",
    a.but("FailedOrders", { QueueName: "failed" }),
    /^FailedOrders: "failed" is the same in every stack$/,
  ],
];

describe("the rules of the packaged template", () => {
  test("find nothing in a good one", async () => {
    assert.deepEqual(await templateFindings(a.good()), []);
  });

  for (const [name, resources, finding] of [
    ...orders,
    ...roles,
    ...doors,
    ...queues,
    ...functions,
    ...others,
  ]) {
    test(`find ${name}`, async () => {
      const found = await templateFindings(resources);
      assert.equal(found.length, 1, found.join("; "));
      assert.match(found[0] ?? "", finding);
    });
  }

  test("find a missing queue policy, and everything that it would have said", async () => {
    const found = await templateFindings(a.without("QueuesFromBus"));
    assert.equal(found.length, 3, found.join("; "));
  });

  test("find a role that two functions share, and that each may write the other's log", async () => {
    const found = await templateFindings(a.but("RelayLambdaFunction", { Role: a.arn("DiscoverRole") }));
    assert.match(found[0] ?? "", /^DiscoverLambdaFunction, RelayLambdaFunction: share the role/);
    assert.match(found[1] ?? "", /^DiscoverRole: may write the log/);
  });

  test("refuse a template that has nothing to look at, since silence would then mean nothing", async () => {
    await assert.rejects(templateFindings({}), /no function/);
  });
});
