import { type Faults, testEach } from "./faults.ts";
import * as a from "./good.ts";

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

testEach(functions);
