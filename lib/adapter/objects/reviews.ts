import * as z from "zod";
import type { Attributes } from "../identity/attributes.ts";
import type { Decision, ReviewAccess } from "../identity/authorize.ts";
import { createRemembered } from "../identity/remembered.ts";
import { readTrust, type Trust } from "../identity/trust.ts";
import type { User } from "../identity/user.ts";
import type { ClusterApi } from "./clusterapi.ts";

type Api = Pick<ClusterApi, "get" | "post">;

/** A SubjectAccessReview. Rejects in one line when the cluster does not answer, or with something else. */
export const createReviewAccess =
  (api: Api): ReviewAccess =>
  async (user, attributes) => {
    const { name, uid, groups, extra } = user;
    const answer = await api.post("/apis/authorization.k8s.io/v1/subjectaccessreviews", {
      kind: "SubjectAccessReview",
      apiVersion: "authorization.k8s.io/v1",
      spec: { user: name, ...(uid !== undefined && { uid }), groups, extra, ...askedFor(attributes) },
    });
    const { status } = understood(accessReview, answer, "SubjectAccessReview");
    return { allowed: status.allowed, reason: status.reason ?? "" } satisfies Decision;
  };

const askedFor = (attributes: Attributes) => {
  if (attributes.kind === "path")
    return { nonResourceAttributes: { path: attributes.path, verb: attributes.verb } };
  const { kind: _kind, ...resourceAttributes } = attributes;
  return { resourceAttributes };
};

/** A TokenReview, remembered for ten seconds: whose token it is, or undefined for nobody's. */
export const createReviewToken = (api: Api, clock: () => number) => {
  const remembered = createRemembered<User | undefined>({ age: 10_000, clock });
  return (token: string): Promise<User | undefined> =>
    remembered(token, async () => {
      const answer = await api.post("/apis/authentication.k8s.io/v1/tokenreviews", {
        kind: "TokenReview",
        apiVersion: "authentication.k8s.io/v1",
        spec: { token },
      });
      const { status } = understood(tokenReview, answer, "TokenReview");
      if (status.authenticated !== true) return undefined;
      const { username, uid, groups = [], extra = {} } = status.user ?? {};
      if (!username) return undefined;
      return { name: username, groups, extra, ...(uid !== undefined && { uid }) };
    });
};

/**
 * `extension-apiserver-authentication`, read anew after a minute. While it cannot be read, what it said last holds; before it was read once, it is asked for
 * again after two seconds, and rejects meanwhile.
 */
export const createTrustReader = (api: Api, clock: () => number): (() => Promise<Trust>) => {
  let last: Trust | undefined;
  const remembered = createRemembered<Trust>({ age: 60_000, failureAge: 2000, clock });
  const read = async () => {
    const document = await api.get(
      "/api/v1/namespaces/kube-system/configmaps/extension-apiserver-authentication",
    );
    last = readTrust(understood(configmap, document, "ConfigMap").data ?? {});
    return last;
  };
  return () =>
    remembered("", read).catch((error) => {
      if (last === undefined) throw error;
      return last;
    });
};

const understood = <T>(schema: z.ZodType<T>, answer: unknown, kind: string): T => {
  const parsed = schema.safeParse(answer);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw new Error(`the API server's ${kind}: ${issue?.path.join(".")} ${issue?.message}`);
};

const accessReview = z.object({
  kind: z.literal("SubjectAccessReview"),
  status: z.object({ allowed: z.boolean(), reason: z.string().optional() }),
});

const tokenReview = z.object({
  kind: z.literal("TokenReview"),
  status: z.object({
    authenticated: z.boolean().optional(),
    user: z
      .object({
        username: z.string().optional(),
        uid: z.string().optional(),
        groups: z
          .array(z.string())
          .nullish()
          .transform((groups) => groups ?? undefined),
        extra: z
          .record(z.string(), z.array(z.string()))
          .nullish()
          .transform((extra) => extra ?? undefined),
      })
      .optional(),
  }),
});

const configmap = z.object({ kind: z.literal("ConfigMap"), data: z.unknown() });
