import { type Clock, systemClock } from "../clock.ts";
import type { SdConfig } from "../config/configuration.ts";
import { fileMarks } from "./filemarks.ts";
import type { Follow, Following } from "./follower.ts";
import type { Counts } from "./kubernetes/counts.ts";
import { createKubernetesFollow } from "./kubernetes/follow.ts";
import { createDiscoverer } from "./mechanisms.ts";
import { createPollFollow } from "./poll.ts";
import type { Provider } from "./provider.ts";
import { ownReach, type Reach } from "./reach.ts";

type Mechanism = SdConfig["mechanism"];

export interface FollowersOptions {
  readonly clock?: Clock;
  /** Is told what watches bring. */
  readonly counts?: Counts;
  readonly reach?: Reach;
}

/** Follows a cluster whatever its mechanisms: Kubernetes is watched, the others are polled, files besides by their marks. */
export const createFollow = ({
  clock = systemClock,
  counts,
  reach = ownReach,
}: FollowersOptions = {}): Follow => {
  const discover = createDiscoverer(reach);
  const poll = createPollFollow({ discover, clock });
  return followEach({
    kubernetes: createKubernetesFollow({ ...reach, ...(counts && { counts }) }),
    swarm: poll,
    dockerswarm: poll,
    docker: poll,
    static: poll,
    // Marks are of this machine's files; those elsewhere are read when they are due.
    file: reach === ownReach ? createPollFollow({ discover, clock, marks: fileMarks }) : poll,
    http: poll,
  });
};

/** One following out of one for each mechanism that the cluster has. */
export const followEach =
  (byMechanism: Readonly<Record<Mechanism, Follow>>): Follow =>
  ({ cluster, providers }, listener) => {
    const followings = new Map<Mechanism, Following>();
    for (const [mechanism, own] of Map.groupBy(providers, mechanismOf)) {
      followings.set(mechanism, byMechanism[mechanism]({ cluster, providers: own }, listener));
    }
    return {
      look: async (wanted, signal) => {
        const looks = [...Map.groupBy(wanted, mechanismOf)].map(
          ([mechanism, own]) => followings.get(mechanism)?.look(own, signal) ?? [],
        );
        return (await Promise.all(looks)).flat();
      },
      prepare: (provider) => followings.get(mechanismOf(provider))?.prepare(provider),
      troubles: (provider) => followings.get(mechanismOf(provider))?.troubles(provider) ?? [],
      end: async (options) => {
        await Promise.all([...followings.values()].map((following) => following.end(options)));
      },
    };
  };

const mechanismOf = ({ config }: Provider): Mechanism => config.mechanism;
