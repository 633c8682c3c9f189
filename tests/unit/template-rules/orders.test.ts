import { type Faults, testEach } from "./faults.ts";
import * as a from "./good.ts";

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

testEach(orders);
