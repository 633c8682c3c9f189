import { Refusal } from "./decode.ts";
import { duration } from "./durations.ts";
import { defaultHistory, type HistorySettings } from "./settings.ts";
import { fieldsOf, struct } from "./struct.ts";
import { refined } from "./types.ts";

/** `history: {retention: 7d}` of the settings (design §3.7); what is not written is as here. */
export const historyBlock = struct<HistorySettings>({
  name: "settings.history",
  zero: defaultHistory,
  begin: (decoder) => {
    const field = fieldsOf(decoder);
    let { retention } = defaultHistory;
    return {
      fields: { retention: field(kept, (value) => (retention = value)) },
      finish: () => ({ retention }),
    };
  },
});

const hour = 3_600_000;
const shortest = hour;
const longest = 400 * 24 * hour;

const kept = refined(duration, defaultHistory.retention, (milliseconds, place) => {
  if (milliseconds === 0 || (milliseconds >= shortest && milliseconds <= longest)) return milliseconds;
  throw new Refusal(place, "retention must be between 1h and 400d, or 0 to keep no history");
});
