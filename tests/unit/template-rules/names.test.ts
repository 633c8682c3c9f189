import { type Faults, testEach } from "./faults.ts";
import * as a from "./good.ts";

const names: Faults = [
  [
    "a name that every stack wants",
    a.but("FailedOrders", { QueueName: "failed" }),
    /^FailedOrders: "failed" is the same in every stack$/,
  ],
];

testEach(names);
