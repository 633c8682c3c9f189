import type { Catalogue } from "../provider/provider.ts";
import { customGroup, externalGroup, type GroupName, isServed, isVersion } from "./groups.ts";

/** What a path asks for (spec B9). */
export type Asked =
  | { readonly of: "health" | "version" | "metrics" | "openapi-v2" | "openapi-v3" | "groups" | "paths" }
  | { readonly of: "openapi-v3-group"; readonly group: GroupName; readonly version: string }
  | { readonly of: "group"; readonly group: GroupName }
  | { readonly of: "resources"; readonly group: GroupName; readonly version: string }
  | ({ readonly of: "custom"; readonly version: string } & CustomPath)
  | { readonly of: "external"; readonly namespace: string; readonly metric: string }
  | { readonly of: "nodes"; readonly name: string | undefined }
  | { readonly of: "pods"; readonly namespace: string | undefined; readonly name: string | undefined }
  /** A route without a meaning, or a name that is none: 400. */
  | { readonly of: "no request"; readonly reason: string }
  /** Nothing below a served version: a Status. Elsewhere: a plain text. */
  | { readonly of: "nothing"; readonly isBelowVersion: boolean };

export interface CustomPath {
  /** As written: `plural`, or `plural.group`. */
  readonly resource: string;
  /** Undefined at the root. */
  readonly namespace: string | undefined;
  /** `*` for all. */
  readonly name: string;
  readonly metric: string;
}

/** `path` is decoded, begins with a slash and ends with none. Groups that the catalogue does not have are not there. */
export const askedIn = (path: string, catalogue: Catalogue): Asked => {
  const simple = simplePaths.get(path);
  if (simple !== undefined) return simple;
  const [first, ...parts] = path.replace(/^\/|\/$/g, "").split("/");
  if (first === "apis") return groupPath(parts, catalogue) ?? elsewhere;
  if (first === "openapi" && parts[0] === "v3" && parts[1] === "apis") {
    const [, , group = "", version = "", ...more] = parts;
    const isThere = isServed(group, catalogue) && isVersion(group, version) && more.length === 0;
    return isThere ? { of: "openapi-v3-group", group, version } : elsewhere;
  }
  return elsewhere;
};

const elsewhere: Asked = { of: "nothing", isBelowVersion: false };
const nothing: Asked = { of: "nothing", isBelowVersion: true };

const simplePaths = new Map<string, Asked>([
  ["/", { of: "paths" }],
  ["/healthz", { of: "health" }],
  ["/livez", { of: "health" }],
  ["/readyz", { of: "health" }],
  ["/version", { of: "version" }],
  ["/metrics", { of: "metrics" }],
  ["/openapi/v2", { of: "openapi-v2" }],
  ["/openapi/v3", { of: "openapi-v3" }],
  ["/apis", { of: "groups" }],
]);

const groupPath = (
  [group = "", version, ...rest]: readonly string[],
  catalogue: Catalogue,
): Asked | undefined => {
  if (!isServed(group, catalogue)) return undefined;
  if (version === undefined) return { of: "group", group };
  if (!isVersion(group, version)) return undefined;
  if (rest.length === 0) return { of: "resources", group, version };
  // An empty part is no name of anything.
  if (rest.includes("")) return nothing;
  return checked(belowVersion(group, version, rest));
};

const belowVersion = (group: GroupName, version: string, parts: readonly string[]): Asked => {
  if (group === customGroup) return customPath(parts, version);
  return group === externalGroup ? externalPath(parts) : resourcePath(parts);
};

/** What may not be a part of a path is no name of anything (apimachinery's `IsValidPathSegmentName`): it would ask another server for something else. */
const checked = (asked: Asked): Asked => {
  for (const part of ["namespace", "resource", "name"] as const) {
    const text: string | undefined = Object(asked)[part];
    if (text === "." || text === "..")
      return { of: "no request", reason: `invalid ${part} ${JSON.stringify(text)}: may not be '${text}'` };
    const sign = /[/%]/.exec(text ?? "")?.[0];
    if (sign !== undefined)
      return {
        of: "no request",
        reason: `invalid ${part} ${JSON.stringify(text)}: may not contain '${sign}'`,
      };
  }
  return asked;
};

const customPath = (parts: readonly string[], version: string): Asked => {
  const of = "custom";
  const [first = "", second = "", third = "", fourth = "", fifth = ""] = parts;
  if (first !== "namespaces")
    return parts.length === 3
      ? { of, version, resource: first, namespace: undefined, name: second, metric: third }
      : nothing;
  // It has the form of a metric at the root, but metrics of namespaces have a form of their own.
  if (parts.length === 3) return { of: "no request", reason: "invalid request path" };
  if (parts.length === 4 && third === "metrics")
    return { of, version, resource: "namespaces", namespace: undefined, name: second, metric: fourth };
  if (parts.length !== 5) return nothing;
  return { of, version, resource: third, namespace: second, name: fourth, metric: fifth };
};

const externalPath = (parts: readonly string[]): Asked => {
  const [first, namespace = "", metric = ""] = parts;
  return first === "namespaces" && parts.length === 3 ? { of: "external", namespace, metric } : nothing;
};

const resourcePath = (parts: readonly string[]): Asked => {
  const [first, second, third, fourth] = parts;
  if (first === "nodes" && parts.length <= 2) return { of: "nodes", name: second };
  if (first === "pods" && parts.length === 1) return { of: "pods", namespace: undefined, name: undefined };
  if (first === "namespaces" && third === "pods" && parts.length <= 4)
    return { of: "pods", namespace: second, name: fourth };
  return nothing;
};
