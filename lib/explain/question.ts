import { isIP, isIPv6 } from "node:net";
import { parseSelector, type Selector } from "../relabel/selector.ts";

/** What a discovered target can stand for, and be asked for by. */
export const objectKinds = [
  "pod",
  "service",
  "endpoints",
  "endpointslice",
  "ingress",
  "node",
  "container",
  "task",
] as const;
export type ObjectKind = (typeof objectKinds)[number];

/** What somebody wants explained. `text` is what was typed. */
export type Question =
  | ObjectQuestion
  /** An address as discovered or as relabelled; without a port every target of the host. */
  | { readonly about: "address"; readonly text: string; readonly host: string; readonly port?: string }
  | { readonly about: "labels"; readonly text: string; readonly selector: Selector }
  /** A source that names no object, such as `/etc/targets.json:0`. */
  | { readonly about: "source"; readonly text: string };

/** `pod/shop/web-1`, `shop/web-1`, `pod/web-1` or `web-1`: what is left out may be anything. */
export interface ObjectQuestion {
  readonly about: "object";
  readonly text: string;
  readonly kind?: ObjectKind;
  readonly namespace?: string;
  readonly name: string;
}

/** The query `object` as it came. The error is one line that says what is allowed. */
export const parseQuestion = (
  written: string,
): { readonly question: Question } | { readonly error: string } => {
  const text = written.trim();
  if (text === "") return { error: `object is missing; it must be ${forms}` };
  if (text.startsWith("{")) return labelsIn(text);
  if (text.length > longest) return { error: `object has at most ${longest} characters` };
  if (text.startsWith("/") || text.includes("://")) return { question: { about: "source", text } };
  return addressIn(text) ?? objectIn(text);
};

const forms = 'an object (pod/shop/web-1), an address (10.1.2.3:8080) or labels ({namespace="shop"})';

/** A file's source has its path. */
const longest = 4200;

const labelsIn = (text: string): ReturnType<typeof parseQuestion> => {
  const parsed = parseSelector(text);
  if ("error" in parsed) return { error: `object: ${parsed.error}; labels are such as {pod=~"web-.*"}` };
  return { question: { about: "labels", text, selector: parsed.selector } };
};

const addressIn = (text: string): { readonly question: Question } | undefined => {
  if (isIP(text) !== 0) return { question: { about: "address", text, host: canonicalHost(text) } };
  const [, bracketed, plain, port] = /^(?:\[([^[\]]+)\]|([^/:[\]]+))(?::(\d{1,5}))?$/.exec(text) ?? [];
  const host = bracketed ?? plain;
  if (host === undefined || (bracketed !== undefined && !isIPv6(bracketed))) return undefined;
  if (bracketed === undefined && port === undefined) return undefined;
  const rest = port === undefined ? {} : { port };
  return { question: { about: "address", text, host: canonicalHost(host), ...rest } };
};

/** One spelling of each host: an IPv6 address has many. */
export const canonicalHost = (host: string): string => {
  if (!isIPv6(host)) return host;
  const url = `http://[${host}]`;
  return URL.canParse(url) ? new URL(url).hostname.slice(1, -1) : host;
};

const objectIn = (text: string): ReturnType<typeof parseQuestion> => {
  const parts = text.split("/");
  const [first = "", second = "", name = ""] = parts;
  if (parts.length > 3 || /:\d+$/.test(text)) return { question: { about: "source", text } };
  if (parts.includes("")) return { error: `object ${text} has an empty part; it must be ${forms}` };
  const kind = kinds.get(first.toLowerCase());
  if (parts.length === 1) return { question: { about: "object", text, name: first } };
  if (parts.length === 2) {
    const rest = kind === undefined ? { namespace: first } : { kind };
    return { question: { about: "object", text, ...rest, name: second } };
  }
  if (kind === undefined) {
    return { error: `${first} is no kind of object; there are: ${objectKinds.join(", ")}` };
  }
  return { question: { about: "object", text, kind, namespace: second, name } };
};

/** As people write them who know `kubectl`. */
const kinds: ReadonlyMap<string, ObjectKind> = new Map<string, ObjectKind>([
  ...objectKinds.map((kind) => [kind, kind] as const),
  ["po", "pod"],
  ["pods", "pod"],
  ["svc", "service"],
  ["services", "service"],
  ["ep", "endpoints"],
  ["endpointslices", "endpointslice"],
  ["ing", "ingress"],
  ["ingresses", "ingress"],
  ["no", "node"],
  ["nodes", "node"],
  ["containers", "container"],
  ["tasks", "task"],
]);
