import type { SdConfig } from "../config/configuration.ts";
import type { FollowMode } from "../config/settings.ts";
import type { Provider } from "./provider.ts";

/** What the settings ask for this cluster, and what counts where they say nothing. */
export interface Wish {
  readonly asked: FollowMode | undefined;
  readonly otherwise: FollowMode;
}

/**
 * Who keeps up with a provider. What is written in the configuration itself never needs a relay. What can only be polled
 * gets one by default where a schedule that fires once a minute cannot keep its interval (milliseconds).
 */
export const followedBy = (config: SdConfig, every: number, { asked, otherwise }: Wish): FollowMode => {
  if (config.mechanism === "static") return "schedule";
  if (asked !== undefined || isWatched(config)) return asked ?? otherwise;
  return every % scheduleInterval === 0 ? "schedule" : otherwise;
};

/** One lease, one holder: a cluster with one provider that needs a relay is followed as a whole. */
export const inOneWay = (providers: readonly Provider[]): Provider[] => {
  const followed = new Set(
    providers.filter(({ follow }) => follow === "relay").map(({ cluster }) => cluster),
  );
  return providers.map((provider) =>
    followed.has(provider.cluster) ? { ...provider, follow: "relay" } : provider,
  );
};

const scheduleInterval = 60_000;

/** A relay hears of each change; a file's shows in its folder entry. */
const isWatched = ({ mechanism }: SdConfig) => mechanism === "kubernetes" || mechanism === "file";
