import { Refusal } from "../decode.ts";
import type { Place } from "../error.ts";
import { parseGoUrl } from "../go-url.ts";
import { refined, textOf } from "../types.ts";

/** `KEY:URI` as Heapster's `--source` and `--sink` have it (spec A1), taken apart. What it says may be secret: it is shown nowhere. */
export interface MetricUri {
  readonly key: string;
  readonly scheme: string;
  /** With its port, without a login; empty when none is written. */
  readonly host: string;
  readonly path: string;
  readonly options: URLSearchParams;
  /** As written: what `historical_source` must equal. */
  readonly text: string;
  readonly place: Place;
}

const nowhere: Place = { line: 0, column: 0 };
const nothing: MetricUri = {
  key: "",
  scheme: "",
  host: "",
  path: "",
  options: new URLSearchParams(),
  text: "",
  place: nowhere,
};

/** A scalar in that syntax. */
export const metricUri = refined(textOf("source or sink", true), nothing, (text, place): MetricUri => {
  const colon = text.indexOf(":");
  const key = colon < 0 ? text : text.slice(0, colon);
  const rest = colon < 0 ? "" : text.slice(colon + 1);
  if (key === "") throw new Refusal(place, "a source or sink is KEY:URI, and this one has no key");
  if (/\$(?!\{(ssm|secretsmanager):)/.test(rest))
    throw new Refusal(place, `${key}: variables such as $NAME are not expanded here; a dollar sign is %24`);
  const parsed = parseGoUrl(rest, "<secret>");
  if ("error" in parsed) throw new Refusal(place, `${key}: ${parsed.error}`);
  return { key, ...partsOf(rest), text, place };
});

/** The text is known to be a URL in Go's eyes; an empty one, or a bare path, is one too. */
const partsOf = (url: string) => {
  const [, before = "", query = ""] = /^([^?#]*)(?:\?([^#]*))?/s.exec(url) ?? [];
  const [, scheme = "", rest = ""] = /^(?:([a-zA-Z][a-zA-Z0-9+.-]*):)?(.*)$/s.exec(before) ?? [];
  const [, authority = "", path = rest] = /^\/\/([^/]*)(.*)$/s.exec(rest) ?? [];
  return {
    scheme: scheme.toLowerCase(),
    host: authority.slice(authority.lastIndexOf("@") + 1),
    path,
    options: new URLSearchParams(query),
  };
};

/** `http://host:port` or `https://host:port` of a sink that is asked over HTTP. */
export const originOf = ({ scheme, host, key, place }: MetricUri): string => {
  const isHttp = host !== "" && (scheme === "http" || scheme === "https");
  if (isHttp && URL.canParse(`${scheme}://${host}`)) return `${scheme}://${host}`;
  throw new Refusal(place, `${key}: its address is http://host:port or https://host:port`);
};
