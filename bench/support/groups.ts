import { emptyCaches } from "../../lib/discovery/kubernetes/caches.ts";
import { pods } from "../../lib/discovery/kubernetes/resources.ts";
import { podRole } from "../../lib/discovery/kubernetes/roles/pod.ts";
import type { TargetGroup } from "../../lib/targetgroup/targetgroup.ts";
import { podManifest } from "./pods.ts";

/** What discovery makes of so many pods: a group each, of two targets. */
export const podGroups = (count: number): TargetGroup[] =>
  groupsOf(Array.from({ length: count }, (_, index) => podManifest(index)));

/** What discovery makes of pods. */
export const groupsOf = (manifests: readonly object[]): TargetGroup[] => {
  const objects: Parameters<typeof pods.decode>[0][] = JSON.parse(JSON.stringify(manifests));
  return objects.flatMap((object) => podRole.build(pods.decode(object), emptyCaches) ?? []);
};
