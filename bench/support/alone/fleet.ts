import { billOf } from "../../../cli/cost/bill.ts";
import { unitsOf } from "../../../cli/cost/units.ts";
import { type FollowMode, followModes } from "../../../lib/config/settings.ts";
import { simulate } from "../fleet.ts";
import { comparedWith } from "../fleetunits.ts";

/** A simulated fleet: `fleet.ts CLUSTERS PODS CHANGES MINUTES FOLLOW`. Its last line is what was counted and what the model says, as JSON. */
const [clusters = 0, pods = 0, changes = 0, minutes = 0] = process.argv.slice(2, 6).map(Number);
const follow = followModes.find((mode): mode is FollowMode => mode === process.argv[6]) ?? "schedule";
const options = { clusters, pods, changes, minutes, follow };
const { filled, settled, took, ...simulated } = await simulate(options);
const { workload, rows } = comparedWith({ ...simulated, filled, settled, took }, options);
const month = billOf(unitsOf(workload)).usd;
const megabytes = process.memoryUsage.rss() / 1e6;
process.stdout.write(`${JSON.stringify({ rows, filled, settled, took, month, megabytes })}\n`);
// Functions keep connections and timers.
process.exit(0);
