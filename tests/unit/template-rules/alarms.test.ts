import { type Faults, testEach } from "./faults.ts";
import * as a from "./good.ts";

const alarms: Faults = [
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
];

testEach(alarms);
