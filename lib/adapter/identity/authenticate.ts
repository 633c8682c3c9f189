import type { X509Certificate } from "node:crypto";
import { distrust, readCertificate, subjectOf } from "./certificate.ts";
import type { FrontProxy, Trust } from "./trust.ts";
import { anonymous, authenticated, type User } from "./user.ts";

export interface AuthenticateParts {
  readonly trust: Trust;
  /** Asks the cluster whose token it is; undefined: nobody's. Rejects when the cluster does not answer. */
  readonly reviewToken: (token: string) => Promise<User | undefined>;
  /** Unix milliseconds. */
  readonly now: number;
  /** False behind a load balancer, which lets nobody through without a certificate. */
  readonly allowsAnonymous: boolean;
}

/** Who asks, or why it is not believed. */
export type Authenticated = { readonly user: User } | { readonly refused: string };

type Headers = ReadonlyMap<string, readonly string[]>;

/**
 * The header in which whoever ended TLS gives the client's certificate: an Application Load Balancer in mutual-TLS verify mode, or the local
 * listener, which takes away what a client sends under this name. Nothing else reaches the function (ADR 31).
 */
export const leafHeader = "x-amzn-mtls-clientcert-leaf";

/**
 * In the order of an API server's own authenticators (spec B9): the front proxy by its certificate, then a user's certificate, then a token. What
 * `X-Remote-User` says counts with the front proxy's certificate only.
 */
export const authenticate = async (headers: Headers, parts: AuthenticateParts): Promise<Authenticated> => {
  const leaves = headers.get(leafHeader) ?? [];
  const leaf = leaves.length === 1 ? certificateIn(leaves[0] ?? "") : undefined;
  if (leaves.length > 0 && leaf === undefined) return { refused: `${leafHeader} has no single certificate` };
  if (leaf === undefined && !parts.allowsAnonymous) return { refused: "there is no client certificate" };
  const proxied = leaf && byFrontProxy(leaf, headers, parts);
  if (proxied !== undefined && "user" in proxied) return proxied;
  const own = leaf && byCertificate(leaf, parts);
  if (own !== undefined && "user" in own) return own;
  const token = bearerIn(headers);
  if (token !== undefined) {
    const user = await parts.reviewToken(token);
    return user === undefined ? { refused: "the token is nobody's" } : { user: authenticated(user) };
  }
  if (leaf === undefined) return { user: anonymous };
  return { refused: reasonsOf(proxied, own) };
};

const reasonsOf = (...tried: (Authenticated | undefined)[]) =>
  [...new Set(tried.flatMap((one) => (one !== undefined && "refused" in one ? one.refused : [])))].join("; ");

/** `+`, `=` and `/` are left as they are by the load balancer. */
const certificateIn = (header: string): X509Certificate | undefined => {
  try {
    return readCertificate(decodeURIComponent(header));
  } catch {
    return undefined;
  }
};

const byFrontProxy = (
  leaf: X509Certificate,
  headers: Headers,
  { trust: { frontProxy }, now }: AuthenticateParts,
): Authenticated => {
  if (frontProxy === undefined) return { refused: "the cluster has no front proxy" };
  const { authorities, allowedNames } = frontProxy;
  const reason = distrust(leaf, authorities, now);
  if (reason !== undefined) return { refused: reason };
  const { name } = subjectOf(leaf);
  if (allowedNames.length > 0 && !allowedNames.includes(name))
    return { refused: `the front proxy's certificate is of ${JSON.stringify(name)}, who may not be one` };
  const user = userIn(headers, frontProxy);
  return user === undefined ? { refused: "the front proxy names no user" } : { user: authenticated(user) };
};

const userIn = (headers: Headers, proxy: FrontProxy): User | undefined => {
  const first = (names: readonly string[]) =>
    names.flatMap((name) => headers.get(name) ?? []).find((value) => value !== "");
  const name = first(proxy.userHeaders);
  if (name === undefined) return undefined;
  const groups = proxy.groupHeaders.flatMap((header) => headers.get(header) ?? []);
  const extra = new Map<string, string[]>();
  for (const [header, values] of headers) {
    const prefix = proxy.extraPrefixes.find((one) => header.startsWith(one));
    const key = prefix && unescaped(header.slice(prefix.length));
    if (key) extra.set(key, [...(extra.get(key) ?? []), ...values]);
  }
  return { name, groups, extra: Object.fromEntries(extra) };
};

/** Keys of extras travel percent-encoded, since they are no names of headers by themselves. */
const unescaped = (key: string): string => {
  try {
    return decodeURIComponent(key);
  } catch {
    return key;
  }
};

const byCertificate = (
  leaf: X509Certificate,
  { trust: { clientAuthorities }, now }: AuthenticateParts,
): Authenticated => {
  if (clientAuthorities === undefined) return { refused: "the cluster believes no certificates of users" };
  const reason = distrust(leaf, clientAuthorities, now);
  if (reason !== undefined) return { refused: reason };
  const { name, organisations } = subjectOf(leaf);
  if (name === "") return { refused: "the client certificate has no common name" };
  return { user: authenticated({ name, groups: organisations, extra: {} }) };
};

const bearerIn = (headers: Headers): string | undefined => {
  const [scheme = "", token = "", ...more] = (headers.get("authorization")?.at(-1) ?? "").trim().split(/\s+/);
  return scheme.toLowerCase() === "bearer" && token !== "" && more.length === 0 ? token : undefined;
};
