import { setTimeout as delay } from "node:timers/promises";
import type { TargetGroup } from "../../targetgroup/targetgroup.ts";
import { createTurns, type Turns } from "../../turns.ts";
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
  /** Everything was listed since it was first asked for, so that a look can be prepared. */
  isListed(): boolean;
  /** Builds and hashes all groups for the next look, in turns; what changes until then is built anew by it. The first one is under way already. */
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
  let asking: Promise<View>;
  let prepared: GroupMemory | undefined;
  let preparing: Promise<void> | undefined;
  const letGo = () => {
    prepared = undefined;
    preparing = undefined;
  };
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
      letGo();
      bindings += 1;
    },
  };
  // Reflected objects change all the time; to keep each one's group for good would take more than building some anew.
  const memory: GroupMemory = {
    over: (role, caches) => prepared?.over(role, caches) ?? ((object) => role.build(object, caches)),
  };
  const scope: Scope = { ...area, lists: parts.reflectors.listsFor(reader), memory };
  const ask = async (): Promise<Answer> => {
    asking = viewOf(scope);
    for (;;) {
      const last = asking;
      const fresh = await last;
      if (last === asking) return { fresh, boundAt: bindings };
    }
  };
  const prepareFor = async (next: View, turns: Turns, memory = createGroupMemory()) => {
    prepared = memory;
    const own = next.prepare(memory, turns);
    preparing = own;
    await own;
    if (preparing === own) preparing = undefined;
  };
  const troubles = () => parts.reflectors.troublesOf(reader);
  return {
    namespace: area.namespace,
    ready: async () => {
      const { fresh, boundAt } = await ask();
      // So that a large first look leaves others their turns, and once for all who ask; later ones were prepared before. Where the first
      // has failed so far, only what changed since is built.
      if (view === undefined) await (preparing ?? prepareFor(fresh, createTurns(), prepared));
      return () => {
        const [trouble] = troubles();
        if (trouble !== undefined) throw trouble;
        if (boundAt !== bindings) throw new Error("another look began meanwhile and reads elsewhere");
        view ??= fresh;
        const seen = view.seen();
        letGo();
        return seen;
      };
    },
    isListed: () => (view ?? prepared) !== undefined,
    prepare: async () => {
      await (view === undefined ? preparing : prepareFor(view, createTurns(unhurried)));
    },
    troubles,
  };
};

/** For all who wait that of whoever asked last, who may have taken the lists away from under those who asked before. */
interface Answer {
  readonly fresh: View;
  readonly boundAt: number;
}

/**
 * For what nobody waits for. What a change has to pass through on its way comes to a dozen steps, each of which may wait for a turn.
 * Milliseconds.
 */
const unhurried = { turn: 2, others: () => delay(4) };

/** What is read comes from elsewhere since the change: the look that found so tells how things stand. */
const laterLook: TargetGroup | undefined = undefined;
