import { attribute, bare, block, type Item, listOf, text, textLists, texts } from "./alloy-syntax.ts";
import { isMap, isScalar, type Tree, type TreeMap } from "./tree.ts";

/** Prometheus's HTTP client block as Alloy has it; the names are the same but for the headers. */
export const clientItems = (job: TreeMap): Item[] =>
  [...job].flatMap(([key, value]) => {
    if (blocks.has(key) && isMap(value)) return [block(key, blockItems(value))];
    if (key === "http_headers" && isMap(value)) return headers(value);
    if (key === "proxy_connect_header" && isMap(value)) return [attribute(key, textLists(value))];
    return plainKeys.has(key) && isScalar(value) ? [valued(key, value)] : [];
  });

/** The keys of a job that `clientItems` takes care of. */
export const isClientKey = (key: string): boolean =>
  blocks.has(key) || plainKeys.has(key) || key === "http_headers" || key === "proxy_connect_header";

const blocks = new Set(["basic_auth", "authorization", "oauth2", "tls_config"]);
const plainKeys = new Set([
  "bearer_token",
  "bearer_token_file",
  "proxy_url",
  "no_proxy",
  "proxy_from_environment",
  "follow_redirects",
  "enable_http2",
]);

const blockItems = (map: TreeMap): Item[] =>
  [...map].flatMap(([name, value]): Item[] => {
    const key = inlineNames[name] ?? name;
    if (isScalar(value)) return [valued(key, value)];
    if (isMap(value))
      return key === "tls_config" ? [block(key, blockItems(value))] : [attribute(key, members(value))];
    return [attribute(key, texts(listOf(value).map((one) => one.text)))];
  });

const inlineNames: Readonly<Record<string, string>> = { ca: "ca_pem", cert: "cert_pem", key: "key_pem" };

const booleans = new Set([
  "insecure_skip_verify",
  "proxy_from_environment",
  "follow_redirects",
  "enable_http2",
]);

const valued = (key: string, value: Extract<Tree, { text: string }>): Item => {
  return attribute(key, booleans.has(key) ? bare(value) : text(value.text));
};

/** `endpoint_params` and the like: texts by name. */
const members = (map: TreeMap): string =>
  `{ ${[...map].map(([name, value]) => `${text(name)} = ${isScalar(value) ? text(value.text) : '""'}`).join(", ")} }`;

/** Alloy's headers are plain values; those from files it cannot read. */
const headers = (map: TreeMap): Item[] => {
  const lists = [...map].map(([name, value]): [string, Tree] => [
    name,
    isMap(value) ? [...listOf(value.get("values")), ...listOf(value.get("secrets"))] : [],
  ]);
  return [attribute("http_headers", textLists(new Map(lists)))];
};
