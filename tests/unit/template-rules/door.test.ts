import { type Faults, testEach } from "./faults.ts";
import * as a from "./good.ts";

const doors: Faults = [
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
];

testEach(doors);
