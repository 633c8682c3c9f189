import type { Live, View } from "../pool/view.ts";
import { cutPieces, type Piece } from "./pieces.ts";
import { renderGroup } from "./render.ts";

/**
 * Renders whole HTTP SD lists out of the warm view: groups of one provider after the other, each ordered by source,
 * so that the same pool gives the same bytes. What did not move since the last read is not rendered again.
 */
export const createLists = (view: View) => {
  const rendered = new Map<string, Rendered>();

  const render = async (provider: string): Promise<Rendered> => {
    const known = rendered.get(provider);
    const now = await view.groups(provider);
    if (known !== undefined && known.generation === now.generation) return known;
    const pieces = cutPieces(now.sorted(), known?.pieces ?? [], textOf);
    const fresh = { generation: now.generation, pieces };
    rendered.set(provider, fresh);
    return fresh;
  };

  return {
    /** How many sources the pool holds of each provider, nothing rendered. */
    count: async (providers: readonly string[]): Promise<Map<string, number>> => {
      const views = await Promise.all(providers.map((provider) => view.groups(provider)));
      return new Map(providers.map((provider, index) => [provider, views[index]!.entries.size]));
    },
    /** The list's bytes in order, `[]` for none. Rejects when the pool cannot be read: an unsure list is not served. */
    list: async (providers: readonly string[]): Promise<Uint8Array[]> => {
      const rendered = await Promise.all(providers.map(render));
      const full = rendered.flatMap(({ pieces }) => pieces).filter(({ bytes }) => bytes.length > 0);
      const between = full.flatMap(({ bytes }, index) => (index === 0 ? [bytes] : [comma, bytes]));
      return [open, ...between, close];
    },
    /** Forgets every other provider, here and in the view. */
    keepOnly: (providers: ReadonlySet<string>): void => {
      for (const provider of rendered.keys()) if (!providers.has(provider)) rendered.delete(provider);
      view.keepOnly(providers);
    },
  };
};

interface Rendered {
  readonly generation: number;
  readonly pieces: readonly Piece[];
}

const [open, comma, close] = ["[", ",", "]"].map((text) => Buffer.from(text)) as [Buffer, Buffer, Buffer];

const texts = new WeakMap<object, string>();

const textOf = ({ group }: Live): string => {
  const known = texts.get(group);
  if (known !== undefined) return known;
  const text = renderGroup(group);
  texts.set(group, text);
  return text;
};
