import {
  type Line,
  monthSeconds,
  pollers,
  type Rates,
  ratesOf,
  serveSeconds,
  sliceSeconds,
} from "./rates.ts";
import { table } from "./table.ts";
import { door, sizes, type Workload } from "./workload.ts";

/**
 * What a deployment uses in `seconds` (a month unless told), with infra/parameters.yml as it is: 1 GB for each function, no batching window. Every
 * factor names the code that it comes from. Not in it: cold starts, failures and their repetitions, a configuration's changes, people
 * at the page, subscribers' own costs, NAT gateways and VPC endpoints, a claim check's chunks.
 */
export const unitsOf = (workload: Workload, seconds = monthSeconds): readonly Line[] => {
  const rates = ratesOf(workload, seconds);
  return [
    ...bus(rates),
    ...queue(rates),
    ...table(rates),
    ...functions(rates),
    ...reading(rates),
    ...watching(rates),
  ];
};

/** Functions have so much memory (infra/parameters.yml: memory, clusterMemory). */
export const gigabytes = 1;

/** Which CloudWatch bills: names of lib/meter.ts in one dimension, alarms of infra/alarms.yml, one dashboard. */
export const watched = { metrics: 18, alarms: 13, dashboards: 1 };

const bus = ({ changes, looks, relays, seconds }: Rates): Line[] => {
  const service = "EventBridge";
  return [
    // One event a changed source; a chunk of 64 kB is one event, and larger groups travel by claim check (lib/announce/announce.ts).
    { service, item: "changed groups", unit: "events", units: changes * Math.ceil(sizes.event / 64_000) },
    // Discovery Due for each look (lib/tick/tick.ts); Relay Due for each slice.
    { service, item: "orders", unit: "events", units: looks + (relays * seconds) / sliceSeconds },
  ];
};

const queue = ({ changes, batches, seconds }: Rates): Line[] => [
  // Each message is sent; each batch is received and deleted.
  { service: "SQS", item: "changed groups", unit: "queueRequests", units: changes + 2 * batches },
  // An event source waits 20 s with each of its pollers while nothing comes.
  { service: "SQS", item: "waiting", unit: "queueRequests", units: (pollers * seconds) / 20 },
];

/** Seconds that one invocation takes; estimates, since nothing here ran on AWS. `npm run bench -- fleet` prints those of its machine. */
const tickSeconds = 0.3;
const lookSeconds = (pods: number) => 0.5 + pods * 0.0002;
const reduceSeconds = 0.06;
const functions = ({ seconds, looks, relays, batches, reads, bytes, pods }: Rates): Line[] => {
  const runs: [item: string, invocations: number, seconds: number][] = [
    ["tick", seconds / 60, tickSeconds],
    ["discover", looks, lookSeconds(pods)],
    ["relay", (relays * seconds) / sliceSeconds, sliceSeconds],
    ["reduce", batches, reduceSeconds],
    ["serve", reads, serveSeconds(bytes)],
  ];
  const service = "Lambda";
  return [
    ...runs.map(([item, invocations, each]): Line => {
      return { service, item, unit: "gigabyteSeconds", units: invocations * each * gigabytes };
    }),
    {
      service,
      item: "invocations",
      unit: "invocations",
      units: runs.reduce((sum, [, invocations]) => sum + invocations, 0),
    },
    // Beyond the first 6 MB of each answer.
    { service, item: "streaming", unit: "streamed", units: reads * Math.max(0, bytes - door.atOnce) },
  ];
};

const reading = (rates: Rates): Line[] => {
  const { reads, bytes } = rates;
  return [
    // Ten megabytes of an answer are one request.
    {
      service: "API Gateway",
      item: "lists",
      unit: "doorRequests",
      units: reads * Math.max(1, Math.ceil(bytes / 10e6)),
    },
    // Prometheus asks for no compression and never says what it has, so each read is the whole list.
    { service: "Transfer", item: "lists", unit: "transferred", units: reads * bytes },
  ];
};

/** Bytes of log: START, END and REPORT of an invocation; a line of a metric (lib/meter.ts); of a change's road (lib/announce/trail.ts); of a look. */
const lines = { invocation: 350, meter: 500, change: 800, look: 600 };

const watching = ({ seconds, looks, relays, batches, reads, changes }: Rates): Line[] => {
  const invocations = seconds / 60 + looks + batches + reads + (relays * seconds) / sliceSeconds;
  const metered = seconds / 60 + looks + batches + reads + (relays * seconds) / 60;
  const logged = {
    functions: invocations * lines.invocation + metered * lines.meter + looks * lines.look,
    changes: changes * lines.change,
  };
  const share = seconds / monthSeconds;
  const service = "CloudWatch";
  return [
    { service, item: "invocations' lines", unit: "logged", units: logged.functions },
    { service, item: "changes' trail", unit: "logged", units: logged.changes },
    { service, item: "metrics", unit: "metrics", units: watched.metrics * share },
    { service, item: "alarms", unit: "alarms", units: watched.alarms * share },
    { service, item: "dashboard", unit: "dashboards", units: watched.dashboards * share },
  ];
};
