import { type Line, ratesOf } from "../../cli/cost/rates.ts";
import { indexReads, viewReads } from "../../cli/cost/table.ts";
import { unitsOf } from "../../cli/cost/units.ts";
import type { Workload } from "../../cli/cost/workload.ts";
import type { FleetOptions, Simulated } from "./fleet.ts";

/** One thing that was counted, and what the model says of it. */
export interface Compared {
  readonly name: string;
  readonly measured: number;
  readonly model: number;
}

type Row = [name: string, measured: number, model: number];

/** The model's workload for a simulation, and the units of both side by side. */
export const comparedWith = (
  { table, entries, listBytes }: Simulated,
  { clusters, pods, changes, minutes, follow }: FleetOptions,
): { readonly workload: Workload; readonly rows: readonly Compared[] } => {
  const workload: Workload = {
    clusters,
    pods,
    targetsPerPod: 2,
    churn: (changes / pods) * 100,
    scrapers: 1,
    shards: 1,
    interval: 60,
    relabel: false,
    follow,
    every: 60,
    history: 7,
  };
  const lines = unitsOf(workload, minutes * 60);
  const model = (service: string, item: string, unit: Line["unit"]) =>
    lines.find((line) => line.service === service && line.item === item && line.unit === unit)?.units ?? 0;
  const asked = (name: string) => table.requests.get(name) ?? 0;
  const entry = (name: string) => entries.get(name) ?? { count: 0, bytes: 0 };
  const looks = clusters * minutes;
  const groups = asked("PutItem group");
  const readers = viewReads(ratesOf(workload, minutes * 60)).moved;
  const rows: Row[] = [
    [
      "events of changes",
      entry("Target Group Changed").count,
      model("EventBridge", "changed groups", "events"),
    ],
    // The embedded table counts no writes of an index: two for a group that is replaced, one for an entry.
    ["pool, write units", (table.writes.get("group") ?? 0) + 2 * groups, model("DynamoDB", "pool", "writes")],
    [
      "history, write units",
      (table.writes.get("history") ?? 0) + groups,
      model("DynamoDB", "history", "writes"),
    ],
    ["lists, bytes", listBytes, model("Transfer", "lists", "transferred")],
  ];
  // What relays and schedules do by the clock, a minute that takes as long as its work tells nothing of.
  const looking: Row[] = [
    ["orders", entry("Discovery Due").count, model("EventBridge", "orders", "events")],
    // A tick that orders everything also revokes each lease, which no minute's does.
    [
      "looks, write units",
      (table.writes.get("lease") ?? 0) - looks + (table.writes.get("provider") ?? 0),
      model("DynamoDB", "looks", "writes"),
    ],
    // History wants the bodies before, looks want the index; readers are left out, since not all lists are read here.
    [
      "groups, read units",
      table.reads.get("group") ?? 0,
      model("DynamoDB", "history", "reads") + looks * indexReads(workload) + readers,
    ],
  ];
  if (follow === "schedule") rows.push(...looking);
  return { workload, rows: rows.map(([name, measured, of]) => ({ name, measured, model: of })) };
};
