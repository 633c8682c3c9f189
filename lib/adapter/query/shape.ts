import { quotedEnd } from "../../relabel/go-unquote.ts";

/** The structure of a query: its tokens, with one sign for each word or number, and one for each text in quotes. */
export const shapeOf = (promql: string): string => {
  let shape = "";
  for (let at = 0; at < promql.length; ) {
    const first = promql[at] ?? "";
    if (`"'\``.includes(first)) {
      at = quotedEnd(promql, at) ?? promql.length;
      shape += "s";
      continue;
    }
    piece.lastIndex = at;
    const [all = first, word, sign] = piece.exec(promql) ?? [];
    at += all.length;
    if (word !== undefined) shape += "w";
    else if (sign !== undefined) shape += sign;
  }
  return shape;
};

/** Blanks and comments keep words apart and are nothing themselves. */
const piece = /(?:\s+|#[^\n]*)|([\w.:|]+)|([^\s])/uy;
