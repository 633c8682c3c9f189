import type { Need } from "../../lib/discovery/kubernetes/needs.ts";

/** Who gets the rights: a service account, which the manifest makes, or a group that others put people and roles into. */
export type Account =
  | { readonly kind: "ServiceAccount"; readonly namespace: string }
  | { readonly kind: "Group"; readonly group: string };

export interface ManifestOptions {
  /** Of everything that is made. */
  readonly name: string;
  readonly account: Account;
}

const api = "rbac.authorization.k8s.io";

/** Objects of RBAC that allow exactly these lists and watches: a ClusterRole for what is read everywhere, a Role for each namespace. */
export const rbacManifest = (needs: readonly Need[], { name, account }: ManifestOptions): object[] => {
  const everywhere = needs.filter(({ namespace }) => namespace === "");
  // A right that holds everywhere need not be given again.
  const narrow = needs.filter(
    (need) => need.namespace !== "" && !everywhere.some((wide) => isSame(wide, need)),
  );
  const byNamespace = [...Map.groupBy(narrow, ({ namespace }) => namespace)].sort(byFirst);
  return [
    ...accountOf(account, name),
    ...(everywhere.length === 0 ? [] : [roleOf({ kind: "ClusterRole", metadata: { name } }, everywhere)]),
    ...(everywhere.length === 0 ? [] : [bindingOf("ClusterRole", { metadata: { name }, account })]),
    ...byNamespace.flatMap(([namespace, own]) => {
      const metadata = { name, namespace };
      return [roleOf({ kind: "Role", metadata }, own), bindingOf("Role", { metadata, account })];
    }),
  ];
};

const isSame = (a: Need, b: Need) => a.group === b.group && a.resource === b.resource;

const byFirst = ([a]: readonly [string, unknown], [b]: readonly [string, unknown]) => (a < b ? -1 : 1);

export const accountOf = (account: Account, name: string): object[] =>
  account.kind === "Group"
    ? []
    : [{ apiVersion: "v1", kind: "ServiceAccount", metadata: { name, namespace: account.namespace } }];

interface Metadata {
  readonly name: string;
  readonly namespace?: string;
}

const roleOf = (
  head: { kind: "ClusterRole" | "Role"; metadata: Metadata },
  needs: readonly Need[],
): object => ({
  apiVersion: `${api}/v1`,
  ...head,
  rules: [...Map.groupBy(needs, ({ group }) => group)].sort(byFirst).map(([group, own]) => ({
    apiGroups: [group],
    resources: [...new Set(own.map(({ resource }) => resource))].sort(),
    verbs: ["list", "watch"],
  })),
});

const bindingOf = (
  kind: "ClusterRole" | "Role",
  { metadata, account }: { metadata: Metadata; account: Account },
): object => ({
  apiVersion: `${api}/v1`,
  kind: `${kind}Binding`,
  metadata,
  roleRef: { apiGroup: api, kind, name: metadata.name },
  subjects: [subjectOf(account, metadata.name)],
});

/** How a binding names who gets its rights; `name` is the service account's. */
export const subjectOf = (account: Account, name: string): object =>
  account.kind === "Group"
    ? { apiGroup: api, kind: "Group", name: account.group }
    : { kind: "ServiceAccount", name, namespace: account.namespace };
