import { type Faults, testEach } from "./faults.ts";
import * as a from "./good.ts";

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
];

testEach(roles);

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

testEach(doors);
