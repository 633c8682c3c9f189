import { type Faults, testEach } from "./faults.ts";
import * as a from "./good.ts";

const putters: Faults = [
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

testEach(putters);
