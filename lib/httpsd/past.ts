import type { ProviderView } from "../pool/view.ts";
import { cutPieces } from "./pieces.ts";
import { renderGroup } from "./render.ts";

/** A whole HTTP SD list of views that are rendered this once, such as those of a moment gone by. */
export const renderOnce = function* (views: Iterable<ProviderView>): Generator<Uint8Array> {
  let before = "[";
  for (const view of views) {
    for (const { bytes } of cutPieces(view.sorted(), [], ({ group }) => renderGroup(group))) {
      if (bytes.length === 0) continue;
      yield Buffer.from(before);
      yield bytes;
      before = ",";
    }
  }
  yield Buffer.from(before === "[" ? "[]" : "]");
};
