import fc from "fast-check";
import { discoverResources } from "../../../lib/adapter/mapper/discover.ts";
import { createClusterApi } from "../../../lib/adapter/objects/clusterapi.ts";
import {
  createReviewAccess,
  createReviewToken,
  createTrustReader,
} from "../../../lib/adapter/objects/reviews.ts";
import { apiServerAccess } from "../../unit/discovery/kubernetes/provider.ts";
import { answers } from "../answers.ts";
import type { Door } from "../door.ts";
import { holdLine, withPassword } from "../line.ts";
import type { Sound } from "../wire.ts";

const resources = [
  { name: "pods", singularName: "pod", kind: "Pod", namespaced: true },
  { name: "pods/log", singularName: "", kind: "Pod", namespaced: true },
  { name: "nodes", singularName: "", kind: "Node", namespaced: false },
];
const documents: Readonly<Record<string, unknown>> = {
  "/api/v1": { kind: "APIResourceList", resources },
  "/apis": {
    kind: "APIGroupList",
    groups: [
      {
        name: "apps",
        versions: [{ version: "v1" }, { version: "v1beta1" }],
        preferredVersion: { version: "v1" },
      },
      { name: "custom.metrics.k8s.io", versions: [{ version: "v1beta1" }] },
    ],
  },
  "/apis/apps/v1": {
    resources: [{ name: "deployments", singularName: "deployment", kind: "Deployment", namespaced: true }],
  },
  "/apis/apps/v1beta1": { resources: [] },
  "/apis/authorization.k8s.io/v1/subjectaccessreviews": {
    kind: "SubjectAccessReview",
    status: { allowed: true, reason: "RBAC" },
  },
  "/apis/authentication.k8s.io/v1/tokenreviews": {
    kind: "TokenReview",
    status: {
      authenticated: true,
      user: { username: "hpa", uid: "u", groups: ["system:authenticated"], extra: { a: ["b"] } },
    },
  },
  "/api/v1/namespaces/kube-system/configmaps/extension-apiserver-authentication": {
    kind: "ConfigMap",
    data: {
      "requestheader-allowed-names": '["front"]',
      "requestheader-username-headers": '["X-Remote-User"]',
      "requestheader-group-headers": '["X-Remote-Group"]',
      "requestheader-extra-headers-prefix": '["X-Remote-Extra-"]',
      "requestheader-client-ca-file": "no certificate",
      "client-ca-file": "no certificate",
    },
  },
};
const user = { name: "hpa", groups: ["a"], extra: {} };
const attributes = { kind: "path", path: "/metrics", verb: "get" } as const;

/** What the API server of an adapter's cluster says of resources, of who may, of whose a token is, and of whom to trust (spec B6). */
export const aggregated: Door = {
  name: "aggregated",
  runs: 40,
  open: async (scope) => [
    await answers(scope, {
      samples: fc.constantFrom("resources" as const, "access" as const, "token" as const, "trust" as const),
      soundly: (_, { pathname }): Sound | undefined =>
        documents[pathname] === undefined ? undefined : { document: documents[pathname] },
      slow: false,
      ask: async ({ origin }, kind) => {
        const access = { ...apiServerAccess(origin), httpClient: withPassword };
        const api = createClusterApi(access, { clock: Date.now });
        try {
          if (kind === "access") return await createReviewAccess(api)(user, attributes);
          if (kind === "token") return await createReviewToken(api, Date.now)("t");
          if (kind === "trust") return await createTrustReader(api, Date.now)();
          const { resources: found, problems } = await discoverResources(api.get);
          for (const problem of problems) holdLine(problem);
          if (problems.length > 0) throw new Error(problems[0]);
          return found;
        } finally {
          (await api.client()).transport.close();
        }
      },
    }),
  ],
};
