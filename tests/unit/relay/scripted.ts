import type { Outcome } from "../../../lib/discovery/discoverer.ts";
import type { Follow, FollowListener } from "../../../lib/discovery/follower.ts";
import type { Provider } from "../../../lib/discovery/provider.ts";
import type { TargetGroup } from "../../../lib/targetgroup/targetgroup.ts";

/** What is followed, by script: the test says what there is, and whether whoever follows is told. */
export const createScriptedFollow = (now: () => number) => {
  const groups = new Map<string, Map<string, TargetGroup | Error>>();
  const listeners: { listener: FollowListener; providers: readonly Provider[] }[] = [];
  const state = {
    /** Errors of whole providers, by identifier. */
    failing: new Map<string, Error>(),
    troubles: new Map<string, string[]>(),
    /** Providers of which there is something to prepare, by identifier. */
    preparing: new Map<string, Promise<void>>(),
    /** A look never answers. */
    stuck: false,
    /** Looks at these providers never answer. */
    stuckFor: new Set<string>(),
    keeps: (_source: string): boolean => false,
    looks: 0,
    begun: 0,
    ended: [] as boolean[],
  };
  const of = ({ id }: Provider) => {
    const own = groups.get(id) ?? new Map<string, TargetGroup | Error>();
    groups.set(id, own);
    return own;
  };
  const outcome = (provider: Provider): Outcome => {
    const error = state.failing.get(provider.id);
    if (error !== undefined) return { provider, error };
    const found = [...of(provider).values()].flatMap((one) => (one instanceof Error ? [] : [one]));
    return { provider, look: { groups: found, keeps: state.keeps, problems: [] } };
  };
  const follow: Follow = ({ providers }, listener) => {
    const following = { listener, providers };
    listeners.push(following);
    state.begun += 1;
    return {
      look: async (asked) => {
        state.looks += 1;
        if (state.stuck || asked.some(({ id }) => state.stuckFor.has(id))) await new Promise(() => {});
        return asked.map(outcome);
      },
      prepare: ({ id }) => state.preparing.get(id),
      troubles: ({ id }) => state.troubles.get(id) ?? [],
      end: async ({ keep }) => {
        state.ended.push(keep);
        const at = listeners.indexOf(following);
        if (at !== -1) listeners.splice(at, 1);
      },
    };
  };
  const told = (provider: Provider, source: string) => {
    const build = () => {
      const group = of(provider).get(source) ?? { source, labels: {}, targets: [] };
      if (group instanceof Error) throw group;
      return group;
    };
    for (const { listener, providers } of listeners)
      if (providers.some(({ id }) => id === provider.id))
        listener.changed({ provider, source, at: now(), build });
  };
  return Object.assign(state, {
    follow,
    /** There is a source, silently. */
    put: (provider: Provider, source: string, address: string | Error) => {
      const group = typeof address === "string" ? groupOf(source, address) : address;
      of(provider).set(source, group);
    },
    drop: (provider: Provider, source: string) => of(provider).delete(source),
    /** Whoever follows hears that the source may have changed. */
    told,
    lookAgain: (...providers: Provider[]) => {
      for (const { listener, providers: own } of listeners) {
        const asked = providers.filter(({ id }) => own.some((one) => one.id === id));
        if (asked.length > 0) listener.lookAgain(asked);
      }
    },
  });
};

export const groupOf = (source: string, address: string): TargetGroup => ({
  source,
  labels: {},
  targets: [{ __address__: address }],
});
