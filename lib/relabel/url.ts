import type { Job } from "../config/configuration.ts";
import { byBytes } from "../config/go-text.ts";
import type { Labels } from "./labels.ts";

/**
 * What a target is scraped from, as Go prints it: the final labels say scheme, host, path and the first value of each
 * parameter, the job says the parameters' other values (spec/prometheus-sd.md §4.3).
 */
export const scrapeUrl = (labels: Labels, params: Job["params"]): string => {
  const scheme = labels.get("__scheme__") ?? "";
  const host = labels.get("__address__") ?? "";
  const path = pathOf(labels.get("__metrics_path__") ?? "");
  const query = queryOf(labels, params);
  return `${scheme === "" ? "" : `${scheme}:`}//${escaped(host, inHost)}${path}${query === "" ? "" : `?${query}`}`;
};

const pathOf = (path: string): string => {
  if (path === "") return "";
  // Go leaves this one path alone that asks a server about itself.
  const text = path === "*" ? path : escaped(path, inPath);
  return text.startsWith("/") ? text : `/${text}`;
};

const queryOf = (labels: Labels, params: Job["params"]): string => {
  const values = new Map(Object.keys(params).map((key) => [key, params[key]!]));
  for (const [name, value] of labels) {
    if (!name.startsWith(prefix)) continue;
    const key = name.slice(prefix.length);
    values.set(key, [value, ...(values.get(key) ?? []).slice(1)]);
  }
  return [...values.keys()]
    .sort(byBytes)
    .flatMap((key) => values.get(key)!.map((value) => `${formEncoded(key)}=${formEncoded(value)}`))
    .join("&");
};

const prefix = "__param_";

const formEncoded = (text: string) => escaped(text, inForm).replaceAll("%20", "+");

/** What Go does not leave as it is in a host, a path and a form: each byte of it becomes `%XX`. */
const inHost = /[^A-Za-z0-9\-_.~!$&'()*+,;=:[\]<>"]+/g;
const inPath = /[^A-Za-z0-9\-_.~$&+,/:;=@]+/g;
const inForm = /[^A-Za-z0-9\-_.~]+/g;

const escaped = (text: string, special: RegExp): string => text.replace(special, percentEncoded);

const percentEncoded = (text: string) =>
  Buffer.from(text).toString("hex").toUpperCase().replace(/../g, "%$&");
