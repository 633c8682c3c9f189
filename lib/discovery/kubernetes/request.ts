import { oneLine } from "./answer.ts";
import type { Json } from "./objects/decode.ts";

/** What is listed or watched. */
interface Subject {
  readonly resource: { readonly api: string; readonly name: string };
  readonly namespace: string;
  readonly selector: { readonly label: string; readonly field: string };
}

/** Where a resource is listed and watched, narrowed by the selectors. Throws Error for a name that is no part of a path. */
export const resourceUrl = ({ resource, namespace, selector }: Subject, server: URL): URL => {
  const url = new URL(server);
  const scope = namespace === "" ? "" : `/namespaces/${partOf(namespace)}`;
  url.pathname = `${url.pathname.replace(/\/+$/, "")}${resource.api}${scope}/${partOf(resource.name)}`;
  url.search = "";
  if (selector.label !== "") url.searchParams.set("labelSelector", selector.label);
  if (selector.field !== "") url.searchParams.set("fieldSelector", selector.field);
  return url;
};

/** A URL goes up a folder for dots, however they are encoded: it would be another list than the one asked for. */
const partOf = (name: string): string => {
  if (name !== "." && name !== "..") return encodeURIComponent(name);
  throw new Error(`${JSON.stringify(name)} is no name of a namespace or resource`);
};

/** The server may send whole objects all the same; the decoder takes either. */
export const acceptOf = (
  { metadataOnly }: { readonly metadataOnly: boolean },
  kind: "PartialObjectMetadata" | "PartialObjectMetadataList",
): string =>
  metadataOnly ? `application/json;as=${kind};g=meta.k8s.io;v=v1,application/json;q=0.9` : "application/json";

/** How an object that cannot be decoded is named in errors: its metadata may be as broken as the rest. */
export const nameOf = ({ metadata }: Json): string => {
  const { namespace, name }: Json = Object(metadata);
  const own = typeof name === "string" && name !== "" ? name : "without a name";
  return oneLine(typeof namespace === "string" && namespace !== "" ? `${namespace}/${own}` : own);
};
