import type { Clock } from "../../lib/clock.ts";
import { understand } from "../../lib/config/understand.ts";
import { type ConfigurationFiles, gather } from "../../lib/tick/gather.ts";
import type { Functions } from "../functions.ts";
import { createListeners } from "./listeners.ts";

/** Keeps the listeners for aggregators as the settings have them: looked at now, when asked to, and every minute, since certificates change by themselves. */
export const followAdapters = (options: {
  readonly files: ConfigurationFiles;
  readonly functions: Pick<Functions, "invoke" | "invokeAsync">;
  readonly clock: Clock;
  readonly log: (line: string) => void;
}) => {
  const { files, functions, clock, log } = options;
  const listeners = createListeners({ adapt: (event) => functions.invoke("adapt", event), log });
  let known = "[]";
  const look = async () => {
    try {
      const { adapters } = understand(await gather(files)).settings;
      await listeners.follow(adapters);
      const found = JSON.stringify(adapters);
      if (found !== known) await relist();
      known = found;
    } catch {
      // A broken configuration changes nothing, and whoever accepts it says what is wrong.
    }
  };
  /** What they serve is looked for at once, not when a schedule comes round. */
  const relist = async () => {
    await functions.invoke("tick", { reload: "adapters" });
    functions.invokeAsync("relist", {});
  };
  let stop = () => {};
  const again = () => {
    stop();
    stop = clock.after(interval, again);
    return look();
  };
  const first = again();
  return {
    first,
    again: () => void again(),
    close: async () => {
      stop();
      await listeners.close();
    },
  };
};

/** Milliseconds. */
const interval = 60_000;
