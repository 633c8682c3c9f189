import { createHash } from "node:crypto";
import { writtenSize } from "../pool/body.ts";
import type { Live, ProviderView, View } from "../pool/view.ts";
import { createNarrowedLists } from "./narrowed.ts";
import { cutPieces, joinPieces, type Piece, sizeOver } from "./pieces.ts";
import { renderGroup } from "./render.ts";

/** A list as the pool has it at one moment. */
export interface List {
  readonly views: ReadonlyMap<string, ProviderView>;
  /** Another as soon as the list's content is; the same in every process that serves the same pool. */
  readonly tag: string;
  /** The whole list's bytes in order, `[]` for none; each is rendered when it is taken. */
  pieces(): Iterable<Uint8Array>;
  /** Its size in bytes if that is more than `most`. All of it has to be rendered only where it comes near that. */
  sizeOver(most: number): number | undefined;
}

/**
 * Renders whole HTTP SD lists out of the warm view: groups of one provider after the other, each ordered by source,
 * so that the same pool gives the same bytes. What did not move since the last read is not rendered again.
 */
export const createLists = (view: View) => {
  const rendered = new Map<string, Rendered>();
  const { narrow } = createNarrowedLists();

  const render = (provider: string, now: ProviderView): readonly Piece<Live>[] => {
    const known = rendered.get(provider);
    if (known?.view === now) return known.pieces;
    const pieces = cutPieces(now.sorted(), known?.pieces ?? [], textOf);
    rendered.set(provider, { view: now, pieces });
    return pieces;
  };

  return {
    /** The list of these providers. Rejects when the pool cannot be read: an unsure list is not served. */
    read: async (providers: readonly string[]): Promise<List> => {
      const now = await Promise.all(providers.map((provider) => view.groups(provider)));
      const views = new Map(providers.map((provider, index) => [provider, now[index]!]));
      const pieces = () => joinPieces([...views].flatMap(([provider, of]) => render(provider, of)));
      const over = (most: number) =>
        most < Number.POSITIVE_INFINITY && mayHave(views) > most ? sizeOver(pieces(), most) : undefined;
      return { views, tag: tagOf(views), pieces, sizeOver: over };
    },
    narrow,
    /** Forgets every other provider, here and in the view. */
    keepOnly: (providers: ReadonlySet<string>): void => {
      for (const provider of rendered.keys()) if (!providers.has(provider)) rendered.delete(provider);
      view.keepOnly(providers);
    },
  };
};

interface Rendered {
  readonly view: ProviderView;
  readonly pieces: readonly Piece<Live>[];
}

/** The version of the rendering is part of it: another layout of the same groups is another list. */
const tagOf = (views: ReadonlyMap<string, ProviderView>): string =>
  createHash("sha256")
    .update(JSON.stringify([1, ...[...views].map(([provider, view]) => [provider, view.digest()])]))
    .digest("base64url")
    .slice(0, 22);

/** Bytes that the list cannot have more of: each target repeats no more than its group's whole text. */
const mayHave = (views: ReadonlyMap<string, ProviderView>): number => {
  let most = 2;
  for (const view of views.values()) {
    const known = bounds.get(view) ?? boundOf(view);
    bounds.set(view, known);
    most += known;
  }
  return most;
};

const bounds = new WeakMap<ProviderView, number>();

const boundOf = ({ entries }: ProviderView): number => {
  let bound = 0;
  for (const { group } of entries.values()) bound += group.targets.length * (1 + writtenSize(group));
  return bound;
};

/** Not remembered: of a changed list some pieces are rendered anew, in a millisecond each, and texts would be as large as the list. */
const textOf = ({ group }: Live): string => renderGroup(group);
