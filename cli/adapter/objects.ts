import { groups, resourceGroup } from "../../lib/adapter/api/groups.ts";
import { type Account, accountOf, subjectOf } from "../rbac/manifest.ts";

export interface Registration {
  /** Of the Service, and what the other names begin with. */
  readonly name: string;
  /** Of the Service. */
  readonly namespace: string;
  readonly host: string;
  readonly port: number;
  /** PEM of the authority of the endpoint's certificate; undefined: it is not verified. */
  readonly authority: string | undefined;
  /** Names of API groups. */
  readonly apis: readonly string[];
  /** `plural` or `plural.group`: what `*` asks for, beside the usual. */
  readonly resources: readonly string[];
  readonly account: Account;
}

/**
 * What a cluster needs to find an adapter, and to let it do its work (spec B10): a Service that is a name for the endpoint, an APIService for each
 * version, the rights of Rollcall's own account, and those of whoever reads metrics.
 */
export const registrationObjects = (wanted: Registration): object[] => [
  ...accountOf(wanted.account, wanted.name),
  // Before anybody asks: an API server that finds an API of no use looks again after half a minute.
  ...rightsOf(wanted),
  ...readersOf(wanted),
  serviceOf(wanted),
  ...groups
    .filter(({ name }) => wanted.apis.includes(name))
    .flatMap(({ name, versions }) =>
      versions.map((version, at) => apiServiceOf(wanted, { group: name, version, at })),
    ),
];

const serviceOf = ({ name, namespace, host, port }: Registration) => ({
  apiVersion: "v1",
  kind: "Service",
  metadata: { name, namespace },
  spec: { type: "ExternalName", externalName: host, ports: [{ name: "https", port, protocol: "TCP" }] },
});

interface Version {
  readonly group: string;
  readonly version: string;
  /** A later one goes before. */
  readonly at: number;
}

const apiServiceOf = (
  { name, namespace, port, authority }: Registration,
  { group, version, at }: Version,
) => ({
  apiVersion: "apiregistration.k8s.io/v1",
  kind: "APIService",
  metadata: { name: `${version}.${group}` },
  spec: {
    group,
    version,
    groupPriorityMinimum: 100,
    versionPriority: 100 * (at + 1),
    service: { name, namespace, port },
    ...(authority === undefined
      ? { insecureSkipTLSVerify: true }
      : { caBundle: Buffer.from(authority).toString("base64") }),
  },
});

const rbac = "rbac.authorization.k8s.io";

/** Who is who, who may what, and the lists behind `*` and the resource metrics. */
const rightsOf = ({ name, account, resources }: Registration): object[] => {
  const subjects = [subjectOf(account, name)];
  const binding = (kind: string, metadata: object, roleRef: { kind: string; name: string }) => ({
    apiVersion: `${rbac}/v1`,
    kind,
    metadata,
    roleRef: { apiGroup: rbac, ...roleRef },
    subjects,
  });
  const delegator = { kind: "ClusterRole", name: "system:auth-delegator" };
  const reader = { kind: "Role", name: "extension-apiserver-authentication-reader" };
  return [
    binding("ClusterRoleBinding", { name: `${name}-delegator` }, delegator),
    binding("RoleBinding", { name, namespace: "kube-system" }, reader),
    {
      apiVersion: `${rbac}/v1`,
      kind: "ClusterRole",
      metadata: { name },
      rules: rulesFor(resources),
    },
    binding("ClusterRoleBinding", { name }, { kind: "ClusterRole", name }),
  ];
};

const usual = ["namespaces", "nodes", "pods", "services"];

const rulesFor = (resources: readonly string[]) => {
  const all = [...new Set([...usual, ...resources])].map((written) => {
    const [resource = "", ...group] = written.split(".");
    return { resource, group: group.join(".") };
  });
  return [...Map.groupBy(all, ({ group }) => group)]
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([group, ones]) => ({
      apiGroups: [group],
      resources: ones.map(({ resource }) => resource).toSorted(),
      verbs: ["list"],
    }));
};

/**
 * The aggregator asks the cluster before it asks the adapter. Whoever may view, edit or administer may see what pods and nodes use, as with other
 * adapters; metrics of one's own have the names and selectors of a shared Prometheus, so that only the autoscaler gets them by itself.
 */
const readersOf = ({ name, apis }: Registration): object[] => {
  const role = (named: string, of: readonly string[], resources: readonly string[]) => ({
    apiVersion: `${rbac}/v1`,
    kind: "ClusterRole",
    metadata: { name: named },
    rules: of.map((group) => ({ apiGroups: [group], resources, verbs: ["get", "list"] })),
  });
  const aggregated = Object.fromEntries(
    ["view", "edit", "admin"].map((one) => [`${rbac}/aggregate-to-${one}`, "true"]),
  );
  const own = groups.map(({ name: group }) => group).filter((group) => apis.includes(group));
  const usage = role(`${name}-reader`, [resourceGroup], ["nodes", "pods"]);
  const metrics = own.filter((group) => group !== resourceGroup);
  return [
    ...(own.includes(resourceGroup)
      ? [{ ...usage, metadata: { ...usage.metadata, labels: aggregated } }]
      : []),
    ...(metrics.length > 0
      ? [role(`${name}-metrics-reader`, metrics, ["*"]), autoscalerMay(`${name}-metrics-reader`)]
      : []),
  ];
};

const autoscalerMay = (role: string) => ({
  apiVersion: `${rbac}/v1`,
  kind: "ClusterRoleBinding",
  metadata: { name: role },
  roleRef: { apiGroup: rbac, kind: "ClusterRole", name: role },
  subjects: [{ kind: "ServiceAccount", name: "horizontal-pod-autoscaler", namespace: "kube-system" }],
});
