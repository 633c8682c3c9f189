import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { billOf } from "../cli/cost/bill.ts";
import { unitsOf } from "../cli/cost/units.ts";
import { followModes } from "../lib/config/settings.ts";
import { machine, print, seconds } from "./support/figures.ts";
import { type FleetOptions, simulate } from "./support/fleet.ts";
import { comparedWith } from "./support/fleetunits.ts";
import { wholeNumber } from "./support/settings.ts";

/**
 * A fleet with 1 % of its pods changing a minute, through the real functions on the local bus, queue and table: 10 clusters of 200
 * pods for 5 minutes on the schedule, then by relays, or `ROLLCALL_BENCH_CLUSTERS` (100), `_PODS` (5000), `_MINUTES`, and
 * `ROLLCALL_BENCH_FOLLOW` for one of both. What was asked of AWS beside what the model of `rollcall cost` says, and what that
 * costs a month. The largest needs `NODE_OPTIONS=--max-old-space-size=12000`.
 */
export const bench = async () => {
  const clusters = wholeNumber("ROLLCALL_BENCH_CLUSTERS", 10);
  const pods = wholeNumber("ROLLCALL_BENCH_PODS", 200);
  const minutes = wholeNumber("ROLLCALL_BENCH_MINUTES", 5);
  const changes = Math.ceil(pods / 100);
  process.stdout.write(
    `${machine()}\n${clusters} clusters × ${pods} pods, ${changes} changes a minute in each, ${minutes} minutes\n`,
  );
  const asked = followModes.find((mode) => mode === process.env.ROLLCALL_BENCH_FOLLOW);
  if (asked !== undefined) return one({ clusters, pods, changes, minutes, follow: asked });
  for (const mode of ["schedule", "relay"]) {
    const env = { ...process.env, ROLLCALL_BENCH_FOLLOW: mode };
    const words = [...process.execArgv, join(import.meta.dirname, "run.ts"), "fleet"];
    execFileSync(process.execPath, words, { env, stdio: "inherit" });
  }
};

const one = async (options: FleetOptions) => {
  const simulated = await simulate(options);
  const { workload, rows } = comparedWith(simulated, options);
  process.stdout.write(`\n${options.follow === "relay" ? "by relays" : "on the schedule"}\n`);
  print([
    ["", "measured", "model", "ratio"],
    ...rows.map(({ name, measured, model }) => [
      name,
      String(Math.round(measured)),
      String(Math.round(model)),
      (measured / model).toFixed(2),
    ]),
  ]);
  const { filled, settled, took } = simulated;
  const times = `filled in ${seconds(filled)}; first looked at in ${seconds(settled)}; a minute's work took ${seconds(took / options.minutes)}`;
  process.stdout.write(
    `${times}; ${Math.round(process.memoryUsage.rss() / 1e6)} MB in this process at its end\n`,
  );
  const { usd, services } = billOf(unitsOf(workload));
  process.stdout.write(
    `${usd.toFixed(2)} USD a month: ${services.map((service) => `${service.service} ${service.usd.toFixed(2)}`).join(", ")}\n`,
  );
};
