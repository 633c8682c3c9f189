import type { Clock } from "../../lib/clock.ts";
import { understand } from "../../lib/config/understand.ts";
import { type ConfigurationFiles, gather } from "../../lib/tick/gather.ts";
import type { Functions } from "../functions.ts";
import { createListeners } from "./listeners.ts";

/** Keeps the listeners for aggregators as the settings have them: looked at now, when asked to, and every minute, since certificates change by themselves. */
export const followAdapters = (options: {
  readonly files: ConfigurationFiles;
  readonly functions: Pick<Functions, "invoke">;
  readonly clock: Clock;
  readonly log: (line: string) => void;
}) => {
  const { files, functions, clock, log } = options;
  const listeners = createListeners({ adapt: (event) => functions.invoke("adapt", event), log });
  const look = async () => {
    try {
      await listeners.follow(understand(await gather(files)).settings.adapters);
    } catch {
      // A broken configuration changes nothing, and whoever accepts it says what is wrong.
    }
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
