import { billOf } from "../cli/cost/bill.ts";
import { unitsOf } from "../cli/cost/units.ts";
import { machine, print, seconds } from "./support/figures.ts";
import { simulate } from "./support/fleet.ts";
import { comparedWith } from "./support/fleetunits.ts";
import { wholeNumber } from "./support/settings.ts";

/**
 * A fleet on the schedule with 1 % of its pods changing a minute, through the real functions on the local bus, queue and table: 10
 * clusters of 200 pods for 5 minutes, or `ROLLCALL_BENCH_CLUSTERS` (100), `_PODS` (5000), `_MINUTES`. What was asked of AWS beside
 * what the model of `rollcall cost` says, and what that costs a month.
 */
export const bench = async () => {
  const clusters = wholeNumber("ROLLCALL_BENCH_CLUSTERS", 10);
  const pods = wholeNumber("ROLLCALL_BENCH_PODS", 200);
  const minutes = wholeNumber("ROLLCALL_BENCH_MINUTES", 5);
  const changes = Math.ceil(pods / 100);
  process.stdout.write(
    `${machine()}\n${clusters} clusters × ${pods} pods, ${changes} changes a minute in each, ${minutes} minutes\n`,
  );
  const simulated = await simulate({ clusters, pods, changes, minutes });
  const { workload, rows } = comparedWith(simulated, { clusters, pods, changes, minutes });
  print([
    ["", "measured", "model", "ratio"],
    ...rows.map(({ name, measured, model }) => [
      name,
      String(Math.round(measured)),
      String(Math.round(model)),
      (measured / model).toFixed(2),
    ]),
  ]);
  const { filled, took } = simulated;
  process.stdout.write(`filled in ${seconds(filled)}; a minute's work took ${seconds(took / minutes)}\n`);
  const { usd, services } = billOf(unitsOf(workload));
  process.stdout.write(
    `${usd.toFixed(2)} USD a month: ${services.map((one) => `${one.service} ${one.usd.toFixed(2)}`).join(", ")}\n`,
  );
};
