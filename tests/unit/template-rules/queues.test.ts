import { type Faults, testEach } from "./faults.ts";
import * as a from "./good.ts";

const queues: Faults = [
  [
    "a dead-letter queue that the bus may not send to",
    a.sending(a.fromBus(["Changes"]), a.onlyFrom("ChangesRule")),
    /^FailedOrders: its policy does not let events.amazonaws.com send$/,
  ],
  [
    "a queue that the account's identities may fill",
    a.sending(a.fromBus(["Changes", "FailedOrders"])),
    /^Changes: its policy lets others than the rules that fill it send$/,
  ],
  [
    "a queue that another rule may fill",
    a.sending(a.fromBus(["Changes", "FailedOrders"]), a.onlyFrom("RelayRule")),
    /^Changes: its policy lets others than the rules that fill it send$/,
  ],
  [
    "a queue that is closed to some only",
    a.sending(a.fromBus(["Changes", "FailedOrders"]), {
      ...a.onlyFrom("ChangesRule"),
      Principal: { AWS: "arn:aws:iam::111122223333:role/x" },
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

testEach(queues);
