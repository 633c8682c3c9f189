import { type Faults, testEach } from "./faults.ts";
import * as a from "./good.ts";

/** The role of one function that may do something more. */
const discovering = (more: object) => a.having("DiscoverRole", a.role(a.logs("Discover"), a.fails, more));

const roles: Faults = [
  [
    "a misspelt action",
    discovering({ ...a.reads, Action: "dynamodb:GetItm" }),
    /^DiscoverRole: there is no action dynamodb:GetItm$/,
  ],
  [
    "an action of no service",
    discovering({ ...a.reads, Action: "dynamo:GetItem" }),
    /^DiscoverRole: there is no action dynamo:GetItem$/,
  ],
  [
    "a misspelt action behind a condition",
    discovering({ "Fn::If": ["X", { ...a.reads, Action: "s3:GetObjct" }, { Ref: "AWS::NoValue" }] }),
    /^DiscoverRole: there is no action s3:GetObjct$/,
  ],
  [
    "a misspelt action of a queue's policy",
    a.sending(a.fromBus(["Changes", "FailedOrders"]), a.onlyFrom("ChangesRule"), {
      ...a.fromBus(["Changes"]),
      Action: "sqs:SendMesage",
    }),
    /^QueuesFromBus: there is no action sqs:SendMesage$/,
  ],
  [
    "every action of a service",
    discovering({ ...a.reads, Action: "dynamodb:*" }),
    /^DiscoverRole: may dynamodb:\*$/,
  ],
  [
    "an action on everything",
    discovering({ ...a.reads, Action: "dynamodb:GetItem", Resource: "*" }),
    /^DiscoverRole: may dynamodb:GetItem on everything$/,
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

const allowed = (action: string, resource: string) => ({
  Effect: "Allow",
  Action: action,
  Resource: resource,
});

const wildcards: [string, { readonly Action: string }][] = [
  ["secrets", a.secret("*")],
  ["roles of clusters", allowed("sts:AssumeRole", "arn:aws:iam::1:role/rollcall-*")],
  ["EKS clusters", allowed("eks:DescribeCluster", "arn:aws:eks:eu-central-1:111122223333:cluster/*")],
];

const wide: Faults = wildcards.map(([name, statement]) => [
  `${name} by a wildcard`,
  discovering(statement),
  new RegExp(`^DiscoverRole: may ${statement.Action} by a wildcard$`),
]);

testEach(wide);

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
