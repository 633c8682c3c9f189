import type { AttachMetadata } from "../../config/configuration.ts";
import type { LabelSet, TargetGroup } from "../../targetgroup/targetgroup.ts";
import type { KubernetesObject } from "./objects/meta.ts";
import type { Node } from "./objects/node.ts";
import type { Pod } from "./objects/pod.ts";
import type { Service } from "./objects/service.ts";

/** Objects by `<namespace>/<name>`, or by bare name when they are cluster-wide. */
export type Cache<T> = Pick<ReadonlyMap<string, T>, "get" | "has">;

/** What a role looks up while it builds a group; a cache that the role does not need is empty. */
export interface Caches {
  /** Labels that every group of the provider carries. */
  readonly groupLabels: LabelSet;
  readonly attach: AttachMetadata;
  readonly nodes: Cache<Node>;
  readonly namespaces: Cache<KubernetesObject>;
  readonly services: Cache<Service>;
  readonly pods: Cache<Pod>;
  readonly replicaSets: Cache<KubernetesObject>;
  readonly jobs: Cache<KubernetesObject>;
}

/**
 * How one kind of object becomes a target group: pure, one object at a time, so that a look builds all of them and a
 * watch rebuilds one. `build` gives undefined where the last group shall stay as it is (spec §2.4).
 */
export interface RoleBuilder<T extends KubernetesObject> {
  /** Out of the metadata alone, so that an object that is gone still has it. */
  readonly source: (object: KubernetesObject) => string;
  readonly build: (object: T, caches: Caches) => TargetGroup | undefined;
}

export const emptyCaches: Caches = {
  groupLabels: {},
  attach: { node: false, namespace: false, deployment: false, job: false, cronjob: false },
  nodes: new Map(),
  namespaces: new Map(),
  services: new Map(),
  pods: new Map(),
  replicaSets: new Map(),
  jobs: new Map(),
};
