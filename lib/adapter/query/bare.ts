import { quotedEnd } from "../../relabel/go-unquote.ts";
import { isMarked } from "../template/marks.ts";

/**
 * What stands outside of quotes in a query though it may not; `marks` is the query with the texts of others marked. A caller's text may be a number, a
 * duration, or a label where nothing else can stand: it adds no operation, and reads no metric. The name of a series may be a word.
 */
export const misplacedIn = (query: string, marks: string): string | undefined => {
  let takesLabels = false;
  let before = "";
  for (const { text, at } of bareTokens(query)) {
    const drawn = marks.slice(at, at + text.length);
    if (isMarked(drawn, "caller") && !isAmount(text) && !(takesLabels && label.test(text))) return text;
    if (isMarked(drawn, "series") && !word.test(text)) return text;
    if (text === "(") takesLabels = listsLabels.test(before);
    else if (text === "{") takesLabels = true;
    else if (text === ")" || text === "}") takesLabels = false;
    before = text;
  }
  return undefined;
};

/** A subquery has two, with a colon between. */
const isAmount = (text: string) =>
  /^[\d.]/.test(text) && text.split(":").every((one) => one === "" || amount.test(one));
const amount = /^(?:(?:\d+(?:\.\d*)?|\.\d+)(?:[eE]\d+)?|(?:\d+(?:ms|[smhdwy]))+)$/;
const label = /^[a-z_]\w*$/i;
const word = /^[\w.:|]+$/;
const listsLabels = /^(?:by|without|on|ignoring|group_left|group_right)$/i;

interface Token {
  readonly text: string;
  readonly at: number;
}

/** Words and numbers, and every other sign by itself; neither texts in quotes, nor blanks, nor comments. */
function* bareTokens(promql: string): Generator<Token> {
  for (let at = 0; at < promql.length; ) {
    if (`"'\``.includes(promql[at] ?? "")) {
      at = quotedEnd(promql, at) ?? promql.length;
      continue;
    }
    piece.lastIndex = at;
    const [all = "?", token] = piece.exec(promql) ?? [];
    if (token !== undefined) yield { text: token, at };
    at += all.length;
  }
}

const piece = /(?:\s+|#[^\n]*)|([\w.:|]+|[^\s])/uy;
