import type { Live, ProviderView } from "../pool/view.ts";
import type { TargetGroup } from "../targetgroup/targetgroup.ts";
import { cutPieces, joinPieces } from "./pieces.ts";
import { renderGroup } from "./render.ts";
import { type Shard, shardOf } from "./shard.ts";

/** The bytes of an HTTP SD list of views that are rendered this once, such as those of a moment gone by; whole or one shard. */
export const renderOnce = (views: Iterable<ProviderView>, shard: Shard | undefined): Uint8Array[] => {
  const textOf = ({ group }: Live) => renderGroup(shard === undefined ? group : within(group, shard));
  return [...joinPieces([...views].flatMap((view) => cutPieces(view.sorted(), [], textOf)))];
};

const within = (group: TargetGroup, { index, of }: Shard): TargetGroup => ({
  ...group,
  targets: group.targets.filter((target) => shardOf(target, of) === index),
});
