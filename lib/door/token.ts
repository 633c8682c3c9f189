import { createHash, timingSafeEqual } from "node:crypto";
import type { TokenSettings } from "../config/settings.ts";
import { matchesGlob } from "../discovery/plan.ts";
import type { Access } from "./access.ts";

/** A credential as a request carries it. */
interface Presented {
  /** The user of a basic login; absent for a bearer token. */
  readonly name?: string;
  readonly token: string;
}

export interface TokenLogin {
  readonly access: Access;
  /** A browser sends a basic login by itself, wherever the request comes from. */
  readonly scheme: "basic" | "bearer";
}

/**
 * Who the `Authorization` header is, if it is anyone: bearer, or basic with the token's name as user and the token as
 * password. Every configured token is compared, each in constant time, so that an answer's time tells nothing.
 */
export const tokenLogin = (
  authorization: string | undefined,
  tokens: readonly TokenSettings[],
  now: number,
): TokenLogin | undefined => {
  const presented = presentedIn(authorization ?? "");
  if (presented === undefined) return undefined;
  const hash = createHash("sha256").update(presented.token).digest();
  const matching = tokens.filter((token) => timingSafeEqual(hash, Buffer.from(token.sha256, "hex")));
  const valid = matching.find(
    ({ name, expires }) =>
      (presented.name === undefined || presented.name === name) && (expires === undefined || now < expires),
  );
  if (valid === undefined) return undefined;
  return { access: accessOf(valid), scheme: presented.name === undefined ? "bearer" : "basic" };
};

const presentedIn = (authorization: string): Presented | undefined => {
  const [, scheme = "", credentials = ""] = /^(\S+) +(\S+)$/.exec(authorization.trim()) ?? [];
  if (scheme.toLowerCase() === "bearer") return { token: credentials };
  if (scheme.toLowerCase() !== "basic") return undefined;
  const decoded = Buffer.from(credentials, "base64").toString("utf8");
  const colon = decoded.indexOf(":");
  return colon === -1 ? undefined : { name: decoded.slice(0, colon), token: decoded.slice(colon + 1) };
};

const accessOf = ({ name, jobs, clusters, operate }: TokenSettings): Access => ({
  name,
  readsJob: (job) => jobs.includes("*") || jobs.includes(job),
  readsCluster: (cluster) => clusters.some((glob) => matchesGlob(glob, cluster)),
  readsEveryJob: jobs.includes("*"),
  readsEveryCluster: clusters.includes("*"),
  operates: operate,
});
