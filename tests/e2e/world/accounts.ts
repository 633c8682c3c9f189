import * as z from "zod";
import type { ControlPlane } from "../control-plane.ts";

const rbac = "rbac.authorization.k8s.io/v1";
const shop = { namespace: "shop" };

/** Tokens of two service accounts: one that may do nothing, and one that may read pods in `shop` only. */
export const createAccounts = async (cluster: ControlPlane) => {
  for (const name of ["nobody", "shopkeeper"]) {
    await cluster.create([{ apiVersion: "v1", kind: "ServiceAccount", metadata: { name, ...shop } }]);
  }
  await cluster.create([
    {
      apiVersion: rbac,
      kind: "Role",
      metadata: { name: "pods", ...shop },
      rules: [{ apiGroups: [""], resources: ["pods"], verbs: ["get", "list", "watch"] }],
    },
    {
      apiVersion: rbac,
      kind: "RoleBinding",
      metadata: { name: "pods", ...shop },
      roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "Role", name: "pods" },
      subjects: [{ kind: "ServiceAccount", name: "shopkeeper", ...shop }],
    },
  ]);
  return { nobody: await tokenOf(cluster, "nobody"), shopkeeper: await tokenOf(cluster, "shopkeeper") };
};

const tokenOf = async (cluster: ControlPlane, name: string) => {
  const request = { apiVersion: "authentication.k8s.io/v1", kind: "TokenRequest", spec: {} };
  const path = `/api/v1/namespaces/${shop.namespace}/serviceaccounts/${name}/token`;
  return answer.parse(await cluster.ask("POST", path, request)).status.token;
};

const answer = z.object({ status: z.object({ token: z.string() }) });
