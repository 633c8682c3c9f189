import { after, before, describe } from "node:test";
import { type ControlPlane, startControlPlane } from "./control-plane.ts";
import "./relay/interruptions.ts";
import "./relay/polling.ts";
import { describeWatches } from "./relay/counted.ts";
import { describeJudged } from "./relay/judged.ts";
import { fillWorld } from "./world/fill.ts";

/** Following: a real control plane with its controllers, a real Prometheus 3.5, and the real program as `npm start` runs it. */
describe("a cluster that is followed", () => {
  let cluster: ControlPlane;
  before(async () => {
    cluster = await startControlPlane();
    await fillWorld(cluster);
  });
  after(() => cluster.stop());

  describeWatches(() => cluster);
  describeJudged(() => cluster);
});
