import type { TargetGroup } from "../../targetgroup/targetgroup.ts";
import { type Area, type Scope, viewOf } from "./look.ts";
import { createGroupMemory, type GroupMemory } from "./memory.ts";
import type { KubernetesObject } from "./objects/meta.ts";
import type { Seen } from "./outcome.ts";
import type { ObjectChange } from "./reflector.ts";
import type { Reader, Reflectors } from "./reflectors.ts";
import type { ResourceName } from "./resources.ts";
import type { Touched, View } from "./view.ts";

/** One namespace of one provider (or everything) as reflectors keep it. */
export interface LiveScope {
  readonly namespace: string;
  /**
   * Asks for everything that the role needs, at once, and waits until all of it was listed or some of it has failed. What
   * it resolves to builds all groups out of memory, as that is when it is called; throws while that may be old.
   */
  ready(): Promise<() => Seen>;
  /** Builds and hashes all groups for the next look, in turns; what changes until then is built anew by it. */
  prepare(): Promise<void>;
  troubles(): readonly Error[];
}

export interface LiveScopeParts {
  readonly reflectors: Reflectors;
  /** From the first complete look on. */
  readonly touched: (touched: Touched, at: number) => void;
  readonly renewed: () => void;
  /** Every event, whether it touches anything or not. */
  readonly event: (resource: ResourceName, change: ObjectChange<KubernetesObject>) => void;
}

export const createLiveScope = (area: Area, parts: LiveScopeParts): LiveScope => {
  let view: View | undefined;
  let bindings = 0;
  let prepared: GroupMemory | undefined;
  const reader: Reader = {
    namespace: area.namespace,
    changed: (resource, change) => {
      parts.event(resource, change);
      const live = view;
      for (const { source, build } of live?.touched(resource, change) ?? []) {
        parts.touched({ source, build: () => (live === view ? build() : laterLook) }, change.at);
      }
    },
    renewed: parts.renewed,
    rebound: () => {
      view = undefined;
      prepared = undefined;
      bindings += 1;
    },
  };
  // Reflected objects change all the time; to keep each one's group for good would take more than building some anew.
  const memory: GroupMemory = {
    over: (role, caches) => prepared?.over(role, caches) ?? ((object) => role.build(object, caches)),
  };
  const scope: Scope = { ...area, lists: parts.reflectors.listsFor(reader), memory };
  const troubles = () => parts.reflectors.troublesOf(reader);
  return {
    namespace: area.namespace,
    ready: async () => {
      const fresh = await viewOf(scope);
      const boundAt = bindings;
      return () => {
        const [trouble] = troubles();
        if (trouble !== undefined) throw trouble;
        if (boundAt !== bindings) throw new Error("another look began meanwhile and reads elsewhere");
        view ??= fresh;
        const seen = view.seen();
        prepared = undefined;
        return seen;
      };
    },
    prepare: async () => {
      prepared = createGroupMemory();
      await view?.prepare(prepared);
    },
    troubles,
  };
};

/** What is read comes from elsewhere since the change: the look that found so tells how things stand. */
const laterLook: TargetGroup | undefined = undefined;
