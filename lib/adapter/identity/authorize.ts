import { ApiStatus } from "../api/status.ts";
import type { Attributes } from "./attributes.ts";
import { createRemembered } from "./remembered.ts";
import type { User } from "./user.ts";

/** What a cluster decided about a user and a request. */
export interface Decision {
  readonly allowed: boolean;
  /** The cluster's own words, if it has any. */
  readonly reason: string;
}

/** Asks the cluster, by a SubjectAccessReview. Rejects when it does not answer. */
export type ReviewAccess = (user: User, attributes: Attributes) => Promise<Decision>;

/** Whether a user may, as its cluster says; remembered for ten seconds either way (spec B9). `system:masters` may everything. */
export const createAuthorize = (review: ReviewAccess, clock: () => number): ReviewAccess => {
  const remembered = createRemembered<Decision>({ age: 10_000, clock });
  return async (user, attributes) => {
    if (user.groups.includes("system:masters")) return { allowed: true, reason: "" };
    return remembered(JSON.stringify([user, attributes]), () => review(user, attributes));
  };
};

/** 403 in the words of an API server. */
export const forbidden = (user: User, attributes: Attributes, reason: string): ApiStatus => {
  const words = forHtml(`${wordsOf(user, attributes)}${reason === "" ? "" : `: ${reason}`}`);
  if (attributes.kind === "path")
    return new ApiStatus(403, `forbidden: ${words}`, { reason: "Forbidden", details: {} });
  const { resource, group, name } = attributes;
  const what = `${resource}.${group}${name === "" ? "" : ` "${name}"`}`;
  const details = { ...(name !== "" && { name }), group, kind: resource };
  return new ApiStatus(403, `${what} is forbidden: ${words}`, { reason: "Forbidden", details });
};

const wordsOf = ({ name: user }: User, attributes: Attributes): string => {
  const who = `User ${JSON.stringify(user)} cannot ${attributes.verb}`;
  if (attributes.kind === "path") return `${who} path ${JSON.stringify(attributes.path)}`;
  const { resource, subresource, group, namespace } = attributes;
  const what = JSON.stringify(subresource === "" ? resource : `${resource}/${subresource}`);
  const scope = namespace === "" ? "at the cluster scope" : `in the namespace ${JSON.stringify(namespace)}`;
  return `${who} resource ${what} in API group ${JSON.stringify(group)} ${scope}`;
};

/** A browser may show it. */
const forHtml = (text: string) =>
  text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
