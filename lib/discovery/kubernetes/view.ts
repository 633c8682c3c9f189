import { contentHash } from "../../targetgroup/hash.ts";
import type { TargetGroup } from "../../targetgroup/targetgroup.ts";
import type { Turns } from "../../turns.ts";
import type { Caches, RoleBuilder } from "./caches.ts";
import type { Listed } from "./lists.ts";
import type { GroupMemory } from "./memory.ts";
import { type KubernetesObject, keyOf } from "./objects/meta.ts";
import type { Seen } from "./outcome.ts";
import type { Reactions } from "./reactions.ts";
import type { ObjectChange } from "./reflector.ts";
import type { Objects, ResourceName } from "./resources.ts";

/** What a role sees of one scope. It is as live as the lists it was made of. */
export interface View {
  /** Builds everything; throws for an object that cannot be made a group. */
  seen(): Seen;
  /** Builds and hashes one group after the other, in turns; what cannot be made a group is left to a look to tell. */
  prepare(memory: GroupMemory, turns: Turns): Promise<void>;
  /** What a change of one object rebuilds, exactly (spec §2.2). */
  touched<Name extends ResourceName>(resource: Name, change: ObjectChange<Objects[Name]>): Touched[];
}

export interface Touched {
  readonly source: string;
  /** The group as it is when this is called, without targets if its object is gone; undefined as for a role's builder. */
  readonly build: () => TargetGroup | undefined;
}

export interface ViewParts<T extends KubernetesObject> {
  readonly role: RoleBuilder<T>;
  readonly reactions: Reactions<T>;
  readonly main: Listed<T>;
  readonly caches: Caches;
  readonly memory: GroupMemory;
}

export const createView = <T extends KubernetesObject>(parts: ViewParts<T>): View => {
  const { role, reactions, main, caches } = parts;
  const touch = (object: KubernetesObject): Touched => {
    const source = role.source(object);
    const key = keyOf(object.meta);
    return {
      source,
      build: () => {
        const now = main.byKey.get(key);
        return now === undefined ? { source, labels: {}, targets: [] } : role.build(now, caches);
      },
    };
  };
  return {
    seen: () => seeAll(parts),
    prepare: (memory, turns) => prepareAll({ ...parts, memory }, turns),
    touched: (resource, change) => {
      const object = change.after ?? change.before;
      if (resource === reactions.main) return object === undefined ? [] : [touch(object)];
      const isTouched = reactions.others[resource]?.(change);
      return isTouched === undefined ? [] : main.find(isTouched, change).map(touch);
    },
  };
};

const prepareAll = async <T extends KubernetesObject>(
  { role, main, caches, memory }: ViewParts<T>,
  turns: Turns,
): Promise<void> => {
  const build = memory.over(role, caches);
  for (const object of main.objects) {
    prepareOne(() => build(object));
    const turn = turns.next();
    if (turn !== undefined) await turn;
  }
};

const prepareOne = (build: () => TargetGroup | undefined): void => {
  try {
    const group = build();
    if (group !== undefined) contentHash(group);
  } catch {
    // The look says so.
  }
};

const seeAll = <T extends KubernetesObject>({ role, main, caches, memory }: ViewParts<T>): Seen => {
  const groups: TargetGroup[] = [];
  const withoutGroup: string[] = [];
  const build = memory.over(role, caches);
  for (const object of main.objects) {
    const group = build(object);
    if (group === undefined) withoutGroup.push(role.source(object));
    else groups.push(group);
  }
  return { groups, withoutGroup };
};
