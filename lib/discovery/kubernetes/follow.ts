import { setTimeout as delay } from "node:timers/promises";
import type { KubernetesAccess } from "../../config/configuration.ts";
import { createTransport } from "../../http/client.ts";
import { createTransports } from "../../http/transports.ts";
import type { Follow, Following } from "../follower.ts";
import { type ClientOptions, transportOptions } from "./client.ts";
import { createClients } from "./clients.ts";
import type { Counts } from "./counts.ts";
import { beginFollowing } from "./following.ts";
import type { ListRequest } from "./list.ts";
import type { Circle } from "./member.ts";
import type { KubernetesObject } from "./objects/meta.ts";
import { createReflector, type Reflector, type ReflectorOptions } from "./reflector.ts";
import { createReflectors, type Reflectors } from "./reflectors.ts";

export interface KubernetesFollowOptions extends ClientOptions, Partial<Tuning> {
  readonly counts?: Counts;
}

/** What all reflectors have in common. */
type Tuning = Omit<ReflectorOptions<KubernetesObject>, keyof ListRequest<KubernetesObject> | "client">;

/**
 * Follows Kubernetes clusters (spec §2.2). Each thing that providers with equal credentials need is listed and watched
 * once for all of them, and goes on being so from the memory that an earlier following of the cluster has kept.
 */
export const createKubernetesFollow = (given: KubernetesFollowOptions = {}): Follow => {
  const parts: Parts = {
    transportFor: createTransports((config) => createTransport(config, transportOptions(given))),
    clock: Date.now,
    random: Math.random,
    wait: (milliseconds, signal) => delay(milliseconds, undefined, { signal }),
    ...given,
  };
  const kept = new Map<string, ReadonlyMap<string, Reflectors>>();
  return (followed, listener) => {
    // Taken out, so that two followings of one cluster never share reflectors.
    const before = kept.get(followed.cluster);
    kept.delete(followed.cluster);
    const used = new Map<string, Reflectors>();
    const reflectorsFor = ({ key, access }: Circle): Reflectors => {
      const reflectors = before?.get(key) ?? reflectorsWith(access, parts);
      used.set(key, reflectors);
      return reflectors;
    };
    const following = beginFollowing(followed, listener, { ...parts, reflectorsFor });
    const end: Following["end"] = async ({ keep }) => {
      await following.end({ keep });
      if (keep) kept.set(followed.cluster, used);
      else if (kept.get(followed.cluster) === used) kept.delete(followed.cluster);
    };
    return { ...following, end };
  };
};

type Parts = ClientOptions & Tuning & Pick<KubernetesFollowOptions, "counts">;

const reflectorsWith = (access: KubernetesAccess, parts: Parts): Reflectors => {
  const clients = createClients(access, parts);
  const make = <T extends KubernetesObject>(request: ListRequest<T>): Reflector<T> => {
    const reflector = createReflector({
      ...parts,
      ...request,
      client: () => {
        // Asked for at the beginning of an attempt, so this is what became of the one before.
        if (reflector.trouble() !== undefined) parts.counts?.failure();
        return clients.take();
      },
    });
    return reflector;
  };
  const reflectors = createReflectors(make);
  const stop = async () => {
    await reflectors.stop();
    clients.renew();
  };
  return { ...reflectors, stop };
};
