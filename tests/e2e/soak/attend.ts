import { setTimeout as sleep } from "node:timers/promises";
import { reload } from "../rollcall.ts";
import type { Reloads } from "./reloads.ts";
import type { Witness } from "./witness.ts";
import type { World } from "./world.ts";

/** Reads every list all the time, and has the cluster that the schedule looks at looked at. */
export const attend = ({ program }: World, { witness, reloads }: Attending) => {
  let isOver = false;
  const again = async (pause: number, work: () => Promise<unknown>) => {
    while (!isOver) {
      await work();
      await sleep(pause);
    }
  };
  const look = again(250, async () => {
    const running = program();
    if (running !== undefined) await witness.look(running);
  });
  const order = again(5_000, async () => {
    const running = program();
    // Refused or cut off while things go wrong: the next comes soon.
    if (running !== undefined) await reloads.ask(() => reload(running));
  });
  const stop = () => {
    isOver = true;
  };
  const ended = Promise.all([look, order]);
  // Whoever waits for the end learns what the witness itself threw.
  ended.catch(stop);
  return { ended, stop };
};

interface Attending {
  readonly witness: Witness;
  readonly reloads: Reloads;
}
