import { isAlias, isMap, isNode, isScalar, isSeq, LineCounter, type Node } from "yaml";
import { readDocuments, TooDeepError } from "../yamldocuments.ts";
import type { Place } from "./error.ts";
import type { YamlNode } from "./yaml-node.ts";
import { syntaxMessage } from "./yaml-syntax.ts";

/** A text that is no YAML; the message is worded as go-yaml words it as far as we know it. */
export class YamlError extends Error {
  override name = "YamlError";
  readonly place: Place;

  constructor(message: string, place: Place) {
    super(message);
    this.place = place;
  }
}

/**
 * The first document of a text as nodes, undefined when it is empty. Nothing is resolved or expanded here, so
 * the size of the answer is that of the text. Throws YamlError and nothing else.
 */
export const parseYaml = (text: string): YamlNode | undefined => {
  refuseControls(text);
  const lines = new LineCounter();
  try {
    const document = firstDocument(text, lines);
    return document === null ? undefined : convert(document, { lines, anchors: new Map(), secret: false });
  } catch (thrown) {
    if (thrown instanceof TooDeepError) throw new YamlError(`yaml: ${thrown.message}`, thrown.place);
    throw thrown;
  }
};

/** Keys whose values are credentials: not even the name of a mistaken alias (`password: *x`) is repeated. */
const secretKeys = new Set([
  "password",
  "credentials",
  "bearer_token",
  "client_secret",
  "client_certificate_key",
  "key",
  "secrets",
  "proxy_url",
  "proxy_connect_header",
]);

interface Context {
  readonly lines: LineCounter;
  /** By name, the latest so far: a later anchor may reuse a name. */
  readonly anchors: Map<string, YamlNode>;
  readonly secret: boolean;
}

/** go-yaml refuses them before it reads anything, and knows no line then. */
const refuseControls = (text: string) => {
  const found = /[^\P{Cc}\t\n\r\u0085]|[\uFFFE\uFFFF]/u.exec(text);
  if (found === null) return;
  const before = text.slice(0, found.index).split("\n");
  const place = { line: before.length, column: (before.at(-1)?.length ?? 0) + 1 };
  throw new YamlError("yaml: control characters are not allowed", place);
};

const firstDocument = (text: string, lines: LineCounter): Node | null => {
  const documents = readDocuments(text, {
    version: "1.1",
    // Every scalar stays a text; scalar.ts gives it go-yaml's meaning.
    schema: "failsafe",
    uniqueKeys: false,
    lineCounter: lines,
  });
  const [first] = documents;
  const problem = first?.errors[0];
  if (problem === undefined) return first?.contents ?? null;
  const place = placeAt(lines, problem.pos[0]);
  // go-yaml leaves out the number of the first line.
  const line = place.line === 1 ? "" : `line ${place.line}: `;
  throw new YamlError(`yaml: ${line}${syntaxMessage(problem.code)}`, place);
};

const placeAt = (lines: LineCounter, offset: number): Place => {
  const { line, col } = lines.linePos(offset);
  return { line: Math.max(line, 1), column: Math.max(col, 1) };
};

const convert = (node: Node, context: Context): YamlNode => {
  const place = placeAt(context.lines, node.range?.[0] ?? 0);
  if (isAlias(node)) return alias(node.source, place, context);
  const tag = node.tag ?? "";
  if (isScalar(node)) {
    const text = typeof node.value === "string" ? node.value : (node.source ?? "");
    const plain = node.type === undefined || node.type === "PLAIN";
    return anchored(node.anchor, context, { kind: "scalar", place, tag, text, plain });
  }
  return collection(node, { place, tag }, context);
};

const collection = (
  node: Node,
  { place, tag }: Pick<YamlNode, "place" | "tag">,
  context: Context,
): YamlNode => {
  if (isSeq(node)) {
    const items: YamlNode[] = [];
    // The anchor is known before the items, as in go-yaml, so that a value that contains itself is told as such.
    const list = anchored(node.anchor, context, { kind: "list", place, tag, items });
    for (const item of node.items) items.push(child(item, place, context));
    return list;
  }
  const pairs: (readonly [YamlNode, YamlNode])[] = [];
  const map = anchored(isMap(node) ? node.anchor : undefined, context, { kind: "map", place, tag, pairs });
  for (const pair of isMap(node) ? node.items : []) {
    const key = child(pair.key, place, context);
    const secret = context.secret || (key.kind === "scalar" && secretKeys.has(key.text));
    pairs.push([key, child(pair.value, key.place, { ...context, secret })]);
  }
  return map;
};

/** A missing value (`key:`) is an empty scalar that stands where its key does. */
const child = (node: unknown, place: Place, context: Context): YamlNode =>
  isNode(node) ? convert(node, context) : { kind: "scalar", place, tag: "", text: "", plain: true };

const anchored = (name: string | undefined, context: Context, node: YamlNode): YamlNode => {
  if (name !== undefined) context.anchors.set(name, node);
  return node;
};

const alias = (name: string, place: Place, { anchors, secret }: Context): YamlNode => {
  const target = anchors.get(name);
  if (target !== undefined) return { kind: "alias", place, tag: "", name, target };
  throw new YamlError(`yaml: unknown anchor '${secret ? "<secret>" : name}' referenced`, place);
};
