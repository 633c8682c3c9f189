import type { Followed, Following, FollowListener } from "../follower.ts";
import type { Provider } from "../provider.ts";
import type { Counts } from "./counts.ts";
import { type FollowedProvider, followProvider } from "./followedprovider.ts";
import { type Circle, circlesOf } from "./member.ts";
import type { MountOptions } from "./mounted.ts";
import type { Reflectors } from "./reflectors.ts";

export interface FollowingParts extends MountOptions {
  /** Fresh ones, or those of an earlier following with the same credentials. */
  readonly reflectorsFor: (circle: Circle) => Reflectors;
  /** Rejects when the signal aborts. */
  readonly wait: (milliseconds: number, signal: AbortSignal) => Promise<void>;
  readonly counts?: Counts;
}

/** Follows one cluster by means of reflectors, which begin at once. */
export const beginFollowing = (
  { providers }: Followed,
  listener: FollowListener,
  parts: FollowingParts,
): Following => {
  const over = new AbortController();
  const followed = new Map<string, FollowedProvider>();
  const reflectors: Reflectors[] = [];
  const lookAgain = gathered((again) => listener.lookAgain(again), {
    wait: () => parts.wait(gatherMilliseconds, over.signal),
  });
  for (const circle of circlesOf(providers)) {
    const own = parts.reflectorsFor(circle);
    reflectors.push(own);
    for (const member of circle.members) {
      const changed: FollowListener["changed"] = (change) => {
        if (!over.signal.aborted) listener.changed(change);
      };
      const shared = { options: parts, reflectors: own, counts: parts.counts };
      followed.set(member.provider.id, followProvider(member, { ...shared, changed, lookAgain }));
    }
  }
  const pruner = createPruner(reflectors, over.signal);
  // Everybody asks, whole clusters first, so that who shares with whom does not depend on who is looked at first.
  void pruner.during(() => Promise.all([...followed.values()].map((one) => one.ready(over.signal))));
  return {
    look: (wanted, signal) =>
      pruner.during(async () => {
        const either = AbortSignal.any([signal, over.signal]);
        const ready = await Promise.all(
          wanted.map((provider) => followed.get(provider.id)?.ready(either) ?? (() => unknown(provider))),
        );
        // All at one moment and without a further wait: a change is either in here or told of afterwards.
        return ready.map((build, at) => ({ ...build(), provider: wanted[at]! }));
      }),
    prepare: ({ id }) => followed.get(id)?.prepare(),
    troubles: ({ id }) => followed.get(id)?.troubles() ?? [],
    end: async () => {
      over.abort(new Error("the following has ended"));
      await Promise.all(reflectors.map((one) => one.stop()));
      await pruner.done();
    },
  };
};

/** Several resources that were listed anew together are one reason to look. */
const gatherMilliseconds = 100;

const unknown = (provider: Provider) => ({
  provider,
  error: new Error(`${provider.id} is not followed here`),
});

/** Passes on at once what is asked for within one wait; nothing any more once the wait is called off. */
const gathered = (
  tell: (providers: readonly Provider[]) => void,
  { wait }: { readonly wait: () => Promise<void> },
): ((provider: Provider) => void) => {
  let gathering: Set<Provider> | undefined;
  return (provider) => {
    gathering?.add(provider);
    if (gathering !== undefined) return;
    const these = new Set([provider]);
    gathering = these;
    const pass = () => {
      gathering = undefined;
      tell([...these]);
    };
    wait().then(pass, () => undefined);
  };
};

/** Lets go of what nobody reads, once all who were asking know what they read. */
const createPruner = (reflectors: readonly Reflectors[], over: AbortSignal) => {
  let asking = 0;
  let pruned: Promise<unknown> = Promise.resolve();
  return {
    during: async <T>(ask: () => Promise<T>): Promise<T> => {
      asking += 1;
      try {
        return await ask();
      } finally {
        asking -= 1;
        // Afterwards nobody reads anything, and all of it may be wanted by the next following.
        if (asking === 0 && !over.aborted)
          pruned = Promise.all([pruned, ...reflectors.map((one) => one.prune())]);
      }
    },
    done: () => pruned,
  };
};
