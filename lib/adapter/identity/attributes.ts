/** What a request wants to do, in the terms of Kubernetes's authorisation. */
export type Attributes =
  | { readonly kind: "path"; readonly verb: string; readonly path: string }
  | {
      readonly kind: "resource";
      readonly verb: string;
      readonly group: string;
      readonly version: string;
      readonly namespace: string;
      readonly resource: string;
      readonly subresource: string;
      readonly name: string;
    };

/**
 * Out of method and path alone, by the rules that every Kubernetes API server has (apiserver's `request.RequestInfoFactory`): a metric is a
 * subresource of the objects that it is about, an external metric a resource of its own (spec B9).
 */
export const attributesOf = (method: string, path: string): Attributes => {
  const verb = verbs[method] ?? method.toLowerCase();
  const [first, group = "", version = "", ...rest] = path.replace(/^\/|\/$/g, "").split("/");
  if (first !== "apis" || rest.length === 0) return { kind: "path", verb: method.toLowerCase(), path };
  const isNamespaced = rest[0] === "namespaces";
  const namespace = isNamespaced ? (rest[1] ?? "") : "";
  // A namespace itself has `status` and `finalize`; anything else is a resource in it.
  const isInside = isNamespaced && rest[2] !== undefined && !["status", "finalize"].includes(rest[2]);
  const [resource = "", name = "", subresource = ""] = isInside ? rest.slice(2) : rest;
  const actual = verb === "get" && name === "" ? "list" : verb;
  return { kind: "resource", verb: actual, group, version, namespace, resource, subresource, name };
};

const verbs: Readonly<Record<string, string>> = {
  GET: "get",
  HEAD: "get",
  POST: "create",
  PUT: "update",
  PATCH: "patch",
  DELETE: "delete",
};
